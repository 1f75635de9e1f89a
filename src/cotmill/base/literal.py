"""A value as a Python literal: the one way in which a text, a question or a reason shows it."""

from __future__ import annotations

import math
from collections import deque
from datetime import date, datetime, time, timedelta
from typing import Any

from cotmill.base.values import Opaque, Record

__all__ = ["MAX_BITS", "NAMED", "literal"]


def literal(value: Any) -> str:
    """The value as a Python literal; objects as ``Node(data=3, next=None)``; sets in a fixed order.

    Dicts of every class are shown as plain dicts. What cannot be shown (an iterator) stands as ``<kind>``.
    """
    kind = type(value)
    if kind is int:
        return repr(value) if value.bit_length() <= MAX_BITS else "<int>"
    if kind is str or kind is float or kind is bool or value is None:
        return repr(value)
    if kind is list:
        return f"[{', '.join(map(literal, value))}]"
    if kind is tuple:
        return f"({literal(value[0])},)" if len(value) == 1 else f"({', '.join(map(literal, value))})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, (set, frozenset)):
        return _set_literal(value)
    if isinstance(value, Record):
        return _record_literal(value)
    if isinstance(value, Opaque):
        return value.name if value.kind in NAMED else f"<{value.name}>"
    return _other_literal(value)


NAMED = frozenset({"function", "class", "module"})
MAX_BITS = 13_000  # about 4,000 decimal digits; Python refuses to write out more than 4,300


def _set_literal(value: set[Any] | frozenset[Any]) -> str:
    name = "frozenset" if isinstance(value, frozenset) else ""
    if not value:
        return f"{name or 'set'}()"
    inside = f"{{{', '.join(map(literal, sorted(value, key=_set_order)))}}}"
    return f"{name}({inside})" if name else inside


def _set_order(value: Any) -> tuple[str, Any, str]:
    """Numbers by size, the rest by their literal: an order that no hash seed changes."""
    if isinstance(value, (int, float)) and not (isinstance(value, float) and math.isnan(value)):
        return ("", value, "")
    return (type(value).__name__, 0, literal(value))


def _record_literal(value: Record) -> str:
    if value.items is not None and not value.attrs:
        return literal(value.items)  # a named tuple, a list of one's own: equal to the plain one
    if {"_name_", "_value_"} <= value.attrs.keys():
        return f"{value.type}.{value.attrs['_name_']}"  # a member of an enumeration
    parts = [literal(value.items)] if value.items is not None else []
    parts += [f"{name}={literal(item)}" for name, item in value.attrs.items()]
    return f"{value.type}({', '.join(parts)})"


def _other_literal(value: Any) -> str:
    if isinstance(value, range) and not value.start and value.step == 1:
        return f"range({value.stop})"
    if isinstance(value, deque):
        return f"deque([{', '.join(map(literal, value))}])"
    if isinstance(value, (datetime, date, time, timedelta)):
        return repr(value).removeprefix("datetime.")
    return repr(value)  # int and float, Fraction, Decimal, complex, range, bytes: repr is the literal
