"""Is a stated value the recorded one? Equal as a person would say it."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cotmill.base.values import Opaque, Record

__all__ = ["same"]


def same(stated: Any, real: Any) -> bool:
    """Equal as a person would say it: 1500 and 1500.0, (1, 2) and [1, 2]; but never True and 1, nor 1 and '1'."""
    if stated is real:
        return True
    if type(stated) is type(real) and type(stated) in _EXACT:  # most questions
        return bool(stated == real)
    if isinstance(stated, bool) or isinstance(real, bool):
        return isinstance(stated, bool) and isinstance(real, bool) and stated == real
    if isinstance(stated, (int, float)) and isinstance(real, (int, float)):
        return _same_number(stated, real)
    if isinstance(stated, str) or isinstance(real, str):
        return isinstance(stated, str) and isinstance(real, str) and stated == real
    if isinstance(stated, Opaque) and stated.kind == "member":
        return isinstance(real, Record) and stated.name == f"{real.type}.{real.attrs.get('_name_')}"
    if isinstance(stated, Record) and isinstance(real, Record):
        if not real.attrs and isinstance(real.items, tuple) and stated.items is None:
            return stated.type == real.type and same(tuple(stated.attrs.values()), real.items)  # a named tuple
        return stated.type == real.type and same(stated.attrs, real.attrs) and same(stated.items, real.items)
    if isinstance(real, Record) and real.items is not None:
        return same(stated, real.items)
    if isinstance(stated, tuple) and isinstance(real, Record):
        stated, real = real, stated
    if isinstance(stated, Record) and isinstance(real, tuple):
        return same(tuple(stated.attrs.values()), real)  # a named tuple, once with its fields' names
    if isinstance(stated, dict) and isinstance(real, dict):
        return _same_dict(stated, real)
    if isinstance(stated, dict) and not stated and isinstance(real, _SETS):
        return not real  # "{}", as a set is written
    if isinstance(stated, _SETS) and isinstance(real, _SETS):
        return set(stated) == set(real)
    if isinstance(stated, range) and isinstance(real, range):
        return (stated.start, stated.stop, stated.step) == (real.start, real.stop, real.step)  # not: the same items
    if isinstance(stated, _ROWS) and isinstance(real, _ROWS):
        if len(stated) != len(real):
            return False
        kinds = set(map(type, stated))
        if len(kinds) == 1 and kinds == set(map(type, real)) and kinds <= _PLAIN:
            return list(stated) == list(real)
        return all(map(same, stated, real))
    if isinstance(stated, _NUMBERS) and isinstance(real, _NUMBERS):
        return bool(stated == real)
    return type(stated) is type(real) and bool(stated == real)


_EXACT = frozenset({int, str, bool})
_SETS = (set, frozenset)
_PLAIN = {int, str, bool}
_ROWS = (list, tuple, deque, range)
_NUMBERS = (int, float, complex, Fraction, Decimal)


def _same_number(stated: float, real: float) -> bool:
    if stated == real:
        return True
    if isinstance(stated, int) and isinstance(real, int):
        return False
    if not (math.isfinite(stated) and math.isfinite(real)):
        return math.isnan(stated) and math.isnan(real)
    return math.isclose(stated, real, rel_tol=1e-12, abs_tol=0.0)


def _same_dict(stated: dict[Any, Any], real: dict[Any, Any]) -> bool:
    if len(stated) != len(real):
        return False
    return all(key in real and same(item, real[key]) for key, item in stated.items())
