"""Moments of a run that a reader can find without doubt, and what is asked about them.

A moment is told by the index of the trace's last event that belongs to it. Only loops that run once, functions of one
name and variables that are set once are spoken of, so that a question means one moment and no other.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cotmill.base.trace import Call, Done, Line, Pass, Return, Set, Trace, Yield
from cotmill.explain.source import FUNCTIONS, Source

__all__ = ["Kind", "Moment", "moments"]

Kind = Literal["once", "pass", "end", "argument", "result"]
MAX_PASS = 8  # nobody wants to count further
MAX_CALL = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """What can be asked: the value of `name` then."""

    kind: Kind
    name: str  # the variable; of a result, the function
    upto: int  # index of the last event
    value: int  # index of the value
    number: int = 0  # of the pass or call
    place: str = ""  # header of the loop, where the program has several; name of the function


def moments(trace: Trace, source: Source) -> list[Moment]:
    """All that can be asked about a run, whatever the values are."""
    entry = _entry(trace)
    if entry < 0:
        return []
    found = [*_once(trace, source, entry), *_in_loops(trace, source, entry), *_in_calls(trace, source, entry)]
    generators = {event.frame for event in trace.events if isinstance(event, Yield)}
    return [moment for moment in found if trace.events[moment.upto].frame not in generators]


def _entry(trace: Trace) -> int:
    """Index of the entry's call; -1 where the program wraps it."""
    calls = [index for index, event in enumerate(trace.events) if isinstance(event, Call) and not event.parent]
    last = trace.events[calls[-1]] if calls else None
    return calls[-1] if isinstance(last, Call) and last.name == "solution" else -1


# --- variables that are set once


def _once(trace: Trace, source: Source, entry: int) -> Iterator[Moment]:
    bound: Counter[str] = Counter()
    for event in trace.events:
        bound.update([event.name] if isinstance(event, Set) else [])
        bound.update(name for name, _ in event.args) if isinstance(event, Call) else None
    line: dict[int, int] = {}
    worked = _worked_out(source)
    for index, event in enumerate(trace.events):
        if isinstance(event, Line):
            line[event.frame] = event.line
        if not isinstance(event, Set) or index < entry or bound[event.name] > 1:
            continue
        if event.frame and (line.get(event.frame, 0), event.name) in worked:
            yield Moment("once", event.name, _statement_end(trace, index), event.value)


def _worked_out(source: Source) -> set[tuple[int, str]]:
    """(line, name) of assignments of something that has to be worked out to a name that no other statement binds."""
    found: set[tuple[int, str]] = set()
    names: Counter[str] = Counter()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] += 1
        elif isinstance(node, ast.arg):
            names[node.arg] += 1
        elif isinstance(node, ast.Assign) and not isinstance(node.value, (ast.Name, ast.Constant, ast.Lambda)):
            found.update((node.lineno, target.id) for target in node.targets if isinstance(target, ast.Name))
    return {(line, name) for line, name in found if names[name] == 1}


def _statement_end(trace: Trace, index: int) -> int:
    """The last of the changes that the statement makes."""
    frame = trace.events[index].frame
    while index + 1 < len(trace.events):
        after = trace.events[index + 1]
        if not isinstance(after, Set) or after.frame != frame:
            break
        index += 1
    return index


# --- loops


@dataclass(slots=True)
class _Loop:
    frame: int
    node: ast.For | ast.While
    begins: list[int]  # indices of its passes
    done: int = -1


def _in_loops(trace: Trace, source: Source, entry: int) -> Iterator[Moment]:
    headers = Counter(map(_header, _loops_of(source)))
    shared = _shared(trace)
    for loop in _single_runs(trace, source):
        header = _header(loop.node)
        if loop.begins[0] < entry or len(loop.begins) < 2 or headers[header] > 1 or _is_on_one_line(loop.node):
            continue
        place = header if len(headers) > 1 else ""
        names = _names_of(loop.node) - shared
        for number, begin in enumerate(loop.begins[:MAX_PASS], start=1):
            after = loop.begins[number] if number < len(loop.begins) else loop.done
            upto = _pass_end(trace, loop, after) if after >= 0 else -1
            if number > 1 and upto > begin:
                for name, value in _held(trace, loop, names, upto).items():
                    yield Moment("pass", name, upto, value, number, place)
        if loop.done >= 0:
            for name, value in _held(trace, loop, names, loop.done).items():
                yield Moment("end", name, loop.done, value, len(loop.begins), place)


def _shared(trace: Trace) -> set[str]:
    """Names that several calls have a variable of."""
    frames: dict[str, set[int]] = {}
    for event in trace.events:
        for name in [event.name] if isinstance(event, Set) else dict(event.args) if isinstance(event, Call) else ():
            frames.setdefault(name, set()).add(event.frame)
    return {name for name, own in frames.items() if len(own) > 1}


def _loops_of(source: Source) -> list[ast.For | ast.While]:
    return [node for node in ast.walk(source.tree) if isinstance(node, (ast.For, ast.While))]


def _header(node: ast.For | ast.While) -> str:
    if isinstance(node, ast.While):
        return f"while {ast.unparse(node.test)}"
    return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"


def _is_on_one_line(node: ast.For | ast.While) -> bool:
    return node.body[0].lineno == node.lineno


def _single_runs(trace: Trace, source: Source) -> list[_Loop]:
    """The loops that the program runs through once."""
    runs: dict[int, list[_Loop]] = {}
    for index, event in enumerate(trace.events):
        if not isinstance(event, (Pass, Done)):
            continue
        site = trace.sites[event.site]
        node = source.loop_at.get((site.line, site.col, site.end_line, site.end_col))
        if not isinstance(node, (ast.For, ast.While)):
            continue
        of_site = runs.setdefault(event.site, [])
        if isinstance(event, Pass):
            if event.number == 1 or not of_site:
                of_site.append(_Loop(event.frame, node, []))
            of_site[-1].begins.append(index)
        elif event.passes and of_site:
            of_site[-1].done = index
        else:
            of_site.append(_Loop(event.frame, node, []))
    return [only for only, *more in runs.values() if not more and only.begins]


def _names_of(loop: ast.For | ast.While) -> set[str]:
    """Names that the body works on; what the loop itself sets (``for x in``) says nothing."""
    inside = {part.id for statement in loop.body for part in ast.walk(statement) if isinstance(part, ast.Name)}
    headers = [loop, *(part for statement in loop.body for part in ast.walk(statement) if isinstance(part, ast.For))]
    targets = [part for node in headers if isinstance(node, ast.For) for part in ast.walk(node.target)]
    return inside - {part.id for part in targets if isinstance(part, ast.Name)}


def _pass_end(trace: Trace, loop: _Loop, after: int) -> int:
    """The last event before the loop comes back to its head."""
    for index in range(after - 1, -1, -1):
        event = trace.events[index]
        if isinstance(event, Line) and event.frame == loop.frame:
            return index - 1 if event.line == loop.node.lineno else -1
    return -1


def _held(trace: Trace, loop: _Loop, names: set[str], upto: int) -> dict[str, int]:
    """What names hold that the loop has changed by then: (name, index of the value)."""
    held: dict[str, int] = {}
    for event in trace.events[loop.begins[0] : upto + 1]:
        if isinstance(event, Set) and event.frame == loop.frame and event.name in names:
            held[event.name] = event.value
    return held


# --- calls


def _in_calls(trace: Trace, source: Source, entry: int) -> Iterator[Moment]:
    plain = _plain_functions(source)
    seen: Counter[str] = Counter()
    given: set[tuple[str, tuple[int, ...]]] = set()  # a call that was made before gives what it gave before
    awaited: dict[int, tuple[str, int]] = {}
    total = Counter(event.name for event in trace.events if isinstance(event, Call))
    for index, event in enumerate(trace.events):
        if isinstance(event, Call) and event.name in plain and index > entry:
            seen[event.name] += 1
            call = (event.name, tuple(value for _, value in event.args))
            if 1 < seen[event.name] <= MAX_CALL and call not in given:
                awaited[event.frame] = (event.name, seen[event.name])
                for name, value in event.args:
                    yield Moment("argument", name, index, value, seen[event.name], event.name)
            given.add(call)
        elif isinstance(event, Return) and event.frame in awaited:
            name, number = awaited.pop(event.frame)
            if total[name] > 1:
                yield Moment("result", name, index, event.value, number, name)


def _plain_functions(source: Source) -> set[str]:
    """Functions of one name each that are no methods, generators or wrapped."""
    names = Counter(node.name for node in set(source.functions.values()) if isinstance(node, FUNCTIONS))
    return {
        node.name
        for node in set(source.functions.values())
        if isinstance(node, ast.FunctionDef)
        and names[node.name] == 1
        and node.name != "solution"
        and not node.decorator_list
        and not isinstance(source.holder.get(node), ast.ClassDef)
        and not source.yields(node.name, node.lineno)
    }
