"""The kinds of answers that Python has no type of its own for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Bare", "Interval", "Named", "Quantity", "Refused", "SetOf", "Symbolic", "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words, not quoted. Infinity is the word "inf"."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbolic:
    """LaTeX that only a computer algebra system can compare."""

    latex: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A text over the limits: it is not looked at, only compared as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Bare:
    """Items with commas between and no brackets around."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set; `latex` is how it was written, for a set with symbolic members."""

    items: tuple[Any, ...]
    latex: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A real interval; the flags say whether its ends belong to it."""

    low: Any
    high: Any
    low_in: bool
    high_in: bool


@dataclass(frozen=True, slots=True)
class Named:
    """x = 5"""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or an expression for one, with a unit. `unit` is a normal form: equal texts are equal units."""

    number: Any
    unit: str
