"""Solutions with a slip, made of a sample: one value of its run is wrong, and all that follows is executed with it.

The narrator that told the run tells what came of it, so the text reads as a person's who made one mistake and went on.
Where the mistake is, is found twice, and both must agree: the text differs from the true one from that step on, and the
claim checker, which knows nothing of the fault, verifies every claim before that step and not all in it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cotmill.base.chance import chance
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.base.values import NotJson, canonical_json
from cotmill.execute.faults import Place, faulty_run, objection, places
from cotmill.execute.sandbox import Outcome, Sandbox, TraceLimits
from cotmill.execute.slips import slip
from cotmill.execute.witnesses import sandbox
from cotmill.explain.framing import framing
from cotmill.explain.moments import moments
from cotmill.explain.narrate import NarrateSettings, tell_execution
from cotmill.explain.source import Source
from cotmill.prove.directions import check_answer
from cotmill.prove.sentences import first_wrong, steps_of
from cotmill.publish.process import ProcessRow, first_difference, row_of
from cotmill.student.samples import Known

__all__ = ["negatives"]


def negatives(
    item: Known, wanted: int, execute: Execute, narrate: NarrateSettings, seed: int
) -> list[ProcessRow | str]:
    """One attempt for each that is wanted, all at different places: its row, or in a word why there is none."""
    if not wanted:
        return []
    question = item.question
    if question.direction == "backward":
        return ["backward"] * wanted  # a value that is tried must give the output: with a slip it would be no answer
    told = _told(question, narrate)
    if told is None:
        return ["not-narratable"] * wanted
    plain = item.sample.solution == told[1]
    true = told[plain]
    if true != item.sample.solution and check_answer(question, true).verdict != "pass":
        return ["not-proven"] * wanted
    trace = Trace.parse(question.execution.trace)
    rng = chance(seed, "student.negatives", item.sample.id)
    told_of = trace.upto(question.moment) if question.direction == "variable" else trace
    found = places(told_of, question.execution.code)
    chosen = rng.sample(found, min(wanted, len(found)))
    tried = [(place, *made) for place in chosen if (made := slip(place.right, place.near, rng)) is not None]
    limits = TraceLimits(execute.max_lines, execute.max_trace_kb)
    runs = [faulty_run(question.execution, place, wrong, limits) for place, _, wrong in tried]
    outcomes = _box(execute.model_dump_json()).run_all(runs)
    rows: list[ProcessRow | str] = ["no-place"] * (wanted - len(tried))
    for (place, kind, wrong), outcome in zip(tried, outcomes, strict=True):
        again = _asked_again(question, trace, outcome, place, wrong)
        if isinstance(again, str):
            rows.append(again)
            continue
        texts = _told(again, narrate)
        name = f"{item.sample.id}/{len(rows)}"
        rows.append(_row(name, question, true, texts[plain], kind) if texts else "not-narratable")
    return rows


def _asked_again(question: Question, trace: Trace, outcome: Outcome, place: Place, wrong: object) -> Question | str:
    """The question about the run with the fault, or why it cannot be asked."""
    if outcome.status != "ok":
        return f"run-{outcome.status}"
    faulty = Trace.parse(outcome.trace)
    if objection(trace, faulty, place, wrong):
        return "not-the-fault"
    execution = replace(question.execution, trace=outcome.trace, answer=outcome.answer)
    if question.direction == "variable":
        return _moment_again(question, trace, faulty, execution)
    return replace(question, execution=execution, answer=outcome.answer)


def _moment_again(question: Question, trace: Trace, faulty: Trace, execution: Execution) -> Question | str:
    """The question about the same moment of the other run."""
    source = Source.parse(execution.code)
    asked = {
        (moment.kind, moment.name, moment.number, moment.place)
        for moment in moments(trace, source)
        if moment.upto == question.moment and moment.name == question.asked
    }
    for moment in moments(faulty, source):
        if (moment.kind, moment.name, moment.number, moment.place) in asked:
            try:
                answer = canonical_json(faulty.values[moment.value])
            except NotJson:
                return "answer-not-json"
            return replace(question, execution=execution, answer=answer, moment=moment.upto)
    return "never-there"


def _row(id: str, question: Question, true: str, wrong: str, kind: str) -> ProcessRow | str:
    """The row of a text with a fault, by the true text, told in the same way, and by what the claim checker says."""
    if wrong == true:
        return "not-told"
    steps = steps_of(wrong)
    first = first_difference(steps, steps_of(true))
    check = check_answer(question, wrong)
    seen = first_wrong(steps, check)
    if check.verdict == "could-not-check":
        return "could-not-check"
    if seen < 0:
        return "not-refuted"
    if seen != first:
        return "refuted-elsewhere"
    return row_of(id, question.problem, steps, first, kind, right=check.answer_ok is True)


def _told(question: Question, narrate: NarrateSettings) -> tuple[str, str] | None:
    """The run in words, and in plainer ones; None where it cannot be told."""
    try:
        told = tell_execution(question.execution, narrate, framing(question, narrate.seed))
    except RecursionError:
        return None
    return None if isinstance(told, Reject) else (told[0], told[2] or told[0])


@cache
def _box(execute: str) -> Sandbox:
    """This process's sandbox, by the JSON of the recipe's settings."""
    return sandbox(Execute.model_validate_json(execute), 0)
