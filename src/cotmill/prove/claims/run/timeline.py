"""The trace, indexed by what a claim can ask of it: who had which value when, which pass, which call, which test.

A moment is an index into the trace's events: "at moment t" means after event t has happened; -1 is before the first.
"""

from __future__ import annotations

import ast
import math
from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cotmill.base.trace import Branch, Call, Del, Done, Line, Pass, Raise, Return, Set, Trace, Unwind, Value, Yield
from cotmill.base.values import Opaque, Record
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.program import Program, Statement

__all__ = ["Loop", "Timeline"]


@dataclass
class Loop:
    """One run of a loop."""

    frame: int
    site: int
    line: int
    entry: int  # moment before its first pass
    passes: list[int] = field(default_factory=list)  # moments of its passes
    done: int = -1  # moment at which it ran out; -1 where it was left
    end: int = -1  # last moment that belongs to it


class Timeline:
    """Everything is filled in one walk over the events; questions are dictionary look-ups and bisections."""

    def __init__(self, trace: Trace, program: Program) -> None:
        self.events = trace.events
        self.values = trace.values
        self.sites = trace.sites
        self.program = program
        count = len(self.events)
        self.frame_at = [0] * count  # the frame that runs after the event
        self.line_at = [-1] * count  # moment of the line event under which the event happened, in its own frame
        self.step_end: dict[int, int] = {}  # moment of a line event -> last event of its frame under that line
        self.runners: dict[
            int, int
        ] = {}  # moment of a change of an outer frame's name -> frame whose statement made it
        self.calls: dict[int, int] = {}  # frame -> moment of its call
        self.parents: dict[int, int] = {0: 0}
        self.frame_names: dict[int, str] = {0: "<module>"}
        self.ends: dict[int, int] = {}  # frame -> moment of its return or unwind
        self.history: dict[tuple[int, str], tuple[list[int], list[int]]] = {}  # -> moments, value indices (-1: unbound)
        self.changes: dict[str, list[tuple[int, int, int]]] = {}  # name -> (moment, frame, value index)
        self.branches: dict[int, list[int]] = {}  # site -> moments
        self.evaluated: dict[tuple[int, int], list[int]] = {}  # (frame, site) -> moments of its values
        self.loops: list[Loop] = []
        self.loop_of: dict[int, Loop] = {}  # moment of a pass or done event -> its loop
        self.pass_moments: list[int] = []
        self.returns: list[int] = []
        self.yields: list[int] = []
        self.generators: dict[int, list[int]] = {}  # frame of a generator expression -> moments of what it hands out
        self.raises: list[int] = []
        self.unwinds: list[int] = []
        self.nodes: list[ast.expr | None] = [program.places.get(site[1:]) for site in self.sites]
        self.site_of: dict[int, int] = {  # id of an expression's node -> its site
            id(node): site
            for site, node in enumerate(self.nodes)
            if node is not None and self.sites[site].kind == "expr"
        }
        self.sights: dict[int, list[int]] = {}
        self.line_moments: list[int] = []
        self.lines_by_frame: dict[int, list[int]] = {}
        self.by_frame: dict[int, list[tuple[tuple[int, str], tuple[list[int], list[int]]]]] = {}
        self.quiet: dict[tuple[int, str], int] = {}  # (moment, name) -> value index, where the binding changes nothing
        self.by_value: dict[str, dict[Any, list[int]]] = {}
        self._walk()
        self._add_quiet_changes()
        self.first_call = next(iter(self.calls.values()), -1)

    def _walk(self) -> None:
        lines: dict[int, int] = {}
        open_loops: dict[tuple[int, int], Loop] = {}
        for moment, event in enumerate(self.events):
            frame = event.frame
            self.frame_at[moment] = frame
            if isinstance(event, Line):
                lines[frame] = moment
                self.line_moments.append(moment)
                self.lines_by_frame.setdefault(frame, []).append(moment)
            line = lines.get(frame, -1)
            self.line_at[moment] = line
            self.step_end[line] = moment
            if isinstance(event, Value):
                self.evaluated.setdefault((frame, event.site), []).append(moment)
            elif isinstance(event, Set):
                running = self.frame_at[moment - 1] if moment else 0
                if running != frame and running in lines:
                    self._borrow(moment, running, event.name, lines[running])
                self._change(moment, frame, event.name, event.value)
            elif isinstance(event, Branch):
                self.branches.setdefault(event.site, []).append(moment)
            elif isinstance(event, Pass):
                self._pass(moment, event, open_loops)
            elif isinstance(event, Done):
                self._done(moment, event, open_loops)
            elif isinstance(event, Call):
                self._call(moment, event)
            elif isinstance(event, (Return, Unwind)):
                (self.returns if isinstance(event, Return) else self.unwinds).append(moment)
                self.ends[frame] = moment
                self.frame_at[moment] = self.parents.get(frame, 0)
            elif isinstance(event, Yield):
                self.yields.append(moment)
                if frame in self.generators:
                    self.generators[frame].append(moment)
                self.frame_at[moment] = self.parents.get(frame, 0)
            elif isinstance(event, Raise):
                self.raises.append(moment)
            elif isinstance(event, Del):
                self._change(moment, frame, event.name, -1)
        for loop in self.loops:
            if loop.done >= 0:
                loop.end = loop.done
            else:
                loop.end = self._left(loop)

    def _call(self, moment: int, event: Call) -> None:
        self.calls[event.frame] = moment
        if event.name == "<genexpr>":
            self.generators[event.frame] = []
        self.parents[event.frame] = event.parent
        self.frame_names[event.frame] = event.name
        for name, value in event.args:
            self._change(moment, event.frame, name, value)

    def _borrow(self, moment: int, running: int, name: str, line: int) -> None:
        """A function that binds a global or nonlocal name: the event is the outer frame's, the statement is its own."""
        event = self.events[line]
        assert isinstance(event, Line)
        statement = self.program.statements.get(event.line)
        if statement is not None and name in statement.binds:
            self.runners[moment] = running
            self.frame_at[moment] = running
            self.line_at[moment] = line
            self.step_end[line] = moment

    def runner(self, moment: int) -> int:
        """The frame whose statement made the event."""
        return self.runners.get(moment, self.events[moment].frame)

    def _add_quiet_changes(self) -> None:
        """A name bound to the value that it has already leaves no event: the statement's last event stands for it."""
        added: set[str] = set()
        for frame, lines in self.lines_by_frame.items():
            for place, line in enumerate(lines):
                event = self.events[line]
                assert isinstance(event, Line)
                statement = self.program.statements.get(event.line)
                if statement is None or not statement.binds:
                    continue
                if place + 1 == len(lines) and self.frame_names[frame].startswith("<") and frame:
                    continue  # a comprehension comes back to its line once more when it has run out
                end = lines[place + 1] - 1 if place + 1 < len(lines) else self.ends.get(frame, len(self.events)) - 1
                while self.events[end].frame != frame:
                    end -= 1
                for name in statement.binds:
                    moments, values = self.history.get((frame, name)) or self.history.get((0, name), ([], []))
                    held = bisect_right(moments, end) - 1
                    if held < 0 or moments[held] >= line or values[held] < 0:
                        continue
                    if isinstance(statement.node, ast.For) and not isinstance(self.events[end], (Pass, Set)):
                        continue
                    self.changes.setdefault(name, []).append((end, frame, values[held]))
                    self.quiet[end, name] = values[held]
                    added.add(name)
        for name in added:
            self.changes[name].sort()

    def _change(self, moment: int, frame: int, name: str, value: int) -> None:
        moments, values = self.history.setdefault((frame, name), ([], []))
        moments.append(moment)
        values.append(value)
        if value >= 0:
            self.changes.setdefault(name, []).append((moment, frame, value))

    def _pass(self, moment: int, event: Pass, open_loops: dict[tuple[int, int], Loop]) -> None:
        self.pass_moments.append(moment)
        loop = open_loops.get((event.frame, event.site))
        if loop is None or event.number == 1:
            loop = Loop(event.frame, event.site, self.sites[event.site].line, moment - 1)
            open_loops[event.frame, event.site] = loop
            self.loops.append(loop)
        loop.passes.append(moment)
        self.loop_of[moment] = loop

    def _done(self, moment: int, event: Done, open_loops: dict[tuple[int, int], Loop]) -> None:
        loop = open_loops.pop((event.frame, event.site), None)
        if loop is None or event.passes == 0:
            loop = Loop(event.frame, event.site, self.sites[event.site].line, moment - 1)
            self.loops.append(loop)
        loop.done = moment
        self.loop_of[moment] = loop

    def _left(self, loop: Loop) -> int:
        """Last moment of a loop that was left by break, return or an exception."""
        site = self.sites[loop.site]
        last = loop.passes[-1]
        span = range(site.line, self._last_line(loop.site) + 1)
        end = self.ends.get(loop.frame, len(self.events) - 1)
        for moment in range(last + 1, end + 1):
            event = self.events[moment]
            if type(event) is Line and event.frame == loop.frame and event.line not in span:
                return moment - 1
        return end

    def _last_line(self, site: int) -> int:
        place = self.sites[site]
        statement = self.program.statements.get(place.line)
        return max(place.end_line, getattr(statement.node, "end_lineno", 0) or 0) if statement else place.end_line

    # Questions

    def value(self, index: int) -> Any:
        return None if index < 0 else self.values[index]

    def frames_in_sight(self, moment: int) -> list[int]:
        """The running frame, its callers, the module."""
        frame = self.frame_at[moment] if moment >= 0 else 0
        known = self.sights.get(frame)
        if known is None:
            known = self.sights[frame] = self._sight(frame)
        return list(known)

    def _sight(self, frame: int) -> list[int]:
        seen = [frame]
        while frame and len(seen) < 50:
            frame = self.parents.get(frame, 0)
            seen.append(frame)
        if seen[-1]:
            seen.append(0)
        return seen

    def held(self, frame: int, name: str, moment: int) -> tuple[int, int] | None:
        """(moment of the change, value index) of the name in this frame at the moment, or None where it is unbound."""
        known = self.history.get((frame, name))
        if known is None:
            return None
        place = bisect_right(known[0], moment) - 1
        if place < 0 or known[1][place] < 0:
            return None
        return known[0][place], known[1][place]

    def find(self, name: str, moment: int) -> tuple[int, int, int] | None:
        """(frame, moment of the change, value index) of the name as seen from the running frame."""
        for frame in self.frames_in_sight(moment):
            held = self.held(frame, name, moment)
            if held is not None:
                return frame, *held
        return None

    def next_changes(self, name: str, moment: int) -> list[tuple[int, int, int]]:
        """Changes of the name after the moment, in any frame."""
        known = self.changes.get(name, [])
        return known[bisect_left(known, (moment + 1, -1, -1)) :]

    def changes_to(self, name: str, value: Any, moment: int) -> list[int]:
        """Moments after this one at which the name gets the value, in any frame."""
        table = self.by_value.get(name)
        if table is None:
            table = self.by_value[name] = {}
            for change, _frame, index in self.changes.get(name, []):
                table.setdefault(_rough_key(self.values[index]), []).append(change)
        known = table.get(_rough_key(value), [])
        if isinstance(value, Record) and value.items is None:
            known = sorted(known + table.get(("rows", len(value.attrs)), []))  # a named tuple is told by its fields
        first = bisect_left(known, moment)
        if first < len(known) and known[first] == moment and (moment, name) not in self.quiet:
            first += 1
        return [n for n in known[first:] if same(value, self._changed_to(n, name))]

    def _changed_to(self, moment: int, name: str) -> Any:
        quiet = self.quiet.get((moment, name))
        if quiet is not None:
            return self.value(quiet)
        event = self.events[moment]
        if isinstance(event, Set):
            return self.value(event.value)
        assert isinstance(event, Call)
        return self.value(dict(event.args)[name])

    def lines_of(self, frame: int) -> list[int]:
        """Moments of the frame's line events."""
        return self.lines_by_frame.get(frame, [])

    def of_frame(self, frame: int) -> list[tuple[tuple[int, str], tuple[list[int], list[int]]]]:
        """The histories of all names of a frame."""
        if not self.by_frame:
            for key, history in self.history.items():
                self.by_frame.setdefault(key[0], []).append((key, history))
        return self.by_frame.get(frame, [])

    def step(self, moment: int) -> Statement | None:
        """The statement under which the event happened."""
        line = self.line_at[moment]
        if line < 0:
            return None
        event = self.events[line]
        assert isinstance(event, Line)
        return self.program.statements.get(event.line)

    def recorded(self, node: ast.expr, frame: int, start: int, moment: int) -> Any:
        """The value that this very expression had last in [start, moment] of the frame. Raises Unknown."""
        site = self.site_of.get(id(node))
        if site is None:
            raise Unknown("not recorded")
        known = self.evaluated.get((frame, site), [])
        place = bisect_right(known, moment) - 1
        if place < 0 or known[place] < start:
            raise Unknown("not evaluated there")
        event = self.events[known[place]]
        assert isinstance(event, Value)
        return self.value(event.value)

    def member(self, node: ast.expr) -> Opaque | None:
        """``Suit.HEARTS`` of an enumeration of the program."""
        base = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(base, ast.Name) and base.id in self.program.enumerations:
            return Opaque("member", f"{base.id}.{node.attr}")
        return None

    def generated(self, start: int, moment: int) -> list[list[Any]]:
        """What the generator expressions called between these moments handed out."""
        return [
            [self.value(self.events[n].value) for n in items]  # type: ignore[union-attr]  # they are yields
            for frame, items in self.generators.items()
            if start <= self.calls[frame] <= moment
        ]

    def lookup(self, moment: int, frame: int | None = None) -> Any:
        """Names as they stand at the moment, seen from the frame (the running one where none is given)."""
        frames = self.frames_in_sight(moment)
        if frame is not None and frame not in frames:
            frames = [frame, *frames]
        elif frame is not None:
            frames = frames[frames.index(frame) :]

        def value_of(node: ast.expr) -> Any:
            if isinstance(node, ast.Name):
                for place in frames:
                    held = self.held(place, node.id, moment)
                    if held is not None:
                        return self.value(held[1])
            elif (member := self.member(node)) is not None:
                return member
            raise Unknown(type(node).__name__)

        return value_of

    def state(self, node: ast.expr, moment: int) -> Any:
        """Value of an expression as things stand at the moment. Raises Unknown."""
        return evaluate(node, self.lookup(moment))


def _rough_key(value: Any) -> Any:
    """Equal values have equal keys; unequal ones mostly differ."""
    if isinstance(value, (Fraction, Decimal)):
        value = float(value)
    if isinstance(value, (int, float)):
        return round(value, 6) if math.isfinite(value) and abs(value) < 1e15 else "large"
    if isinstance(value, str):
        return value
    if isinstance(value, Record) and value.items is not None:
        value = value.items
    if isinstance(value, (list, tuple, dict, set, frozenset, deque, range)):
        return "rows", len(value)
    return "other"
