"""Loops, pass by pass; long ones with their middle folded."""

from __future__ import annotations

import ast
from typing import Protocol

from cotmill.base.trace import Branch, Done, Event, Pass, Set, Value, Yield
from cotmill.base.values import Opaque
from cotmill.explain.conditions import again, because, binds, is_simple_test, outcome, why
from cotmill.explain.phrases import Page, joined, passes
from cotmill.explain.reading import Density, Reading
from cotmill.explain.runs import Runs
from cotmill.explain.source import Block, Source
from cotmill.explain.state import UNKNOWN, State, Texts
from cotmill.explain.steps import Item, Loop, Round, Segment, Step

__all__ = ["LoopTeller"]


class Telling(Protocol):
    """What a loop needs of the whole telling."""

    page: Page
    source: Source
    texts: Texts
    state: State
    reading: Reading
    density: Density

    def items(self, items: list[Item]) -> None:
        """Tell steps and loops."""

    def stretch(self, step: Step, begin: int, end: int, blocks: list[Block], told: tuple[str, ...] = ()) -> None:
        """Tell some of the parts of a step."""

    def pass_over(self, items: list[Item], frame: int, changes: dict[str, int]) -> None:
        """Apply steps without telling them; what changes in one frame is noted."""


class LoopTeller:
    """Tells the loops of one telling."""

    def __init__(self, teller: Telling) -> None:
        self._teller = teller
        self._depths: dict[int, int] = {}  # by frame, loops inside loops

    def tell(self, loop: Loop) -> None:
        frame = self._teller.reading.frame
        self._depths[frame] = self._depths.get(frame, 0) + 1
        self._tell(loop)
        self._depths[frame] -= 1
        if not self._depths[frame]:
            self._settle(frame)

    def _settle(self, frame: int) -> None:
        """Values that were too long to show at every change are shown once when the outermost loop is over."""
        for name, index in self._teller.reading.owed.pop(frame, {}).items():
            value = self._teller.reading.value(index)
            if value is not None and self._teller.state.lookup(frame, name) == index:
                self._teller.page.say(f"{name} is now {value}")

    def _tell(self, loop: Loop) -> None:
        outer = self._teller.reading.current_pass
        if loop.first is not None and not _is_bare(loop) and not (_is_empty(loop) and self._nothing(loop)):
            self._header(loop, loop.first)
        elif loop.first is not None and not _is_bare(loop):
            return
        rounds = loop.rounds
        begin, end = self._folded(rounds)
        runs = Runs(self._teller.page)
        for number, round_ in enumerate(rounds):
            if number == begin:
                runs.over()
                self._fold(rounds[begin:end])
            if not begin <= number < end:
                if round_.begin is not None:
                    runs.begin()
                self._round(loop, round_, number == 0 and loop.first is not None)
                if round_.begin is not None:
                    runs.end(round_.begin.number, idle=self._is_idle(loop.node, round_))
        runs.over()
        if loop.last is not None and loop.done is not None:
            self._end(loop, loop.last, loop.done)
        elif loop.first is not None:
            self._teller.page.close()
        self._teller.reading.current_pass = outer

    def _is_idle(self, node: ast.stmt, round_: Round) -> bool:
        """Nothing but tests happens in the pass."""
        target = node.target if isinstance(node, ast.For) else None
        names = self._teller.source.stored(target) if isinstance(target, (ast.Name, ast.Tuple)) else []
        if not names or self._teller.density.plain or not all(isinstance(item, Step) for item in round_.items):
            return False
        steps = [item for item in round_.items if isinstance(item, Step)]
        return all(isinstance(block, (ast.If, ast.Continue)) for step in steps for block in step.blocks) and all(
            isinstance(part, (Value, Branch, Done)) for step in steps for part in step.parts
        )

    def _folded(self, rounds: list[Round]) -> tuple[int, int]:
        """The passes that are not told; the last one always is."""
        if len(rounds) < self._teller.density.passes + 2:
            return len(rounds), len(rounds)
        return max(1, self._teller.density.passes - 1), len(rounds) - 1

    def _header(self, loop: Loop, step: Step) -> None:
        """What is gone through or repeated. Opens the block of the loop."""
        node = loop.node
        if isinstance(node, ast.While):
            always = isinstance(node.test, ast.Constant)
            self._teller.page.open("Repeat:" if always else f"Repeat while `{self._teller.source.text(node.test)}`:")
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._teller.reading.start(step.frame)
            self._teller.stretch(step, 0, self._decided(step), [])
            self._teller.page.open(self._turns(node))

    def _turns(self, node: ast.For | ast.AsyncFor) -> str:
        """``For each x in [3, 4]:``, ``For i from 1 to 5:``, ``Repeat 5 times:``."""
        index = self._teller.reading.result(node.iter)
        counted = None if index == UNKNOWN else self._teller.texts.values[index]
        target = ast.unparse(node.target)
        if not isinstance(counted, range) or not counted or abs(counted.step) != 1 or self._teller.density.plain:
            return f"For each {target} in {self._gone_through(node.iter)}:"
        if target == "_" and counted.start == 0:
            return f"Repeat {'up to ' * self._teller.source.leaves(node)}{len(counted)} times:"
        return f"For {target} from {counted[0]} {'down ' * (counted.step < 0)}to {counted[-1]}:"

    def _nothing(self, loop: Loop) -> bool:
        """A `for` loop over nothing, told in one sentence; False where it takes more."""
        step = loop.first
        if step is None or not isinstance(loop.node, ast.For) or len(step.blocks) > 1:
            return False
        if any(isinstance(part, Segment) for part in step.parts):
            return False
        self._teller.reading.start(step.frame)
        self._teller.stretch(step, 0, len(step.parts), [])
        held = self._gone_through(loop.node.iter)
        self._teller.page.say(f"There is nothing to go through in {held}, so the loop ends after 0 passes")
        return True

    def _gone_through(self, node: ast.expr) -> str:
        index = self._teller.reading.result(node)
        if index != UNKNOWN and not isinstance(self._teller.texts.values[index], Opaque):
            value = self._teller.reading.value(index, 60 if isinstance(node, ast.Name) else 0)
            if value is not None:
                return value
        if isinstance(node, ast.Name):
            return node.id
        return self._teller.reading.written(node, True)

    def _decided(self, step: Step) -> int:
        """Where in the first step of a `for` loop its iterable was evaluated and the going through begins."""
        for number, part in enumerate(step.parts):
            if isinstance(part, (Pass, Done)) or (isinstance(part, Segment) and self._generates(part)):
                return number
        return len(step.parts)

    def _generates(self, segment: Segment) -> bool:
        return segment.call is None or isinstance(segment.end, Yield)

    def _round(self, loop: Loop, round_: Round, first: bool) -> None:
        if round_.begin is None or round_.head is None:
            self._teller.items(round_.items)
            return
        step = round_.head
        at = _position(step, round_.begin)
        while_ = isinstance(loop.node, ast.While)
        if while_ or not first:
            self._teller.reading.start(step.frame)
        self._teller.stretch(step, 0 if while_ or not first else self._decided(step), at, [])
        self._teller.reading.current_pass = round_.begin.number
        self._teller.reading.seen.clear()
        self._teller.page.label(f"Pass {round_.begin.number}:")
        if isinstance(loop.node, ast.While):
            self._tested(loop.node)
            self._teller.stretch(step, at + 1, len(step.parts), step.blocks[1:])
        else:
            names = self._targets(loop.node, round_.begin, step, at)
            self._teller.stretch(step, at + 1, len(step.parts), step.blocks[1:], names)
        self._teller.items(round_.items)
        self._teller.page.close()

    def _tested(self, node: ast.While) -> None:
        """Why another pass begins: by values where they tell it, since the header has the test."""
        reading = self._teller.reading
        truth = reading.truth(node.test)
        if truth is None:
            return
        clause = again(node.test, truth, reading)
        if reading.density.plain or not (clause or is_simple_test(node.test) or isinstance(node.test, ast.Name)):
            self._teller.page.say(outcome(node.test, truth, reading))
        elif clause and (binds(node.test) or (is_simple_test(node.test) and not reading.density.style.brief)):
            self._teller.page.say(clause)

    def _targets(self, node: ast.stmt, begin: Pass, step: Step, at: int) -> tuple[str, ...]:
        """``x = 3``: what the names of the loop hold in this pass. Gives the names."""
        target = node.target if isinstance(node, (ast.For, ast.AsyncFor)) else ast.Name("", ast.Store())
        names = self._teller.source.stored(target)
        values: dict[str, int] = {}
        for part in step.parts[at + 1 :]:
            if isinstance(part, Set) and part.name in names and part.name not in values:
                values[part.name] = part.value
                self._teller.state.apply(part)  # a body on the same line reads it
        if isinstance(target, ast.Name):
            values.setdefault(target.id, begin.value)
        shown = []
        for name in names:
            index = values.get(name, self._teller.state.lookup(step.frame, name))
            if index == UNKNOWN or name == "_":
                continue
            value = self._teller.reading.value(index)
            if value:
                shown.append(f"{name} = {value}")
            elif not isinstance(self._teller.texts.values[index], Opaque):
                shown.append(f"{name}, {self._teller.texts.described(index)}")
        if shown:
            self._teller.page.say(joined(shown))
        return tuple(names)

    def _end(self, loop: Loop, step: Step, done: Done) -> None:
        """The loop ran out. Closes its block."""
        at = _position(step, done)
        while_ = isinstance(loop.node, ast.While)
        begin = self._decided(step) if step is loop.first and not while_ else 0
        if begin == 0:
            self._teller.reading.start(step.frame)
        self._teller.stretch(step, begin, at, [])
        if loop.first is not None and not _is_bare(loop):
            self._teller.page.close()
        if isinstance(loop.node, ast.While):
            self._ran_out(loop.node, done)
        self._teller.page.end_line()
        self._teller.stretch(step, at + 1, len(step.parts), [])

    def _ran_out(self, node: ast.While, done: Done) -> None:
        """The test of a `while` loop failed."""
        page, reading = self._teller.page, self._teller.reading
        truth = reading.truth(node.test)
        clause = "" if truth is None or not done.passes else why(node.test, reading)
        if clause:
            page.say(f"The loop ends after {passes(done.passes)}, {because(reading)} {clause}")
            return
        if truth is not None and not done.passes and not reading.density.plain:
            page.say(f"{outcome(node.test, truth, reading)}, so the loop is skipped")
            return
        if truth is not None:
            page.say(outcome(node.test, truth, reading))
        page.say(f"The loop ends after {passes(done.passes)}")

    def _fold(self, rounds: list[Round]) -> None:
        """Passes that are not told one by one: what they leave behind."""
        frame = rounds[0].head.frame if rounds[0].head else 0
        changes: dict[str, int] = {}
        for round_ in rounds:
            if round_.head is not None:
                self._teller.pass_over([round_.head], frame, changes)
            self._teller.pass_over(round_.items, frame, changes)
        held = self._teller.state.held(frame)
        after = []
        for name in changes:
            index = held.get(name, UNKNOWN)
            if index == UNKNOWN or name == "_" or isinstance(self._teller.texts.values[index], Opaque):
                continue
            value = self._teller.reading.value(index)
            after.append(f"{name} = {value}" if value else f"{name} is {self._teller.texts.described(index)}")
        first, last = (end.begin.number if end.begin else 0 for end in (rounds[0], rounds[-1]))
        state = f" until after pass {last}: {', '.join(after)}" if after else f" until pass {last} is over"
        self._teller.page.label(f"Passes {first} to {last} run the same way, and so on{state}.")
        self._teller.page.close()


def _is_empty(loop: Loop) -> bool:
    return loop.done is not None and loop.done.passes == 0


def _is_bare(loop: Loop) -> bool:
    """A `while` loop of no pass, in whose test nothing is called: its block would be empty."""
    if loop.first is None or not isinstance(loop.node, ast.While) or not _is_empty(loop):
        return False
    return not any(isinstance(part, Segment) for part in loop.first.parts)


def _position(step: Step, event: Event) -> int:
    """Where this very event is: events of two kinds can be equal as tuples."""
    return next(number for number, part in enumerate(step.parts) if part is event)
