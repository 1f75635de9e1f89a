"""Where in the trace a text stands: what it has told, how far it is, and the ways to move on.

The position (`now`, a moment) only moves forward. A statement is matched at the earliest moment at which it holds: as
the state at `now`, or as an event further on. Whatever comes earliest leaves most room to what follows, so no search
over alternatives is needed. A state that was set up behind the text's back (its event lies before `now`, and the text
passed over it in an earlier sentence) does not count: that is a step told in the wrong order.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from cotmill.base.trace import Call, Line
from cotmill.prove.claims.match.nodes import spelled
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.known_calls import CALLS
from cotmill.prove.claims.run.substituted import Scene, stands_for
from cotmill.prove.claims.run.timeline import Timeline
from cotmill.prove.claims.run.trees import is_value, nodes_of

__all__ = ["NOTHING", "REACH", "OutOfFuel", "Position", "Verdict"]

REACH = 60  # events that a comparison in words may lie ahead
MAX_WORK = 250_000  # candidate moments looked at for one text
NOTHING = object()  # no value is told; None is a value


class OutOfFuel(Exception):
    """The text asks for more comparisons than any honest one does."""


class Verdict(NamedTuple):
    verdict: str  # verified, refuted, unsupported, uncheckable
    moment: int  # event that proves or refutes it, -1 if none
    why: str = ""


def _rivals(node: ast.expr, sources: tuple[ast.expr, ...]) -> Sequence[ast.expr]:
    """What the expression may stand for: a call stands for the calls of the same function where there are any."""
    if isinstance(node, ast.Compare):  # it has the value of many a name, and yet stands for none
        return [source for source in sources if isinstance(source, ast.Compare)]
    if not isinstance(node, ast.Call):
        return sources
    name = _called(node)
    return [source for source in sources if isinstance(source, ast.Call) and _called(source) == name] or sources


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


class Position:
    """How far the text has come; `told` are the events that it states, `folds` the stretches it leaves out."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.events = timeline.events
        self.now = -1
        self.told: set[int] = set()
        self.folds: list[tuple[int, int]] = []
        self.summary: tuple[int, int] | None = None  # the pass that this sentence looks back on
        self.summed_up: dict[str, list[tuple[int, int]]] = {}  # by name: stretches of which the end is told
        self.passes_told: set[int] = set()  # moments of passes told by number
        self.opened: list[tuple[int, int]] = []  # moment and frame of each loop whose passes the text says it will tell
        self.ends_told: set[int] = set()  # id-like: moments of last passes of loops whose end is told
        self.sentence_from = -1
        self.about = ""  # the name whose change this sentence told last
        self.scene: Scene | None = None  # of the step that was told last, for its reasons
        self.tested = False  # that step is a test
        self.only_functions = timeline.program.functions.keys() - timeline.changes.keys()
        self.work = MAX_WORK
        self.sites_by_code: dict[str, list[int]] = {}
        for site in timeline.branches:
            node = timeline.nodes[site]
            if node is not None:
                self.sites_by_code.setdefault(spelled(node), []).append(site)

    def tell(self, moment: int) -> None:
        self.told.add(moment)
        self.now = max(self.now, moment)

    def spend(self, amount: int = 1) -> None:
        self.work -= amount
        if self.work < 0:
            raise OutOfFuel

    def fresh(self, moment: int) -> bool:
        """May the state that this event made be told now? Yes if the text did not pass over it earlier."""
        if moment in self.told or moment > self.sentence_from:
            return True
        if isinstance(self.events[moment], Call) or any(first < moment <= last for first, last in self.folds):
            return True
        line = self.timeline.line_at
        return self.now >= 0 and line[moment] == line[self.now] >= 0

    def scene_at(self, moment: int) -> Scene | None:
        """The run of the statement under which the event happened."""
        timeline = self.timeline
        start = timeline.line_at[moment]
        if start < 0:
            return None
        return Scene(timeline, timeline.runner(moment), start, moment)

    def is_at(self, nodes: Iterable[ast.expr], moment: int, caller: bool = False) -> bool:
        """Whether all these expressions were worked out by the statement of the event."""
        event = self.events[moment]
        if caller:
            assert isinstance(event, Call)
            start = bisect_right(self.timeline.lines_of(event.parent), moment) - 1
            lines = self.timeline.lines_of(event.parent)
            if start < 0:
                return False
            scene: Scene | None = Scene(self.timeline, event.parent, lines[start], moment)
            line = self.events[lines[start]]
            assert isinstance(line, Line)
            statement = self.timeline.program.statements.get(line.line)
        else:
            scene = self.scene_at(moment)
            statement = self.timeline.step(moment)
        if scene is None or statement is None:
            return False
        for node in nodes:
            self.spend(4)
            if not any(stands_for(node, source, scene) for source in _rivals(node, statement.expressions)):
                return False
        return True

    def where(self, holds: Callable[[int], bool], reach: int, callers_first: bool = False) -> int | None:
        """The first run of a statement, from the current one on, for which it holds; the text moves there."""
        timeline = self.timeline
        moments = timeline.line_moments
        place = bisect_right(moments, self.now)
        current = self.current_lines()
        split = len(current) if callers_first else 1
        for line in current[:split] + moments[place : place + reach] + current[split:]:
            self.spend()
            if holds(self.end_of_step(line)):
                self.now = max(self.now, line)
                self.told.add(line)
                return line
        return None

    def current_lines(self) -> list[int]:
        """Line events of the running statement in each frame in sight."""
        if self.now < 0:
            return []
        found = []
        for frame in self.timeline.frames_in_sight(self.now)[:4]:
            lines = self.timeline.lines_of(frame)
            place = bisect_right(lines, self.now) - 1
            if place >= 0:
                found.append(lines[place])
        return found

    def end_of_step(self, line: int) -> int:
        """The last event of the statement's run in its own frame; `line` is the moment of its line event."""
        return self.timeline.step_end[line]

    def next_run(self, values: list[Any]) -> list[int] | None:
        """The changes of a name that goes through these values, ending after `now`; with the change before them."""
        timeline = self.timeline
        for (frame, name), (moments, indices) in timeline.history.items():
            known = [(moment, index) for moment, index in zip(moments, indices, strict=True) if index >= 0]
            for first in range(len(known) - len(values) + 1):
                self.spend()
                run = known[first : first + len(values)]
                if run[-1][0] <= self.now or (run[0][0] <= self.now and timeline.held(frame, name, self.now) is None):
                    continue
                if all(same(value, timeline.value(index)) for value, (_, index) in zip(values, run, strict=True)):
                    return [moment for moment, _ in known[max(0, first - 1) : first + len(values)]]
        return None

    def tell_state(self, moment: int) -> None:
        if moment > self.sentence_from or moment not in self.told:
            self.told.add(moment)

    def constructs(self, node: ast.expr, last: bool) -> bool:
        """`Robot(5, 3)`: how an object is made, which says nothing of its attributes. Or a call of the program's."""
        if not isinstance(node, ast.Call):
            return False
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in self.timeline.program.functions:
            return True
        if not node.args and not node.keywords and name[:1].isupper() and name not in CALLS:
            return True
        return name in self.timeline.program.classes and (not last or bool(node.args))

    def is_value(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return True
        if not is_value(node) or (isinstance(node, ast.Call) and self.constructs(node, True)):
            return False
        made = (part for part in nodes_of(node) if isinstance(part, ast.Call) and part.args)
        return not any(self.constructs(part, True) for part in made)  # [Robot(5, 3)]

    def begin_sentence(self) -> None:
        self.sentence_from = self.now
        self.about = ""
        self.scene = None
        self.summary = None

    def binds(self, name: str, moment: int) -> bool:
        statement = self.timeline.step(moment)
        return statement is not None and name in statement.binds
