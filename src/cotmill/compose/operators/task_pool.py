"""Functions laid out by what they take, and what every operator on them needs: names, runs, the file in the end."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.base.values import canonical_json
from cotmill.compose.material import Candidate
from cotmill.compose.stories.quantities import plural, said, singular
from cotmill.compose.tasks import Run, Task, Unmovable, program

__all__ = [
    "CASES", "MOST_LINES", "MOST_PARAMS", "Choose", "TaskPool", "entry", "made", "names_for", "several", "some",
    "task_pool", "told", "value_name",
]  # fmt: skip

CASES = 3
MOST_PARAMS = 4
MOST_LINES = 220  # line events of all calls together

Choose = Callable[[Sequence[Task]], Task]
_SIMPLE = {"int": ("number", "numbers"), "float": ("number", "numbers"), "str": ("text", "texts"),
           "list[int]": ("row", "rows"), "list[str]": ("group", "groups")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskPool:
    """Functions by what they take; built once."""

    all: tuple[Task, ...]
    alone: tuple[Task, ...]  # of one parameter
    by_type: dict[str, tuple[Task, ...]]  # type of the one parameter -> those
    open: dict[str, tuple[tuple[Task, str], ...]]  # type -> tasks with a parameter of any such value
    numeric: tuple[Task, ...]  # from one whole number
    turning: tuple[Task, ...]  # to the type they take
    predicates: dict[str, tuple[Task, ...]]  # type -> those that say yes or no of it


def task_pool(tasks: Sequence[Task]) -> TaskPool:
    by_type: dict[str, list[Task]] = {}
    opened: dict[str, list[tuple[Task, str]]] = {}
    predicates: dict[str, list[Task]] = {}
    alone = [task for task in tasks if task.alone]
    for task in alone:
        by_type.setdefault(task.takes[0], []).append(task)
        if task.gives == "bool" and task.open(task.params[0]):
            predicates.setdefault(task.takes[0], []).append(task)
    for task in tasks:
        for param, kind in zip(task.params, task.takes, strict=True):
            if task.open(param):
                opened.setdefault(kind, []).append((task, param))
    return TaskPool(
        tuple(tasks), tuple(alone), {key: tuple(items) for key, items in by_type.items()},
        {key: tuple(items) for key, items in opened.items()},
        tuple(task for task in alone if task.takes[0] == "int" and task.gives in ("int", "bool")),
        tuple(task for task in alone if task.takes[0] == task.gives and task.open(task.params[0])),
        {key: tuple(items) for key, items in predicates.items()},
    )  # fmt: skip


def names_for(param: str, kind: str) -> tuple[str, str]:
    """What to call one value and many."""
    if len(param) > 2 and param.islower() and not any(map(str.isdigit, param)):
        one = singular(param)
        if one != param and not kind.startswith("list"):
            return one, param
        return param, plural(param) if one == param else f"{param}_lists"
    return _SIMPLE.get(kind, ("item", "items"))


def told(task: Task) -> str:
    """What the task gives, in words."""
    return said(task.deed.removeprefix("find_"))


def value_name(task: Task) -> str:
    """What to call its answer."""
    name = task.deed.removeprefix("find_")
    if name != task.deed and task.gives != "bool":
        return name
    return {"bool": "verdict", "str": "label", "int": "number_found"}.get(task.gives, "result")


def some(task: Task, rng: random.Random, most: int, room: int = MOST_LINES) -> list[Run]:
    """Some of its runs, different inputs, short enough together."""
    runs: list[Run] = []
    for run in rng.sample(task.runs, len(task.runs)):
        room -= run.lines + 4
        if room < 0 or len(runs) == most:
            break
        runs.append(run)
    return runs


def several(task: Task, rng: random.Random) -> list[list[Run]]:
    """Lists of runs, unlike each other as far as there are runs for it: one list where there are few."""
    count = rng.choice((3, 4, 5))
    runs = rng.sample(task.runs, len(task.runs))
    lists = [runs[begin : begin + count] for begin in range(0, len(runs), count)][:CASES]
    lists = [_within(runs) for runs in lists]
    return [runs for runs in lists if len(runs) > 2]


def _within(runs: list[Run], room: int = MOST_LINES) -> list[Run]:
    """The first of them, short enough together."""
    kept: list[Run] = []
    for run in runs:
        room -= run.lines + 4
        if room >= 0:
            kept.append(run)
    return kept


def entry(params: Sequence[str], lines: Sequence[str]) -> str:
    """The new `solution`."""
    return f"def solution({', '.join(params)}):\n    " + "\n    ".join(lines) + "\n"


def _rebinds(entry: str) -> bool:
    """An input's name is also the name of something else, or of another input."""
    function = ast.parse(entry).body[0]
    assert isinstance(function, ast.FunctionDef)  # written by `entry`
    params = [arg.arg for arg in function.args.args]
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return len(set(params)) < len(params) or not stored.isdisjoint(params)


def made(
    title: str, parts: list[tuple[Task, str]], entry: str, inputs: Sequence[dict[str, Any]], operator: str
) -> Candidate | None:
    """The candidate; None without inputs, and where names of the parts and of the entry get in each other's way."""
    unlike = list(dict.fromkeys(map(canonical_json, inputs)))[:CASES]
    if not unlike or _rebinds(entry):
        return None
    try:
        code = program(parts, entry)
    except Unmovable:
        return None
    return Candidate(title[:1].upper() + title[1:], code, tuple(unlike), tuple(task.id for task, _ in parts), operator)
