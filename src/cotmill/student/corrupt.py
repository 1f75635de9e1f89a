"""Narrations with wrong steps and the right answer: what a filter that looks at final answers alone lets through.

Of the steps that state a value, a comparison or a branch, each is made wrong by its own chance. Another value of the
same kind takes the place of the stated one, and the claim checker must object to it then; every other step and the
final answer stay as they are, to the byte.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from cotmill.base.chance import chance
from cotmill.base.literal import literal
from cotmill.base.records import Question
from cotmill.base.stage import CotmillError
from cotmill.execute.slips import slip
from cotmill.prove.directions import check_answer
from cotmill.prove.ground import Claim, Mode

__all__ = ["Corrupted", "Stated", "corrupt", "stated"]

STAGE = "student.corrupt"
TRIES = 3  # texts per sample: what a changed step says may happen to be true as well
_KINDS = frozenset({"equality", "test", "returned", "changed", "yielded"})
_TRUTH = re.compile(r"\b(?:true|false)\Z")
_BEGINS = re.compile(r"(?<!\S)[\d\-'\"\[({TFN]")
_ENDS = re.compile(r"(?<=\S)(?=\s|\Z)")
_FEW = 40  # words of a step, from its end on, that are looked at for where a value ends


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A solution some of whose steps are wrong."""

    solution: str
    wrong: tuple[tuple[int, int], ...]  # where the changed values stand in it
    steps: int  # on which a chance was taken


class Stated(NamedTuple):
    """A literal and where it stands in a text."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A value in the text that can be made wrong, and its own chance."""

    start: int
    end: int
    value: Any  # None: it is "true" or "false" itself
    text: str
    rng: Random


def corrupt(question: Question, solution: str, share: float, seed: int, mode: Mode = "strict") -> Corrupted:
    """Each step of a solution made wrong with the chance `share`; what is wrong at a small one is so at a larger one.

    Raises CotmillError where the solution does not pass the claim check as it is.
    """
    check = check_answer(question, solution, mode)
    if check.verdict != "pass":
        raise CotmillError(
            f"the solution of {question.id} does not pass this version's claim check: {check.reason}; run its recipe "
            "again into another folder"
        )
    steps = _steps(check.claims, question.id, seed)
    pool = [step.value for step in steps if step.value is not None]
    true = [step for step in steps if step.rng.random() < share]
    changes = {step: _wrong(step, pool) for step in true}
    for _ in range(TRIES):
        text, places = _put(solution, changes)
        claims = check_answer(question, text, mode).claims
        true = [step for step, place in places.items() if not _refuted(place, claims)]
        again = [step for step in true if step.value is not None]
        if not again:
            break
        changes |= {step: _wrong(step, ()) for step in again}  # no value that is true elsewhere in the text
    for step in true:  # the checker may take one for a later step: alone, it must not pass either
        if check_answer(question, _put(solution, {step: changes[step]})[0], mode).verdict != "fail":
            del changes[step]
    text, places = _put(solution, changes)
    return Corrupted(text, tuple(places.values()), len(steps))


def stated(text: str) -> Stated | None:
    """The last Python literal in the text: of "total = 10 + 3 = 13" the 13. None where none is, or none whole."""
    begins = [found.start() for found in _BEGINS.finditer(text)]
    for end in [found.start() for found in _ENDS.finditer(text)][: -_FEW - 1 : -1]:
        for start in begins:
            if start < end:
                value = _read(text[start:end])
                if value is not None:
                    return Stated(start, end, value)
    return None


def _read(text: str) -> Any:
    """None for what is no literal, is shortened by dots, or has nothing that could be another."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value if "..." not in text and literal(value) == text else None


def _steps(claims: Iterable[Claim], name: str, seed: int) -> list[_Step]:
    """The values that claims end in, in the order of the text, none within another."""
    found: dict[tuple[int, int], tuple[Any, str]] = {}
    for claim in claims:
        if claim.kind not in _KINDS:
            continue
        truth = _TRUTH.search(claim.text) if claim.kind == "test" else None
        last = stated(claim.text)
        if truth is not None:
            found[claim.span[0] + truth.start(), claim.span[1]] = None, truth.group()
        elif last is not None:
            place = claim.span[0] + last.start, claim.span[0] + last.end
            found[place] = last.value, claim.text[last.start : last.end]
    steps: list[_Step] = []
    for number, ((start, end), (value, text)) in enumerate(sorted(found.items(), key=lambda item: item[0])):
        if not steps or steps[-1].end <= start:
            steps.append(_Step(start, end, value, text, chance(seed, STAGE, f"{name}/{number}")))
    return steps


def _wrong(step: _Step, pool: Sequence[Any]) -> str:
    """What stands in the step's place; the text as it was where nothing else can."""
    if step.value is None:
        return "false" if step.text == "true" else "true"
    made = slip(step.value, tuple(pool), step.rng)
    return step.text if made is None else literal(made[1])


def _put(solution: str, changes: dict[_Step, str]) -> tuple[str, dict[_Step, tuple[int, int]]]:
    """The text with its changes, and where each of them stands in it."""
    parts: list[str] = []
    places: dict[_Step, tuple[int, int]] = {}
    done = length = 0
    for step in sorted(changes, key=lambda step: step.start):
        parts += [solution[done : step.start], changes[step]]
        length += step.start - done + len(changes[step])
        places[step] = length - len(changes[step]), length
        done = step.end
    return "".join([*parts, solution[done:]]), places


def _refuted(place: tuple[int, int], claims: Iterable[Claim]) -> bool:
    """Whether the checker objects to what stands in this place."""
    return any(
        claim.span[0] <= place[0] and place[1] <= claim.span[1] and claim.verdict != "verified" for claim in claims
    )
