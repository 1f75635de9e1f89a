"""`total = 10 + 3 = 13`: a name, its value, and how the value comes about."""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import Any

from cotmill.prove.claims.match.nodes import shown, shown_code
from cotmill.prove.claims.match.places import placed, unpacked
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.match.returns import returned
from cotmill.prove.claims.match.stated import derived, value_of
from cotmill.prove.claims.match.worked import call_made_of, call_result, worked_out
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.substituted import stands_for
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said

__all__ = ["equality"]


def equality(at: Position, claim: said.Equality) -> Verdict:
    parts = claim.parts
    value, known = value_of(at, claim)
    if isinstance(known, Verdict):
        return known
    if claim.because and at.scene is not None:
        verdict = _reason_holds(at, parts, value, known)
        if verdict.verdict == "verified" or at.tested:
            return verdict
    subject = parts[0]
    middle = [part for part in parts[1:] if not at.is_value(part) or (not known and isinstance(part, ast.Call))]
    if middle and middle[-1] is parts[-1] and _is_fraction(parts[-1]) and at.is_value(parts[-2]):
        middle.pop()  # "3.75 = 15/4"
    if isinstance(subject, ast.Tuple) and isinstance(subject.ctx, ast.Store):
        return unpacked(at, subject, parts[1])
    if isinstance(subject, ast.Name) and subject.id in at.only_functions and known:
        return returned(at, said.Returned(claim.start, claim.end, (*middle, ast.Constant(value)), True))
    if isinstance(subject, ast.Name):
        return _bound(at, subject.id, middle, value, known, claim.stays, claim.ends)
    if isinstance(subject, (ast.Attribute, ast.Subscript)) and not is_closed(subject):
        return placed(at, subject, middle, value, known, claim.stays)
    if not known:
        if isinstance(subject, ast.Call) and len(parts) > 1:
            return call_made_of(at, subject, parts[1:])
        raise Unknown("no value is stated")
    if isinstance(subject, ast.Call):
        found = call_result(at, subject, value)
        if found is not None:
            return found
    return worked_out(at, [part for part in parts if not at.is_value(part)], value)


def _is_fraction(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.right, ast.Constant)
    )


def _reason_holds(at: Position, parts: tuple[ast.expr, ...], value: Any, known: bool) -> Verdict:
    """What follows `since` holds where the test was made."""
    scene = at.scene
    assert scene is not None
    statement = at.timeline.step(scene.moment)
    sources = statement.expressions if statement is not None else ()
    for part in parts:
        if part is parts[-1] and at.is_value(part):
            continue
        options = (source for source in sources if stands_for(part, source, scene))
        if known and not is_closed(part):
            worth = _scene_value(at, part)
            if worth is not None and not same(value, worth[0]):
                return Verdict("refuted", scene.moment, f"{shown_code(part)} is {shown(worth[0])} there")
            if worth is None:
                if not any(scene.worth(source, value) for source in options):
                    why = f"{shown_code(part)} is not {shown(value)} in that test"
                    return Verdict("unsupported", scene.moment, why)
                continue
        if next(options, None) is None:
            return Verdict("unsupported", scene.moment, f"{shown_code(part)} is no part of that test")
    return Verdict("verified", scene.moment)


def _scene_value(at: Position, node: ast.expr) -> tuple[Any] | None:
    scene = at.scene
    assert scene is not None
    statement = at.timeline.step(scene.moment)
    named = [part for part in statement.expressions if isinstance(part, ast.NamedExpr)] if statement else []
    # a name that the test itself binds has its value when the step is over
    late = isinstance(node, ast.Name) and any(part.target.id == node.id for part in named)
    try:
        return (evaluate(node, at.timeline.lookup(at.end_of_step(scene.start) if late else scene.moment, scene.frame)),)
    except Unknown:
        return None


def _bound(
    at: Position, name: str, middle: list[ast.expr], value: Any, known: bool, stays: bool, ends: bool = False
) -> Verdict:
    timeline = at.timeline
    held = timeline.find(name, at.now)
    if held is not None and not stays and at.now >= 0:
        running = timeline.frame_at[at.now]
        if held[0] != running and (running, name) in timeline.history:
            held = None  # the running frame has a name of its own like this, not bound yet
    if not known:
        return _bound_alike(at, name, middle, held)
    if held is not None and same(value, timeline.value(held[2])) and not (ends and _goes_on(at, name, held[1])):
        moment = held[1]
        if not middle and (stays or at.fresh(moment) or _bound_again(at, name, held[0])):
            at.tell_state(moment)
            return Verdict("verified", moment)
        if middle and at.fresh(moment) and derived(at, middle, moment):
            at.tell_state(moment)
            return Verdict("verified", moment)
    wrong = -1
    for moment in timeline.changes_to(name, value, at.now):
        at.spend()
        if ends and _goes_on(at, name, moment):
            continue
        if not middle or derived(at, middle, moment):
            at.tell(moment)
            _tell_together(at, middle, moment, value)
            return Verdict("verified", moment)
        wrong = moment if wrong < 0 else wrong
    if wrong >= 0:
        return Verdict("unsupported", wrong, f"{name} is {shown(value)}, but not as {shown_code(middle[0])}")
    return _not_bound(at, name, value, held)


def _bound_again(at: Position, name: str, frame: int) -> bool:
    """Whether a step of this sentence sets the name to what it was: no change is recorded for that."""
    lines = at.timeline.lines_of(frame)
    own = lines[bisect_right(lines, max(at.sentence_from, -1)) : bisect_right(lines, at.now)]
    steps = (at.timeline.step(at.end_of_step(line)) for line in own[:20])
    return any(step is not None and name in step.changes for step in steps)


def _goes_on(at: Position, name: str, moment: int) -> bool:
    """Whether the loop that made the change changes the name once more."""
    frame = at.events[moment].frame
    around = [loop for loop in at.timeline.loops if loop.frame == frame and loop.entry < moment <= loop.end]
    if not around:
        return False
    end = min(loop.end for loop in around)
    return any(change <= end and own == frame for change, own, _value in at.timeline.next_changes(name, moment)[:50])


def _tell_together(at: Position, names: list[ast.expr], moment: int, value: Any) -> None:
    """`p = q = 1` tells of q, too."""
    timeline = at.timeline
    for node in names:
        if isinstance(node, ast.Name):
            for change, _frame, index in timeline.next_changes(node.id, timeline.line_at[moment])[:3]:
                if timeline.line_at[change] == timeline.line_at[moment] and same(value, timeline.value(index)):
                    at.told.add(change)


def _bound_alike(at: Position, name: str, middle: list[ast.expr], held: tuple[int, int, int] | None) -> Verdict:
    """`primes = sieve(1000)`: no value is stated, only where it comes from."""
    if not middle:
        raise Unknown("no value is stated")
    moments = [moment for moment, _frame, _value in at.timeline.next_changes(name, at.now)]
    if held is not None and held[1] not in at.told and at.fresh(held[1]):
        moments.insert(0, held[1])
    for moment in moments[:500]:
        at.spend()
        if derived(at, middle, moment):
            at.tell(moment)
            return Verdict("verified", moment)
    found = at.where(lambda moment: at.binds(name, moment) and at.is_at(middle, moment), 400)
    if found is not None:
        return Verdict("verified", found)
    return Verdict("unsupported", moments[0] if moments else -1, f"{name} does not come from {shown_code(middle[0])}")


def _not_bound(at: Position, name: str, value: Any, held: tuple[int, int, int] | None) -> Verdict:
    timeline = at.timeline
    upcoming = timeline.next_changes(name, at.now)
    if upcoming:
        moment, _frame, index = upcoming[0]
        return Verdict("refuted", moment, f"{name} becomes {shown(timeline.value(index))}, not {shown(value)}")
    if held is not None:
        real = timeline.value(held[2])
        if same(value, real):
            return Verdict("unsupported", held[1], f"{name} = {shown(value)} is told out of its order")
        return Verdict("refuted", held[1], f"{name} is {shown(real)}, not {shown(value)}")
    return Verdict("unsupported", -1, f"no {name} has the value {shown(value)} from here on")
