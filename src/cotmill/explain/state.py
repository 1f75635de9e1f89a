"""What every name holds at the moment that is being told, as the trace says it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from cotmill.base.literal import literal
from cotmill.base.trace import Call, Del, Event, Set, Trace
from cotmill.explain.literals import describe, is_scalar, is_shown, is_simple
from cotmill.explain.source import FUNCTIONS, Source

__all__ = ["State", "Texts"]

UNKNOWN = -1


class Texts:
    """Literals of the trace's values by index, each made once."""

    def __init__(self, trace: Trace, source: Source) -> None:
        self.values = trace.values
        self.classes = source.classes
        self._literals: dict[int, str] = {}
        self._shown: dict[int, bool] = {}
        self._simple: dict[int, bool] = {}

    def of(self, index: int) -> str:
        """The whole literal of a value."""
        text = self._literals.get(index)
        if text is None:
            text = self._literals[index] = literal(self.values[index])
        return text

    def fits(self, index: int, limit: int) -> bool:
        """Whether the value can be shown whole within so many characters."""
        shown = self._shown.get(index)
        if shown is None:
            shown = self._shown[index] = is_shown(self.values[index], self.classes)
        return shown and len(self.of(index)) <= limit

    def simple(self, index: int) -> bool:
        """Whether the value is made of plain Python values alone: no object, no function, no complex number."""
        simple = self._simple.get(index)
        if simple is None:
            simple = self._simple[index] = is_simple(self.values[index])
        return simple

    def scalar(self, index: int) -> str | None:
        """The literal of a number, truth value, None or short text; None for all else."""
        return self.of(index) if is_scalar(self.values[index]) and self.fits(index, 60) else None

    def described(self, index: int) -> str:
        return describe(self.values[index], self.classes)

    def whole(self, value: Any) -> str:
        """The literal of a value that is a part of another; empty where it cannot be shown."""
        return literal(value) if is_shown(value, self.classes) else ""


@dataclass(slots=True)
class _Scope:
    names: dict[str, int]
    outer: list[int]  # frames whose names it sees, nearest first
    parent: int = -1  # the frame that called it
    line: int = 0  # the first line of its function
    nameless: bool = False  # of a lambda or a comprehension


@dataclass(slots=True)
class State:
    """Names of all frames. `apply` takes the events in their order; `lookup` answers for the moment."""

    source: Source
    values: list[Any]
    scopes: dict[int, _Scope] = field(default_factory=dict)
    made: dict[ast.stmt, list[int]] = field(default_factory=dict)  # frames of each function so far

    def enter(self, call: Call) -> None:
        """A call begins: its arguments are bound."""
        nameless = call.name.startswith("<")
        self.scopes[call.frame] = _Scope(dict(call.args), self._outer(call), call.parent, call.line, nameless)

    def _outer(self, call: Call) -> list[int]:
        if call.name.startswith("<"):
            return [call.parent, *self._scope(call.parent).outer]
        node = self.source.functions.get((call.name, call.line))
        if node is None:
            return [0]
        self.made.setdefault(node, []).append(call.frame)
        holder = self.source.holder.get(node)
        if not isinstance(holder, FUNCTIONS):
            return [0]
        frame = self._maker(self.made.get(holder, []), call.parent)
        return [0] if frame is None else [frame, *self._scope(frame).outer]

    def _maker(self, frames: list[int], parent: int) -> int | None:
        """The frame of the enclosing function that a call belongs to; None where it cannot be told."""
        if len(frames) == 1:
            return frames[0]
        wanted = set(frames)
        while parent in self.scopes:
            if parent in wanted:
                return parent
            parent = self.scopes[parent].parent
        return None

    def apply(self, event: Event) -> None:
        """Names change by `set` and `del` events alone."""
        if isinstance(event, Set):
            self._scope(event.frame).names[event.name] = event.value
        elif isinstance(event, Del):
            self._scope(event.frame).names.pop(event.name, None)

    def _scope(self, frame: int) -> _Scope:
        scope = self.scopes.get(frame)
        if scope is None:
            scope = self.scopes[frame] = _Scope({}, [0] if frame else [])
        return scope

    def lookup(self, frame: int, name: str) -> int:
        """Index of the value that the name holds, UNKNOWN where no event bound it."""
        scope = self._scope(frame)
        index = scope.names.get(name)
        if index is not None:
            return index
        for outer in scope.outer:
            index = self._scope(outer).names.get(name)
            if index is not None:
                return index
        return UNKNOWN

    def runs(self, frame: int) -> int:
        """First line of the function that runs in the frame, 0 for the module."""
        return self._scope(frame).line

    def runs_around(self, frame: int) -> set[int]:
        """The same of the frames that called it, outwards."""
        lines = set()
        while (frame := self._scope(frame).parent) > 0:
            lines.add(self.runs(frame))
        return lines

    def is_nameless(self, frame: int) -> bool:
        """A lambda or comprehension: a name that appears in it comes from around it, or was told with its pass."""
        return self._scope(frame).nameless

    def held(self, frame: int) -> dict[str, int]:
        """The frame's own names."""
        return self._scope(frame).names
