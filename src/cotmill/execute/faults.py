"""Runs in which one value is wrong and all that follows is executed with it: what a slip would have led to.

A place for a fault is an event of a true trace: the value of an expression, or the value that a statement stores in a
name or in an element. The program is run again with another value there (faulty.py does it, inside the sandbox); its
trace is one of the same source, with every line and column. That it is the true one up to the fault, and has the wrong
value there, is not believed but seen: `objection`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cotmill.base.literal import literal
from cotmill.base.records import Execution
from cotmill.base.trace import Call, Del, Event, Line, Pass, Return, Set, Trace, Value, Yield
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Run, TraceLimits

__all__ = ["Place", "faulty_run", "objection", "places"]

SCALARS = (int, float, bool, str)
CONTAINERS = (list, tuple, set, dict)
MAX_LITERAL = 200  # characters of a value that may be replaced
# Calls whose result is new, so that a wrong copy of it takes no other name's value away.
_MAKERS = frozenset({"sorted", "list", "tuple", "set", "dict", "split", "splitlines", "copy"})
_NEW = (ast.ListComp, ast.SetComp, ast.DictComp, ast.BinOp)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run can be given a wrong value."""

    moment: int  # index of the true trace's event that shows the value
    at: tuple[int, int, int, int]  # of the expression, or of what the statement binds; as in cotmill.base.trace.Site
    stored: bool  # by the statement, rather than the value of the expression
    right: Any
    near: tuple[Any, ...]  # values that the same expression or statement reads
    held: Any = None  # what a name or an element held until something was stored there; None: nothing


def faulty_run(execution: Execution, place: Place, wrong: Any, limits: TraceLimits) -> Run:
    """The execution's run with the wrong value in that place."""
    fault = {"at": place.at, "stored": place.stored, "moment": place.moment, "value": literal(wrong)}
    return Run(execution.code + CALL, execution.input, limits, json.dumps(fault))


def objection(true: Trace, faulty: Trace, place: Place, wrong: Any) -> str:
    """Why the second trace is not the first one with this fault; empty where it is."""
    if len(faulty.events) <= place.moment:
        return "the run ended before the fault"
    for index in range(place.moment):
        if _told(true, true.events[index]) != _told(faulty, faulty.events[index]):
            return f"event {index} is another"
    right, found = true.events[place.moment], faulty.events[place.moment]
    if isinstance(right, Value) and isinstance(found, Value):
        at, value = (found.frame, faulty.sites[found.site]), faulty.values[found.value]
        if at != (right.frame, true.sites[right.site]) or not _same(value, wrong):
            return "the wrong value is not there"
    elif not isinstance(right, Set) or _told(true, right) == _told(faulty, found):
        return "nothing wrong is stored"
    elif found[:2] != right[:2] and not _same(wrong, place.held):  # what is stored anew is no event
        return "another event stands in its place"
    return ""


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and literal(one) == literal(other)


def _told(trace: Trace, event: Event) -> tuple[Any, ...]:
    """The event without indices, which differ between traces."""
    values = trace.values
    match event:
        case Call(_, _, _, _, args):
            return (*event[:4], [(name, literal(values[value])) for name, value in args])
        case Value(frame, site, value):
            return "value", frame, trace.sites[site], literal(values[value])
        case Pass(frame, site, number, value):
            return "pass", frame, trace.sites[site], number, literal(values[value]) if value >= 0 else ""
        case Set() | Yield() | Return():
            return (*event[:-1], type(event).__name__, literal(values[event[-1]]))
        case _:
            return (type(event).__name__, *event)


def places(trace: Trace, code: str) -> list[Place]:
    """All places in the functions of a program, in the order of the run."""
    return list(_Reader(trace, ast.parse(code)).places())


class _Reader:
    """Goes through a trace with the values of all names at hand."""

    def __init__(self, trace: Trace, tree: ast.Module) -> None:
        self.trace = trace
        self.expressions = {
            (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset): node
            for node in ast.walk(tree)
            if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store)
        }
        self.statements = _storing(tree)
        self.names: dict[int, dict[str, int]] = {}  # frame -> name -> value
        self.lines: dict[int, int] = {}  # frame -> line under way

    def places(self) -> Iterator[Place]:
        for moment, event in enumerate(self.trace.events):
            if event.frame:
                place = self.place(moment, event)
                if place is not None and len(literal(place.right)) <= MAX_LITERAL:
                    yield place
            match event:
                case Call(frame, _, _, _, args):
                    self.names[frame] = dict(args)
                case Set(frame, name, value):
                    self.names.setdefault(frame, {})[name] = value
                case Del(frame, name):
                    self.names.get(frame, {}).pop(name, None)
                case Line(frame, line):
                    self.lines[frame] = line

    def place(self, moment: int, event: Event) -> Place | None:
        if isinstance(event, Value):
            at = self.trace.sites[event.site][1:]
            node, right = self.expressions.get(at), self.trace.values[event.value]
            if node is None or not (type(right) in SCALARS or (type(right) in CONTAINERS and _is_new(node))):
                return None
            return Place(moment, at, stored=False, right=right, near=self.near(event.frame, node))
        if isinstance(event, Set):
            statement = self.statements.get(self.lines.get(event.frame, 0))
            return self.stored(moment, event, statement) if statement is not None else None
        return None

    def stored(self, moment: int, event: Set, statement: Any) -> Place | None:
        """The place where a statement stored something, if this change is its doing."""
        target: Any = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        right = self.trace.values[event.value]
        name = target if isinstance(target, ast.Name) else target.value
        if name.id != event.name:
            return None
        before = self.names.get(event.frame, {}).get(event.name)
        held = None if before is None else self.trace.values[before]
        if isinstance(target, ast.Subscript):
            changed = _changed(held, right)
            if len(changed) != 1:
                return None
            ((held, right),) = changed
        if type(right) not in SCALARS:
            return None
        at = (target.lineno, target.col_offset, target.end_lineno, target.end_col_offset)
        return Place(moment, at, stored=True, right=right, near=self.near(event.frame, statement), held=held)

    def near(self, frame: int, node: ast.AST) -> tuple[Any, ...]:
        names = self.names.get(frame, {})
        read = (part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in names)
        values = [self.trace.values[names[name]] for name in read]
        values += [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
        return tuple(value for value in values if type(value) in SCALARS)


def _storing(tree: ast.Module) -> dict[int, Any]:
    """Line -> the statement that stands there alone and stores one value that no `value` event shows."""
    found: dict[int, Any] = {}
    begun: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        alone, target, value = node.lineno not in begun, None, getattr(node, "value", None)
        begun.add(node.lineno)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(value, (ast.Name, ast.Constant)):
            target = node.targets[0]
        elif isinstance(node, ast.AugAssign):
            target = node.target
        if not alone or node.lineno != node.end_lineno:
            found.pop(node.lineno, None)
        elif isinstance(target, ast.Name) or (isinstance(target, ast.Subscript) and _is_plain(target)):
            found[node.lineno] = node
    return found


def _is_plain(target: ast.Subscript) -> bool:
    """Whether it can be evaluated once more: nothing but names, numbers and their arithmetic."""
    plain = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)
    return isinstance(target.value, ast.Name) and all(isinstance(part, plain) for part in ast.walk(target.slice))


def _is_new(node: ast.expr) -> bool:
    """Whether the value of the expression is a container that nothing else holds."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in _MAKERS
    return isinstance(node, _NEW) or (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice))


def _changed(before: Any, after: Any) -> list[tuple[Any, Any]]:
    """The elements that are new or others after one was stored, each with what it was (None: it was not there)."""
    if type(before) is list and type(after) is list and len(before) == len(after):
        return [(old, new) for old, new in zip(before, after, strict=True) if not _same(old, new)]
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = ((before.get(key), item) for key, item in after.items())
        return [(old, new) for old, new in pairs if not _same(old, new)]
    return []
