"""Functions one after the other, on their own answers, side by side, and on two values."""

from __future__ import annotations

import random
from typing import Any

from cotmill.compose.material import Candidate
from cotmill.compose.operators.task_pool import (
    CASES,
    MOST_LINES,
    Choose,
    TaskPool,
    entry,
    made,
    names_for,
    some,
    told,
    value_name,
)  # fmt: skip
from cotmill.compose.stories.quantities import said, singular
from cotmill.compose.stories.story import fresh
from cotmill.compose.tasks import Task
from cotmill.compose.typed import fits

__all__ = ["PIPE_OPERATORS"]

_NUMBERS = ("int", "float")
_SEQUENCES = ("list[int]", "list[str]")


def after(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on what another gives."""
    first = choose(pool.all)
    takers = pool.open.get(first.gives, ())
    if not takers or not _can_go_on(first):
        return None
    second, param = rng.choice(takers)
    if second.id == first.id:
        return None
    taken = {*first.params, *second.params}
    between = fresh(value_name(first), taken | {first.deed, second.deed})
    names = {name: fresh(name, taken | {between}) if name in first.params else name for name in second.params}
    names[param] = between
    inputs: list[dict[str, Any]] = []
    for run in some(first, rng, 2 * CASES, 10**6):
        other = rng.choice(second.runs)
        if fits(run.answer, second.extents[param]) and run.lines + other.lines < MOST_LINES:
            inputs.append(run.arguments | {names[name]: other.arguments[name] for name in names if name != param})
    call = f"{second.deed}({', '.join(names[name] for name in second.params)})"
    lines = [f"{between} = {first.deed}({', '.join(first.params)})"]
    lines += rng.choice(([f"return {call}"], [f"final_result = {call}", f"return [{between}, final_result]"]))
    params = [*first.params, *(names[name] for name in second.params if name != param)]
    parts = [(first, first.deed), (second, second.deed)]
    return made(f"{told(second)} of the {told(first)}", parts, entry(params, lines), inputs, "pipe-after")


def _can_go_on(task: Task) -> bool:
    """Its answer is a value of its own, of no particular thing; a count of something is not."""
    counts = task.gives in _NUMBERS and not (task.alone and task.open(task.params[0]))
    return task.flows and not counts and all(map(task.abstract, task.params))


def again(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on its own answer, several times."""
    if not pool.turning:
        return None
    task = choose(pool.turning)
    param = task.params[0]
    one = names_for(param, task.takes[0])[0]
    state = fresh("current", {one})
    step = f"    {state} = {task.deed}({state})"
    ends = {
        "after several rounds": ["for _ in range(rounds):", step, f"return {state}"],
        "round by round": [f"history = [{state}]", "for _ in range(rounds):", step, f"    history.append({state})",
                           "return history"],
        "until a value comes again": ["seen = []", f"while {state} not in seen and len(seen) < rounds:",
                                      f"    seen.append({state})", step, f"return [len(seen), {state}]"],
    }  # fmt: skip
    title, end = rng.choice(list(ends.items()))
    inputs = [
        {one: run.arguments[param], "rounds": rng.choice((2, 3, 4))}
        for run in some(task, rng, CASES)
        if fits(run.answer, task.extents[param])
    ]
    body = entry([one, "rounds"], [f"{state} = {one}", *end])
    return made(f"{told(task)}, {title}", [(task, task.deed)], body, inputs, "pipe-again")


def both(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """Two tasks on the same value: their answers set against each other, or one as the condition of the other."""
    if not pool.alone:
        return None
    first = choose(pool.alone)
    if not first.open(first.params[0]):
        return None
    second = choose(pool.by_type[first.takes[0]])
    if not second.open(second.params[0]) or _stems(first) & _stems(second):
        return None
    param = names_for(first.params[0], first.takes[0])[0]
    lines, more = _together(first, second, param)
    values = [run.arguments[task.params[0]] for task in (first, second) for run in task.runs]
    fitting = [value for value in values if all(fits(value, task.extents[task.params[0]]) for task in (first, second))]
    inputs = [{param: value, **more} for value in rng.sample(fitting, min(CASES, len(fitting)))]
    parts = [(first, first.deed), (second, second.deed)]
    return made(f"{told(first)} and {told(second)}", parts, entry([param, *more], lines), inputs, "pipe-both")


def _stems(task: Task) -> set[str]:
    """Words of what it is called, plural or not: two that share one do the same in two ways."""
    return {singular(word) for word in task.deed.split("_")} - {"find"}


def _together(first: Task, second: Task, param: str) -> tuple[list[str], dict[str, Any]]:
    """(body, further inputs)."""
    one, other = value_name(first), value_name(second)
    if one == other or param in (one, other):
        one, other = "first_result", "second_result"
    calls = [f"{one} = {first.deed}({param})", f"{other} = {second.deed}({param})"]
    if first.gives == "bool" != second.gives:
        lines = [f"if {first.deed}({param}):", f"    return {second.deed}({param})", "return fallback"]
        return lines, {"fallback": 0 if second.gives in _NUMBERS else "none"}
    if first.gives == second.gives == "bool":
        lines = [f"if {one} and {other}:", "    return 'both'", f"if {one}:", "    return 'first'",
                 f"return 'second' if {other} else 'neither'"]  # fmt: skip
        return [*calls, *lines], {}
    if first.gives in _NUMBERS and second.gives in _NUMBERS:
        return [*calls, f"return [{one}, {other}, {one} + {other}]"], {}
    if first.gives == second.gives in _SEQUENCES:
        return [*calls, f"return [item for item in {one} if item not in {other}]"], {}
    return [*calls, f"return {{'{one}': {one}, '{other}': {other}}}"], {}


def compare(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on two values."""
    if not pool.alone:
        return None
    task = choose(pool.alone)
    param = task.params[0]
    runs = some(task, rng, 3)
    if task.gives not in _COMPARED or not task.flows or len(runs) < 2 or runs[0].answer == runs[1].answer:
        return None
    values = [run.arguments[param] for run in runs]
    ends = _COMPARED[task.gives]
    if task.gives in _SEQUENCES and not any(item in runs[0].answer for item in runs[1].answer):
        ends = ends[1:]  # they share nothing
    one, many = names_for(param, task.takes[0])
    left, right = f"first_{one}", f"second_{one}"
    lines = [f"first_result = {task.deed}({left})", f"second_result = {task.deed}({right})", *rng.choice(ends)]
    pairs = [(values[0], values[1]), (values[1], values[0]), (values[0], values[-1])]
    inputs = [{left: a, right: b} for a, b in pairs if a != b]
    title = f"{told(task)} of two {said(many)} compared"
    return made(title, [(task, task.deed)], entry([left, right], lines), inputs, "pipe-compare")


_NUMBERS_COMPARED = (
    ("if first_result == second_result:", "    return 'equal'",
     "return 'first' if first_result > second_result else 'second'"),
    ("difference = abs(first_result - second_result)", "return difference"),
    ("return [min(first_result, second_result), max(first_result, second_result), first_result + second_result]",),
)  # fmt: skip
_LISTS_COMPARED = (
    ("return [item for item in first_result if item in second_result]",),
    ("return len(first_result) - len(second_result)",),
    ("shared = [item for item in first_result if item in second_result]",
     "return [len(first_result), len(second_result), len(shared)]"),
)  # fmt: skip
_COMPARED: dict[str, tuple[tuple[str, ...], ...]] = {
    "int": _NUMBERS_COMPARED, "float": _NUMBERS_COMPARED, "list[int]": _LISTS_COMPARED, "list[str]": _LISTS_COMPARED,
    "str": (("return [first_result, second_result, first_result == second_result]",),),
}  # fmt: skip

PIPE_OPERATORS = {"pipe-after": after, "pipe-again": again, "pipe-both": both, "pipe-compare": compare}
