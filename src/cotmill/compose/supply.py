"""Many inputs for one program: draw, run, learn from what ran and what did not, keep a varied choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cotmill.base.values import canonical_json
from cotmill.compose.inputs import Care, learn

__all__ = ["Example", "Supply", "supply"]

Execute = Callable[
    [list[dict[str, Any]]], Sequence[str | None]
]  # inputs -> JSON text of each answer; None: did not run
EFFORT = 10  # runs per input that is asked for, at most
ENOUGH = 0.8  # share of drawn inputs that run, below which the next are drawn with more care
CHOICE = 1.5  # new answers per input asked for, from which no more are sought
SCARCE = 0.5  # share of draws that are not known yet, below which ranges are widened by what ran
IDLE = 3  # rounds without a new answer, after which there seems to be none


@dataclass(frozen=True, slots=True)
class Example:
    """An input and its answer."""

    input: dict[str, Any]
    answer: str  # JSON


@dataclass(frozen=True, slots=True)
class Supply:
    """New examples, and what they took."""

    examples: tuple[Example, ...]
    tried: int  # inputs that were run
    failed: tuple[dict[str, Any], ...]  # those that did not run


def supply(observed: Sequence[Example], code: str, execute: Execute, count: int, rng: Random) -> Supply:
    """Up to `count` new inputs of the program with their answers, no two alike, none among the observed.

    Fewer where no more can be found in `EFFORT` runs per input asked for. Where more run than are asked for, those are
    kept whose answers are rarest.
    """
    given = [example.input for example in observed]
    known = {canonical_json(input) for input in given}
    answers = Counter(example.answer for example in observed)
    ran: list[Example] = []
    failed: list[dict[str, Any]] = []
    care, reach, idle, bold = Care.USUAL, given, 0, False
    while len(ran) + len(failed) < EFFORT * count and idle < IDLE:
        model = learn(reach, code, [example.input for example in ran], failed, care)
        fresh, scarce = _draw(model.draw, min(count, EFFORT * count - len(ran) - len(failed)), known, rng)
        results = execute(fresh) if fresh else ()
        good = [Example(input, answer) for input, answer in zip(fresh, results, strict=True) if answer is not None]
        failed += [input for input, answer in zip(fresh, results, strict=True) if answer is None]
        seen = {*answers, *(example.answer for example in ran)}
        novel = {example.answer for example in good} - seen
        ran += good
        if bold and len({example.answer for example in ran} - set(answers)) >= CHOICE * count:
            break
        bold = True
        idle = 0 if novel else idle + 1
        if len(good) < ENOUGH * len(fresh):
            care, reach = Care(min(care + 1, Care.NEIGHBOURS)), given
        elif care is Care.BOLD and scarce:
            reach = given + [example.input for example in ran]
        elif care is Care.USUAL:
            care = Care.BOLD
    chosen = _varied(ran, answers, count)
    return Supply(tuple(chosen), len(ran) + len(failed), tuple(failed))


def _draw(
    draw: Callable[[Random], dict[str, Any]], count: int, known: set[str], rng: Random
) -> tuple[list[dict[str, Any]], bool]:
    """Inputs not known yet, and whether they are running out."""
    fresh: list[dict[str, Any]] = []
    draws = 0
    while len(fresh) < count and draws < 4 * count + 10:
        draws += 1
        input = draw(rng)
        text = canonical_json(input)
        if text not in known:
            known.add(text)
            fresh.append(input)
    return fresh, len(fresh) < SCARCE * draws


def _varied(ran: Sequence[Example], answers: Counter[str], count: int) -> list[Example]:
    """As many as asked for, in their order, so that no answer is more frequent than it must be.

    Of equals the later ones, which were drawn from further away.
    """
    waiting = list(range(len(ran)))[::-1]
    chosen: list[int] = []
    while waiting and len(chosen) < count:
        index = min(waiting, key=lambda index: answers[ran[index].answer])
        waiting.remove(index)
        chosen.append(index)
        answers[ran[index].answer] += 1
    return [ran[index] for index in sorted(chosen)]
