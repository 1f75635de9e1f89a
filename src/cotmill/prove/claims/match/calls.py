"""Calls, lambdas, generators that go on, exceptions."""

from __future__ import annotations

import ast
from bisect import bisect_right

from cotmill.base.trace import Call, Line, Raise, Return
from cotmill.base.values import Opaque, Record
from cotmill.prove.claims.match.nodes import contents, sized
from cotmill.prove.claims.match.objects import among, fits_description
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.match.worked import fits_call
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.text import statements as said

__all__ = ["called", "caught", "counted_calls", "left_by", "raised", "resumed"]


def called(at: Position, claim: said.Called) -> Verdict:
    timeline = at.timeline
    name = "__init__" if claim.name in timeline.program.classes else claim.name
    wrong: Verdict | None = None
    for frame, moment in timeline.calls.items():
        if timeline.frame_names[frame] != name:
            continue
        if moment <= at.now and not (claim.given and claim.gives is None) and not _same_step(at, frame, moment):
            continue
        at.spend()
        event = at.events[moment]
        assert isinstance(event, Call)
        if not _with_arguments(at, event, claim):
            wrong = wrong or Verdict("refuted", moment, f"{claim.name} is called with other arguments")
            continue
        if claim.gives is not None:
            end = timeline.ends.get(frame, -1)
            returned = at.events[end] if end >= 0 else None
            if not isinstance(returned, Return) or not same(evaluate(claim.gives), timeline.value(returned.value)):
                wrong = wrong or Verdict("refuted", moment, f"{claim.name} gives something else there")
                continue
            at.tell(moment)
            at.tell(end)
            return Verdict("verified", end)
        at.tell(moment)
        if claim.whole and (end := timeline.ends.get(frame, -1)) >= 0:
            at.folds.append((moment, end))
            at.tell(end)
        return Verdict("verified", moment)
    return wrong or Verdict("unsupported", -1, f"{claim.name} is not called from here on")


def _same_step(at: Position, frame: int, moment: int) -> bool:
    """Lambdas of one statement may be told one after the other though their calls alternate."""
    if at.timeline.frame_names[frame] != "<lambda>" or moment in at.told:
        return False
    lines = at.timeline.lines_of(at.timeline.parents[frame])
    place = bisect_right(lines, at.now) - 1
    return place >= 0 and moment > lines[place]


def _with_arguments(at: Position, event: Call, claim: said.Called) -> bool:
    real = {name: at.timeline.value(index) for name, index in event.args}
    lookup = at.timeline.lookup(at.now)
    try:
        for name, count in claim.sized:
            if name not in real or not sized(contents(real[name])) or len(contents(real[name])) != count:
                return False
        for name, kind, attributes in claim.described:
            stated_attributes = {key: evaluate(node, lookup) for key, node in attributes}
            if not fits_description(real.get(name), kind, stated_attributes, among(real)):
                return False
        for name, node in claim.named:
            if isinstance(node, ast.Name) and isinstance(real.get(name), Opaque):
                if real[name].name not in (node.id, ""):
                    return False
                continue
            stated = evaluate(node, lookup)
            options = [real[name]] if name in real else []
            if name == "self" and event.args and name not in real:
                options.append(at.timeline.value(event.args[0][1]))
            if event.args and isinstance(owner := at.timeline.value(event.args[0][1]), Record) and name in owner.attrs:
                options.append(owner.attrs[name])
            if not any(same(stated, option) for option in options):
                return False
        if claim.given:
            call = ast.Call(ast.Name(claim.name, ast.Load()), list(claim.given), [])
            return fits_call(at, call, event.frame)
    except Unknown:
        return False
    return True


def resumed(at: Position, claim: said.Resumed) -> Verdict:
    for moment in range(at.now + 1, len(at.events)):
        at.spend()
        event = at.events[moment]
        if type(event).__name__ == "Resume" and at.timeline.frame_names[event.frame] == claim.name:
            at.tell(moment)
            return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"{claim.name} does not go on here")


def counted_calls(at: Position, claim: said.CountedCalls) -> Verdict:
    by_step: dict[tuple[int, int], int] = {}
    for frame, moment in at.timeline.calls.items():
        if at.timeline.frame_names[frame] == claim.name:
            event = at.events[moment]
            assert isinstance(event, Call)
            key = event.line, event.parent
            by_step[key] = by_step.get(key, 0) + 1
    if claim.count in by_step.values():
        return Verdict("verified", at.now)
    return Verdict("refuted", at.now, f"{claim.name} is not called {claim.count} times")


def raised(at: Position, claim: said.Raised) -> Verdict:
    for moment in at.timeline.raises[bisect_right(at.timeline.raises, at.now) :]:
        event = at.events[moment]
        assert isinstance(event, Raise)
        if event.type == claim.type and claim.message in (None, event.message):
            at.tell(moment)
            return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"no {claim.type} is raised here so")


def caught(at: Position, claim: said.Caught) -> Verdict:
    known = [moment for moment in at.timeline.raises if _type_at(at, moment) == claim.type]
    first = max(0, bisect_right(known, at.now) - 1)
    for moment in known[first:]:
        frame = at.events[moment].frame
        end = at.timeline.ends.get(frame)
        if end is None or type(at.events[end]).__name__ != "Unwind" or _handled(at, moment, end, frame):
            at.tell(moment)
            return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"no {claim.type} is caught here")


def _handled(at: Position, moment: int, end: int, frame: int) -> bool:
    return any(isinstance(at.events[n], Line) and at.events[n].frame == frame for n in range(moment + 1, end))


def _type_at(at: Position, moment: int) -> str:
    event = at.events[moment]
    assert isinstance(event, Raise)
    return event.type


def left_by(at: Position, claim: said.LeftBy) -> Verdict:
    for moment in at.timeline.unwinds[bisect_right(at.timeline.unwinds, at.now) :]:
        if at.timeline.frame_names[at.events[moment].frame] in (claim.name, "__init__"):
            at.tell(moment)
            return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"{claim.name} is not left by an exception here")
