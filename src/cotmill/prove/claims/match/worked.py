"""Expressions with values: the statement that works them out; results of calls."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.base.trace import Call, Return, Set
from cotmill.prove.claims.match.nodes import shown, shown_code
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.match.shares import running_total
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.substituted import stands_for
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said

__all__ = ["call_made_of", "call_result", "fits_call", "worked", "worked_out"]


def worked_out(at: Position, nodes: list[ast.expr], value: Any, reach: int = 400) -> Verdict:
    """Expressions with values and no name: the statement that works them out, here or further on."""
    if not nodes:
        return Verdict("verified", -1)
    moment = at.where(lambda moment: at.is_at(nodes, moment) and _agree(at, nodes, value, moment), reach)
    if moment is not None:
        return Verdict("verified", _tell_outcome(at, moment, value))
    closed = all(is_closed(node) for node in nodes)
    if closed and len(nodes) == 1 and (total := running_total(at, nodes[0])) is not None:
        return total
    if not closed:
        try:
            real = at.timeline.state(nodes[0], at.now)
        except Unknown:
            raise Unknown(shown_code(nodes[0])) from None
        if same(value, real):
            return Verdict("verified", at.now)
        return Verdict("refuted", at.now, f"{shown_code(nodes[0])} is {shown(real)}, not {shown(value)}")
    return Verdict("unsupported", -1, f"the program does not work out {shown_code(nodes[0])} from here on")


def _tell_outcome(at: Position, line: int, value: Any) -> int:
    """An expression whose value a name gets in the same step: the text has told what the name becomes."""
    frame = at.events[line].frame
    for moment in range(line, min(at.end_of_step(line), line + 200) + 1):
        event = at.events[moment]
        if isinstance(event, Set) and event.frame == frame and same(value, at.timeline.value(event.value)):
            at.told.add(moment)
            return moment
    return line


def _agree(at: Position, nodes: list[ast.expr], value: Any, moment: int) -> bool:
    scene = at.scene_at(moment)
    statement = at.timeline.step(moment)
    assert scene is not None
    assert statement is not None
    for node in nodes:
        if is_closed(node):
            continue
        options = [source for source in statement.expressions if stands_for(node, source, scene)]
        if not any(scene.worth(source, value) for source in options):
            return False
    return True


def call_result(at: Position, call: ast.Call, value: Any) -> Verdict | None:
    """`f(3, 4) = 12` of a function of the program; None where it is no such call."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in at.timeline.program.functions:
        return None
    past: Verdict | None = None
    wrong: Verdict | None = None
    for moment in at.timeline.returns:
        event = at.events[moment]
        if at.timeline.frame_names[event.frame] != name or not fits_call(at, call, event.frame):
            continue
        at.spend()
        assert isinstance(event, Return)
        real = at.timeline.value(event.value)
        if not same(value, real):
            wrong = wrong or Verdict("refuted", moment, f"{shown_code(call)} gives {shown(real)}, not {shown(value)}")
        elif moment <= at.now:
            past = Verdict("verified", moment)
        elif past is not None:
            break
        else:
            at.tell(moment)
            return Verdict("verified", moment)
    if past is not None:
        at.told.add(past.moment)
        return past
    return wrong or Verdict("unsupported", -1, f"{shown_code(call)} is not called")


def call_made_of(at: Position, call: ast.Call, parts: tuple[ast.expr, ...]) -> Verdict:
    """`fact(5) = 5 * fact(4)`: no value is stated, only what the call makes its result of."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    for moment in at.timeline.returns:
        frame = at.events[moment].frame
        if at.timeline.frame_names[frame] != name or not fits_call(at, call, frame):
            continue
        at.spend()
        if at.is_at(parts, moment):
            return Verdict("verified", at.timeline.calls[frame])
        return Verdict("unsupported", moment, f"{shown_code(call)} is not made of {shown_code(parts[0])}")
    raise Unknown("no value is stated")


def fits_call(at: Position, call: ast.Call, frame: int) -> bool:
    """Whether the frame was called with these arguments, as far as they can be worked out."""
    event = at.events[at.timeline.calls[frame]]
    assert isinstance(event, Call)
    given = [(name, at.timeline.value(index)) for name, index in event.args]
    if given and given[0][0] in ("self", "cls") and isinstance(call.func, ast.Attribute):
        given = given[1:]
    known = dict(given)
    lookup = at.timeline.lookup(at.timeline.calls[frame] - 1, event.parent)
    try:
        if len(call.args) > len(given):
            return False
        for node, (_name, real) in zip(call.args, given, strict=False):
            if not same(evaluate(node, lookup), real):
                return False
        return all(word.arg in known and same(evaluate(word.value, lookup), known[word.arg]) for word in call.keywords)
    except Unknown:
        return False


def worked(at: Position, claim: said.Worked) -> Verdict:
    evaluate(claim.node)
    return worked_out(at, [claim.node], None)
