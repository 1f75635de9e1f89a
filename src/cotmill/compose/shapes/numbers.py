"""Whole numbers and decimal fractions: modestly wider ranges than observed, with the sign and the roundness kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from cotmill.compose.shapes.hints import BOUNDS
from cotmill.compose.shapes.shape import Choice, Mixture, Shape, Study, closed, margin

__all__ = ["Floats", "Ints", "learn_floats", "learn_ints"]

EDGE = 0.05  # share of draws that are the smallest possible value
SENTINEL = 2**31 - 1  # programs take such numbers for infinity; no range is made of them
EVIDENT = 100  # odds against chance from which a number is held to be a multiple on purpose
ENOUGH = 8  # distinct values that show a range whole
SPREAD = 1000  # ratio of largest to smallest from which numbers of every size are drawn, not mostly large ones

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Ints:
    low: int
    high: int
    step: int = 1  # values are low, low + step, ...
    spread: bool = False  # as many small ones as large ones

    def draw(self, rng: Random) -> int:
        if self.high > self.low and rng.random() < EDGE:
            return self.low
        if self.spread:
            return min(self.high, max(self.low, round(math.exp(rng.uniform(math.log(self.low), math.log(self.high))))))
        return rng.randrange(self.low, self.high + 1, self.step)


@dataclass(frozen=True, slots=True)
class Floats:
    low: float
    high: float
    decimals: int  # after the point; 15 and more are not rounded

    def draw(self, rng: Random) -> float:
        value = rng.uniform(self.low, self.high)
        return round(value, self.decimals) if self.decimals < 15 else value


def learn_ints(values: Sequence[int], study: Study, name: str = "") -> Shape:
    marks = [value for value in values if abs(value) >= SENTINEL]
    if marks and len(marks) < len(values) and len(set(map(abs, marks))) <= 2:
        rest = learn_ints([value for value in values if abs(value) < SENTINEL], study, name)
        return Mixture((Choice(tuple(marks)), rest), (len(marks), len(values) - len(marks)))
    distinct = sorted(set(values))
    if closed(values) and (len(distinct) <= 3 or distinct[-1] - distinct[0] >= 3 * len(distinct)):
        return Choice(tuple(values))
    if distinct == [-1, 1]:
        return Choice(tuple(values))
    low, high = distinct[0], distinct[-1]
    step = _step(distinct)
    if (choice := study.hints.numbers.get(name, ())) and set(distinct) <= set(choice):
        return Choice(choice)
    if study.reach and distinct != [0, 1]:
        wider = (
            math.ceil(study.reach * margin(low, high, len(distinct)))
            if len(distinct) < ENOUGH or study.reach > 1
            else 0
        )
        if len(distinct) == 1 and len(values) < 5:
            wider = max(1, abs(low) // 4)
        elif abs(high) <= 12 and (len(distinct) < ENOUGH or study.reach > 1):
            wider = max(wider, math.ceil(2 * study.reach))
        wider = -(-wider // step) * step
        if study.reach <= 1 and len(distinct) > 1 and high > low >= 100 and len(str(low)) == len(str(high)):
            low, high = max(low - wider, 10 ** (len(str(low)) - 1)), min(high + wider, 10 ** len(str(high)) - 1)
        else:
            low, high = _same_sign(low, high, low - wider, high + wider, step)
    low, high = _bounded(low, high, distinct[0], distinct[-1], name)
    spread = step == 1 and low > 0 and high > SPREAD * low and distinct[len(distinct) // 2] * 10 < high
    return Ints(low, high, step, spread)


def learn_floats(values: Sequence[float], study: Study, name: str = "") -> Shape:
    distinct = sorted({float(value) for value in values})
    if closed(values) and len(distinct) <= 5:
        return Choice(tuple(values))
    low, high = distinct[0], distinct[-1]
    decimals = max(len(repr(value).partition(".")[2]) if "e" not in repr(value) else 15 for value in distinct)
    if study.reach:
        wider = study.reach * (margin(low, high, len(distinct)) or abs(low) / 4)
        inside = [bound for bound in (0.0, 1.0, 100.0) if bound >= high] if low >= 0 and high <= 1 else []
        low, high = (
            low - wider if low < 0 else max(min(low, 10.0**-decimals if decimals < 15 else low / 2), low - wider),
            min([high + wider, *inside]) if high > 0 else min(high + wider, 0.0),
        )
    low, high = _bounded(low, high, distinct[0], distinct[-1], name)
    return Floats(low, high, decimals)


def _step(distinct: Sequence[int]) -> int:
    """The step of an evident series: 2 for nothing but odd numbers, 10 for round ones; mostly 1."""
    for step in (math.gcd(*distinct), math.gcd(*(value - distinct[0] for value in distinct))):
        if step > 1 and step ** min(len(distinct) - 1, 40) >= EVIDENT:
            return step
    return 1


def _same_sign(low: int, high: int, wider_low: int, wider_high: int, step: int) -> tuple[int, int]:
    floor = 1 if low >= 1 else 0 if low >= 0 else None
    ceiling = -1 if high <= -1 else 0 if high <= 0 and low < 0 else None
    if floor is not None and wider_low < floor:
        wider_low = low - (low - floor) // step * step
    if ceiling is not None:
        wider_high = min(wider_high, ceiling)
    return wider_low, wider_high


def _bounded(low: Number, high: Number, seen_low: Number, seen_high: Number, name: str) -> tuple[Number, Number]:
    for word in name.lower().split("_"):
        floor, ceiling = BOUNDS.get(word, (seen_low, seen_low - 1))
        if floor <= seen_low and seen_high <= ceiling:
            return max(low, floor), min(high, ceiling)
    return low, high
