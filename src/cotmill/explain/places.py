"""Places that a statement writes to (`grid[0][1]`, `self.items`), and what they hold after it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from cotmill.base.trace import Branch, Del, Raise, Return, Set, Yield
from cotmill.base.values import Record
from cotmill.explain.literals import size
from cotmill.explain.reading import Reading
from cotmill.explain.state import UNKNOWN

__all__ = ["Happening", "growth", "look", "place_of", "resized", "root_of"]


@dataclass(slots=True)
class Happening:
    """What one step did, apart from calls and loop passes; `told` collects the names that a sentence covered."""

    events: list[Set | Del] = field(default_factory=list)  # changes of names, in order
    sets: dict[str, int] = field(default_factory=dict)  # names that changed, with their new values
    leave: Return | Yield | None = None
    raised: Raise | None = None
    told: set[str] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)  # values that a sentence showed whole
    followed: bool = False  # a call in the step was told
    arrived: bool = False  # an exception came out of the last call in the step
    chosen: list[Branch] = field(default_factory=list)  # tests of conditional expressions that are not told yet

    def take(self, event: object) -> None:
        """Note an event of the step that is no call and no recorded value."""
        if isinstance(event, Set):
            self.events.append(event)
            self.sets[event.name] = event.value
        elif isinstance(event, Del):
            self.events.append(event)
            self.sets.pop(event.name, None)
        elif isinstance(event, (Return, Yield)):
            self.leave = event
        elif isinstance(event, Raise):
            self.raised = event


def root_of(node: ast.expr) -> str:
    """The name that a place begins with: ``grid`` of ``grid[i][j]``."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def place_of(node: ast.expr, reading: Reading) -> str:
    """``grid[0][1]``: a place with its subscripts valued."""
    if isinstance(node, ast.Subscript):
        return f"{place_of(node.value, reading)}[{reading.index(node.slice)}]"
    if isinstance(node, ast.Attribute):
        return f"{place_of(node.value, reading)}.{node.attr}"
    if isinstance(node, (ast.Tuple, ast.List)):
        return f"({', '.join(place_of(part, reading) for part in node.elts)})"
    return ast.unparse(node)


def look(target: ast.expr, reading: Reading, now: Happening) -> tuple[bool, Any]:
    """(True, what a place holds after the step), read out of the new value of the name that it begins with."""
    if isinstance(target, ast.Name):
        index = now.sets.get(target.id, reading.held(target.id))
        return (False, None) if index == UNKNOWN else (True, reading.texts.values[index])
    if isinstance(target, ast.Attribute):
        found, holder = look(target.value, reading, now)
        name = _attribute(target.attr, holder) if found and isinstance(holder, Record) else ""
        return (True, holder.attrs[name]) if name else (False, None)
    if isinstance(target, ast.Subscript):
        found, holder = look(target.value, reading, now)
        known, key = _key(target.slice, reading)
        try:
            return (True, holder[key]) if found and known else (False, None)
        except (KeyError, IndexError, TypeError):
            return False, None
    return False, None


def _attribute(name: str, holder: Record) -> str:
    """The attribute as the object has it: `self.__size` is `_Stack__size`; empty where it has none."""
    if name in holder.attrs:
        return name
    private = (own for own in holder.attrs if name[:2] == "__" and own[:1] == "_" and own.endswith(name))
    return next(private, "")


def _key(node: ast.expr, reading: Reading) -> tuple[bool, Any]:
    if isinstance(node, ast.Tuple):
        parts = [_key(part, reading) for part in node.elts]
        return all(found for found, _ in parts), tuple(value for _, value in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        number = node.operand.value
        return (True, -number) if isinstance(number, (int, float)) else (False, None)
    return reading.known(node)


def growth(root: str, reading: Reading, now: Happening) -> str:
    """``dp is now [1, 1, 2]`` or ``dp now has 40 elements``; empty where the step did not change it."""
    index = now.sets.get(root, UNKNOWN)
    if index == UNKNOWN:
        return ""
    now.told.add(root)
    held = reading.texts.values[index]
    value = None if isinstance(held, Record) else reading.value(index, reading.density.grown)
    if value is not None:
        now.shown.add(index)
        reading.latest[root] = index
        return f"{root} is now {value}"
    if not isinstance(held, Record):
        reading.owe(root, index)
    return f"{root} now has {size(held)}" if resized(root, reading, now) else ""


def resized(root: str, reading: Reading, now: Happening) -> bool:
    """The step changed how much a name's value holds."""
    before, after = reading.held(root), now.sets.get(root, UNKNOWN)
    if after == UNKNOWN or not size(reading.texts.values[after]):
        return False
    return before == UNKNOWN or size(reading.texts.values[before]) != size(reading.texts.values[after])
