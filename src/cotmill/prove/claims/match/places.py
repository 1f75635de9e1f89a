"""Elements and attributes, read and written; several names bound at once."""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import Any

from cotmill.base.trace import Set
from cotmill.prove.claims.match.nodes import base_of, shown, shown_code, spelled
from cotmill.prove.claims.match.position import NOTHING, Position, Verdict
from cotmill.prove.claims.match.stated import derived
from cotmill.prove.claims.match.worked import worked_out
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.substituted import Scene, stands_for
from cotmill.prove.claims.run.trees import is_closed

__all__ = ["placed", "same_target", "unpacked"]


def placed(
    at: Position, place: ast.Attribute | ast.Subscript, middle: list[ast.expr], value: Any, known: bool, stays: bool
) -> Verdict:
    """An element or attribute, read or written."""
    timeline = at.timeline
    real: Any = NOTHING
    try:
        real = timeline.state(place, at.now)
        if known and same(value, real) and not middle:
            found = timeline.find(base_of(place), at.now)
            if found is None or stays or at.fresh(found[1]):
                return _told_place(at, place)
    except Unknown:
        pass
    base = base_of(place)
    if (middle or real is NOTHING) and (quiet := _written_quietly(at, place, middle, value, known)) is not None:
        return Verdict("verified", quiet)
    moments = [moment for moment, _f, _v in timeline.next_changes(base, at.now)] if base else []
    if at.now >= 0 and at.now not in moments:
        moments.insert(0, at.now)
    nearest = -1
    for moment in moments[:1000]:
        at.spend()
        try:
            there = evaluate(place, timeline.lookup(moment, at.events[moment].frame))
        except Unknown:
            continue
        fits = same(value, there) if known else at.is_at([place], moment)
        if fits and (not middle or derived(at, middle, moment)):
            at.tell(moment)
            return Verdict("verified", moment)
        nearest = moment if nearest < 0 and moment > at.now else nearest
    if not known:
        raise Unknown("no value is stated")
    read = worked_out(at, [place, *middle], value, 8)
    if read.verdict == "verified" or real is NOTHING:
        return read
    if same(value, real):
        return Verdict("unsupported", nearest, f"{shown_code(place)} is {shown(value)}, but not as told")
    return Verdict("refuted", nearest, f"{shown_code(place)} is {shown(real)}, not {shown(value)}")


def _written_quietly(at: Position, place: ast.expr, middle: list[ast.expr], value: Any, known: bool) -> int | None:
    """An element set to what it was leaves no event: the running statements, and the next few, are asked."""
    timeline = at.timeline
    upcoming = bisect_right(timeline.line_moments, at.now)
    for line in at.current_lines()[:1] + timeline.line_moments[upcoming : upcoming + 4]:
        moment = at.end_of_step(line)
        event = at.events[line]
        statement = timeline.step(line)
        if statement is None or base_of(place) not in statement.changes:
            continue
        try:
            there = evaluate(place, timeline.lookup(moment, event.frame))
        except Unknown:
            if known and _assigns(at, place, value, moment) and at.is_at(middle, moment):
                at.tell(moment)
                return moment
            continue
        if (same(value, there) if known else at.is_at([place], moment)) and at.is_at(middle, moment):
            at.tell(moment)
            changed = timeline.history.get((event.frame, base_of(place)), ([], []))[0]
            at.told.update(changed[bisect_right(changed, line) : bisect_right(changed, moment)])
            return moment
    return None


def _assigns(at: Position, place: ast.expr, value: Any, moment: int) -> bool:
    """Whether the statement sets this place to the value, where the place itself cannot be looked at."""
    statement, scene = at.timeline.step(moment), at.scene_at(moment)
    node = statement.node if statement is not None else None
    if not isinstance(node, ast.Assign) or scene is None:
        return False
    return any(same_target(place, target, scene) for target in node.targets) and scene.worth(node.value, value)


def _told_place(at: Position, place: ast.expr) -> Verdict:
    found = at.timeline.find(base_of(place), at.now)
    if found is None:
        return Verdict("verified", at.now)
    at.tell_state(found[1])
    return Verdict("verified", found[1])


def unpacked(at: Position, targets: ast.Tuple, values: ast.expr) -> Verdict:
    """`a, b = 1, 0 + 1`: the statement that binds these names together, both sides as they were before."""
    timeline = at.timeline

    def unpacks(moment: int) -> bool:
        statement = timeline.step(moment)
        node = statement.node if statement is not None else None
        scene = at.scene_at(moment)
        if not isinstance(node, ast.Assign) or scene is None:
            return False
        target = node.targets[0]
        if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != len(targets.elts):
            return False
        if not all(same_target(ours, theirs, scene) for ours, theirs in zip(targets.elts, target.elts, strict=True)):
            return False
        if stands_for(values, node.value, scene):
            return True
        try:
            there = [evaluate(part, timeline.lookup(moment, scene.frame)) for part in targets.elts]
            return is_closed(values) and same(evaluate(values), there)
        except Unknown:
            return False

    moment = at.where(unpacks, 2000)
    if moment is not None:
        bases = {base_of(part.value if isinstance(part, ast.Starred) else part) for part in targets.elts}
        for event in range(moment, at.end_of_step(moment) + 1):
            change = at.events[event]
            if isinstance(change, Set) and change.name in bases and timeline.line_at[event] == moment:
                at.told.add(event)
        return Verdict("verified", moment)
    return Verdict("unsupported", -1, f"{shown_code(targets)} is not set to that from here on")


def same_target(told: ast.expr, source: ast.expr, scene: Scene) -> bool:
    """`grid[0][2]` for `grid[row][col]`."""
    if isinstance(told, ast.Subscript) and isinstance(source, ast.Subscript):
        return same_target(told.value, source.value, scene) and stands_for(told.slice, source.slice, scene)
    return spelled(told) == spelled(source)
