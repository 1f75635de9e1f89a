"""Values that stand alone, and what comprehensions come to."""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import Any

from cotmill.base.trace import Set, Value
from cotmill.prove.claims.match.nodes import shown, sized
from cotmill.prove.claims.match.position import REACH, Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.sight import in_sight
from cotmill.prove.claims.text import statements as said

__all__ = ["comes_out", "made", "mention", "sequence"]


def mention(at: Position, claim: said.Mention) -> Verdict:
    value = evaluate(claim.node)
    if claim.becomes and (moment := _set_here(at, value)) is not None:
        at.tell(moment)
        return Verdict("verified", moment)
    if claim.result or isinstance(value, (list, tuple, dict, set)):
        moment = comes_out(at, value)
        if moment is not None:
            return Verdict("verified", moment)
    if claim.becomes:
        return Verdict("unsupported", -1, f"nothing is {shown(value)} there")
    if at.about and (moment := _next_of(at, value)) is not None:
        at.tell(moment)
        return Verdict("verified", moment)
    if in_sight(value, at.timeline, at.now, REACH):
        return Verdict("verified", at.now)
    return Verdict("unsupported", -1, f"nothing there is {shown(value)}")


def sequence(at: Position, claim: said.Sequence) -> Verdict:
    values = [evaluate(part) for part in claim.parts]
    run = at.next_run(values)
    if run is not None:
        at.told.update(run)
        at.tell(run[-1])
        return Verdict("verified", run[-1])
    if len(values) == 2 and in_sight(values[0], at.timeline, at.now, REACH):
        moment = comes_out(at, values[1])
        if moment is not None:
            return Verdict("verified", moment)
    return Verdict("unsupported", -1, f"nothing there goes through {shown(values)}")


def _set_here(at: Position, value: Any) -> int | None:
    """A change to this value by the running statement or one of the next two."""
    lines = at.timeline.line_moments
    ahead = lines[bisect_right(lines, at.now) :][:3]
    for moment in range(at.now + 1, ahead[2] if len(ahead) > 2 else len(at.events)):
        event = at.events[moment]
        if isinstance(event, Set) and same(value, at.timeline.value(event.value)):
            return moment
    return None


def _next_of(at: Position, value: Any) -> int | None:
    """The next change of what the sentence told last, if it brings this value: "it is 22, after the second 34"."""
    for moment, _frame, index in at.timeline.next_changes(at.about, at.now)[:1]:
        if same(value, at.timeline.value(index)):
            return moment
    return None


def comes_out(at: Position, value: Any) -> int | None:
    """The next event, within reach, that has this value; the state at `now` counts first."""
    timeline = at.timeline
    for frame in timeline.frames_in_sight(at.now):
        for (owner, _name), (moments, values) in timeline.of_frame(frame):
            assert owner == frame
            place = bisect_right(moments, at.now) - 1
            if place >= 0 and values[place] >= 0 and same(value, timeline.value(values[place])):
                at.tell_state(moments[place])
                return moments[place]
    for moment in range(at.now + 1, min(at.now + 1 + 4 * REACH, len(at.events))):
        at.spend()
        event = at.events[moment]
        index = getattr(event, "value", -1)
        if index >= 0 and same(value, timeline.value(index)):
            at.tell(moment)
            return moment
        if isinstance(value, tuple) and isinstance(event, Set) and _pair_at(at, value, moment):
            at.tell(moment)
            return moment
    return None


def _pair_at(at: Position, value: tuple[Any, ...], moment: int) -> bool:
    """The names that one statement binds together have these values."""
    statement = at.timeline.step(moment)
    node = statement.node if statement is not None else None
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return False
    targets = node.targets[0].elts
    if len(targets) != len(value):
        return False
    try:
        lookup = at.timeline.lookup(moment, at.events[moment].frame)
        return same(value, tuple(evaluate(target, lookup) for target in targets))
    except Unknown:
        return False


def made(at: Position, claim: said.Made) -> Verdict:
    """What a comprehension or a generator expression came to."""
    timeline = at.timeline
    lookup = timeline.lookup(at.now)
    values = [evaluate(node, lookup) for node in claim.values]
    if len(values) <= 1 and claim.last is None:
        for moment in range(at.now + 1, min(at.now + 2000, len(at.events))):
            at.spend()
            event = at.events[moment]
            if isinstance(event, Value) and _is_comprehension(at, event.site):
                real = timeline.value(event.value)
                if (values and same(values[0], real)) or (not values and sized(real) and len(real) == claim.count):
                    at.tell(moment)
                    return Verdict("verified", moment)
    for frame, items in timeline.generators.items():
        at.spend()
        end = timeline.ends.get(frame, len(at.events))
        if end > at.sentence_from and len(items) >= len(values) > 0 and timeline.calls[frame] not in at.told:
            handed = [timeline.value(at.events[n].value) for n in items]  # type: ignore[union-attr]  # yields
            if claim.last is None:
                fits = same(values, handed)
            else:
                fits = same(values, handed[: len(values)]) and same(evaluate(claim.last, lookup), handed[-1])
            if fits and claim.count in (-1, len(handed)):
                at.told.add(timeline.calls[frame])
                return Verdict("verified", items[-1])
    return Verdict("unsupported", -1, f"nothing there comes to {shown(values)}")


def _is_comprehension(at: Position, site: int) -> bool:
    return isinstance(at.timeline.nodes[site], (ast.ListComp, ast.SetComp, ast.DictComp))
