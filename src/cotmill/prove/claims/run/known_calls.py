"""The builtins and pure methods that may stand in an expression, bounded: nothing here can grow without end.

A value is weighed before it is repeated, joined or written out, and a power before it is taken.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cotmill.base.values import Opaque, Record

__all__ = [
    "CALLS",
    "CONSTANTS",
    "MAX_DIGITS",
    "MAX_LENGTH",
    "METHODS",
    "Unknown",
    "ordered",
    "power",
    "rows",
    "times",
    "truthy",
    "weight",
]

MAX_DIGITS = 4_000
MAX_LENGTH = 100_000
_EXACT = (Fraction, Decimal)
_NUMBERS = (int, float, complex, Fraction, Decimal)


class Unknown(Exception):
    """The expression has no value that can be worked out here."""


def truthy(value: Any) -> bool:
    """Truth as a test sees it. Raises Unknown for objects, whose class may say otherwise."""
    if isinstance(value, Record):
        if value.items is not None:
            return bool(value.items)
        raise Unknown("truth of an object")
    return True if isinstance(value, Opaque) else bool(value)


def power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        if right > 0 and left.bit_length() * right > MAX_DIGITS * 3.33:
            raise Unknown("too large a power")
    elif isinstance(left, _EXACT) or isinstance(right, _EXACT):
        small = isinstance(right, int) and abs(right) <= 1000
        if not small:
            raise Unknown("power")
    return left**right


def times(left: Any, right: Any) -> Any:
    for row, count in ((left, right), (right, left)):
        if isinstance(row, (str, bytes, list, tuple)) and isinstance(count, int) and weight(row) * count > MAX_LENGTH:
            raise Unknown("too long a repetition")
    return left * right


def weight(value: Any, left: int = MAX_LENGTH) -> int:
    """How many scalars and characters a value holds, up to a bound; shared parts count as often as they show."""
    if isinstance(value, (str, bytes)):
        return len(value) + 1
    if isinstance(value, dict):
        value = (*value, *value.values())
    if not isinstance(value, (list, tuple, set, frozenset, deque)):
        return 1
    total = 1
    for item in value:
        total += weight(item, left - total)
        if total > left:
            break
    return total


def rows(value: Any) -> Any:
    if isinstance(value, (str, bytes, list, tuple, set, frozenset, dict, deque, range)) and len(value) <= MAX_LENGTH:
        return value
    raise Unknown("not a row of items")


def ordered(value: Any) -> Any:
    """Rows whose order is a matter of the value: a set's is not."""
    if isinstance(value, (set, frozenset)) and len(value) > 1:
        raise Unknown("the order of a set")
    return rows(value)


def _range(*parts: int) -> range:
    return range(*parts)


def _list_of(value: Any = ()) -> list[Any]:
    return list(ordered(value))


def _summed(value: Any, start: Any = 0) -> Any:
    items = rows(value)
    if any(not isinstance(item, _NUMBERS) for item in items):
        raise Unknown("sum of what are not numbers")
    return sum(items, start)


def _text(value: Any = "") -> str:
    if isinstance(value, (Record, Opaque)) or weight(value) > MAX_LENGTH // 10:
        raise Unknown("text of an object, or too long")
    if _shows_hashes(value):
        raise Unknown("the order of a set")
    return str(value)


def _shows_hashes(value: Any) -> bool:
    """Whether a set of several elements is in it: no two processes need write them in one order."""
    if isinstance(value, (set, frozenset)) and len(value) > 1:
        return True
    parts = (*value, *value.values()) if isinstance(value, dict) else value
    return isinstance(parts, (list, tuple, deque, set, frozenset)) and any(map(_shows_hashes, parts))


def _exact(kind: Callable[..., Any]) -> Callable[..., Any]:
    """Fraction and Decimal, of arguments whose exponents cannot explode."""

    def applied(*args: Any) -> Any:
        if any(isinstance(value, str) and (len(value) > 60 or "e" in value.lower()) for value in args):
            raise Unknown("exponent")
        return kind(*args)

    return applied


def _of_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    def applied(value: Any = (), *rest: Any, **named: Any) -> Any:
        return function(rows(value), *rest, **named)

    return applied


def _mapping(items: Any = (), **named: Any) -> dict[Any, Any]:
    return dict(ordered(items), **named)


def _in_order(function: Callable[..., Any]) -> Callable[..., Any]:
    """Of what has an order: not of functions, whose results are not known here, nor of a set of what has none."""

    def applied(*args: Any, **named: Any) -> Any:
        for value in args:
            if isinstance(value, (set, frozenset)) and any(isinstance(item, frozenset) for item in value):
                raise Unknown("the order of a set")
        if any(isinstance(value, Opaque) for value in (*args, *named.values())):
            raise Unknown("a function as an argument")
        return function(*args, **named)

    return applied


CALLS: dict[str, Callable[..., Any]] = {
    "len": _of_rows(len),
    "sum": _summed,
    "sorted": _in_order(_of_rows(sorted)),
    "list": _list_of,
    "tuple": lambda row=(): tuple(ordered(row)),
    "set": _of_rows(set),
    "frozenset": _of_rows(frozenset),
    "dict": _mapping,
    "str": _text,
    "max": _in_order(max),
    "min": _in_order(min),
    "abs": abs,
    "round": round,
    "int": int,
    "float": float,
    "bool": truthy,
    "divmod": divmod,
    "pow": lambda a, b, c=None: power(a, b) if c is None else pow(a, b, c),
    "ord": ord,
    "chr": chr,
    "range": _range,
    "any": _of_rows(any),
    "all": _of_rows(all),
    "bin": bin,
    "hex": hex,
    "oct": oct,
    "reversed": lambda row: list(ordered(row))[::-1],
    "enumerate": lambda row, start=0: list(enumerate(ordered(row), start)),
    "zip": lambda *rows: list(zip(*map(ordered, rows), strict=False)),
    "sqrt": math.sqrt,
    "gcd": math.gcd,
    "floor": math.floor,
    "ceil": math.ceil,
    "isqrt": math.isqrt,
    "deque": lambda row=(): deque(ordered(row)),
    "Counter": lambda row=(): Counter(ordered(row)),
    "complex": complex,
    "defaultdict": lambda _kind=None, items=(): _mapping(items),
    "OrderedDict": lambda items=(): OrderedDict(ordered(items)),
    "Fraction": _exact(Fraction),
    "Decimal": _exact(Decimal),
    "date": date,
    "time": time,
    "timedelta": timedelta,
}
CALLS["datetime"] = datetime
CONSTANTS: dict[str, Any] = {
    "True": True, "False": False, "None": None, "inf": math.inf, "nan": math.nan, "infinity": math.inf,
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METHODS: tuple[tuple[Any, frozenset[str]], ...] = (
    (
        str,
        _words(
            "upper lower strip lstrip rstrip split rsplit splitlines join replace count index rindex find rfind "
            "startswith endswith isdigit isalpha isalnum isupper islower isspace isnumeric isdecimal istitle "
            "title capitalize swapcase partition rpartition removeprefix removesuffix casefold"
        ),
    ),
    ((dict,), _words("get keys values items")),
    ((list, tuple, deque), _words("count index")),
    (
        (set, frozenset),
        _words("union intersection difference symmetric_difference issubset issuperset isdisjoint"),
    ),
    ((int,), _words("bit_length bit_count")),
    ((float,), _words("is_integer")),
)
