"""A function on each item of a list, on each number of a range, on those items that another function says yes to."""

from __future__ import annotations

import random
from typing import Any

from cotmill.compose.material import Candidate
from cotmill.compose.operators.gather import Scene, gatherings
from cotmill.compose.operators.task_pool import (
    CASES,
    MOST_LINES,
    MOST_PARAMS,
    Choose,
    TaskPool,
    entry,
    made,
    names_for,
    several,
    some,
    told,
    value_name,
)  # fmt: skip
from cotmill.compose.stories.quantities import said, singular
from cotmill.compose.stories.story import fresh
from cotmill.compose.tasks import Task
from cotmill.compose.typed import fits, type_of

__all__ = ["LIST_OPERATORS"]

LARGEST = 10_000  # beyond, a number stands for something else than itself: an encoding, a date
SPAN = 9


def each(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """The task on every item of a list; one of several parameters on every case, whose values go by name."""
    task = choose(pool.all)
    if len(task.runs) < 3 or len(task.params) > MOST_PARAMS:
        return None
    cases = several(task, rng)
    if not cases:
        return None
    if task.alone:
        param = task.params[0]
        one, many = names_for(param, task.takes[0])
        call, items = f"{task.deed}({one})", [[run.arguments[param] for run in runs] for runs in cases]
    else:
        one, many = fresh("case", set(task.params)), fresh("cases", set(task.params))
        call = f"{task.deed}({', '.join(f'{one}[{param!r}]' for param in task.params)})"
        items = [[run.arguments for run in runs] for runs in cases]
    scene, gives, flows = (
        Scene(one, many, value_name(task), call, tuple(run.answer for run in cases[0])),
        task.gives,
        task.flows,
    )
    field = _field(task, rng)
    if field:
        results = tuple(run.answer[field] for run in cases[0])
        scene, gives, flows = Scene(one, many, field, f"{call}[{field!r}]", results), type_of(results[0]), True
    gathered = rng.choice(gatherings(gives, scene, plain=task.alone, flows=flows))(scene, rng)
    inputs: list[dict[str, Any]] = [{many: values} for values in items]
    params = [many]
    if gathered.limit is not None:
        params.append("limit")
        limits = (sorted(run.answer[field] if field else run.answer for run in runs)[len(runs) // 2] for runs in cases)
        inputs = [given | {"limit": limit} for given, limit in zip(inputs, limits, strict=True)]
    title = f"{gathered.title} {said(field) + ' of ' if field else ''}{told(task)} for several {said(many)}"
    return made(title, [(task, task.deed)], entry(params, gathered.lines), inputs, "list-each")


def _field(task: Task, rng: random.Random) -> str:
    """A fact of the record that the task gives; an empty text where it gives none with numbers and plain names."""
    first = task.runs[0].answer
    if task.flows or not isinstance(first, dict):
        return ""
    found = [
        name for name in first
        if name.isidentifier() and name.islower() and len({type_of(run.answer[name]) for run in task.runs}) == 1
        and type_of(first[name]) in ("int", "bool") and name not in (*task.params, "case", "cases", "limit")
    ]  # fmt: skip
    return rng.choice(found) if found else ""


def span(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """The task on every whole number from one to another."""
    if not pool.numeric:
        return None
    task = choose(pool.numeric)
    param = task.params[0]
    runs = [run for run in task.runs if 0 <= run.arguments[param] < LARGEST]
    if len(runs) < 3:
        return None
    one = names_for(param, "int")[0]
    lines = max(run.lines for run in runs)
    cases = []
    for _ in range(CASES):
        start = min(rng.choice(runs).arguments[param], max(run.arguments[param] for run in runs) - SPAN)
        count = min(rng.randint(5, SPAN), MOST_LINES // (lines + 5))
        if count > 3 and start >= 0:
            cases.append((start, start + count - 1))
    if not cases:
        return None
    answers = tuple(run.answer for run in task.runs)
    scene = Scene(one, f"range(first_{one}, last_{one} + 1)", value_name(task), f"{task.deed}({one})", answers)
    gathered = rng.choice(gatherings(task.gives, scene, plain=True, flows=True))(scene, rng)
    inputs: list[dict[str, Any]] = [{f"first_{one}": first, f"last_{one}": last} for first, last in cases]
    params = list(inputs[0])
    if gathered.limit is not None:
        params.append("limit")
        inputs = [given | {"limit": gathered.limit} for given in inputs]
    title = f"{gathered.title} {told(task)} from one number to another"
    return made(title, [(task, task.deed)], entry(params, gathered.lines), inputs, "list-range")


def keep(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on those items of its list that another task says yes to."""
    kinds = [kind for kind in pool.predicates if f"list[{kind}]" in pool.open]
    if not kinds:
        return None
    kind = rng.choice(kinds)
    test = choose(pool.predicates[kind])
    task, param = rng.choice(pool.open[f"list[{kind}]"])
    if task.id == test.id:
        return None
    passing = [run.arguments[test.params[0]] for run in test.runs if run.answer]
    failing = [run.arguments[test.params[0]] for run in test.runs if not run.answer]
    extent = task.extents[param]
    inputs = []
    for run in some(task, rng, 2 * CASES, 10**6):
        yes = [value for value in run.arguments[param] if value in passing] + rng.sample(passing, min(4, len(passing)))
        items = yes + rng.sample(failing, min(3, len(failing)))
        rng.shuffle(items)
        if fits(yes, extent) and len(items) > 3:
            inputs.append({**run.arguments, param: items})
    one = names_for(param, f"list[{kind}]")[0]
    kept = fresh(f"kept_{param}" if len(param) > 2 else "kept_items", set(task.params))
    item = {"int": "number", "str": "text"}.get(kind, "item")
    item = fresh(singular(one) if singular(one) != one else item, set(task.params) | {kept})
    call = f"{task.deed}({', '.join(kept if name == param else name for name in task.params)})"
    lines = [f"{kept} = []", f"for {item} in {param}:", f"    if {test.deed}({item}):",
             f"        {kept}.append({item})", f"return {call}"]  # fmt: skip
    title = f"{told(task)} of those {said(param)} that pass {told(test)}"
    return made(title, [(test, test.deed), (task, task.deed)], entry(task.params, lines), inputs, "list-keep")


LIST_OPERATORS = {"list-each": each, "list-range": span, "list-keep": keep}
