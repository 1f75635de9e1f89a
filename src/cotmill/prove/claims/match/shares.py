"""Arithmetic that a text sums up: a share of something, a loop's running total in one line."""

from __future__ import annotations

import ast
from fractions import Fraction
from itertools import groupby
from typing import Any

from cotmill.base.trace import Set
from cotmill.prove.claims.match.nodes import shown
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.text import statements as said

__all__ = ["running_total", "share"]

SHARES_AHEAD = 12  # statements within which a share must be worked out


def share(at: Position, claim: said.Share) -> Verdict:
    """The value holds, and the program comes to it in a statement that has the whole in it."""
    whole = evaluate(claim.whole)
    if isinstance(whole, bool) or not isinstance(whole, (int, float, Fraction)):
        raise Unknown("a share of what is no number")
    value = claim.part * Fraction(str(whole))
    for part in claim.results:
        if not _equal(evaluate(part), value):
            return Verdict("refuted", -1, f"{float(claim.part):g} of {shown(whole)} is {float(value):g}")

    def works_out(moment: int) -> bool:
        scene, statement = at.scene_at(moment), at.timeline.step(moment)
        if scene is None or statement is None:
            return False
        values = []
        for source in statement.expressions:
            try:
                values.append(scene.value(source))
            except Unknown:
                continue
        return any(_equal(one, value) for one in values) and any(same(whole, one) for one in values)

    moment = at.where(works_out, SHARES_AHEAD)
    if moment is None:
        return Verdict("unsupported", -1, f"the program does not take {float(claim.part):g} of {shown(whole)} here")
    for later in range(moment, at.end_of_step(moment) + 1):
        event = at.events[later]
        if isinstance(event, Set) and _equal(at.timeline.value(event.value), value):
            at.tell(later)
    return Verdict("verified", moment)


def _equal(one: Any, value: Fraction) -> bool:
    if isinstance(one, bool) or not isinstance(one, (int, float, Fraction)):
        return False
    return same(one, float(value) if isinstance(one, float) else value)


def running_total(at: Position, node: ast.expr) -> Verdict | None:
    """`5 + 7 + 4` where a name goes through 5, 12 and 16: the changes of a loop in one line. None where none does."""
    totals = [total for total, _ in groupby(_totals(node))]  # a name that gets what it has leaves no event
    if len(totals) < 2:
        return None
    run = at.next_run(totals)
    if run is None:
        return None
    at.told.update(run)
    at.tell(run[-1])
    return Verdict("verified", run[-1])


def _totals(node: ast.expr) -> list[Any]:
    """What a sum or a product comes to term by term, from the left."""
    totals: list[Any] = []
    kinds = (ast.Add, ast.Sub) if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mult) else (ast.Mult,)
    while isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
        totals.append(evaluate(node))
        node = node.left
    totals.append(evaluate(node))
    return totals[::-1]
