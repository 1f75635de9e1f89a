"""Changes in place: append, pop, sort and their kin; what is removed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cotmill.base.trace import Set
from cotmill.base.values import Opaque, Record
from cotmill.prove.claims.match.nodes import base_of, contents, shown, shown_code, sized
from cotmill.prove.claims.match.position import NOTHING, Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.text import statements as said

__all__ = ["changed", "removed"]


def changed(at: Position, claim: said.Changed) -> Verdict:
    timeline = at.timeline
    base = base_of(claim.place)
    now = evaluate(claim.now) if claim.now is not None else NOTHING
    moments = [(moment, frame) for moment, frame, _ in timeline.next_changes(base, at.now)]
    wrong: Verdict | None = None
    for moment, frame in moments[: 0 if claim.idle else 1000]:
        at.spend()
        try:
            after = contents(evaluate(claim.place, timeline.lookup(moment, frame)))
        except Unknown:
            continue
        if now is not NOTHING and not same(now, after):
            wrong = wrong or Verdict("refuted", moment, f"{shown_code(claim.place)} is now {shown(after)}")
            continue
        try:
            item = NOTHING if claim.item is None else _item_value(at, claim, moment, frame, after)
        except Unknown:
            if claim.item is not None and at.is_at([claim.item], moment):
                at.tell(moment)
                return Verdict("verified", moment)
            raise
        befores = _befores(at, claim.place, moment, frame, after)
        if isinstance(item, Record) and claim.verb in ("pop", "remove"):
            with suppress(Unknown):  # as it was while it was in there
                item = _item_value(at, claim, timeline.line_at[moment], frame, after)
        if any(_CHANGE_RULES[claim.verb](before, after, item) for before in befores):
            at.tell(moment)
            return Verdict("verified", moment)
        if _passed_on(at, item, moment) and any(len(after) == len(before) + 1 for before in befores if sized(before)):
            at.tell(moment)
            return Verdict("verified", moment)
        wrong = wrong or Verdict("refuted", moment, f"{shown_code(claim.place)} becomes {shown(after)}")
    return (
        _without_effect(at, claim)
        or wrong
        or Verdict("unsupported", -1, f"{shown_code(claim.place)} does not change so")
    )


def _passed_on(at: Position, item: Any, moment: int) -> bool:
    """An object that looked so when the statement passed it on; the change itself may have changed it."""
    scene, statement = at.scene_at(moment), at.timeline.step(moment)
    if scene is None or statement is None or not isinstance(item, Record):
        return False
    return any(
        scene.worth(argument, item)
        for node in statement.expressions
        if isinstance(node, ast.Call)
        for argument in node.args
    )


def _befores(at: Position, place: ast.expr, moment: int, frame: int, after: Any) -> list[Any]:
    """The value before a change: before this event, and where the statement began; none yet counts as empty."""
    found: list[Any] = []
    for earlier in (moment - 1, at.timeline.line_at[moment]):
        try:
            found.append(contents(evaluate(place, at.timeline.lookup(earlier, frame))))
        except Unknown:
            found.append(type(after)())
    return found


def _without_effect(at: Position, claim: said.Changed) -> Verdict | None:
    """Sorting what is sorted, adding what a set has: nothing changes, and that is true."""
    if (claim.now is None and not claim.idle) or claim.verb in ("append", "pop"):
        return None
    try:
        held = contents(at.timeline.state(claim.place, at.now))
        item = NOTHING if claim.item is None else _item_value(at, claim, max(at.now, 0), None, held)
    except Unknown:
        return None
    if (claim.now is None or same(evaluate(claim.now), held)) and _CHANGE_RULES[claim.verb](held, held, item):
        return Verdict("verified", at.now)
    return None


def _item_value(at: Position, claim: said.Changed, moment: int, frame: int | None, after: Any) -> Any:
    """The value that was added or taken; where it is told as code, that code must stand in the statement."""
    assert claim.item is not None
    try:
        return evaluate(claim.item, at.timeline.lookup(moment, frame))
    except Unknown:
        one = claim.verb in ("append", "add") and isinstance(after, (list, tuple)) and len(after) > 0
        if one and at.is_at([claim.item], moment):
            return after[-1]
        raise


def removed(at: Position, claim: said.Removed) -> Verdict:
    name = base_of(claim.place)
    for moment in range(at.now + 1, len(at.events)):
        at.spend()
        event = at.events[moment]
        if type(event).__name__ == "Del" and getattr(event, "name", "") == name:
            at.tell(moment)
            return Verdict("verified", moment)
        if isinstance(event, Set) and event.name == name and not isinstance(claim.place, ast.Name):
            statement = at.timeline.step(moment)
            if statement is not None and isinstance(statement.node, ast.Delete) and at.is_at([claim.place], moment):
                at.tell(moment)
                return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"{shown_code(claim.place)} is not removed here")


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
    if isinstance(item, Record) and (_looks_like(item, rows[-1]) or _looks_like(item, rows[0])):
        return True
    return (same(item, rows[-1]) and same(rows[:-1], list(before))) or (
        same(item, rows[0]) and same(rows[1:], list(before))
    )


def _extended(before: Any, after: Any, item: Any) -> bool:
    if isinstance(before, (set, frozenset)):
        return set(after) == set(before) | set(item)
    if isinstance(before, dict):
        return same({**before, **item}, after)
    return same([*before, *item], list(after)) or same([*reversed(item), *before], list(after))


def _popped(before: Any, after: Any, item: Any) -> bool:
    if isinstance(before, dict):
        return len(after) == len(before) - 1 and any(
            same(item, before[key]) or same(item, key) for key in before if key not in after
        )
    if len(after) > len(before):
        return False
    if isinstance(before, (set, frozenset)):
        return item in before and set(after) == set(before) - {item}
    if isinstance(item, Record):
        return len(after) == len(before) - 1 and any(_looks_like(item, row) for row in before)
    left = list(before)
    for row in after:
        if row in left:
            left.remove(row)
    return len(left) == 1 and same(item, left[0])


def _looks_like(one: Record, other: Any) -> bool:
    """Linked objects show each other and so differ by where one begins to look: are the plain attributes alike?."""
    if not isinstance(other, Record) or one.type != other.type or one.attrs.keys() != other.attrs.keys():
        return False
    return all(
        same(value, other.attrs[name])
        for name, value in one.attrs.items()
        if not isinstance(value, (Record, Opaque, list, tuple, dict, set))
    )


_CHANGE_RULES: dict[str, Callable[[Any, Any, Any], bool]] = {
    "append": _appended,
    "add": _appended,
    "prepend": _appended,
    "extend": _extended,
    "pop": _popped,
    "remove": _popped,
    "sort": lambda before, after, _item: (
        len(before) == len(after) and sorted(map(repr, before)) == sorted(map(repr, after))
    ),
    "reverse": lambda before, after, _item: same(list(before)[::-1], list(after)),
    "clear": lambda _before, after, _item: len(after) == 0,
}
