"""What the parts of a chain say by themselves, and whether a statement of the program works them out so."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.base.trace import Call, Set
from cotmill.prove.claims.match.nodes import shown, shown_code
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said

__all__ = ["derived", "value_of"]


def value_of(at: Position, claim: said.Equality) -> tuple[Any, bool | Verdict]:
    """The stated value, whether there is one; or the refutation where the parts themselves disagree."""
    value: Any = None
    known = False
    for part in reversed(claim.parts):
        if not is_closed(part) or at.constructs(part, part is claim.parts[-1]):
            continue
        try:
            own = evaluate(part)
        except Unknown:
            if part is claim.parts[-1]:
                raise
            continue
        if not known:
            value, known = own, True
        elif not same(value, own) and not (claim.rough and about_equal(value, own)):
            return value, Verdict("refuted", -1, f"{shown_code(part)} is {shown(own)}, not {shown(value)}")
    return value, known


def derived(at: Position, middle: list[ast.expr], moment: int) -> bool:
    """Whether the value that a name got there was worked out as these expressions say."""
    if isinstance(at.events[moment], Call):
        return at.is_at(middle, moment, caller=True)
    if at.is_at(middle, moment):
        return True
    scene = at.scene_at(moment)
    if scene is None:
        return False
    return all(isinstance(part, ast.Name) and _names_it(at, part, moment) for part in middle)


def _names_it(at: Position, name: ast.Name, moment: int) -> bool:
    """`best = x = 9` where the program says so in another way: the other name has that value, too."""
    event = at.events[moment]
    held = at.timeline.held(event.frame, name.id, moment)
    return held is not None and isinstance(event, Set) and held[1] == event.value


def about_equal(stated: Any, real: Any) -> bool:
    """Equal at the stated number of decimals."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not isinstance(real, (int, float)):
        return False
    decimals = len(repr(float(stated)).partition(".")[2]) if isinstance(stated, float) else 0
    return abs(stated - real) <= 0.5 * 10.0**-decimals * 1.0001
