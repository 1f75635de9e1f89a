"""The plain telling of a statement that changes something: what its targets hold now, and not how that came about."""

from __future__ import annotations

import ast

from cotmill.base.values import Opaque
from cotmill.explain.literals import describe, is_simple
from cotmill.explain.phrases import joined
from cotmill.explain.places import Happening, growth, look, place_of, root_of
from cotmill.explain.reading import Reading
from cotmill.explain.state import UNKNOWN

__all__ = ["effect", "holds", "returned", "stored"]


def holds(name: str, index: int, reading: Reading) -> str:
    """``x = 5``, or ``x is a list of 30 elements``; empty for what no literal and no size says anything about."""
    if index == UNKNOWN or isinstance(reading.texts.values[index], Opaque):
        return ""
    value = reading.value(index)
    return f"{name} = {value}" if value else f"{name} is {reading.texts.described(index)}"


def returned(index: int, reading: Reading) -> list[str]:
    """``Return 7``; nothing where no literal shows the value."""
    if index == UNKNOWN or isinstance(reading.texts.values[index], Opaque):
        return []
    value = reading.value(index, max(reading.density.shown, 2000))
    return [f"Return {value}"] if value else []


def stored(targets: list[ast.expr], value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    """An assignment: ``x = 5``, ``a = 1 and b = 2``, ``xs is now [1, 2]``, ``self.size = 3``."""
    ends = []
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)):
            ends += [_end(part, UNKNOWN, reading, now) for part in _flat(target)]
        else:
            ends.append(_end(target, reading.result(value), reading, now))
    ends = [end for end in dict.fromkeys(ends) if end]
    return [joined(ends)] if ends else []


def _flat(target: ast.expr) -> list[ast.expr]:
    """The places that a pattern of targets names."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [place for part in target.elts for place in _flat(part)]
    return _flat(target.value) if isinstance(target, ast.Starred) else [target]


def _end(target: ast.expr, result: int, reading: Reading, now: Happening) -> str:
    """What one place holds after the statement."""
    if isinstance(target, ast.Name):
        index = now.sets.get(target.id, result)
        now.told.add(target.id)
        if index == UNKNOWN:
            index = reading.held(target.id)  # no event: it holds what it held
        now.shown.add(index)
        return holds(target.id, index, reading)
    root = root_of(target)
    if root in now.told and root not in now.sets:
        return ""
    return _place(target, root, reading, now)


def _place(target: ast.expr, root: str, reading: Reading, now: Happening) -> str:
    if isinstance(target, ast.Subscript):
        grown = growth(root, reading, now)
        if grown.startswith(f"{root} is now "):
            return grown
    now.told.add(root)
    found, held = look(target, reading, now)
    if not found or isinstance(held, Opaque):
        return ""
    text = reading.texts.whole(held) if is_simple(held) else ""
    if 0 < len(text) <= reading.density.shown:
        return f"{place_of(target, reading)} = {text}"
    return f"{place_of(target, reading)} is {describe(held, reading.texts.classes)}"


def effect(call: ast.Call, reading: Reading, now: Happening) -> list[str]:
    """``self.items.append(3)``: ``self.items is now [1, 3]``. Names by themselves need no sentence of their own."""
    place = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(place, ast.Attribute) or now.followed:
        return []
    root = root_of(place)
    found, held = look(place, reading, now)
    text = reading.texts.whole(held) if found and root in now.sets and is_simple(held) else ""
    if not 0 < len(text) <= reading.density.grown:
        return []
    now.told.add(root)
    return [f"{place_of(place, reading)} is now {text}"]
