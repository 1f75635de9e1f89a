"""The flat list of events as a tree: calls hold steps and loops, loops hold passes, passes hold steps.

A *segment* is an unbroken stay in one frame: a call, or a generator from one resumption to its next `yield`. A *step*
is one line of it with everything that happened there in order: its own events and the segments that it began. One walk
over the events, each looked at once.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from cotmill.base.trace import (
    Branch,
    Call,
    Del,
    Done,
    Event,
    Line,
    Pass,
    Raise,
    Resume,
    Return,
    Set,
    Trace,
    Unwind,
    Value,
    Yield,
)
from cotmill.explain.source import LOOPS, Block, Source

__all__ = ["Item", "Loop", "Round", "Segment", "Step", "build"]


@dataclass(slots=True)
class Step:
    """One line of the program, once: the statements that begin on it and what happened there, in order."""

    frame: int
    line: int
    blocks: list[Block]
    parts: list[Event | Segment] = field(default_factory=list)


@dataclass(slots=True)
class Round:
    """One pass of a loop. `head` is the step in which it was decided, None where a generator goes on inside a pass."""

    begin: Pass | None
    head: Step | None
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    """A loop from its first header step to its end. `last` is the step in which it ran out, None after a break."""

    frame: int
    node: ast.stmt
    first: Step | None  # None where a generator goes on inside the loop
    rounds: list[Round] = field(default_factory=list)
    last: Step | None = None
    done: Done | None = None


Item = Step | Loop


@dataclass(slots=True)
class Segment:
    """A stay in one frame. `call` begins a call; None where a generator is resumed. `end` says how it was left."""

    frame: int
    call: Call | None
    items: list[Item] = field(default_factory=list)
    end: Return | Yield | Unwind | None = None


def build(trace: Trace, source: Source) -> tuple[list[Segment], list[Set | Del]]:
    """The segments that the module itself began, the entry call first, and what the module bound before it."""
    builder = _Builder(source, trace)
    for event in trace.events:
        builder.take(event)
    builder.end()
    return builder.roots, builder.before


@dataclass(slots=True)
class _Frame:
    """A frame that has not ended: where its next step goes."""

    segment: Segment
    container: list[Item]
    loops: list[Loop] = field(default_factory=list)
    step: Step | None = None
    passed: bool = False  # a pass began since the last line event


class _Builder:
    def __init__(self, source: Source, trace: Trace) -> None:
        self.source = source
        self.sites = [(site.line, site.col, site.end_line, site.end_col) for site in trace.sites]
        self.frames: dict[int, _Frame] = {}
        self.calls: dict[int, Call] = {}
        self.active: list[int] = []
        self.roots: list[Segment] = []
        self.before: list[Set | Del] = []

    def take(self, event: Event) -> None:
        if isinstance(event, (Value, Set, Branch)):  # the most frequent by far
            self._keep(event.frame, event)
        elif isinstance(event, Line):
            self._line(event)
        elif isinstance(event, Call):
            self.calls[event.frame] = event
            self._enter(event.frame, event)
        elif isinstance(event, Resume):
            self._enter(event.frame, None)
        elif isinstance(event, (Return, Yield, Unwind)):
            self._leave(event)
        elif isinstance(event, Pass):
            self._pass(event)
        elif isinstance(event, Done):
            self._done(event)
        else:
            self._keep(event.frame, event)

    def end(self) -> None:
        """Of a run that is told up to a moment: statements that wait for a call, or go on after it, are not over."""
        for frame in self.frames.values():
            if frame.step is not None and frame.step.parts and isinstance(frame.step.parts[-1], Segment):
                frame.step.blocks = []
                if frame.loops and frame.loops[-1].first is frame.step and not frame.loops[-1].rounds:
                    frame.container[-1] = frame.step  # what is to be gone through is not known yet

    def _enter(self, number: int, call: Call | None) -> None:
        segment = Segment(number, call)
        parent = self.frames.get(self.active[-1]) if self.active else None
        if parent is None:
            self.roots.append(segment)
        else:
            self._step_of(parent).parts.append(segment)
        before = self.frames.get(number)
        frame = self.frames[number] = _Frame(segment, segment.items)
        for loop in before.loops if before else ():
            _open(frame, Loop(number, loop.node, None))
            _begin(frame, Round(None, None))
        self.active.append(number)

    def _leave(self, event: Return | Yield | Unwind) -> None:
        frame = self.frames.get(event.frame)
        if frame is None:
            return
        frame.segment.end = event
        self._step_of(frame).parts.append(event)
        if self.active and self.active[-1] == event.frame:
            self.active.pop()
        if not isinstance(event, Yield):
            del self.frames[event.frame]

    def _step_of(self, frame: _Frame) -> Step:
        if frame.step is None:
            frame.step = Step(frame.segment.frame, 0, [])
            frame.container.append(frame.step)
        return frame.step

    def _keep(self, number: int, event: Event) -> None:
        """The event belongs to the step that its frame is in; what the module does, to the step that made it do so."""
        frame = self.frames.get(number) or (self.frames.get(self.active[-1]) if self.active else None)
        if frame is not None:
            self._step_of(frame).parts.append(event)
        elif isinstance(event, (Set, Del)):
            self.before.append(event)

    def _line(self, event: Line) -> None:
        frame = self.frames.get(event.frame)
        if frame is None:
            return
        blocks = self.source.lines.get(event.line, [])
        if not blocks or _comprehends(frame):
            return
        if self._goes_on(frame, event.line, blocks):
            return
        frame.passed = False
        outer = blocks[0]
        enclosing = self.source.inside[outer]
        _close(frame, [*enclosing, outer] if isinstance(outer, LOOPS) else enclosing)
        frame.step = step = Step(event.frame, event.line, blocks)
        if not isinstance(outer, LOOPS):
            frame.container.append(step)
        elif not (frame.loops and frame.loops[-1].node is outer):
            _open(frame, Loop(event.frame, outer, step))

    def _goes_on(self, frame: _Frame, line: int, blocks: list[Block]) -> bool:
        """A further line of the statement that is being executed."""
        step = frame.step
        if step is None or step.line == 0 or frame.passed or step.blocks[-1] is not blocks[-1]:
            return False
        return line != step.line or (_spans(blocks[-1]) and not _assigned(step))

    def _pass(self, event: Pass) -> None:
        at = self._loop_of(event, fresh=event.number == 1)
        if at is not None:
            frame, step = at
            _begin(frame, Round(event, step))
            frame.passed = True

    def _done(self, event: Done) -> None:
        at = self._loop_of(event, fresh=event.passes == 0)
        if at is not None:
            frame, step = at
            loop = frame.loops[-1]
            loop.done, loop.last = event, step
            _close(frame, self.source.inside[loop.node])

    def _loop_of(self, event: Pass | Done, *, fresh: bool) -> tuple[_Frame, Step] | None:
        """Frame and step of a loop's event, which the step then holds; None where no step tells of it."""
        frame = self.frames.get(event.frame)
        if frame is None:
            return None
        node = self.source.loop_at.get(self.sites[event.site])
        if node is None:
            self._keep(event.frame, event)
            return None
        step = self._loop_step(frame, node, fresh)
        step.parts.append(event)
        return frame, step

    def _loop_step(self, frame: _Frame, node: ast.stmt, fresh: bool) -> Step:
        """The step in which a pass or the end of the loop is decided; the loop is the innermost open one afterwards."""
        _close(frame, [*self.source.inside[node], node])
        is_open = bool(frame.loops) and frame.loops[-1].node is node
        step = frame.step
        if step is None or node not in step.blocks:
            step = frame.step = Step(frame.segment.frame, node.lineno, [node])
        if not is_open:
            _open(frame, Loop(frame.segment.frame, node, step))
        elif fresh and frame.loops[-1].rounds and frame.loops[-1].rounds[0].begin is not None:
            _close(frame, self.source.inside[node])
            _open(frame, Loop(frame.segment.frame, node, step))
        return step


def _open(frame: _Frame, loop: Loop) -> None:
    frame.container.append(loop)
    frame.loops.append(loop)


def _begin(frame: _Frame, round_: Round) -> None:
    frame.loops[-1].rounds.append(round_)
    frame.container = round_.items


def _close(frame: _Frame, kept: tuple[ast.stmt, ...] | list[ast.stmt]) -> None:
    """Leave the innermost loops that are not among the kept ones."""
    changed = False
    while frame.loops and frame.loops[-1].node not in kept:
        frame.loops.pop()
        changed = True
    if changed and not frame.loops:
        frame.container = frame.segment.items
    elif changed and frame.loops[-1].rounds:
        frame.container = frame.loops[-1].rounds[-1].items


def _spans(block: Block) -> bool:
    return isinstance(block, (ast.stmt, ast.ExceptHandler)) and (block.end_lineno or 0) > block.lineno


def _assigned(step: Step) -> bool:
    """The statement of the step is over: its assignments were seen."""
    return bool(step.parts) and isinstance(step.parts[-1], (Set, Branch, Raise))


def _comprehends(frame: _Frame) -> bool:
    call = frame.segment.call
    return call is not None and call.name.startswith("<") and call.name != "<module>"
