"""Sentences for a call whose point is what it changes: ``Append 3 to xs, now [1, 3]``."""

from __future__ import annotations

import ast

from cotmill.base.values import Record
from cotmill.explain.literals import size
from cotmill.explain.phrases import joined
from cotmill.explain.places import Happening, growth, look, place_of, root_of
from cotmill.explain.reading import Reading
from cotmill.explain.state import UNKNOWN

__all__ = ["what_it_does"]

_VERBS = {
    "append": ("Append", "to"),
    "add": ("Add", "to"),
    "appendleft": ("Put", "in front of"),
    "extend": ("Extend", ""),
    "remove": ("Remove", "from"),
    "discard": ("Remove", "from"),
    "push": ("", ""),
    "pop": ("Pop", "from"),
    "popleft": ("Take", "from the front of"),
    "sort": ("Sort", ""),
    "reverse": ("Reverse", ""),
    "clear": ("Clear", ""),
}


def what_it_does(call: ast.Call, reading: Reading, now: Happening) -> list[str]:
    """A method of a built-in container by its verb, any other call by what it changed; empty where nothing did."""
    if (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in _VERBS
        and (not call.keywords or call.func.attr == "sort")
    ):
        sentence = _change(call, call.func, reading, now)
        if sentence:
            return [sentence]
    return _effect(call, reading, now)


def _change(call: ast.Call, func: ast.Attribute, reading: Reading, now: Happening) -> str:
    """``Append 3 * 2 = 6 to evens, now [4, 6]``; empty where this is no built-in container that changed."""
    verb, to = _VERBS[func.attr]
    found, held = look(func.value, reading, now)
    root = root_of(func.value)
    if not verb or not found or isinstance(held, Record) or not size(held) or len(call.args) > 1:
        return ""
    where = place_of(func.value, reading)
    if func.attr in ("pop", "popleft"):
        index = reading.result(call)
        shown = None if index == UNKNOWN else reading.value(index)
        if shown is None:
            return ""
        text = f"{verb} {shown} {to} {where}"
    elif func.attr == "extend":
        text = f"{verb} {where} by {_argument(call.args[0], reading)}" if call.args else ""
    elif to:
        text = f"{verb} {_argument(call.args[0], reading)} {to} {where}" if call.args else ""
    else:
        text = f"{verb} {where}"
    if not text:
        return ""
    if root not in now.sets:
        return f"{text}, which changes nothing"
    now.told.add(root)
    shown = reading.texts.whole(held)
    if shown and len(shown) <= reading.density.grown:
        now.shown.add(now.sets[root])
        reading.latest[root] = now.sets[root]
        return f"{text}, now {shown}"
    if isinstance(func.value, ast.Name):
        reading.owe(root, now.sets[root])
    return text if func.attr in ("sort", "reverse") else f"{text}, which now has {size(held)}"


def _argument(node: ast.expr, reading: Reading) -> str:
    index = reading.result(node)
    if isinstance(node, ast.Name) and index != UNKNOWN:
        value = reading.value(index)
        return value or f"{node.id}, {reading.texts.described(index)},"
    if index == UNKNOWN:
        return reading.valued(node)
    return reading.chain(node, index)


def _effect(call: ast.Call, reading: Reading, now: Happening) -> list[str]:
    """Any other call: told where it changed something that the statement names."""
    if now.followed:
        return []
    names = {part.id for part in ast.walk(call) if isinstance(part, ast.Name)}
    ends = [growth(name, reading, now) for name in list(now.sets) if name in names]
    ends = [end for end in ends if end]
    if not ends:
        return []
    done = _done(call, reading)
    return [f"With {done}, {joined(ends)}" if done else f"Do `{reading.program.text(call)}`: {joined(ends)}"]


def _done(call: ast.Call, reading: Reading) -> str:
    """``5 inserted at 0``: what the call of a well-known method did; empty for all others."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    shown = [_shown(argument, reading) for argument in call.args]
    if not shown or not shown[-1] or call.keywords:
        return ""
    if name == "insert" and len(shown) == 2 and shown[0]:
        return f"{shown[1]} inserted at {shown[0]}"
    if name == "heappush" and len(shown) == 2:
        return f"{shown[1]} pushed onto the heap"
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if name in ("append", "add") and isinstance(inner, ast.Call) and len(inner.args) == 2:
        key = _shown(inner.args[0], reading)
        return f"{shown[0]} added under {key}" if getattr(inner.func, "attr", "") == "setdefault" and key else ""
    return ""


def _shown(node: ast.expr, reading: Reading) -> str:
    """The value of a name or a constant, where it is a number or a short text; else empty."""
    if isinstance(node, ast.Constant):
        return repr(node.value)
    index = reading.result(node) if isinstance(node, ast.Name) else UNKNOWN
    return "" if index == UNKNOWN else reading.texts.scalar(index) or ""
