"""Stage work: do problem and program agree on other inputs too? Fails closed.

A problem that asks for 2 + 2 and a program that computes 2 * 2 agree on one input by luck. So the inputs that stand
verbatim in the problem are changed (`prove.changed`), the program is run on them, a model is asked the changed problem,
and its answer must be the program's.

Asked only where problem and program are of different hands and one of them is a model's: a problem that Cotmill made of
the program, as all backward and variable questions are, says what the program does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder, Objection, Taken
from cotmill.base.chance import chance
from cotmill.base.reasons import Reason
from cotmill.base.records import Question, Verified
from cotmill.base.stage import Reject
from cotmill.base.values import canonical_json
from cotmill.prove.answer import compare, extract
from cotmill.prove.changed import changes, find

__all__ = ["counterfactual"]

TRIED = 16  # changed inputs that the program is run on
_UNANSWERED = 'There is no final answer in this. Solve the problem, and end with the line "Answer: ...".'

Answers = Callable[[str, Sequence[dict[str, Any]]], Sequence[str | None]]  # program, inputs -> JSON texts, None: no run


@dataclass(frozen=True, slots=True)
class _Case:
    """The problem with other inputs."""

    input: dict[str, Any]
    problem: str
    answer: str  # the program's, as JSON


def counterfactual(
    ladder: Ladder, seed: int, cases: int, answers: Answers
) -> Callable[[Verified], Talk[Verified | Reject]]:
    """The stage's talk. What it does not apply to passes and is counted as unasked."""

    def talk(verified: Verified) -> Talk[Verified | Reject]:
        question = verified.draft.question
        found = _cases(question, seed, cases, answers) if _of_two_hands(question) else []
        if not found:
            ladder.counts["model.unasked.passed"] += 1
        for number, case in enumerate(found):
            settled = yield from ladder.climb(f"{verified.id}/{number}", {"problem": case.problem}, _check(case))
            if isinstance(settled, Taken):
                continue
            if settled.reason is Reason.COUNTERFACTUAL:
                return Reject(settled.reason, settled.detail, verified.id)
            return Reject(Reason.COULD_NOT_CHECK, f"counterfactual: {settled.reason}: {settled.detail}", verified.id)
        return verified

    return talk


def _of_two_hands(question: Question) -> bool:
    execution = question.execution
    writers = {prompt.partition("-")[0] for prompt in execution.lineage.prompt_id.split(", ")}
    apart = "problem" in writers or (execution.problem.strip() and writers & {"unify", "compose"})
    return bool(apart) and question.direction == "forward" and execution.code.strip() not in question.problem


def _cases(question: Question, seed: int, wanted: int, answers: Answers) -> list[_Case]:
    """Changed inputs that the program answers otherwise than the old one, and in the same kind."""
    execution = question.execution
    problem = find(json.loads(execution.input), question.problem)
    if problem is None:
        return []
    tried = changes(problem, chance(seed, "prove.counterfactual", question.id), TRIED)
    given = answers(execution.code, [input for input, _ in tried])
    found: dict[str, _Case] = {}  # by answer
    for (input, text), answer in zip(tried, given, strict=True):
        if answer is None or _kind(answer) != _kind(question.answer):
            continue
        if compare(answer, question.answer).verdict == "different":
            found.setdefault(answer, _Case(input, text, answer))
    return list(found.values())[:wanted]


def _kind(answer: str) -> tuple[Any, ...]:
    """What the problem's words may take for granted of its answer: a negative number of pears is none."""
    try:
        value = json.loads(answer)
    except ValueError:  # a number of thousands of digits
        return ()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number", value < 0, value == 0, value % 1 == 0
    if isinstance(value, (str, list, dict)):
        return type(value), not value
    return (type(value),)


def _check(case: _Case) -> Callable[[str], str | Objection]:
    def check(text: str) -> str | Objection:
        stated = extract(text)
        if stated is None:
            return Objection(Reason.COULD_NOT_CHECK, f"no final answer: {text:.200}", _UNANSWERED)
        verdict = compare(stated, case.answer).verdict
        if verdict == "equal":
            return stated
        both = (
            f"with the input {canonical_json(case.input):.300} the program gives {case.answer:.200}, "
            f"who solves the problem {stated:.200}"
        )
        return Objection(Reason.COUNTERFACTUAL if verdict == "different" else Reason.COULD_NOT_CHECK, both)

    return check
