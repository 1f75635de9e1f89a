"""Objects and containers of which only the class, some attributes or the length are told."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.base.values import Record
from cotmill.prove.claims.match.nodes import base_of, contents, shown_code, sized
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said

__all__ = ["among", "described", "fits_description", "measured"]


def measured(at: Position, claim: said.Measured) -> Verdict:
    if claim.place is None:
        raise Unknown("of what?")
    timeline = at.timeline
    base = base_of(claim.place)
    candidates = [moment for moment, _f, _v in timeline.next_changes(base, at.now)]
    held = timeline.find(base, at.now)
    if held is not None and (
        at.about == base or held[1] > at.sentence_from or (held[1] not in at.told and at.fresh(held[1]))
    ):
        candidates.insert(0, held[1])
    else:
        candidates.insert(1, at.now)
    wrong: Verdict | None = None
    for moment in candidates[:200]:
        at.spend()
        try:
            frame = None if moment == at.now else at.events[moment].frame
            length = len(contents(evaluate(claim.place, timeline.lookup(moment, frame))))
        except (Unknown, TypeError):
            continue
        if length == claim.count:
            if moment != at.now or (held is not None and held[1] == moment):
                at.tell(moment)
            return Verdict("verified", moment)
        wrong = wrong or Verdict("refuted", moment, f"{shown_code(claim.place)} has {length} elements")
    if not base:  # the length of what an expression comes to
        for moment in range(at.now + 1, min(at.now + 60, len(at.events))):
            index = getattr(at.events[moment], "value", -1)
            if index >= 0 and sized(timeline.value(index)) and len(timeline.value(index)) == claim.count:
                return Verdict("verified", moment)
    return wrong or Verdict("unsupported", -1, f"{shown_code(claim.place)} has no length here")


def described(at: Position, claim: said.Described) -> Verdict:
    """`root, a TreeNode with val = 41`: the object that the name has, or gets next."""
    timeline = at.timeline
    moments = [moment for moment, _f, _v in timeline.next_changes(base_of(claim.place), at.now)]
    runs: list[tuple[int, int | None]] = [(at.now, None), *((moment, at.events[moment].frame) for moment in moments)]
    if at.now >= 0:
        runs.insert(1, (at.now, at.events[at.now].frame))
    for moment, frame in runs[:200]:
        at.spend()
        try:
            real = evaluate(claim.place, timeline.lookup(moment, frame))
            stated = {name: evaluate(node, timeline.lookup(moment, frame)) for name, node in claim.attributes}
        except Unknown:
            continue
        if fits_description(real, claim.type, stated, timeline.lookup(moment, frame)):
            if moment != at.now:
                at.tell(moment)
            return Verdict("verified", moment)
    for moment in range(at.now + 1, min(at.now + 200, len(at.events))):
        index = getattr(at.events[moment], "value", -1)
        stated = {name: evaluate(node) for name, node in claim.attributes if is_closed(node)}
        if index < 0 or len(stated) < len(claim.attributes):
            continue
        if fits_description(timeline.value(index), claim.type, stated, timeline.lookup(moment)):
            return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"{shown_code(claim.place)} is not such an object here")


def fits_description(real: Any, kind: str, stated: dict[str, Any], lookup: Any) -> bool:
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


def among(arguments: dict[str, Any]) -> Any:
    """A lookup in the arguments of a call."""

    def value_of(node: ast.expr) -> Any:
        if isinstance(node, ast.Name) and node.id in arguments:
            return arguments[node.id]
        raise Unknown("no such argument")

    return value_of
