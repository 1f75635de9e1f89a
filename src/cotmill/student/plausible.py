"""A value that a step states, and another of the same kind in its place: slips that a person would make."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from cotmill.base.literal import literal

__all__ = ["Stated", "another", "stated"]

TRIES = 12
_BEGINS = re.compile(r"(?<!\S)[\d\-'\"\[({TFN]")
_ENDS = re.compile(r"(?<=\S)(?=\s|\Z)")
_FEW = 40  # words of a step, from its end on, that are looked at for where a value ends


class Stated(NamedTuple):
    """A literal and where it stands in a text."""

    start: int
    end: int
    value: Any


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


def another(value: Any, rng: random.Random, pool: Sequence[Any]) -> Any:
    """A value of the same kind that differs; `pool` holds what else the solution states. None where there is none."""
    slip = _SLIPS.get(type(value))
    if slip is None:
        return None
    alike = [other for other in pool if type(other) is type(value) and other != value]
    for _ in range(TRIES):
        borrowed = bool(alike) and not isinstance(value, bool) and rng.random() < 0.3
        other = rng.choice(alike) if borrowed else slip(value, rng, pool)
        if type(other) is type(value) and other != value:
            return other
    return None


def _integer(value: int, rng: random.Random, _pool: Sequence[Any]) -> int:
    digits = str(abs(value))
    sign = -1 if value < 0 else 1
    slips = [value + rng.choice((-1, 1)), value + rng.choice((-3, -2, 2, 3)), value + rng.choice((-10, 10))]
    if len(digits) > 1:
        place = rng.randrange(len(digits) - 1)
        slips.append(sign * int(f"{digits[:place]}{digits[place + 1]}{digits[place]}{digits[place + 2 :]}"))
        place = rng.randrange(len(digits))
        slips.append(sign * int(f"{digits[:place]}{rng.randrange(10)}{digits[place + 1 :]}"))
    other = rng.choice(slips)
    return abs(other) if value >= 0 else other  # what counts things is not below zero


def _number(value: float, rng: random.Random, _pool: Sequence[Any]) -> float:
    text = repr(value)
    places = [place for place, char in enumerate(text.partition("e")[0]) if char.isdigit()]
    if not places:  # infinite, or not a number
        return value
    place = rng.choice(places)
    return float(f"{text[:place]}{rng.randrange(10)}{text[place + 1 :]}")


def _text(value: str, rng: random.Random, _pool: Sequence[Any]) -> str:
    if not value:
        return value
    place = rng.randrange(len(value))
    slips = [value[:place] + value[place + 1 :], value[: place + 1] + value[place:]]
    if place:
        slips.append(value[: place - 1] + value[place] + value[place - 1] + value[place + 1 :])
    return rng.choice(slips)


def _row(value: Any, rng: random.Random, pool: Sequence[Any]) -> Any:
    """A list or tuple: one item is another, is missing, or has changed places with the next."""
    items = list(value)
    if not items:
        return value
    place = rng.randrange(len(items))
    kind = rng.choice(("other", "other", "missing", "swapped"))
    if kind == "other":
        item = another(items[place], rng, pool)
        items[place] = items[place] if item is None else item
    elif kind == "missing" and len(items) > 1:
        del items[place]
    elif place:
        items[place - 1], items[place] = items[place], items[place - 1]
    return type(value)(items)


def _mapping(value: dict[Any, Any], rng: random.Random, pool: Sequence[Any]) -> dict[Any, Any]:
    if not value:
        return value
    key = rng.choice(list(value))
    if len(value) > 1 and rng.random() < 0.25:
        return {other: item for other, item in value.items() if other != key}
    item = another(value[key], rng, pool)
    return value if item is None else {**value, key: item}


def _set(value: set[Any], rng: random.Random, _pool: Sequence[Any]) -> set[Any]:
    items = sorted(value, key=literal)
    return value if len(items) < 2 else value - {rng.choice(items)}


_SLIPS: dict[type, Callable[[Any, random.Random, Sequence[Any]], Any]] = {
    bool: lambda value, _rng, _pool: not value,
    int: _integer,
    float: _number,
    str: _text,
    list: _row,
    tuple: _row,
    dict: _mapping,
    set: _set,
}
