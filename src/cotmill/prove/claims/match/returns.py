"""What a call returns, what a generator hands out."""

from __future__ import annotations

import ast
from bisect import bisect_right

from cotmill.base.trace import Return, Yield
from cotmill.prove.claims.match.mentions import comes_out
from cotmill.prove.claims.match.nodes import shown, shown_code
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.match.stated import value_of
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.text import statements as said

__all__ = ["returned", "yielded"]


def returned(at: Position, claim: said.Returned) -> Verdict:
    value, known = value_of(at, said.Equality(claim.start, claim.end, claim.parts))
    if isinstance(known, Verdict):
        return known
    middle = [part for part in claim.parts if not at.is_value(part)]
    if not known:
        return _returned_code(at, claim)
    wrong = -1
    for moment in _return_moments(at):
        at.spend()
        event = at.events[moment]
        assert isinstance(event, Return)
        if not same(value, at.timeline.value(event.value)):
            wrong = moment if wrong < 0 else wrong
        elif not middle or claim.final or at.is_at(middle, moment) or _names_return(at, middle, event):
            if middle and claim.final and not at.is_at(middle, moment):
                continue
            at.tell(moment)
            return Verdict("verified", moment)
        else:
            wrong = moment if wrong < 0 else wrong
    if claim.final:
        moment_out = comes_out(at, value)
        if moment_out is not None and not middle:
            return Verdict("verified", moment_out)
    if wrong >= 0:
        event = at.events[wrong]
        assert isinstance(event, Return)
        real = at.timeline.value(event.value)
        name = at.timeline.frame_names[event.frame]
        if same(value, real):
            return Verdict("unsupported", wrong, f"{name} does not work that out as {shown_code(middle[0])}")
        return Verdict("refuted", wrong, f"{name} returns {shown(real)}, not {shown(value)}")
    return Verdict("unsupported", -1, f"nothing returns {shown(value)} from here on")


def _returned_code(at: Position, claim: said.Returned) -> Verdict:
    """``Return `chain(a, b)` ``: no value is stated, only where it comes from."""
    for moment in _return_moments(at)[:200]:
        at.spend()
        if at.is_at(claim.parts, moment):
            at.tell(moment)
            return Verdict("verified", moment)
    return Verdict("unsupported", -1, f"nothing returns {shown_code(claim.parts[0])} from here on")


def _names_return(at: Position, middle: list[ast.expr], event: Return) -> bool:
    try:
        lookup = at.timeline.lookup(at.timeline.ends[event.frame] - 1, event.frame)
        return all(
            isinstance(part, ast.Name) and same(evaluate(part, lookup), at.timeline.value(event.value))
            for part in middle
        )
    except (Unknown, KeyError):
        return False


def _return_moments(at: Position) -> list[int]:
    """Returns that may be told next: of the running frame, of its callers, then any."""
    timeline = at.timeline
    mine = [
        timeline.ends[frame]
        for frame in timeline.frames_in_sight(at.now)
        if timeline.ends.get(frame, -1) > at.now and isinstance(at.events[timeline.ends[frame]], Return)
    ]
    later = timeline.returns[bisect_right(timeline.returns, at.now) :]
    names = timeline.frame_names
    return [n for n in sorted({*mine, *later}) if not names[at.events[n].frame].startswith("<")][:2000]


def yielded(at: Position, claim: said.Yielded) -> Verdict:
    value, known = value_of(at, said.Equality(claim.start, claim.end, claim.parts))
    if isinstance(known, Verdict):
        return known
    if not known:
        raise Unknown("no value is stated")
    middle = [part for part in claim.parts if not at.is_value(part)]
    wrong: Verdict | None = None
    for moment in at.timeline.yields[bisect_right(at.timeline.yields, at.now) :]:
        at.spend()
        event = at.events[moment]
        assert isinstance(event, Yield)
        real = at.timeline.value(event.value)
        if not same(value, real):
            wrong = wrong or Verdict("refuted", moment, f"{shown(real)} is handed out, not {shown(value)}")
        elif at.is_at(middle, moment):
            at.tell(moment)
            return Verdict("verified", moment)
        else:
            wrong = wrong or Verdict("unsupported", moment, f"{shown(real)} is not {shown_code(middle[0])} there")
    return wrong or Verdict("unsupported", -1, "nothing is handed out from here on")
