"""Stage work: what a solution must show, by the direction of its question. Fails closed.

First the question itself is held against the execution: is its answer what the run says? Then the solution, strictly,
against the part of the run that it speaks of:

* forward: the whole run;
* backward: the whole run with the executed input, which must come to the output; what stands above a line
  ``Check with n = 5:`` is read as steps from the output back to the input (`prove.undoing`);
* variable: the run up to the moment that is asked about, and the text must tell the very change that is asked about.

A forward solution whose writer saw only the problem need not follow the run: its numbers must come from somewhere and
lead somewhere instead. One that names what only the program names, or whose problem shows the program, does follow it,
and is held to it; and so is one whose answer is not made of numbers, which can be right by any steps.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Grounding, Question, Verified
from cotmill.base.stage import Reject
from cotmill.base.trace import Call, Return, Set, Trace
from cotmill.base.values import NotJson, canonical_json
from cotmill.prove.answer import equal, extract
from cotmill.prove.claims.provenance.sources import parts
from cotmill.prove.claims.run.program import program_of
from cotmill.prove.follows import follows
from cotmill.prove.ground import MIN_COVERAGE, Check, Claim, Mode, check_solution
from cotmill.prove.undoing import undoing

__all__ = ["backward_readings", "check_answer", "check_draft", "mode_of", "prove_ground"]

PLAINER = "plainer"  # the style of a draft whose second telling was taken
_CHECK_LINE = re.compile(r"^Check with [^\n]*:$", re.MULTILINE)
_REASONS = {
    "refuted": Reason.REFUTED_CLAIM,
    "unsupported": Reason.UNSUPPORTED_CLAIM,
    "uncheckable": Reason.COULD_NOT_CHECK,
}


def prove_ground(draft: Draft, min_coverage: float = MIN_COVERAGE) -> Verified | Reject:
    """The stage's work: a draft with the first of its tellings whose answer and claims agree with its execution.

    Where none does, the reject says what is wrong with the first.
    """
    objection: Reject | None = None
    for solution, style in ((draft.solution, draft.style), (draft.plainer, PLAINER)):
        if not solution:
            continue
        check = check_draft(replace(draft, solution=solution))
        if check.verdict == "pass" and check.coverage >= min_coverage:
            verified = sum(claim.verdict == "verified" for claim in check.claims)
            proven = replace(draft, solution=solution, style=style, plainer="")
            return Verified(draft.id, proven, Grounding(len(check.claims), verified, check.coverage))
        objection = objection or _objection(check, draft.id)
    return objection or Reject(Reason.NO_CLAIMS, "there is no solution", draft.id)


def _objection(check: Check, pair: str) -> Reject:
    if check.verdict == "pass":
        return Reject(Reason.LOW_COVERAGE, f"the text states {check.coverage:.1%} of the key events", pair)
    return Reject(check.reason_code or Reason.COULD_NOT_CHECK, check.reason, pair)


def check_draft(draft: Draft) -> Check:
    """Whether the draft's solution passes as its writer's knowledge demands."""
    return check_answer(draft.question, draft.solution, mode_of(draft))


def mode_of(draft: Draft) -> Mode:
    """How its solution is checked."""
    question = draft.question
    free = (
        draft.mode == "provenance"
        and question.direction == "forward"
        and _is_of_numbers(question.answer)
        and not follows(draft.solution, question.execution.code, question.problem)
    )
    return "provenance" if free else "strict"


def _is_of_numbers(answer: str) -> bool:
    try:
        return bool(parts(json.loads(answer)))
    except (ValueError, RecursionError):  # thousands of digits; the strict check says what is wrong with it
        return False


def check_answer(question: Question, solution: str, mode: Mode = "strict") -> Check:
    """Whether the text answers the question, and everything in it agrees with the execution; a backward or variable
    question is always answered strictly."""
    execution = question.execution
    try:
        trace = Trace.parse(execution.trace)
        right = _right_answer(question, trace)
        inputs = json.loads(execution.input)
    except (ValueError, KeyError, TypeError, IndexError, NotJson) as error:
        return _failed(f"the question cannot be held against the trace: {error}", Reason.COULD_NOT_CHECK)
    if right != question.answer:
        return _failed(f"the question's answer is not the run's: {right:.200}", Reason.WRONG_FINAL_ANSWER)
    if question.direction == "backward":
        return _check_backward(question, solution, trace)
    if question.direction == "variable":
        return _check_variable(question, solution, trace)
    return check_solution(
        execution.code, inputs, solution, trace, answer=question.answer, mode=mode, problem=question.problem
    )


def _right_answer(question: Question, trace: Trace) -> str:
    """What the trace says that the question asks for, as canonical JSON. Raises ValueError, KeyError, NotJson."""
    if question.direction == "backward":
        return canonical_json(json.loads(question.execution.input)[question.asked])
    if question.direction == "variable":
        event = trace.events[trace.change(question.asked, question.moment)]
        value = dict(event.args)[question.asked] if isinstance(event, Call) else event.value  # type: ignore[union-attr]
        return canonical_json(trace.values[value])
    if question.direction != "forward":
        raise ValueError(f"no such direction: {question.direction}")
    return question.execution.answer


def _check_backward(question: Question, solution: str, trace: Trace) -> Check:
    stated = extract(solution)
    if stated is None or not equal(stated, question.answer):
        return _failed(f"the answer is {question.answer:.200}", Reason.WRONG_FINAL_ANSWER)
    return backward_readings(question, solution, trace)[0]


def backward_readings(question: Question, solution: str, trace: Trace) -> list[Check]:
    """The claims of a text that works backward, whatever its answer; a last line that states one is no step.

    Without a line `Check with ...` it may be told along the run, the first reading, or be steps backward alone, the
    second: a text that was cut before its check, say.
    """
    body, _, answer_line = solution.rstrip().rpartition("\n")
    if extract(answer_line) is None:
        body, answer_line = solution.rstrip(), ""
    line = _CHECK_LINE.search(body)
    ends = [line.start()] if line else [0, len(body)]
    return [_read_backward(question, body, answer_line, end, trace) for end in ends]


def _read_backward(question: Question, body: str, answer_line: str, end: int, trace: Trace) -> Check:
    """The body up to `end` as steps backward, the rest as told along the run."""
    execution = question.execution
    steps = body[:end]
    told = (" " * len(steps)) + body[len(steps) :]  # so that spans stay what they are
    check = check_solution(execution.code, {}, told, trace)  # without an answer line it must come to the output
    span = (len(body) + 1, len(body) + 1 + len(answer_line))
    claims = [*check.claims, Claim(answer_line, span, "answer", "verified", len(trace.events) - 1)]
    check = replace(check, claims=tuple(claims))
    return _with_steps(check, steps, question, trace) if steps.strip() else check


def _with_steps(check: Check, steps: str, question: Question, trace: Trace) -> Check:
    """The claims of the steps backward come first; the first bad one decides."""
    execution = question.execution
    inputs: dict[str, Any] = json.loads(execution.input)
    entry = max(call.frame for call in trace.calls() if not call.parent)
    names = inputs | {
        event.name: trace.values[event.value]
        for event in trace.events
        if isinstance(event, Set) and event.frame == entry
    }
    claims, bad = [], None
    for step in undoing(steps, program_of(execution.code), names, question.asked, trace.output):
        span = (step.statement.start, step.statement.end)
        claims.append(Claim(steps[span[0] : span[1]], span, type(step.statement).__name__.lower(), step.verdict, -1))
        if step.verdict != "verified" and bad is None:
            bad = _REASONS[step.verdict], f"{steps[span[0] : span[1]][:200]!r}: {step.why}"
    whole = replace(check, claims=(*claims, *check.claims))
    if bad is not None:
        return replace(whole, verdict="fail", reason_code=bad[0], reason=bad[1])
    return whole


def _check_variable(question: Question, solution: str, trace: Trace) -> Check:
    execution = question.execution
    part = trace.upto(question.moment)
    check = check_solution(execution.code, {}, solution, part, answer=question.answer)
    change = trace.change(question.asked, question.moment)
    told = any(_tells(claim, change, part) for claim in check.claims)
    if check.verdict == "pass" and not told:
        return replace(
            check, verdict="fail", reason_code=Reason.UNSUPPORTED_CLAIM,
            reason=f"the text does not say how {question.asked} gets its value",
        )  # fmt: skip
    return check


def _tells(claim: Claim, change: int, part: Trace) -> bool:
    """Whether the claim states the value that is asked for, as it comes about."""
    if claim.verdict != "verified" or claim.kind == "answer":
        return False
    event = part.events[change]
    if isinstance(event, Return) and claim.kind == "called" and " gives " in claim.text:
        call = part.events[claim.step]
        return isinstance(call, Call) and call.frame == event.frame
    return claim.step == change


def _failed(why: str, code: Reason) -> Check:
    return Check("could-not-check" if code == Reason.COULD_NOT_CHECK else "fail", None, (), 0.0, why, code)
