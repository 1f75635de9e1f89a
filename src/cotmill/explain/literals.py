"""Values in a text: which are shown whole, and the kind and size of those that are too long to show."""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cotmill.base.literal import MAX_BITS, NAMED, literal
from cotmill.base.values import Opaque, Record

__all__ = ["article", "describe", "is_scalar", "is_shown", "is_simple", "size"]


def is_scalar(value: Any) -> bool:
    """A value that stands for its name inside an expression: a number, a short text, a truth value, None."""
    if isinstance(value, str):
        return len(value) <= 40
    return value is None or isinstance(value, (int, float, complex, Fraction, Decimal, date, time, timedelta))


def is_shown(value: Any, classes: Container[str]) -> bool:
    """False where a literal would not say what the value holds: an iterator, a cycle, an object of a foreign class."""
    if isinstance(value, int):
        return value.bit_length() <= MAX_BITS
    if isinstance(value, Opaque):
        return value.kind in NAMED and not value.name.startswith("<")
    if isinstance(value, dict):
        return all(is_shown(key, classes) and is_shown(item, classes) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset, deque)):
        return all(is_shown(item, classes) for item in value)
    if isinstance(value, Record):
        parts = [*value.attrs.values(), value.items]
        known = value.type in classes or (value.items is not None and not value.attrs)
        return known and all(is_shown(part, classes) for part in parts)
    return True


def is_simple(value: Any) -> bool:
    """A value made of numbers, texts and containers of them alone: it can be written without a name of the program."""
    kind = type(value)
    if kind in _ATOMS or value is None:
        return True
    if isinstance(value, dict):
        return all(is_simple(key) and is_simple(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset, deque)):
        return all(map(is_simple, value))
    return not isinstance(value, (Record, Opaque, complex))


_ATOMS = frozenset((int, str, float, bool))
_SIZED: dict[type[Any], str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset", deque: "deque"}


def size(value: Any) -> str:
    """How much the value holds: ``25 elements``, ``3 entries``, ``1 character``; empty where it has no size."""
    if isinstance(value, (str, bytes, bytearray)):
        return _count(len(value), "character", "characters")
    if isinstance(value, dict):
        return _count(len(value), "entry", "entries")
    if isinstance(value, (list, tuple, set, frozenset, deque)):
        return _count(len(value), "element", "elements")
    return ""


def describe(value: Any, classes: Container[str]) -> str:
    """The value's kind and size: ``a list of 25 elements``, ``a Node with data 3``, ``a generator``."""
    if isinstance(value, Record) and value.type not in classes:
        return article(value.type)
    if isinstance(value, Record):
        public = ((name, item) for name, item in value.attrs.items() if not name.startswith("_"))
        simple = [f"{name} {literal(item)}" for name, item in public if is_scalar(item)]
        return article(value.type) + (f" with {' and '.join(simple[:3])}" if simple else "")
    if isinstance(value, Opaque):
        if value.kind not in NAMED or value.name.startswith("<"):
            return article(value.name.strip("<>"))
        return f"the {value.kind} {value.name}"
    if isinstance(value, (str, bytes, bytearray)):
        return f"a text of {size(value)}"
    kind: type[Any] = type(value)
    name = "dict" if isinstance(value, dict) else _SIZED.get(kind, kind.__name__)
    amount = size(value)
    if amount:
        return f"{article(name)} of {amount}"
    if isinstance(value, int):
        return f"a number of {len(str(abs(value)))} digits" if is_shown(value, ()) else "a number of over 3900 digits"
    return article(name)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def article(noun: str) -> str:
    """``a Node``, ``an int``."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
