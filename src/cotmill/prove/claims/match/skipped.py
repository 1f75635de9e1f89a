"""What a text that tells a run step by step may not leave out.

A name, a test or a loop that the text tells densely must not miss a change, an outcome or a pass on the way to the
last thing that the text states, unless a sentence says that it folds ("and so on until").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

from cotmill.base.trace import Branch, Pass, Return, Set
from cotmill.base.values import Opaque, Record
from cotmill.prove.claims.match.nodes import shown
from cotmill.prove.claims.match.position import Position
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.timeline import Timeline

__all__ = ["Gap", "first_gap"]

DENSE = 0.5  # share of a name's changes from which on the text is held to tell them all


class Gap(NamedTuple):
    moment: int
    why: str


def first_gap(timeline: Timeline, at: Position) -> Gap | None:
    """The earliest event that the aligned text should have told and did not, or None."""
    gaps = [
        *_passes_left_out(timeline, at.passes_told, at.ends_told, at.folds),
        *_blocks_left_empty(timeline, at),
        *_changes_left_out(timeline, at),
        *_tests_left_out(timeline, at.told, at.folds, at.now),
        *_returns_left_out(timeline, at),
    ]
    return min(gaps, default=None)


def _blocks_left_empty(timeline: Timeline, at: Position) -> Iterable[Gap]:
    """Where the text opens a loop's block it must tell its passes: all of them by number, or what happens in them."""
    told = sorted(at.told)
    for moment, frame in at.opened:
        loops = (loop for loop in timeline.loops if loop.passes and loop.entry >= moment - 1 and loop.frame == frame)
        loop = next(loops, None)
        if loop is None:
            continue
        numbered = [place for place in loop.passes if place in at.passes_told]
        missed = [place for place in loop.passes if place not in at.passes_told and not _folded(place, at.folds)]
        block = told[bisect_right(told, loop.passes[0]) : bisect_right(told, loop.end)]
        inside = any(timeline.events[place].frame == loop.frame for place in block)  # not while a generator waits
        if missed and (numbered or not inside):
            event = timeline.events[missed[0]]
            assert isinstance(event, Pass)
            yield Gap(missed[0], f"pass {event.number} is left out")


def _folded(moment: int, folds: list[tuple[int, int]]) -> bool:
    return any(first < moment <= last for first, last in folds)


def _passes_left_out(
    timeline: Timeline, passes: set[int], ends: set[int], folds: list[tuple[int, int]]
) -> Iterable[Gap]:
    """Passes told by number must follow each other, and reach the end where the text tells the end."""
    for loop in timeline.loops:
        told = [moment for moment in loop.passes if moment in passes]
        if not told:
            continue
        upto = loop.passes[-1] if loop.passes[-1] in ends else told[-1]
        for moment in loop.passes:
            if moment > upto:
                break
            if moment not in passes and not _folded(moment, folds):
                event = timeline.events[moment]
                assert isinstance(event, Pass)
                yield Gap(moment, f"pass {event.number} is left out")
                break


def _changes_left_out(timeline: Timeline, at: Position) -> Iterable[Gap]:
    """Changes between two told ones; after the last told one a single change may be left to be understood."""
    told, last = at.told, at.now
    trailing: dict[int, list[Gap]] = {}
    for (frame, name), (moments, values) in timeline.history.items():
        if sum(moment in told for moment in moments) < 2:
            continue
        folds = at.folds + at.summed_up.get(name, [])
        missed: list[Gap] = []
        known, latest = 0, -1
        for place, moment in enumerate(moments):
            if moment in told:
                known, latest = known + 1, moment
            elif moment <= last and not _folded(moment, folds) and _is_change(timeline, name, moments, values, place):
                missed.append(Gap(moment, f"{name} = {shown(timeline.value(values[place]))} is left out"))
        if known > DENSE * (known + len(missed)):
            yield from (gap for gap in missed if gap.moment < latest)
            trailing.setdefault(frame, []).extend(gap for gap in missed if gap.moment > latest)
    for gaps in trailing.values():
        if len(gaps) > 1:
            yield from gaps


def _is_change(timeline: Timeline, name: str, moments: list[int], values: list[int], place: int) -> bool:
    """Whether the name gets another value by the statement itself; where it begins is often left to be understood."""
    if values[place] < 0 or not place or values[place - 1] < 0:
        return False
    if not isinstance(timeline.events[moments[place]], Set):
        return False
    line = timeline.line_at
    start = bisect_right(moments, line[moments[place]]) - 1  # what it was when the step began
    if start >= 0 and values[start] >= 0 and same(timeline.value(values[place]), timeline.value(values[start])):
        return False
    if place + 1 < len(moments) and line[moments[place + 1]] == line[moments[place]]:
        return False  # on the way to what the same step makes of it
    if not _can_be_stated(timeline.value(values[place]), timeline.value(values[start])):
        return False
    return _changes_name(timeline, moments[place], name)


def _can_be_stated(after: Any, before: Any) -> bool:
    """Of an object, whether what has changed in it is a plain value: other objects and functions are often not told."""
    if not isinstance(after, Record) or not isinstance(before, Record):
        return True
    changed = [value for name, value in after.attrs.items() if not same(value, before.attrs.get(name))]
    return bool(changed) and all(map(_is_plain, changed))


def _is_plain(value: Any, depth: int = 0) -> bool:
    if isinstance(value, (Record, Opaque)) or depth > 3:
        return False
    rows = [*value, *value.values()] if isinstance(value, dict) else value
    return not isinstance(rows, (list, tuple, set, frozenset)) or all(_is_plain(row, depth + 1) for row in rows)


def _changes_name(timeline: Timeline, moment: int, name: str) -> bool:
    """Whether the statement itself changes the name, not another one's alias."""
    statement = timeline.step(moment)
    return statement is not None and name in statement.changes


def _tests_left_out(timeline: Timeline, told: set[int], folds: list[tuple[int, int]], last: int) -> Iterable[Gap]:
    for site, moments in timeline.branches.items():
        by_frame: dict[int, list[int]] = {}
        for moment in moments:
            if moment <= last and not _folded(moment, folds):
                by_frame.setdefault(timeline.events[moment].frame, []).append(moment)
        for own in by_frame.values():
            missed = [moment for moment in own if moment not in told and timeline.line_at[moment] not in told]
            known = len(own) - len(missed)
            if missed and known > 2 and known > 0.8 * len(own):
                event = timeline.events[missed[0]]
                assert isinstance(event, Branch)
                place = timeline.sites[site]
                yield Gap(missed[0], f"the test in line {place.line} that comes out {event.truth} is left out")


def _returns_left_out(timeline: Timeline, at: Position) -> Iterable[Gap]:
    """Results of a function between two told ones; the same result told of another of its calls will do."""
    by_function: dict[str, list[int]] = {}
    for moment in timeline.returns:
        by_function.setdefault(timeline.frame_names[timeline.events[moment].frame], []).append(moment)
    for name, moments in by_function.items():
        told = [moment for moment in moments if _return_is_told(timeline, moment, at.told)]
        if len(told) < 2 or name.startswith("<"):
            continue
        known = [_returned_value(timeline, moment) for moment in told]
        missed = [
            moment
            for moment in moments
            if moment < told[-1]
            and moment not in told
            and not _folded(moment, at.folds)
            and not any(same(_returned_value(timeline, moment), value) for value in known)
        ]
        if missed and len(told) > DENSE * (len(told) + len(missed)):
            value = shown(_returned_value(timeline, missed[0]))
            yield Gap(missed[0], f"a call of {name} that returns {value} is left out")


def _return_is_told(timeline: Timeline, moment: int, told: set[int]) -> bool:
    """By itself, by the statement that returns, or by what the caller makes of it."""
    if moment in told or timeline.line_at[moment] in told:
        return True
    following = moment + 1
    return following in told and isinstance(timeline.events[following], Set)


def _returned_value(timeline: Timeline, moment: int) -> Any:
    event = timeline.events[moment]
    assert isinstance(event, Return)
    return timeline.value(event.value)
