"""Statements against the trace, in order: where each one is true, or why it is not.

The text's position in the trace (`now`, a moment) only moves forward. Each statement is matched at the earliest moment
at which it holds: as the state at `now`, or as an event further on. Whatever comes earliest leaves most room to what
follows, so no search over alternatives is needed. A state that was set up behind the text's back (its event lies before
`now`, and the text passed over it in an earlier sentence) does not count: that is a step told in the wrong order.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from cotmill.base.trace import Branch, Call, Done, Line, Pass, Raise, Return, Set, Value, Yield
from cotmill.base.values import Opaque, Record
from cotmill.prove.claims import statements as said
from cotmill.prove.claims.evaluate import CALLS, Unknown, evaluate, is_closed, is_value, same, truthy
from cotmill.prove.claims.program import squeezed
from cotmill.prove.claims.sight import in_sight
from cotmill.prove.claims.substituted import Scene, stands_for
from cotmill.prove.claims.timeline import Loop, Timeline

__all__ = ["Aligner", "OutOfFuel", "Verdict"]

REACH = 60  # events that a comparison in words may lie ahead
MAX_WORK = 400_000  # candidate moments looked at for one text


class OutOfFuel(Exception):
    """The text asks for more comparisons than any honest one does."""


class Verdict(NamedTuple):
    verdict: str  # verified, refuted, unsupported, uncheckable
    moment: int  # event that proves or refutes it, -1 if none
    why: str = ""


class Aligner:
    """Checks the statements of one text; `told` are the events that it states, `folds` the stretches it leaves out."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.events = timeline.events
        self.now = -1
        self.told: set[int] = set()
        self.folds: list[tuple[int, int]] = []
        self.passes_told: set[int] = set()  # moments of passes told by number
        self.opened: list[int] = []  # moments at which the text opens a loop whose passes it then tells
        self.ends_told: set[int] = set()  # id-like: moments of last passes of loops whose end is told
        self._sentence_from = -1
        self._about = ""  # the name whose change this sentence told last
        self._scene: Scene | None = None  # of the step that was told last, for its reasons
        self._tested = False  # that step is a test
        self._only_functions = timeline.program.functions.keys() - timeline.changes.keys()
        self._work = MAX_WORK
        self._sites_by_code: dict[str, list[int]] = {}
        for site in timeline.branches:
            node = timeline.nodes[site]
            if node is not None:
                self._sites_by_code.setdefault(_text(node), []).append(site)

    def begin_sentence(self) -> None:
        self._sentence_from = self.now
        self._about = ""
        self._scene = None

    def check(self, statement: said.Statement) -> Verdict:
        """The verdict on the next statement. Raises OutOfFuel."""
        rule = _RULES[type(statement)]
        try:
            verdict = rule(self, statement)
            if isinstance(statement, (said.Equality, said.Returned)) and not getattr(statement, "because", False):
                self._scene = self._scene_at(verdict.moment) if verdict.moment >= 0 else None
                self._tested = False
            if isinstance(statement, (said.Equality, said.Changed)):
                place = statement.parts[0] if isinstance(statement, said.Equality) else statement.place
                self._about = _base(place)
            return verdict
        except Unknown as reason:
            return Verdict("uncheckable", -1, f"cannot be worked out ({reason})")

    # Moving on

    def _tell(self, moment: int) -> None:
        self.told.add(moment)
        if moment > self.now:
            self.now = moment

    def _spend(self, amount: int = 1) -> None:
        self._work -= amount
        if self._work < 0:
            raise OutOfFuel

    def _fresh(self, moment: int) -> bool:
        """May the state that this event made be told now? Yes if the text did not pass over it earlier."""
        if moment in self.told or moment > self._sentence_from:
            return True
        if isinstance(self.events[moment], Call) or any(first < moment <= last for first, last in self.folds):
            return True
        line = self.timeline.line_at
        return self.now >= 0 and line[moment] == line[self.now] >= 0

    def _scene_at(self, moment: int) -> Scene | None:
        """The run of the statement under which the event happened."""
        timeline = self.timeline
        start = timeline.line_at[moment]
        if start < 0:
            return None
        return Scene(timeline, timeline.runner(moment), start, moment)

    def _is_at(self, nodes: Iterable[ast.expr], moment: int, caller: bool = False) -> bool:
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
            scene = self._scene_at(moment)
            statement = self.timeline.step(moment)
        if scene is None or statement is None:
            return False
        for node in nodes:
            self._spend(4)
            if not any(stands_for(node, source, scene) for source in statement.expressions):
                return False
        return True

    # Equalities

    def _equality(self, claim: said.Equality) -> Verdict:
        parts = claim.parts
        value, known = self._value_of(claim)
        if isinstance(known, Verdict):
            return known
        if claim.because and self._scene is not None:
            verdict = self._reason(parts, value, known)
            if verdict.verdict == "verified" or self._tested:
                return verdict
        subject = parts[0]
        middle = [part for part in parts[1:] if not self._is_value(part) or (not known and isinstance(part, ast.Call))]
        if isinstance(subject, ast.Tuple) and isinstance(subject.ctx, ast.Store):
            return self._unpacked(subject, parts[1])
        if isinstance(subject, ast.Name) and subject.id in self._only_functions and known:
            return self._returned(said.Returned(claim.start, claim.end, (*middle, ast.Constant(value)), True))
        if isinstance(subject, ast.Name):
            return self._bound(subject.id, middle, value, known, claim.stays)
        if isinstance(subject, (ast.Attribute, ast.Subscript)) and not is_closed(subject):
            return self._placed(subject, middle, value, known, claim.stays)
        if not known:
            raise Unknown("no value is stated")
        if isinstance(subject, ast.Call):
            found = self._call_result(subject, value)
            if found is not None:
                return found
        return self._worked_out([part for part in parts if not self._is_value(part)], value)

    def _value_of(self, claim: said.Equality) -> tuple[Any, bool | Verdict]:
        """The stated value, whether there is one; or the refutation where the parts themselves disagree."""
        value: Any = None
        known = False
        for part in reversed(claim.parts):
            if not is_closed(part) or self._constructs(part, part is claim.parts[-1]):
                continue
            try:
                own = evaluate(part)
            except Unknown:
                if part is claim.parts[-1]:
                    raise
                continue
            if not known:
                value, known = own, True
            elif not same(value, own) and not (claim.rough and _about(value, own)):
                return value, Verdict("refuted", -1, f"{_text_of(part)} is {_shown(own)}, not {_shown(value)}")
        return value, known

    def _constructs(self, node: ast.expr, last: bool) -> bool:
        """`Robot(5, 3)`: how an object is made, which says nothing of its attributes. Or a call of the program's."""
        if not isinstance(node, ast.Call):
            return False
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in self.timeline.program.functions:
            return True
        if not node.args and not node.keywords and name[:1].isupper() and name not in CALLS:
            return True
        return name in self.timeline.program.classes and (not last or bool(node.args))

    def _is_value(self, node: ast.expr) -> bool:
        return is_value(node) and not (isinstance(node, ast.Call) and self._constructs(node, True))

    def _reason(self, parts: tuple[ast.expr, ...], value: Any, known: bool) -> Verdict:
        """What follows `since` holds where the test was made."""
        scene = self._scene
        assert scene is not None
        statement = self.timeline.step(scene.moment)
        sources = statement.expressions if statement is not None else ()
        for part in parts:
            if part is parts[-1] and self._is_value(part):
                continue
            options = [source for source in sources if stands_for(part, source, scene)]
            if known and not is_closed(part):
                worth = self._scene_value(part)
                if worth is not None and not same(value, worth[0]):
                    return Verdict("refuted", scene.moment, f"{_text_of(part)} is {_shown(worth[0])} there")
                if worth is None and not any(scene.worth(source, value) for source in options):
                    return Verdict("unsupported", scene.moment, f"{_text_of(part)} is not {_shown(value)} in that test")
            if not options:
                return Verdict("unsupported", scene.moment, f"{_text_of(part)} is no part of that test")
        return Verdict("verified", scene.moment)

    def _scene_value(self, node: ast.expr) -> tuple[Any] | None:
        assert self._scene is not None
        try:
            return (evaluate(node, self.timeline.lookup(self._scene.moment, self._scene.frame)),)
        except Unknown:
            return None

    def _bound(self, name: str, middle: list[ast.expr], value: Any, known: bool, stays: bool) -> Verdict:
        timeline = self.timeline
        held = timeline.find(name, self.now)
        if held is not None and not stays and self.now >= 0:
            running = timeline.frame_at[self.now]
            if held[0] != running and (running, name) in timeline.history:
                held = None  # the running frame has a name of its own like this, not bound yet
        if not known:
            return self._bound_alike(name, middle, held)
        if held is not None and same(value, timeline.value(held[2])):
            moment = held[1]
            if not middle and (stays or self._fresh(moment)):
                self._tell_state(moment)
                return Verdict("verified", moment)
            if middle and self._fresh(moment) and self._derived(middle, moment):
                self._tell_state(moment)
                return Verdict("verified", moment)
        wrong = -1
        for moment in timeline.changes_to(name, value, self.now):
            self._spend()
            if not middle or self._derived(middle, moment):
                self._tell(moment)
                self._tell_together(middle, moment, value)
                return Verdict("verified", moment)
            wrong = moment if wrong < 0 else wrong
        if wrong >= 0:
            return Verdict("unsupported", wrong, f"{name} is {_shown(value)}, but not as {_text_of(middle[0])}")
        return self._not_bound(name, value, held)

    def _tell_together(self, names: list[ast.expr], moment: int, value: Any) -> None:
        """`p = q = 1` tells of q, too."""
        timeline = self.timeline
        for node in names:
            if isinstance(node, ast.Name):
                for change, _frame, index in timeline.next_changes(node.id, timeline.line_at[moment])[:3]:
                    if timeline.line_at[change] == timeline.line_at[moment] and same(value, timeline.value(index)):
                        self.told.add(change)

    def _tell_state(self, moment: int) -> None:
        if moment > self._sentence_from or moment not in self.told:
            self.told.add(moment)

    def _bound_alike(self, name: str, middle: list[ast.expr], held: tuple[int, int, int] | None) -> Verdict:
        """`primes = sieve(1000)`: no value is stated, only where it comes from."""
        if not middle:
            raise Unknown("no value is stated")
        moments = [moment for moment, _frame, _value in self.timeline.next_changes(name, self.now)]
        if held is not None and held[1] not in self.told and self._fresh(held[1]):
            moments.insert(0, held[1])
        for moment in moments[:500]:
            self._spend()
            if self._derived(middle, moment):
                self._tell(moment)
                return Verdict("verified", moment)
        found = self._where(lambda moment: self._binds(name, moment) and self._is_at(middle, moment), 400)
        if found is not None:
            return Verdict("verified", found)
        return Verdict("unsupported", moments[0] if moments else -1, f"{name} does not come from {_text_of(middle[0])}")

    def _binds(self, name: str, moment: int) -> bool:
        statement = self.timeline.step(moment)
        return statement is not None and name in statement.binds

    def _derived(self, middle: list[ast.expr], moment: int) -> bool:
        """Whether the value that a name got there was worked out as these expressions say."""
        if isinstance(self.events[moment], Call):
            return self._is_at(middle, moment, caller=True)
        if self._is_at(middle, moment):
            return True
        scene = self._scene_at(moment)
        if scene is None:
            return False
        return all(isinstance(part, ast.Name) and self._names_it(part, moment) for part in middle)

    def _names_it(self, name: ast.Name, moment: int) -> bool:
        """`best = x = 9` where the program says so in another way: the other name has that value, too."""
        event = self.events[moment]
        held = self.timeline.held(event.frame, name.id, moment)
        return held is not None and isinstance(event, Set) and held[1] == event.value

    def _not_bound(self, name: str, value: Any, held: tuple[int, int, int] | None) -> Verdict:
        timeline = self.timeline
        upcoming = timeline.next_changes(name, self.now)
        if upcoming:
            moment, _frame, index = upcoming[0]
            return Verdict("refuted", moment, f"{name} becomes {_shown(timeline.value(index))}, not {_shown(value)}")
        if held is not None:
            real = timeline.value(held[2])
            if same(value, real):
                return Verdict("unsupported", held[1], f"{name} = {_shown(value)} is told out of its order")
            return Verdict("refuted", held[1], f"{name} is {_shown(real)}, not {_shown(value)}")
        return Verdict("unsupported", -1, f"no {name} has the value {_shown(value)} from here on")

    def _placed(
        self, place: ast.Attribute | ast.Subscript, middle: list[ast.expr], value: Any, known: bool, stays: bool
    ) -> Verdict:
        """An element or attribute, read or written."""
        timeline = self.timeline
        real: Any = _NOTHING
        try:
            real = timeline.state(place, self.now)
            if known and same(value, real) and not middle:
                found = timeline.find(_base(place), self.now)
                if found is None or stays or self._fresh(found[1]):
                    return self._told_place(place)
        except Unknown:
            pass
        base = _base(place)
        if (middle or real is _NOTHING) and (quiet := self._written_quietly(place, middle, value, known)) is not None:
            return Verdict("verified", quiet)
        moments = [moment for moment, _f, _v in timeline.next_changes(base, self.now)] if base else []
        if self.now >= 0 and self.now not in moments:
            moments.insert(0, self.now)
        nearest = -1
        for moment in moments[:1000]:
            self._spend()
            try:
                there = evaluate(place, timeline.lookup(moment, self.events[moment].frame))
            except Unknown:
                continue
            if (not known or same(value, there)) and (not middle or self._derived(middle, moment)):
                self._tell(moment)
                return Verdict("verified", moment)
            nearest = moment if nearest < 0 and moment > self.now else nearest
        if not known:
            raise Unknown("no value is stated")
        read = self._worked_out([place, *middle], value, 8)
        if read.verdict == "verified" or real is _NOTHING:
            return read
        if same(value, real):
            return Verdict("unsupported", nearest, f"{_text_of(place)} is {_shown(value)}, but not as told")
        return Verdict("refuted", nearest, f"{_text_of(place)} is {_shown(real)}, not {_shown(value)}")

    def _written_quietly(self, place: ast.expr, middle: list[ast.expr], value: Any, known: bool) -> int | None:
        """An element set to what it was leaves no event: the running statements, and the next few, are asked."""
        timeline = self.timeline
        upcoming = bisect_right(timeline.line_moments, self.now)
        for line in self._current_lines()[:1] + timeline.line_moments[upcoming : upcoming + 4]:
            moment = self._end_of_step(line)
            event = self.events[line]
            statement = timeline.step(line)
            if statement is None or _base(place) not in statement.changes:
                continue
            try:
                there = evaluate(place, timeline.lookup(moment, event.frame))
            except Unknown:
                if known and self._assigns(place, value, moment):
                    self._tell(moment)
                    return moment
                continue
            if (not known or same(value, there)) and self._is_at(middle, moment):
                self._tell(moment)
                changed = timeline.history.get((event.frame, _base(place)), ([], []))[0]
                self.told.update(changed[bisect_right(changed, line) : bisect_right(changed, moment)])
                return moment
        return None

    def _assigns(self, place: ast.expr, value: Any, moment: int) -> bool:
        """Whether the statement sets this place to the value, where the place itself cannot be looked at."""
        statement, scene = self.timeline.step(moment), self._scene_at(moment)
        node = statement.node if statement is not None else None
        if not isinstance(node, ast.Assign) or scene is None:
            return False
        return any(_same_target(place, target, scene) for target in node.targets) and scene.worth(node.value, value)

    def _told_place(self, place: ast.expr) -> Verdict:
        found = self.timeline.find(_base(place), self.now)
        if found is None:
            return Verdict("verified", self.now)
        self._tell_state(found[1])
        return Verdict("verified", found[1])

    def _unpacked(self, targets: ast.Tuple, values: ast.expr) -> Verdict:
        """`a, b = 1, 0 + 1`: the statement that binds these names together, both sides as they were before."""
        timeline = self.timeline
        def unpacks(moment: int) -> bool:
            statement = timeline.step(moment)
            node = statement.node if statement is not None else None
            scene = self._scene_at(moment)
            if not isinstance(node, ast.Assign) or scene is None:
                return False
            target = node.targets[0]
            if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != len(targets.elts):
                return False
            if not all(_same_target(ours, theirs, scene) for ours, theirs in zip(targets.elts, target.elts, strict=True)):
                return False
            if stands_for(values, node.value, scene):
                return True
            try:
                there = [evaluate(part, timeline.lookup(moment, scene.frame)) for part in targets.elts]
                return is_closed(values) and same(evaluate(values), there)
            except Unknown:
                return False

        moment = self._where(unpacks, 2000)
        if moment is not None:
            return Verdict("verified", moment)
        return Verdict("unsupported", -1, f"{_text_of(targets)} is not set to that from here on")

    def _end_of_step(self, line: int) -> int:
        """The last event of the statement's run in its own frame; `line` is the moment of its line event."""
        return self.timeline.step_end[line]

    def _call_result(self, call: ast.Call, value: Any) -> Verdict | None:
        """`f(3, 4) = 12` of a function of the program; None where it is no such call."""
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name not in self.timeline.program.functions:
            return None
        past: Verdict | None = None
        wrong: Verdict | None = None
        for moment in self.timeline.returns:
            event = self.events[moment]
            if self.timeline.frame_names[event.frame] != name or not self._fits(call, event.frame):
                continue
            self._spend()
            assert isinstance(event, Return)
            real = self.timeline.value(event.value)
            if not same(value, real):
                wrong = wrong or Verdict("refuted", moment, f"{_text_of(call)} gives {_shown(real)}, not {_shown(value)}")
            elif moment <= self.now:
                past = Verdict("verified", moment)
            elif past is not None:
                break
            else:
                self._tell(moment)
                return Verdict("verified", moment)
        if past is not None:
            self.told.add(past.moment)
            return past
        return wrong or Verdict("unsupported", -1, f"{_text_of(call)} is not called")

    def _fits(self, call: ast.Call, frame: int) -> bool:
        """Whether the frame was called with these arguments, as far as they can be worked out."""
        event = self.events[self.timeline.calls[frame]]
        assert isinstance(event, Call)
        given = [(name, self.timeline.value(index)) for name, index in event.args]
        if given and given[0][0] in ("self", "cls") and isinstance(call.func, ast.Attribute):
            given = given[1:]
        known = dict(given)
        lookup = self.timeline.lookup(self.timeline.calls[frame] - 1, event.parent)
        try:
            if len(call.args) > len(given):
                return False
            for node, (_name, real) in zip(call.args, given, strict=False):
                if not same(_value_or_name(node, lookup), real):
                    return False
            return all(
                word.arg in known and same(_value_or_name(word.value, lookup), known[word.arg]) for word in call.keywords
            )
        except Unknown:
            return False

    def _worked_out(self, nodes: list[ast.expr], value: Any, reach: int = 400) -> Verdict:
        """Expressions with values and no name: the statement that works them out, here or further on."""
        if not nodes:
            return Verdict("verified", -1)
        moment = self._where(lambda moment: self._is_at(nodes, moment) and self._agree(nodes, value, moment), reach)
        if moment is not None:
            return Verdict("verified", self._tell_outcome(moment, value))
        closed = all(is_closed(node) for node in nodes)
        if not closed:
            try:
                real = self.timeline.state(nodes[0], self.now)
            except Unknown:
                raise Unknown(_text_of(nodes[0])) from None
            if same(value, real):
                return Verdict("verified", self.now)
            return Verdict("refuted", self.now, f"{_text_of(nodes[0])} is {_shown(real)}, not {_shown(value)}")
        return Verdict("unsupported", -1, f"the program does not work out {_text_of(nodes[0])} from here on")

    def _tell_outcome(self, line: int, value: Any) -> int:
        """An expression whose value a name gets in the same step: the text has told what the name becomes."""
        frame = self.events[line].frame
        for moment in range(line, min(self._end_of_step(line), line + 200) + 1):
            event = self.events[moment]
            if isinstance(event, Set) and event.frame == frame and same(value, self.timeline.value(event.value)):
                self.told.add(moment)
                return moment
        return line

    def _agree(self, nodes: list[ast.expr], value: Any, moment: int) -> bool:
        scene = self._scene_at(moment)
        statement = self.timeline.step(moment)
        assert scene is not None and statement is not None
        for node in nodes:
            if is_closed(node):
                continue
            options = [source for source in statement.expressions if stands_for(node, source, scene)]
            if not any(scene.worth(source, value) for source in options):
                return False
        return True

    def _where(self, holds: Callable[[int], bool], reach: int, callers_first: bool = False) -> int | None:
        """The first run of a statement, from the current one on, for which it holds; the text moves there."""
        timeline = self.timeline
        moments = timeline.line_moments
        place = bisect_right(moments, self.now)
        current = self._current_lines()
        split = len(current) if callers_first else 1
        for line in current[:split] + moments[place : place + reach] + current[split:]:
            self._spend()
            if holds(self._end_of_step(line)):
                self.now = max(self.now, line)
                self.told.add(line)
                return line
        return None

    def _current_lines(self) -> list[int]:
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

    # Tests

    def _test(self, claim: said.Test) -> Verdict:
        if claim.because and self._scene is not None:
            verdict = self._reason_test(claim)
            if verdict.verdict == "verified" or self._tested:
                return verdict
        if claim.code:
            found = self._quoted_test(claim)
            if found is not None:
                return found
        node = claim.node
        if node is None:
            raise Unknown(claim.code)
        if is_closed(node):
            if truthy(evaluate(node)) is not claim.truth:
                return Verdict("refuted", -1, f"{_text_of(node)} is {not claim.truth}")
            return self._closed_test(node, claim)
        return self._open_test(node, claim)

    def _reason_test(self, claim: said.Test) -> Verdict:
        scene, node = self._scene, claim.node
        assert scene is not None
        if node is None:
            raise Unknown(claim.code)
        statement = self.timeline.step(scene.moment)
        try:
            held = truthy(evaluate(node, self.timeline.lookup(scene.moment, scene.frame)))
        except Unknown:
            known = self._recorded_truth(node, scene)
            if known is None:
                raise
            held = known
        if held is not claim.truth:
            return Verdict("refuted", scene.moment, f"{_text_of(node)} is {not claim.truth}")
        if statement is not None and any(stands_for(node, source, scene) for source in statement.expressions):
            return Verdict("verified", scene.moment)
        return Verdict("unsupported", scene.moment, f"{_text_of(node)} is not what the test compares")

    def _recorded_truth(self, node: ast.expr, scene: Scene) -> bool | None:
        """What the program found when it made this comparison, or the opposite one, of objects."""
        statement = self.timeline.step(scene.moment)
        if statement is None or not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        for source in statement.expressions:
            if isinstance(source, ast.Compare) and len(source.ops) == 1 and stands_for(node, source, scene):
                try:
                    found = truthy(scene.value(source))
                except Unknown:
                    continue
                return found is (type(node.ops[0]) is type(source.ops[0]))
        return None

    def _quoted_test(self, claim: said.Test) -> Verdict | None:
        """`i < n` is true: the next run of that test that came out so. None where the program has no such test."""
        sites = self._sites_by_code.get(squeezed(claim.code))
        if sites is None and claim.node is not None:
            sites = self._sites_by_code.get(_text(claim.node))
        if not sites:
            return None
        best: int | None = None
        other = -1
        for site in sites:
            moments = self.timeline.branches[site]
            for moment in moments[bisect_right(moments, self.now) :]:
                self._spend()
                event = self.events[moment]
                assert isinstance(event, Branch)
                if event.truth is claim.truth:
                    best = moment if best is None else min(best, moment)
                    break
                other = moment if other < 0 else min(other, moment)
        if best is None:
            if other < 0:
                again = self._test_again(sites, claim.truth)
                if again is not None:
                    return again
            return Verdict("refuted", other, f"{claim.code} is {not claim.truth}")
        self._tell(best)
        self._scene = self._scene_at(best)
        self._tested = True
        return Verdict("verified", best)

    def _test_again(self, sites: list[int], truth: bool) -> Verdict | None:
        for site in sites:
            moments = self.timeline.branches[site]
            place = bisect_right(moments, self.now) - 1
            if place >= 0:
                event = self.events[moments[place]]
                assert isinstance(event, Branch)
                if event.truth is truth and (moments[place] in self.told or moments[place] > self._sentence_from):
                    return Verdict("verified", moments[place])
        return None

    def _closed_test(self, node: ast.expr, claim: said.Test) -> Verdict:
        """A comparison of values that holds by itself: the test that made it, or values in sight."""
        moment = self._where(lambda moment: self._is_at([node], moment), 12)
        if moment is not None:
            self._tell_branch(moment)
            return Verdict("verified", moment)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if all(self._seen(side) for side in sides):
                return Verdict("verified", self.now)
        return Verdict("unsupported", -1, f"the program does not compare {_text_of(node)} from here on")

    def _tell_branch(self, line: int) -> None:
        """The outcome of the test that this line makes is told with its comparison."""
        end = self._end_of_step(line)
        for moment in range(line, min(end, line + 40) + 1):
            if isinstance(self.events[moment], Branch) and self.timeline.line_at[moment] == line:
                self._tell(moment)
                return

    def _seen(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp):
            return self._seen(node.left) and self._seen(node.right)
        if isinstance(node, ast.Call):
            return all(map(self._seen, node.args))
        try:
            value = evaluate(node)
        except Unknown:
            return False
        if isinstance(value, (int, float)) and value in (0, 1, 2):
            return True
        return in_sight(value, self.timeline, self.now, REACH)

    def _open_test(self, node: ast.expr, claim: said.Test) -> Verdict:
        """A comparison with names in it: as things stand, or as the program makes it further on."""
        try:
            if truthy(self.timeline.state(node, self.now)) is claim.truth:
                return Verdict("verified", self.now)
        except Unknown:
            pass

        def made(moment: int) -> bool:
            scene = self._scene_at(moment)
            if scene is None or not self._is_at([node], moment):
                return False
            try:
                return truthy(evaluate(node, self.timeline.lookup(moment, scene.frame))) is claim.truth
            except Unknown:
                return False

        moment = self._where(made, REACH)
        if moment is not None:
            self._tell_branch(moment)
            return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"{_text_of(node)} is not {claim.truth} there")

    # Single values

    def _worked(self, claim: said.Worked) -> Verdict:
        evaluate(claim.node)
        return self._worked_out([claim.node], None)

    def _mention(self, claim: said.Mention) -> Verdict:
        value = evaluate(claim.node)
        if claim.result or isinstance(value, (list, tuple, dict, set)):
            moment = self._comes_out(value)
            if moment is not None:
                return Verdict("verified", moment)
        if in_sight(value, self.timeline, self.now, REACH):
            return Verdict("verified", self.now)
        return Verdict("unsupported", -1, f"nothing there is {_shown(value)}")

    def _comes_out(self, value: Any) -> int | None:
        """The next event, within reach, that has this value; the state at `now` counts first."""
        timeline = self.timeline
        for frame in timeline.frames_in_sight(self.now):
            for (owner, _name), (moments, values) in timeline.of_frame(frame):
                assert owner == frame
                place = bisect_right(moments, self.now) - 1
                if place >= 0 and values[place] >= 0 and same(value, timeline.value(values[place])):
                    self._tell_state(moments[place])
                    return moments[place]
        for moment in range(self.now + 1, min(self.now + 1 + 4 * REACH, len(self.events))):
            self._spend()
            event = self.events[moment]
            index = getattr(event, "value", -1)
            if index >= 0 and same(value, timeline.value(index)):
                self._tell(moment)
                return moment
            if isinstance(value, tuple) and isinstance(event, Set) and self._pair_at(value, moment):
                self._tell(moment)
                return moment
        return None

    def _pair_at(self, value: tuple[Any, ...], moment: int) -> bool:
        """The names that one statement binds together have these values."""
        statement = self.timeline.step(moment)
        node = statement.node if statement is not None else None
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
            return False
        targets = node.targets[0].elts
        if len(targets) != len(value):
            return False
        try:
            lookup = self.timeline.lookup(moment, self.events[moment].frame)
            return same(value, tuple(evaluate(target, lookup) for target in targets))
        except Unknown:
            return False

    def _made(self, claim: said.Made) -> Verdict:
        """What a comprehension or a generator expression came to."""
        timeline = self.timeline
        lookup = timeline.lookup(self.now)
        values = [evaluate(node, lookup) for node in claim.values]
        if len(values) <= 1 and claim.last is None:
            for moment in range(self.now + 1, min(self.now + 2000, len(self.events))):
                self._spend()
                event = self.events[moment]
                if isinstance(event, Value) and self._is_comprehension(event.site):
                    real = timeline.value(event.value)
                    if (values and same(values[0], real)) or (not values and _sized(real) and len(real) == claim.count):
                        self._tell(moment)
                        return Verdict("verified", moment)
        for frame, items in timeline.generators.items():
            self._spend()
            end = timeline.ends.get(frame, len(self.events))
            if end > self._sentence_from and len(items) >= len(values) > 0 and timeline.calls[frame] not in self.told:
                handed = [timeline.value(self.events[n].value) for n in items]  # type: ignore[union-attr]  # yields
                if claim.last is None:
                    fits = same(values, handed)
                else:
                    fits = same(values, handed[: len(values)]) and same(evaluate(claim.last, lookup), handed[-1])
                if fits and claim.count in (-1, len(handed)):
                    self.told.add(timeline.calls[frame])
                    return Verdict("verified", items[-1])
        return Verdict("unsupported", -1, f"nothing there comes to {_shown(values)}")

    def _is_comprehension(self, site: int) -> bool:
        return isinstance(self.timeline.nodes[site], (ast.ListComp, ast.SetComp, ast.DictComp))

    # Loops

    def _pass_begun(self, claim: said.PassBegun) -> Verdict:
        timeline = self.timeline
        moments = timeline.pass_moments
        inside = self._current_pass(claim.number) if claim.over or not claim.sure else None
        if inside is not None and claim.hint is None:
            return self._at_pass(inside, claim)
        best: int | None = None
        for moment in moments[bisect_right(moments, self.now - 1) :]:
            event = self.events[moment]
            assert isinstance(event, Pass)
            if event.number != claim.number or moment in self.passes_told:
                continue
            self._spend()
            fit = self._pass_fits(moment, claim)
            if fit:
                best = moment
                break
        if best is None and inside is None:
            inside = self._current_pass(claim.number)
        if best is None:
            best = inside
        if best is None:
            if claim.sure:
                return Verdict("refuted", self.now, f"no pass {claim.number} comes here")
            return Verdict("verified", -1)
        return self._at_pass(best, claim)

    def _pass_fits(self, moment: int, claim: said.PassBegun) -> bool:
        """The loop that is told must be one over what is told to change with each pass."""
        timeline = self.timeline
        loop = timeline.loop_of[moment]
        statement = timeline.program.statements.get(loop.line)
        if claim.code:
            node = timeline.nodes[loop.site]
            is_while = timeline.sites[loop.site].kind == "while"
            if is_while and claim.hint is None and claim.sure:
                return node is not None and (squeezed(claim.code) == _text(node) or self._inside(loop, claim.code))
        if claim.hint is None:
            return True
        name, node = claim.hint
        if statement is not None and name in statement.changes:
            begun = moment
            while begun + 1 < len(self.events) and isinstance(self.events[begun + 1], Set):
                begun += 1
            held = timeline.held(loop.frame, name, begun)
            try:
                return held is not None and (claim.over or same(evaluate(node), timeline.value(held[1])))
            except Unknown:
                return False
        if not claim.sure or claim.over:
            return True
        end = self._pass_end(loop, moment)
        return any(change <= end for change, frame, _ in timeline.next_changes(name, moment)[:50] if frame == loop.frame)

    def _inside(self, loop: Loop, code: str) -> bool:
        """The pass of a loop without a test of its own (`while True`) may begin with another test."""
        first = self.timeline.program.statements.get(loop.line)
        node = self.timeline.nodes[loop.site]
        return first is not None and (node is None or isinstance(node, ast.Constant)) and bool(code)

    def _at_pass(self, moment: int, claim: said.PassBegun) -> Verdict:
        loop = self.timeline.loop_of[moment]
        self.told.add(moment)
        self.passes_told.add(moment)
        if claim.over:
            self.now = max(self.now, self._pass_end(loop, moment))
        elif self.timeline.sites[loop.site].kind == "while":
            self.now = max(self.now, self.timeline.line_at[moment])
        else:
            self.now = max(self.now, moment)
        return Verdict("verified", moment)

    def _pass_end(self, loop: Loop, moment: int) -> int:
        """Last event of the pass: before the next one's first, or before the loop ran out."""
        place = loop.passes.index(moment)
        if place + 1 < len(loop.passes):
            upcoming = loop.passes[place + 1]
        elif loop.done >= 0:
            upcoming = loop.done
        else:
            return loop.end
        line = self.timeline.line_at[upcoming]
        return max(moment, line - 1)

    def _current_pass(self, number: int) -> int | None:
        """The pass with this number of a loop that is running now."""
        for loop in reversed(self.timeline.loops):
            if loop.entry <= self.now <= loop.end and loop.passes:
                place = bisect_right(loop.passes, self.now) - 1
                if place >= 0:
                    event = self.events[loop.passes[place]]
                    assert isinstance(event, Pass)
                    if event.number == number:
                        return loop.passes[place]
        return None

    def _folded(self, claim: said.Folded) -> Verdict:
        timeline = self.timeline
        for moment in timeline.pass_moments[bisect_right(timeline.pass_moments, self.now) :]:
            event = self.events[moment]
            assert isinstance(event, Pass)
            loop = timeline.loop_of[moment]
            if event.number != claim.first or len(loop.passes) < claim.last:
                continue
            if claim.first > 1 and loop.passes[claim.first - 2] not in self.told:
                continue
            end = self._pass_end(loop, loop.passes[claim.last - 1])
            self.folds.append((self.now, end))
            self.passes_told.update(loop.passes[claim.first - 1 : claim.last])
            self.told.update(loop.passes[claim.first - 1 : claim.last])
            self.now = end
            return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"no passes {claim.first} to {claim.last} come here")

    def _loop_ended(self, claim: said.LoopEnded) -> Verdict:
        timeline = self.timeline
        wrong: Verdict | None = None
        here = timeline.line_at[self.now] if self.now >= 0 else -1
        open_loops = [loop for loop in timeline.loops if loop.done > self.now or timeline.line_at[loop.done] == here >= 0]
        for loop in sorted(open_loops, key=lambda loop: loop.done):
            self._spend()
            if loop.passes and not any(moment in self.told for moment in loop.passes):
                continue
            if loop.done in self.told:
                continue
            event = self.events[loop.done]
            assert isinstance(event, Done)
            if event.passes == claim.passes:
                self._tell(loop.done)
                if loop.passes:
                    self.ends_told.add(loop.passes[-1])
                return Verdict("verified", loop.done)
            if loop.passes:
                wrong = wrong or Verdict("refuted", loop.done, f"the loop ends after {event.passes} passes")
        if wrong is None:
            for loop in timeline.loops:
                if loop.done > self.now and len(loop.passes) == claim.passes and not loop.passes:
                    self._tell(loop.done)
                    return Verdict("verified", loop.done)
        return wrong or Verdict("unsupported", -1, f"no loop ends after {claim.passes} passes here")

    def _left_loop(self, claim: said.LeftLoop) -> Verdict:
        moment = self._current_pass(claim.number)
        if moment is None:
            return Verdict("refuted", self.now, f"no loop is in pass {claim.number} here")
        for loop in self.timeline.loops:
            if loop.passes and loop.passes[-1] == moment and loop.done < 0:
                self.ends_told.add(moment)
                return Verdict("verified", moment)
        return Verdict("refuted", moment, f"the loop is not left in pass {claim.number}")

    def _each(self, claim: said.Each) -> Verdict:
        target = _text(claim.target).strip("()")

        def goes_through(moment: int) -> bool:
            statement = self.timeline.step(moment)
            if statement is None or target not in _targets(statement.node):
                return False
            return self._is_at([claim.source], moment) or self._is_that(claim.source, moment)

        moment = self._where(goes_through, 400, callers_first=True)
        if moment is not None:
            if claim.opens:
                self.opened.append(moment)
            return Verdict("verified", moment)
        return Verdict("unsupported", -1, f"no loop takes {target} from {_text_of(claim.source)} here")

    def _repeats(self, claim: said.Repeats) -> Verdict:
        for loop in self.timeline.loops:
            if self.timeline.sites[loop.site].kind != "while" or loop.entry < self.now:
                continue
            self._spend()
            node = self.timeline.nodes[loop.site]
            if isinstance(node, ast.Constant) if not claim.code else node is not None and _text(node) == squeezed(claim.code):
                self.opened.append(loop.entry)
                return Verdict("verified", loop.entry)
        return Verdict("unsupported", -1, f"no loop asks {claim.code or 'nothing'} from here on")

    def _is_that(self, node: ast.expr, moment: int) -> bool:
        """The text's iterable has the value of the program's."""
        scene = self._scene_at(moment)
        statement = self.timeline.step(moment)
        if scene is None or statement is None:
            return False
        try:
            value = evaluate(node, self.timeline.lookup(scene.start, scene.frame))
        except Unknown:
            return False
        return any(scene.worth(source, value) for source in _sources(statement.node))

    # Calls

    def _called(self, claim: said.Called) -> Verdict:
        timeline = self.timeline
        name = "__init__" if claim.name in timeline.program.classes else claim.name
        wrong: Verdict | None = None
        for frame, moment in timeline.calls.items():
            if timeline.frame_names[frame] != name:
                continue
            if moment <= self.now and not (claim.given and claim.gives is None) and not self._same_step(frame, moment):
                continue
            self._spend()
            event = self.events[moment]
            assert isinstance(event, Call)
            if not self._with_arguments(event, claim):
                wrong = wrong or Verdict("refuted", moment, f"{claim.name} is called with other arguments")
                continue
            if claim.gives is not None:
                end = timeline.ends.get(frame, -1)
                returned = self.events[end] if end >= 0 else None
                if not isinstance(returned, Return) or not same(evaluate(claim.gives), timeline.value(returned.value)):
                    wrong = wrong or Verdict("refuted", moment, f"{claim.name} gives something else there")
                    continue
                self._tell(moment)
                self._tell(end)
                return Verdict("verified", end)
            self._tell(moment)
            return Verdict("verified", moment)
        return wrong or Verdict("unsupported", -1, f"{claim.name} is not called from here on")

    def _same_step(self, frame: int, moment: int) -> bool:
        """Lambdas of one statement may be told one after the other though their calls alternate."""
        if self.timeline.frame_names[frame] != "<lambda>" or moment in self.told:
            return False
        lines = self.timeline.lines_of(self.timeline.parents[frame])
        place = bisect_right(lines, self.now) - 1
        return place >= 0 and moment > lines[place]

    def _with_arguments(self, event: Call, claim: said.Called) -> bool:
        real = {name: self.timeline.value(index) for name, index in event.args}
        lookup = self.timeline.lookup(self.now)
        try:
            for name, count in claim.sized:
                if name not in real or not _sized(_contents(real[name])) or len(_contents(real[name])) != count:
                    return False
            for name, kind, attributes in claim.described:
                stated_attributes = {key: evaluate(node, lookup) for key, node in attributes}
                if not _fits_description(real.get(name), kind, stated_attributes, _among(real)):
                    return False
            for name, node in claim.named:
                if isinstance(node, ast.Name) and isinstance(real.get(name), Opaque):
                    if real[name].name not in (node.id, ""):
                        return False
                    continue
                stated = evaluate(node, lookup)
                options = [real[name]] if name in real else []
                if name == "self" and event.args and name not in real:
                    options.append(self.timeline.value(event.args[0][1]))
                if event.args and isinstance(owner := self.timeline.value(event.args[0][1]), Record) and name in owner.attrs:
                    options.append(owner.attrs[name])
                if not any(same(stated, option) for option in options):
                    return False
            if claim.given:
                call = ast.Call(ast.Name(claim.name, ast.Load()), list(claim.given), [])
                return self._fits(call, event.frame)
        except Unknown:
            return False
        return True

    def _resumed(self, claim: said.Resumed) -> Verdict:
        for moment in range(self.now + 1, len(self.events)):
            self._spend()
            event = self.events[moment]
            if type(event).__name__ == "Resume" and self.timeline.frame_names[event.frame] == claim.name:
                self._tell(moment)
                return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"{claim.name} does not go on here")

    def _returned(self, claim: said.Returned) -> Verdict:
        value, known = self._value_of(said.Equality(claim.start, claim.end, claim.parts))
        if isinstance(known, Verdict):
            return known
        middle = [part for part in claim.parts if not self._is_value(part)]
        if not known and not isinstance(claim.parts[-1], ast.Name):
            return self._returned_code(claim)
        if not known:
            value = self.timeline.state(claim.parts[-1], self.now)
            middle = []
        wrong = -1
        for moment in self._return_moments():
            self._spend()
            event = self.events[moment]
            assert isinstance(event, Return)
            if not same(value, self.timeline.value(event.value)):
                wrong = moment if wrong < 0 else wrong
            elif not middle or claim.final or self._is_at(middle, moment) or self._names_return(middle, event):
                if middle and claim.final and not self._is_at(middle, moment):
                    continue
                self._tell(moment)
                return Verdict("verified", moment)
            else:
                wrong = moment if wrong < 0 else wrong
        if claim.final:
            moment_out = self._comes_out(value)
            if moment_out is not None and not middle:
                return Verdict("verified", moment_out)
        if wrong >= 0:
            event = self.events[wrong]
            assert isinstance(event, Return)
            real = self.timeline.value(event.value)
            name = self.timeline.frame_names[event.frame]
            if same(value, real):
                return Verdict("unsupported", wrong, f"{name} does not work that out as {_text_of(middle[0])}")
            return Verdict("refuted", wrong, f"{name} returns {_shown(real)}, not {_shown(value)}")
        return Verdict("unsupported", -1, f"nothing returns {_shown(value)} from here on")

    def _returned_code(self, claim: said.Returned) -> Verdict:
        """``Return `chain(a, b)` ``: no value is stated, only where it comes from."""
        for moment in self._return_moments()[:200]:
            self._spend()
            if self._is_at(claim.parts, moment):
                self._tell(moment)
                return Verdict("verified", moment)
        return Verdict("unsupported", -1, f"nothing returns {_text_of(claim.parts[0])} from here on")

    def _names_return(self, middle: list[ast.expr], event: Return) -> bool:
        try:
            lookup = self.timeline.lookup(self.timeline.ends[event.frame] - 1, event.frame)
            return all(
                isinstance(part, ast.Name) and same(evaluate(part, lookup), self.timeline.value(event.value)) for part in middle
            )
        except (Unknown, KeyError):
            return False

    def _return_moments(self) -> list[int]:
        """Returns that may be told next: of the running frame, of its callers, then any."""
        timeline = self.timeline
        mine = [
            timeline.ends[frame]
            for frame in timeline.frames_in_sight(self.now)
            if timeline.ends.get(frame, -1) > self.now and isinstance(self.events[timeline.ends[frame]], Return)
        ]
        later = timeline.returns[bisect_right(timeline.returns, self.now) :]
        names = timeline.frame_names
        return [n for n in sorted({*mine, *later}) if not names[self.events[n].frame].startswith("<")][:2000]

    def _yielded(self, claim: said.Yielded) -> Verdict:
        value, known = self._value_of(said.Equality(claim.start, claim.end, claim.parts))
        if isinstance(known, Verdict):
            return known
        if not known:
            raise Unknown("no value is stated")
        wrong: Verdict | None = None
        for moment in self.timeline.yields[bisect_right(self.timeline.yields, self.now) :]:
            self._spend()
            event = self.events[moment]
            assert isinstance(event, Yield)
            real = self.timeline.value(event.value)
            if same(value, real):
                self._tell(moment)
                return Verdict("verified", moment)
            wrong = wrong or Verdict("refuted", moment, f"{_shown(real)} is handed out, not {_shown(value)}")
        return wrong or Verdict("unsupported", -1, "nothing is handed out from here on")

    # Changes in place

    def _changed(self, claim: said.Changed) -> Verdict:
        timeline = self.timeline
        base = _base(claim.place)
        now = evaluate(claim.now) if claim.now is not None else _NOTHING
        moments = [(moment, frame) for moment, frame, _ in timeline.next_changes(base, self.now)]
        wrong: Verdict | None = None
        for moment, frame in moments[: 0 if claim.idle else 1000]:
            self._spend()
            try:
                after = _contents(evaluate(claim.place, timeline.lookup(moment, frame)))
            except Unknown:
                continue
            if now is not _NOTHING and not same(now, after):
                wrong = wrong or Verdict("refuted", moment, f"{_text_of(claim.place)} is now {_shown(after)}")
                continue
            try:
                item = _NOTHING if claim.item is None else self._item_value(claim, moment, frame, after)
            except Unknown:
                if now is not _NOTHING and claim.item is not None and self._is_at([claim.item], moment):
                    self._tell(moment)
                    return Verdict("verified", moment)
                raise
            befores = self._befores(claim.place, moment, frame, after)
            if any(_CHANGE_RULES[claim.verb](before, after, item) for before in befores):
                self._tell(moment)
                return Verdict("verified", moment)
            if self._passed_on(item, moment) and any(len(after) == len(before) + 1 for before in befores if _sized(before)):
                self._tell(moment)
                return Verdict("verified", moment)
            wrong = wrong or Verdict("refuted", moment, f"{_text_of(claim.place)} becomes {_shown(after)}")
        return self._without_effect(claim) or wrong or Verdict("unsupported", -1, f"{_text_of(claim.place)} does not change so")

    def _passed_on(self, item: Any, moment: int) -> bool:
        """An object that looked so when the statement passed it on; the change itself may have changed it."""
        scene, statement = self._scene_at(moment), self.timeline.step(moment)
        if scene is None or statement is None or not isinstance(item, Record):
            return False
        return any(
            scene.worth(argument, item)
            for node in statement.expressions
            if isinstance(node, ast.Call)
            for argument in node.args
        )

    def _befores(self, place: ast.expr, moment: int, frame: int, after: Any) -> list[Any]:
        """The value before a change: before this event, and where the statement began; none yet counts as empty."""
        found: list[Any] = []
        for earlier in (moment - 1, self.timeline.line_at[moment]):
            try:
                found.append(_contents(evaluate(place, self.timeline.lookup(earlier, frame))))
            except Unknown:
                found.append(type(after)())
        return found

    def _without_effect(self, claim: said.Changed) -> Verdict | None:
        """Sorting what is sorted, adding what a set has: nothing changes, and that is true."""
        if (claim.now is None and not claim.idle) or claim.verb in ("append", "pop"):
            return None
        try:
            held = _contents(self.timeline.state(claim.place, self.now))
            item = _NOTHING if claim.item is None else self._item_value(claim, max(self.now, 0), None, held)
        except Unknown:
            return None
        if (claim.now is None or same(evaluate(claim.now), held)) and _CHANGE_RULES[claim.verb](held, held, item):
            return Verdict("verified", self.now)
        return None

    def _item_value(self, claim: said.Changed, moment: int, frame: int | None, after: Any) -> Any:
        """The value that was added or taken; where it is told as code, that code must stand in the statement."""
        assert claim.item is not None
        try:
            return evaluate(claim.item, self.timeline.lookup(moment, frame))
        except Unknown:
            one = claim.verb in ("append", "add") and isinstance(after, (list, tuple)) and len(after) > 0
            if one and self._is_at([claim.item], moment):
                return after[-1]
            raise

    def _removed(self, claim: said.Removed) -> Verdict:
        name = _base(claim.place)
        for moment in range(self.now + 1, len(self.events)):
            self._spend()
            event = self.events[moment]
            if type(event).__name__ == "Del" and getattr(event, "name", "") == name:
                self._tell(moment)
                return Verdict("verified", moment)
            if isinstance(event, Set) and event.name == name and not isinstance(claim.place, ast.Name):
                statement = self.timeline.step(moment)
                if statement is not None and isinstance(statement.node, ast.Delete):
                    self._tell(moment)
                    return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"{_text_of(claim.place)} is not removed here")

    def _measured(self, claim: said.Measured) -> Verdict:
        if claim.place is None:
            raise Unknown("of what?")
        timeline = self.timeline
        base = _base(claim.place)
        candidates = [moment for moment, _f, _v in timeline.next_changes(base, self.now)]
        held = timeline.find(base, self.now)
        if held is not None and (self._about == base or held[1] > self._sentence_from or (held[1] not in self.told and self._fresh(held[1]))):
            candidates.insert(0, held[1])
        else:
            candidates.insert(1, self.now)
        wrong: Verdict | None = None
        for moment in candidates[:200]:
            self._spend()
            try:
                frame = None if moment == self.now else self.events[moment].frame
                length = len(_contents(evaluate(claim.place, timeline.lookup(moment, frame))))
            except (Unknown, TypeError):
                continue
            if length == claim.count:
                if moment != self.now or (held is not None and held[1] == moment):
                    self._tell(moment)
                return Verdict("verified", moment)
            wrong = wrong or Verdict("refuted", moment, f"{_text_of(claim.place)} has {length} elements")
        return wrong or Verdict("unsupported", -1, f"{_text_of(claim.place)} has no length here")

    def _described(self, claim: said.Described) -> Verdict:
        """`root, a TreeNode with val = 41`: the object that the name has, or gets next."""
        timeline = self.timeline
        moments = [moment for moment, _f, _v in timeline.next_changes(_base(claim.place), self.now)]
        runs: list[tuple[int, int | None]] = [(self.now, None), *((moment, self.events[moment].frame) for moment in moments)]
        if self.now >= 0:
            runs.insert(1, (self.now, self.events[self.now].frame))
        for moment, frame in runs[:200]:
            self._spend()
            try:
                real = evaluate(claim.place, timeline.lookup(moment, frame))
                stated = {name: evaluate(node, timeline.lookup(moment, frame)) for name, node in claim.attributes}
            except Unknown:
                continue
            if _fits_description(real, claim.type, stated, timeline.lookup(moment, frame)):
                if moment != self.now:
                    self._tell(moment)
                return Verdict("verified", moment)
        for moment in range(self.now + 1, min(self.now + 200, len(self.events))):
            index = getattr(self.events[moment], "value", -1)
            stated = {name: evaluate(node) for name, node in claim.attributes if is_closed(node)}
            if index >= 0 and len(stated) == len(claim.attributes):
                if _fits_description(timeline.value(index), claim.type, stated, timeline.lookup(moment)):
                    return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"{_text_of(claim.place)} is not such an object here")

    def _counted_calls(self, claim: said.CountedCalls) -> Verdict:
        by_step: dict[tuple[int, int], int] = {}
        for frame, moment in self.timeline.calls.items():
            if self.timeline.frame_names[frame] == claim.name:
                event = self.events[moment]
                assert isinstance(event, Call)
                key = event.line, event.parent
                by_step[key] = by_step.get(key, 0) + 1
        if claim.count in by_step.values():
            return Verdict("verified", self.now)
        return Verdict("refuted", self.now, f"{claim.name} is not called {claim.count} times")

    # Exceptions

    def _raised(self, claim: said.Raised) -> Verdict:
        for moment in self.timeline.raises[bisect_right(self.timeline.raises, self.now) :]:
            event = self.events[moment]
            assert isinstance(event, Raise)
            if event.type == claim.type and claim.message in (None, event.message):
                self._tell(moment)
                return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"no {claim.type} is raised here so")

    def _caught(self, claim: said.Caught) -> Verdict:
        known = [moment for moment in self.timeline.raises if self._type_at(moment) == claim.type]
        first = max(0, bisect_right(known, self.now) - 1)
        for moment in known[first:]:
            frame = self.events[moment].frame
            end = self.timeline.ends.get(frame)
            if end is None or type(self.events[end]).__name__ != "Unwind" or self._handled(moment, end, frame):
                self._tell(moment)
                return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"no {claim.type} is caught here")

    def _handled(self, moment: int, end: int, frame: int) -> bool:
        return any(isinstance(self.events[n], Line) and self.events[n].frame == frame for n in range(moment + 1, end))

    def _type_at(self, moment: int) -> str:
        event = self.events[moment]
        assert isinstance(event, Raise)
        return event.type

    def _left_by(self, claim: said.LeftBy) -> Verdict:
        for moment in self.timeline.unwinds[bisect_right(self.timeline.unwinds, self.now) :]:
            if self.timeline.frame_names[self.events[moment].frame] in (claim.name, "__init__"):
                self._tell(moment)
                return Verdict("verified", moment)
        return Verdict("refuted", self.now, f"{claim.name} is not left by an exception here")


_NOTHING = object()


def _fits_description(real: Any, kind: str, stated: dict[str, Any], lookup: Any) -> bool:
    """An object of that class with these attributes; what is no attribute of it is a name beside it."""
    if not isinstance(real, Record) or real.type != kind:
        return False
    for name, value in stated.items():
        try:
            held = real.attrs[name] if name in real.attrs else lookup(ast.Name(name, ast.Load()))
        except Unknown:
            return False
        if not same(value, held):
            return False
    return True


def _among(arguments: dict[str, Any]) -> Any:
    """A lookup in the arguments of a call."""

    def value_of(node: ast.expr) -> Any:
        if isinstance(node, ast.Name) and node.id in arguments:
            return arguments[node.id]
        raise Unknown("no such argument")

    return value_of


def _sized(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict, set, frozenset, str, deque))


def _contents(value: Any) -> Any:
    return value.items if isinstance(value, Record) and value.items is not None else value


def _base(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _same_target(told: ast.expr, source: ast.expr, scene: Scene) -> bool:
    """`row[0]` for `row[left]`."""
    if isinstance(told, ast.Subscript) and isinstance(source, ast.Subscript):
        return _text(told.value) == _text(source.value) and stands_for(told.slice, source.slice, scene)
    return _text(told) == _text(source)


def _targets(node: ast.AST) -> list[str]:
    """What the loop or the comprehensions of a statement bind."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [_text(node.target).strip("()"), *(_text(c.target).strip("()") for c in ast.walk(node.iter) if isinstance(c, ast.comprehension))]
    return [_text(part.target).strip("()") for part in ast.walk(node) if isinstance(part, ast.comprehension)]


def _sources(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter]
    return [part.iter for part in ast.walk(node) if isinstance(part, ast.comprehension)]


_TEXTS: dict[int, tuple[ast.AST, str]] = {}


def _text(node: ast.AST) -> str:
    """Source without spaces."""
    known = _TEXTS.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    text = squeezed(ast.unparse(node))
    if len(_TEXTS) > 5000:
        _TEXTS.clear()
    _TEXTS[id(node)] = node, text
    return text


def _text_of(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 80 else text[:77] + "..."


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _about(stated: Any, real: Any) -> bool:
    """Equal at the stated number of decimals."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not isinstance(real, (int, float)):
        return False
    decimals = len(repr(float(stated)).partition(".")[2]) if isinstance(stated, float) else 0
    return abs(stated - real) <= 0.5 * 10.0**-decimals * 1.0001


def _value_or_name(node: ast.expr, lookup: Any) -> Any:
    return evaluate(node, lookup)


def _appended(before: Any, after: Any, item: Any) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        return isinstance(item, str) and after == before + item
    if isinstance(before, (int, float)) and isinstance(after, (int, float)) and isinstance(item, (int, float)):
        return same(before + item, after)
    if isinstance(before, (set, frozenset)):
        return item in after and set(after) == set(before) | {item}
    rows = list(after)
    if len(rows) != len(before) + 1:
        return False
    return (same(item, rows[-1]) and same(rows[:-1], list(before))) or (same(item, rows[0]) and same(rows[1:], list(before)))


def _extended(before: Any, after: Any, item: Any) -> bool:
    if isinstance(before, (set, frozenset)):
        return set(after) == set(before) | set(item)
    if isinstance(before, dict):
        return same({**before, **item}, after)
    return same([*before, *item], list(after)) or same([*reversed(item), *before], list(after))


def _popped(before: Any, after: Any, item: Any) -> bool:
    if isinstance(before, dict):
        return len(after) == len(before) - 1 and any(same(item, before[key]) or same(item, key) for key in before if key not in after)
    if len(after) > len(before):
        return False
    if isinstance(before, (set, frozenset)):
        return item in before and set(after) == set(before) - {item}
    left = list(before)
    for row in after:
        if row in left:
            left.remove(row)
    return len(left) == 1 and same(item, left[0])


_CHANGE_RULES: dict[str, Callable[[Any, Any, Any], bool]] = {
    "append": _appended,
    "add": _appended,
    "prepend": _appended,
    "extend": lambda before, after, item: _extended(before, after, item),
    "pop": _popped,
    "remove": _popped,
    "sort": lambda before, after, _item: len(before) == len(after) and sorted(map(repr, before)) == sorted(map(repr, after)),
    "reverse": lambda before, after, _item: same(list(before)[::-1], list(after)),
    "clear": lambda _before, after, _item: len(after) == 0,
}
_RULES: dict[type, Callable[[Aligner, Any], Verdict]] = {
    said.Equality: Aligner._equality, said.Test: Aligner._test, said.Worked: Aligner._worked, said.Made: Aligner._made, said.Mention: Aligner._mention,
    said.PassBegun: Aligner._pass_begun, said.Folded: Aligner._folded, said.LoopEnded: Aligner._loop_ended,
    said.LeftLoop: Aligner._left_loop, said.Each: Aligner._each, said.Repeats: Aligner._repeats, said.Called: Aligner._called,
    said.Resumed: Aligner._resumed, said.Returned: Aligner._returned, said.Yielded: Aligner._yielded,
    said.Changed: Aligner._changed, said.Removed: Aligner._removed, said.Measured: Aligner._measured,
    said.Described: Aligner._described,
    said.CountedCalls: Aligner._counted_calls, said.Raised: Aligner._raised, said.Caught: Aligner._caught, said.LeftBy: Aligner._left_by,
}  # fmt: skip
