"""What one text of a student is worth: is its answer right, are its steps, does it repeat itself?

    grade(task, "Eggs left = 16 - 3 - 4 = 9.\\nAnswer: 9", execution).correct

docs/evaluating.md says how each case is decided, and why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from cotmill.backends.model_answers import THINK, THOUGHT
from cotmill.base.records import Execution, Question, Sample
from cotmill.base.trace import Trace
from cotmill.prove.answer import compare, equal, extract
from cotmill.prove.confirm import confirms
from cotmill.prove.directions import backward_readings
from cotmill.prove.ground import Check, Claim, check_solution
from cotmill.student.benchmarks import Task
from cotmill.student.repetition import is_looping, seq_rep_4

__all__ = ["Execute", "Grade", "Process", "Verdict", "grade"]

Verdict = Literal["right", "wrong", "no-answer", "could-not-check"]
Process = Literal["verified", "wrong", "none", "could-not-check"]
Execute = Callable[[str, str], str | None]  # a program and JSON of its input -> JSON of the output, in a sandbox


@dataclass(frozen=True, slots=True)
class Grade:
    """`correct` is right, and nothing else is. A step is a claim that the claim checker finds in the text, but for the
    answer; steps are in the order of the text."""

    task: str  # Task.id
    correct: bool
    verdict: Verdict
    stated: str | None  # the final answer as the text states it; None where it states none, or none whole
    process: Process  # verified: all steps are; none: no steps, or nothing to hold them against
    n_steps: int  # 0 unless `process` is verified or wrong
    n_verified: int
    first_wrong: int  # index of the first step that is not verified, -1 for none
    repetition: float  # share of 4-grams that stood in the text before, 0 to 1
    looping: bool  # the text ends in one stretch over and over
    tokens: int  # as the writer counts them; 0 where nobody did
    ended: bool  # the writer came to an end of its own accord


def grade(
    task: Task,
    text: str,
    execution: Execution | None = None,
    *,
    tokens: int = 0,
    ended: bool = True,
    execute: Execute | None = None,
) -> Grade:
    """The grade of a text that a student wrote for a task.

    `execution` is the one behind a held-out task; without it steps are not graded. `execute` runs programs in a
    sandbox; without it an answer to a backward problem is right only where it is the executed input. Raises
    MachineryError where math-verify or the sandbox cannot be started, and nothing for any text.
    """
    stated = _stated(text, ended=ended)
    verdict = _verdict(task, stated, execute)
    process, claims = _process(task, text if ended else _whole_sentences(text), stated, verdict, execution)
    verified = [claim.verdict == "verified" for claim in claims]
    return Grade(
        task=task.id,
        correct=verdict == "right",
        verdict=verdict,
        stated=stated,
        process=process,
        n_steps=len(claims),
        n_verified=sum(verified),
        first_wrong=-1 if all(verified) else verified.index(False),
        repetition=seq_rep_4(text),
        looping=is_looping(text),
        tokens=tokens,
        ended=ended,
    )


def _stated(text: str, *, ended: bool) -> str | None:
    """The answer that the text states last. One that the next character could change was cut, and is none; what was
    only thought is not stated."""
    text = text.rpartition(THOUGHT)[2]
    if text.lstrip().startswith(THINK):
        return None
    stated = extract(text)
    if stated is None or not stated.strip():
        return None
    return stated if ended or all(extract(text + more) == stated for more in ("0", "x")) else None


def _verdict(task: Task, stated: str | None, execute: Execute | None) -> Verdict:
    if stated is None:
        return "no-answer"
    comparison = compare(*_as_intervals(stated, task), any_order=_in_any_order(task)).verdict
    if comparison == "equal" or _same_percent(task.problem, stated, task.answer):
        return "right"
    sample = task.sample
    if sample is not None and sample.direction == "backward":
        return _confirmed(sample, stated, execute)
    return "wrong" if comparison == "different" else "could-not-check"


def _confirmed(sample: Sample, stated: str, execute: Execute | None) -> Verdict:
    if execute is None:
        return "could-not-check"
    return "right" if confirms(sample, stated, execute) else "wrong"


_BRACKETS = re.compile(r"(?:\$|\\left|\s)*([\[(])[^;]*([\])])(?:\$|\.|\s)*")


def _as_intervals(stated: str, task: Task) -> tuple[str, str]:
    """Both answers to compare. For a program a tuple is as good as a list; to a benchmark (0, 1) and [0, 1] differ."""
    ours, theirs = _BRACKETS.fullmatch(stated), _BRACKETS.fullmatch(task.answer)
    if task.sample is not None or ours is None or theirs is None or ours.groups() == theirs.groups():
        return stated, task.answer
    return f"x \\in {ours[0].strip(' $.')}", f"x \\in {theirs[0].strip(' $.')}"


_PERCENT = re.compile(r"\s*\\?%|\s*\\?\bper ?cent\b", re.IGNORECASE)
_ASKS_PERCENT = re.compile(r"%|per ?cent", re.IGNORECASE)


def _same_percent(problem: str, stated: str, answer: str) -> bool:
    """Where the question asks for a percentage, 60 and 60% are the same answer to it."""
    question = problem.rstrip()[-300:]
    if not _ASKS_PERCENT.search(question) or bool(_PERCENT.search(stated)) == bool(_PERCENT.search(answer)):
        return False
    return equal(_PERCENT.sub("", stated), _PERCENT.sub("", answer))


_ASKS_ALL = re.compile(r"\ball\b|\bsolutions\b|\broots\b|\bzeros\b|separated by commas", re.IGNORECASE)
_ASKS_ORDER = re.compile(
    r"(?<!any )\border|\b(?:ascending|descending|increasing|decreasing|respectively|(?:least|smallest|lowest|greatest|"
    r"largest|highest) (?:to|first))\b",
    re.IGNORECASE,
)


def _in_any_order(task: Task) -> bool:
    """Whether a benchmark asks for all of several values and says nothing of their order."""
    return task.sample is None and bool(_ASKS_ALL.search(task.problem)) and not _ASKS_ORDER.search(task.problem)


def _whole_sentences(text: str) -> str:
    """Without the last, cut one, which need not say what it was going to say."""
    return text[: max(text.rfind("\n"), text.rfind(". ") + 1, 0)]


def _process(
    task: Task, text: str, stated: str | None, verdict: Verdict, execution: Execution | None
) -> tuple[Process, Sequence[Claim]]:
    sample = task.sample
    if sample is None or execution is None or not execution.trace:
        return "none", ()
    if sample.direction == "backward" and verdict == "right" and not equal(stated or "", task.answer):
        return "none", ()  # the steps are those of another run, of which there is no trace
    readings = [check for check in _checks(sample, text, execution) if check.verdict != "could-not-check"]
    if not readings:
        return "could-not-check", ()
    steps = max((_steps(check) for check in readings), key=_verified_first)
    if not steps:
        return "none", ()
    return "verified" if all(step.verdict == "verified" for step in steps) else "wrong", steps


def _steps(check: Check) -> list[Claim]:
    return [claim for claim in check.claims if claim.kind != "answer"]


def _verified_first(steps: list[Claim]) -> int:
    """How many steps there are before the first that is not verified."""
    return next((index for index, step in enumerate(steps) if step.verdict != "verified"), len(steps))


def _checks(sample: Sample, text: str, execution: Execution) -> list[Check]:
    """The text's claims against the trace, in each way in which the text can be read; none where the trace cannot be.

    A text that answers a question about a variable tells the run up to a moment, so its steps are steps of the run too.
    """
    try:
        trace = Trace.parse(execution.trace)
        inputs = json.loads(execution.input)
    except (ValueError, KeyError, TypeError, IndexError):
        return []
    if sample.direction == "backward":
        question = Question(sample.id, execution, sample.problem, "backward", sample.answer, sample.asked)
        return backward_readings(question, text, trace)
    return [check_solution(execution.code, inputs, text, trace, answer=sample.answer)]
