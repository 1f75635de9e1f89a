"""Passes, what a loop goes through, where it ends, what is folded."""

from __future__ import annotations

import ast
from bisect import bisect_right

from cotmill.base.trace import Branch, Done, Pass, Set
from cotmill.prove.claims.match.nodes import loop_sources, loop_targets, shown_code, spelled
from cotmill.prove.claims.match.position import Position, Verdict
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.program import squeezed
from cotmill.prove.claims.run.timeline import Loop
from cotmill.prove.claims.text import statements as said

__all__ = ["each", "folded_passes", "left_loop", "loop_ended", "loop_ran", "pass_begun", "repeats"]


def pass_begun(at: Position, claim: said.PassBegun) -> Verdict:
    timeline = at.timeline
    moments = timeline.pass_moments
    inside = _current_pass(at, claim.number) if claim.over or not claim.sure else None
    if inside is not None and (claim.hint is None or (claim.over and _leaves(at, inside, *claim.hint))):
        return _at_pass(at, inside, claim)
    best: int | None = None
    for moment in moments[bisect_right(moments, at.now - 1) :]:
        event = at.events[moment]
        assert isinstance(event, Pass)
        if event.number != claim.number or moment in at.passes_told:
            continue
        at.spend()
        fit = _pass_fits(at, moment, claim)
        if fit:
            best = moment
            break
    if best is None and inside is None:
        inside = _current_pass(at, claim.number)
    if best is None:
        best = inside
    if best is None:
        if claim.sure:
            return Verdict("refuted", at.now, f"no pass {claim.number} comes here")
        return Verdict("verified", -1)
    return _at_pass(at, best, claim)


def _leaves(at: Position, moment: int, name: str, node: ast.expr) -> bool:
    """Whether the name has that value when the pass is over."""
    loop = at.timeline.loop_of[moment]
    held = at.timeline.held(loop.frame, name, _pass_end(at, loop, moment))
    try:
        return held is not None and same(evaluate(node), at.timeline.value(held[1]))
    except Unknown:
        return False


def _pass_fits(at: Position, moment: int, claim: said.PassBegun) -> bool:
    """The loop that is told must be one over what is told to change with each pass."""
    timeline = at.timeline
    loop = timeline.loop_of[moment]
    statement = timeline.program.statements.get(loop.line)
    if claim.code:
        node = timeline.nodes[loop.site]
        is_while = timeline.sites[loop.site].kind == "while"
        if is_while and claim.hint is None and claim.sure:
            return (node is not None and squeezed(claim.code) == spelled(node)) or _asks_inside(at, loop, claim.code)
    if claim.hint is None:
        return True
    name, node = claim.hint
    if statement is not None and name in statement.changes:
        begun = moment
        while begun + 1 < len(at.events) and isinstance(at.events[begun + 1], Set):
            begun += 1
        held = timeline.held(loop.frame, name, begun)
        try:
            return held is not None and (claim.over or same(evaluate(node), timeline.value(held[1])))
        except Unknown:
            return False
    if not claim.sure or claim.over:
        return True
    end = _pass_end(at, loop, moment)
    return any(change <= end for change, frame, _ in timeline.next_changes(name, moment)[:50] if frame == loop.frame)


def _asks_inside(at: Position, loop: Loop, code: str) -> bool:
    """The first test told of a pass may be one of the loop's body."""
    statement = at.timeline.program.statements.get(loop.line)
    last = getattr(statement.node, "end_lineno", 0) if statement is not None else 0
    sites = at.sites_by_code.get(squeezed(code), [])
    return not sites or any(loop.line <= at.timeline.sites[site].line <= last for site in sites)


def _at_pass(at: Position, moment: int, claim: said.PassBegun) -> Verdict:
    loop = at.timeline.loop_of[moment]
    at.told.add(moment)
    at.passes_told.add(moment)
    if claim.over:
        at.now = max(at.now, _pass_end(at, loop, moment))
        at.summary = moment, at.now
    elif at.timeline.sites[loop.site].kind == "while":
        at.now = max(at.now, at.timeline.line_at[moment])
    else:
        at.now = max(at.now, moment)
    return Verdict("verified", moment)


def _pass_end(at: Position, loop: Loop, moment: int) -> int:
    """Last event of the pass: before the next one's first, or before the loop ran out."""
    place = loop.passes.index(moment)
    if place + 1 < len(loop.passes):
        upcoming = loop.passes[place + 1]
    elif loop.done >= 0:
        upcoming = loop.done
    else:
        return loop.end
    line = at.timeline.line_at[upcoming]
    return max(moment, line - 1)


def _current_pass(at: Position, number: int) -> int | None:
    """The pass with this number of a loop that is running now."""
    for loop in reversed(at.timeline.loops):
        if loop.entry <= at.now <= loop.end and loop.passes:
            place = bisect_right(loop.passes, at.now) - 1
            if place >= 0:
                event = at.events[loop.passes[place]]
                assert isinstance(event, Pass)
                if event.number == number:
                    return loop.passes[place]
    return None


def folded_passes(at: Position, claim: said.Folded) -> Verdict:
    timeline = at.timeline
    for moment in timeline.pass_moments[bisect_right(timeline.pass_moments, at.now) :]:
        event = at.events[moment]
        assert isinstance(event, Pass)
        loop = timeline.loop_of[moment]
        if event.number != claim.first or len(loop.passes) < claim.last:
            continue
        if claim.first > 1 and loop.passes[claim.first - 2] not in at.told:
            continue
        end = _pass_end(at, loop, loop.passes[claim.last - 1])
        at.folds.append((at.now, end))
        at.passes_told.update(loop.passes[claim.first - 1 : claim.last])
        at.told.update(loop.passes[claim.first - 1 : claim.last])
        at.now = end
        return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"no passes {claim.first} to {claim.last} come here")


def loop_ended(at: Position, claim: said.LoopEnded) -> Verdict:
    timeline = at.timeline
    wrong: Verdict | None = None
    here = timeline.line_at[at.now] if at.now >= 0 else -1
    open_loops = [loop for loop in timeline.loops if loop.done > at.now or timeline.line_at[loop.done] == here >= 0]
    for loop in sorted(open_loops, key=lambda loop: loop.done):
        at.spend()
        if loop.passes and not any(loop.passes[0] <= moment <= loop.end for moment in at.told):
            continue
        if loop.done in at.told or (claim.asks and timeline.sites[loop.site].kind != "while"):
            continue
        event = at.events[loop.done]
        assert isinstance(event, Done)
        if event.passes == claim.passes:
            at.tell(loop.done)
            start = max(timeline.line_at[loop.done], 0)
            tests = [moment for moment in range(start, loop.done) if isinstance(at.events[moment], Branch)]
            at.told.update(tests)
            at.scene = at.scene_at(tests[-1] if tests else loop.done)  # a reason may follow
            at.tested = bool(tests)
            if loop.passes:
                at.ends_told.add(loop.passes[-1])
            return Verdict("verified", loop.done)
        if loop.passes:
            wrong = wrong or Verdict("refuted", loop.done, f"the loop ends after {event.passes} passes")
    if wrong is None:
        for loop in timeline.loops:
            if loop.done > at.now and len(loop.passes) == claim.passes and not loop.passes:
                at.tell(loop.done)
                return Verdict("verified", loop.done)
    return wrong or Verdict("unsupported", -1, f"no loop ends after {claim.passes} passes here")


def loop_ran(at: Position, claim: said.LoopRan) -> Verdict:
    """How often a loop runs: one that is told here, else one of the calls in sight."""
    loops = at.timeline.loops
    sight = {*at.timeline.frames_in_sight(max(at.now, at.timeline.first_call))}
    known = [loop for loop in loops if loop.frame in sight] or loops
    if claim.nested is None:
        known = [loop for loop in known if not _is_nested(loop, loops) or loop.entry <= at.now <= loop.end]
    else:
        known = [loop for loop in known if _is_nested(loop, loops) is claim.nested]
    for loop in known:
        at.spend()
        if len(loop.passes) == claim.count:
            return Verdict("verified", loop.passes[0] if loop.passes else loop.done)
    return Verdict("refuted", at.now, f"no loop runs {claim.count} times here")


def _is_nested(loop: Loop, loops: list[Loop]) -> bool:
    return any(
        other is not loop and other.frame == loop.frame and other.entry < loop.entry and loop.end <= other.end
        for other in loops
    )


def left_loop(at: Position, claim: said.LeftLoop) -> Verdict:
    moment = _current_pass(at, claim.number)
    if moment is None:
        return Verdict("refuted", at.now, f"no loop is in pass {claim.number} here")
    for loop in at.timeline.loops:
        if loop.passes and loop.passes[-1] == moment and loop.done < 0:
            at.ends_told.add(moment)
            return Verdict("verified", moment)
    return Verdict("refuted", moment, f"the loop is not left in pass {claim.number}")


def each(at: Position, claim: said.Each) -> Verdict:
    target = spelled(claim.target).strip("()")

    def goes_through(moment: int) -> bool:
        statement = at.timeline.step(moment)
        if statement is None or target not in loop_targets(statement.node):
            return False
        return at.is_at([claim.source], moment) or _is_that(at, claim.source, moment)

    moment = at.where(goes_through, 400, callers_first=True)
    if moment is not None:
        if claim.opens:
            at.opened.append((moment, at.events[moment].frame))
        return Verdict("verified", moment)
    return Verdict("unsupported", -1, f"no loop takes {target} from {shown_code(claim.source)} here")


def repeats(at: Position, claim: said.Repeats) -> Verdict:
    for loop in at.timeline.loops:
        if at.timeline.sites[loop.site].kind != "while" or loop.entry < at.now:
            continue
        at.spend()
        node = at.timeline.nodes[loop.site]
        if (
            isinstance(node, ast.Constant)
            if not claim.code
            else node is not None and spelled(node) == squeezed(claim.code)
        ):
            at.opened.append((loop.entry, loop.frame))
            return Verdict("verified", loop.entry)
    return Verdict("unsupported", -1, f"no loop asks {claim.code or 'nothing'} from here on")


def _is_that(at: Position, node: ast.expr, moment: int) -> bool:
    """The text's iterable has the value of the program's."""
    scene = at.scene_at(moment)
    statement = at.timeline.step(moment)
    if scene is None or statement is None:
        return False
    try:
        value = evaluate(node, at.timeline.lookup(scene.start, scene.frame))
    except Unknown:
        return False
    return any(scene.worth(source, value) for source in loop_sources(statement.node))
