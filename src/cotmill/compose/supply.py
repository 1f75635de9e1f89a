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
EFFORT = 3  # runs per input that is asked for, at most
ENOUGH = 0.8  # share of drawn inputs that run, below which the next are drawn with more care
NOVEL = 0.85  # share of answers not seen before, below which more inputs are tried
STALE = 0.5  # share of draws that are known already, above which ranges are widened by what ran


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
    answers = {example.answer for example in observed}
    ran: list[Example] = []
    failed: list[dict[str, Any]] = []
    care, reach = Care.NONE, list(given)
    while len(ran) + len(failed) < EFFORT * count:
        model = learn(reach, code, [example.input for example in ran], failed, care)
        room = EFFORT * count - len(ran) - len(failed)
        fresh, stale = _draw(model.draw, min(count, room), known, rng)
        if not fresh and (reach[len(given) :] == [example.input for example in ran] or care is not Care.NONE):
            break
        results = execute(fresh)
        good = [Example(input, answer) for input, answer in zip(fresh, results, strict=True) if answer is not None]
        ran += good
        failed += [input for input, answer in zip(fresh, results, strict=True) if answer is None]
        if len(ran) >= count and len({example.answer for example in ran} - answers) >= NOVEL * count:
            break
        if fresh and len(good) < ENOUGH * len(fresh) and care is not Care.NEIGHBOURS:
            care = Care(care + 1)
        elif stale:
            reach = given + [example.input for example in ran]
    return Supply(
        tuple(_varied(ran, Counter(example.answer for example in observed), count)),
        len(ran) + len(failed),
        tuple(failed),
    )


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
    return fresh, len(fresh) < STALE * draws


def _varied(ran: Sequence[Example], answers: Counter[str], count: int) -> list[Example]:
    """As many as asked for, in their order, so that no answer is more frequent than it must be."""
    waiting = list(range(len(ran)))
    chosen: list[int] = []
    while waiting and len(chosen) < count:
        index = min(waiting, key=lambda index: answers[ran[index].answer])
        waiting.remove(index)
        chosen.append(index)
        answers[ran[index].answer] += 1
    return [ran[index] for index in sorted(chosen)]
