"""The contract of all shapes, and those that have no structure of their own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from cotmill.compose.shapes.hints import Hints

__all__ = ["Choice", "Mixture", "Shape", "Sized", "Study", "closed", "margin"]


class Shape(Protocol):
    def draw(self, rng: Random) -> Any:
        """A new value, JSON-able, that shares no part with another one."""


class Sized(Shape, Protocol):
    """A shape whose values have a length."""

    def draw_sized(self, rng: Random, length: int) -> Any: ...


class Study(Protocol):
    """What learning a shape needs besides the values."""

    @property
    def hints(self) -> Hints: ...

    @property
    def reach(self) -> float:
        """How far beyond the observed to go: 0 nowhere, 1 as far as the true range is expected to go, more further."""

    def shape(self, values: Sequence[Any], name: str = "") -> Shape:
        """The shape of these values; `name` is that of a parameter or of a field."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these, the more often the more often it is among them. Holds no lists or dicts."""

    values: tuple[Any, ...]

    def draw(self, rng: Random) -> Any:
        return rng.choice(self.values)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Values of several shapes, each as often as its weight says."""

    shapes: tuple[Shape, ...]
    weights: tuple[float, ...]

    def draw(self, rng: Random) -> Any:
        return rng.choices(self.shapes, self.weights)[0].draw(rng)


def closed(values: Sequence[Any]) -> bool:
    """Whether all values that can occur seem to have been seen.

    By Good and Turing: the probability of an unseen value is about the share of values that were seen once.
    """
    counts = Counter(values)
    once = sum(1 for count in counts.values() if count == 1)
    return len(values) >= 5 and once <= 0.15 * len(values) and len(counts) <= max(2, len(values) / 2.5)


def margin(low: float, high: float, distinct: int) -> float:
    """How far beyond the observed ends the true ends of a uniform range are expected: the width over (n - 1)."""
    return min(high - low, (high - low) / max(1, distinct - 1)) if math.isfinite(high - low) else 0.0
