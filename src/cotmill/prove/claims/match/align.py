"""Statement by statement: which rule holds it against the trace, and what the next one may refer to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cotmill.prove.claims.match import (
    calls,
    changes,
    equalities,
    loops,
    mentions,
    objects,
    returns,
    shares,
    tests_told,
    worked,
)
from cotmill.prove.claims.match.nodes import base_of
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.run.evaluate import Unknown
from cotmill.prove.claims.text import statements as said

__all__ = ["check"]


def check(at: Position, statement: said.Statement) -> Verdict:
    """The verdict on the next statement. Raises OutOfFuel."""
    try:
        verdict = _RULES[type(statement)](at, statement)
    except Unknown as reason:
        return Verdict("uncheckable", -1, f"cannot be worked out ({reason})")
    if isinstance(statement, (said.Equality, said.Returned)) and not getattr(statement, "because", False):
        at.scene = at.scene_at(verdict.moment) if verdict.moment >= 0 else None
        at.tested = False
    if isinstance(statement, (said.Equality, said.Changed)):
        at.about = base_of(statement.parts[0] if isinstance(statement, said.Equality) else statement.place)
        if at.summary is not None:
            at.summed_up.setdefault(at.about, []).append(at.summary)
    return verdict


_RULES: dict[type, Callable[[Position, Any], Verdict]] = {
    said.Lost: lambda _at, _claim: Verdict("uncheckable", -1, "too long to read"),
    said.Equality: equalities.equality,
    said.Test: tests_told.test,
    said.Worked: worked.worked,
    said.Share: shares.share,
    said.Sequence: mentions.sequence,
    said.Made: mentions.made,
    said.Mention: mentions.mention,
    said.PassBegun: loops.pass_begun,
    said.Folded: loops.folded_passes,
    said.LoopEnded: loops.loop_ended,
    said.LoopRan: loops.loop_ran,
    said.LeftLoop: loops.left_loop,
    said.Each: loops.each,
    said.Repeats: loops.repeats,
    said.Called: calls.called,
    said.Resumed: calls.resumed,
    said.Returned: returns.returned,
    said.Yielded: returns.yielded,
    said.Changed: changes.changed,
    said.Removed: changes.removed,
    said.Measured: objects.measured,
    said.Described: objects.described,
    said.CountedCalls: calls.counted_calls,
    said.Raised: calls.raised,
    said.Caught: calls.caught,
    said.LeftBy: calls.left_by,
}
