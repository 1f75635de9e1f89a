"""Tests: quoted from the program, with values put in, or in words."""

from __future__ import annotations

import ast
from bisect import bisect_right

from cotmill.base.trace import Branch
from cotmill.prove.claims.match.nodes import shown_code, spelled
from cotmill.prove.claims.match.position import REACH, Position, Verdict
from cotmill.prove.claims.run.evaluate import Unknown, evaluate, truthy
from cotmill.prove.claims.run.program import squeezed
from cotmill.prove.claims.run.sight import in_sight
from cotmill.prove.claims.run.substituted import Scene, stands_for
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said

__all__ = ["test"]

NEXT = 3  # steps ahead in which a comparison is rather made than stated of what holds anyway


def test(at: Position, claim: said.Test) -> Verdict:
    if claim.because and at.scene is not None:
        verdict = _reason_test(at, claim)
        if verdict.verdict == "verified" or at.tested:
            return verdict
    if claim.code:
        found = _quoted_test(at, claim)
        if found is not None:
            return found
    node = claim.node
    if node is None:
        raise Unknown(claim.code)
    if is_closed(node):
        if truthy(evaluate(node)) is not claim.truth:
            return Verdict("refuted", -1, f"{shown_code(node)} is {not claim.truth}")
        return _closed_test(at, node, stated=not claim.soft and not claim.because)
    return _open_test(at, node, claim)


def _reason_test(at: Position, claim: said.Test) -> Verdict:
    scene, node = at.scene, claim.node
    assert scene is not None
    if node is None:
        raise Unknown(claim.code)
    statement = at.timeline.step(scene.moment)
    try:
        held = truthy(evaluate(node, at.timeline.lookup(scene.moment, scene.frame)))
    except Unknown:
        known = _recorded_truth(at, node, scene)
        if known is None:
            raise
        held = known
    if held is not claim.truth:
        return Verdict("refuted", scene.moment, f"{shown_code(node)} is {not claim.truth}")
    stated = [node, *_measured(node)] if claim.soft else [node]
    if statement is not None and any(
        stands_for(part, source, scene) for part in stated for source in statement.expressions
    ):
        return Verdict("verified", scene.moment)
    return Verdict("unsupported", scene.moment, f"{shown_code(node)} is not what the test compares")


def _measured(node: ast.expr) -> list[ast.expr]:
    """`stack` of "stack is empty": the test may ask the container itself."""
    left = node.left if isinstance(node, ast.Compare) else None
    return left.args if isinstance(left, ast.Call) and getattr(left.func, "id", "") == "len" else []


def _recorded_truth(at: Position, node: ast.expr, scene: Scene) -> bool | None:
    """What the program found when it made this comparison, or the opposite one, of objects."""
    statement = at.timeline.step(scene.moment)
    if statement is None or not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    for source in statement.expressions:
        if isinstance(source, ast.Compare) and len(source.ops) == 1 and stands_for(node, source, scene):
            try:
                found = truthy(scene.value(source))
            except Unknown:
                continue
            return found is (type(node.ops[0]) is type(source.ops[0]))
    return None


def _quoted_test(at: Position, claim: said.Test) -> Verdict | None:
    """`i < n` is true: the next run of that test that came out so. None where the program has no such test."""
    sites = at.sites_by_code.get(squeezed(claim.code))
    if sites is None and claim.node is not None:
        sites = at.sites_by_code.get(spelled(claim.node))
    if not sites:
        return None
    best: int | None = None
    other = -1
    for site in sites:
        moments = at.timeline.branches[site]
        for moment in moments[bisect_right(moments, at.now) :]:
            at.spend()
            event = at.events[moment]
            assert isinstance(event, Branch)
            if event.truth is claim.truth:
                best = moment if best is None else min(best, moment)
                break
            other = moment if other < 0 else min(other, moment)
    if best is None:
        if other < 0:
            again = _test_again(at, sites, claim.truth)
            if again is not None:
                return again
        return Verdict("refuted", other, f"{claim.code} is {not claim.truth}")
    at.tell(best)
    at.scene = at.scene_at(best)
    at.tested = True
    return Verdict("verified", best)


def _test_again(at: Position, sites: list[int], truth: bool) -> Verdict | None:
    for site in sites:
        moments = at.timeline.branches[site]
        place = bisect_right(moments, at.now) - 1
        if place >= 0:
            event = at.events[moments[place]]
            assert isinstance(event, Branch)
            if event.truth is truth and (moments[place] in at.told or moments[place] > at.sentence_from):
                return Verdict("verified", moments[place])
    return None


def _closed_test(at: Position, node: ast.expr, *, stated: bool) -> Verdict:
    """A comparison of values that holds by itself: the test that made it, or values in sight.

    `stated`: in signs and as a sentence of its own, as a step of the program is told; values in sight are not enough.
    """
    moment = at.where(lambda moment: at.is_at([node], moment), 12)
    if moment is not None:
        _tell_branch(at, moment)
        return Verdict("verified", moment)
    if isinstance(node, ast.Compare) and not stated:
        sides = [node.left, *node.comparators]
        if all(_in_view(at, side) for side in sides):
            return Verdict("verified", at.now)
    return Verdict("unsupported", -1, f"the program does not compare {shown_code(node)} from here on")


def _tell_branch(at: Position, line: int) -> None:
    """The outcome of the test that this line makes is told with its comparison."""
    end = at.end_of_step(line)
    for moment in range(line, min(end, line + 40) + 1):
        if isinstance(at.events[moment], Branch) and at.timeline.line_at[moment] == line:
            at.tell(moment)
            return


def _in_view(at: Position, node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _in_view(at, node.left) and _in_view(at, node.right)
    if isinstance(node, ast.Call):
        return all(_in_view(at, part) for part in node.args)
    try:
        value = evaluate(node)
    except Unknown:
        return False
    if isinstance(value, (int, float)) and value in (0, 1, 2):
        return True
    return in_sight(value, at.timeline, at.now, REACH)


def _open_test(at: Position, node: ast.expr, claim: said.Test) -> Verdict:
    """A comparison with names in it: as the program makes it next, as things stand, or as it is made further on."""

    def made(moment: int) -> bool:
        scene = at.scene_at(moment)
        if scene is None or not at.is_at([node], moment):
            return False
        try:
            return truthy(evaluate(node, at.timeline.lookup(moment, scene.frame))) is claim.truth
        except Unknown:
            return False

    moment = at.where(made, NEXT)
    if moment is None:
        try:
            if truthy(at.timeline.state(node, at.now)) is claim.truth:
                return Verdict("verified", at.now)
        except Unknown:
            pass
        moment = at.where(made, REACH)
    if moment is not None:
        _tell_branch(at, moment)
        return Verdict("verified", moment)
    return Verdict("refuted", at.now, f"{shown_code(node)} is not {claim.truth} there")
