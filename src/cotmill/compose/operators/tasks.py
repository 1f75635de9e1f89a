"""The operators that work on functions: on each item of a list, on each number of a range, one after the other."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.base.values import canonical_json
from cotmill.compose.material import Candidate
from cotmill.compose.operators.gather import Scene, gatherings
from cotmill.compose.stories.quantities import said, singular
from cotmill.compose.stories.story import fresh, plural
from cotmill.compose.tasks import Run, Task, Unmovable, program
from cotmill.compose.typed import fits, type_of

__all__ = ["TASK_OPERATORS", "TaskPool", "task_pool"]

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


def _names(param: str, kind: str) -> tuple[str, str]:
    """What to call one value and many."""
    if len(param) > 2 and param.islower() and not any(map(str.isdigit, param)):
        one = singular(param)
        return (one, param) if one != param and not kind.startswith("list") else (param, f"{plural(param)}" if one == param else f"{param}_lists")
    return _SIMPLE.get(kind, ("item", "items"))


def _told(task: Task) -> str:
    return said(task.deed.removeprefix("find_"))


def _value_name(task: Task) -> str:
    name = task.deed.removeprefix("find_")
    if name != task.deed and task.gives != "bool":
        return name
    return {"bool": "verdict", "str": "label", "int": "number_found"}.get(task.gives, "result")


def _some(task: Task, rng: random.Random, most: int, room: int = MOST_LINES) -> list[Run]:
    """Some of its runs, different inputs, short enough together."""
    runs: list[Run] = []
    for run in rng.sample(task.runs, len(task.runs)):
        room -= run.lines + 4
        if room < 0 or len(runs) == most:
            break
        runs.append(run)
    return runs


def _entry(params: Sequence[str], lines: Sequence[str]) -> str:
    return f"def solution({', '.join(params)}):\n    " + "\n    ".join(lines) + "\n"


def _made(
    title: str, parts: list[tuple[Task, str]], entry: str, inputs: Sequence[dict[str, Any]], operator: str
) -> Candidate | None:
    unlike = list(dict.fromkeys(map(canonical_json, inputs)))[:CASES]
    if not unlike:
        return None
    try:
        code = program(parts, entry)
    except Unmovable:
        return None
    return Candidate(title[:1].upper() + title[1:], code, tuple(unlike), tuple(task.id for task, _ in parts), operator)


def each(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """The task on every item of a list; one of several parameters on every case, whose values go by name."""
    task = choose(pool.all)
    if len(task.runs) < 3 or len(task.params) > MOST_PARAMS:
        return None
    cases = [_some(task, rng, rng.choice((3, 4, 5))) for _ in range(CASES)]
    cases = [runs for runs in cases if len(runs) > 2]
    if not cases:
        return None
    if task.alone:
        param = task.params[0]
        one, many = _names(param, task.takes[0])
        call, items = f"{task.deed}({one})", [[run.arguments[param] for run in runs] for runs in cases]
    else:
        one, many = fresh("case", set(task.params)), fresh("cases", set(task.params))
        call = f"{task.deed}({', '.join(f'{one}[{param!r}]' for param in task.params)})"
        items = [[run.arguments for run in runs] for runs in cases]
    scene = Scene(one, many, _value_name(task), call, tuple(run.answer for run in cases[0]))
    gathered = rng.choice(gatherings(task.gives, scene, plain=task.alone))(scene, rng)
    inputs: list[dict[str, Any]] = [{many: values} for values in items]
    params = [many]
    if gathered.limit is not None:
        params.append("limit")
        limits = (sorted(run.answer for run in runs)[len(runs) // 2] for runs in cases)
        inputs = [given | {"limit": limit} for given, limit in zip(inputs, limits, strict=True)]
    title = f"{gathered.title} {_told(task)} for several {said(many)}"
    return _made(title, [(task, task.deed)], _entry(params, gathered.lines), inputs, "list-each")


def span(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """The task on every whole number from one to another."""
    task = choose(pool.numeric)
    param = task.params[0]
    small = sorted((run.arguments[param], run.lines) for run in task.runs if 0 <= run.arguments[param] < 10_000)
    if len(small) < 3:
        return None
    one = _names(param, "int")[0]
    cases = []
    for _ in range(CASES):
        start, lines = rng.choice(small[:-1])
        count = min(rng.randint(5, 9), MOST_LINES // (max(lines, small[-1][1] // 2) + 5))
        if count > 3:
            cases.append((start, start + count))
    if not cases:
        return None
    answers = tuple(run.answer for run in task.runs)
    scene = Scene(one, f"range(first_{one}, last_{one} + 1)", _value_name(task), f"{task.deed}({one})", answers)
    gathered = rng.choice(gatherings(task.gives, scene, plain=True))(scene, rng)
    inputs: list[dict[str, Any]] = [{f"first_{one}": first, f"last_{one}": last} for first, last in cases]
    params = list(inputs[0])
    if gathered.limit is not None:
        params.append("limit")
        inputs = [given | {"limit": gathered.limit} for given in inputs]
    title = f"{gathered.title} {_told(task)} from one number to another"
    return _made(title, [(task, task.deed)], _entry(params, gathered.lines), inputs, "list-range")


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
    for run in _some(task, rng, 2 * CASES, 10**6):
        yes = [value for value in run.arguments[param] if value in passing] + rng.sample(passing, min(4, len(passing)))
        items = yes + rng.sample(failing, min(3, len(failing)))
        rng.shuffle(items)
        if fits(yes, extent) and len(items) > 3:
            inputs.append({**run.arguments, param: items})
    one = _names(param, f"list[{kind}]")[0]
    kept = fresh(f"kept_{param}" if len(param) > 2 else "kept_items", set(task.params))
    item = {"int": "number", "str": "text"}.get(kind, "item")
    item = fresh(singular(one) if singular(one) != one else item, set(task.params) | {kept})
    call = f"{task.deed}({', '.join(kept if name == param else name for name in task.params)})"
    lines = [f"{kept} = []", f"for {item} in {param}:", f"    if {test.deed}({item}):", f"        {kept}.append({item})",
             f"return {call}"]  # fmt: skip
    title = f"{_told(task)} of those {said(param)} that pass {_told(test)}"
    return _made(title, [(test, test.deed), (task, task.deed)], _entry(task.params, lines), inputs, "list-keep")


def after(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on what another gives."""
    first = choose(pool.all)
    takers = pool.open.get(first.gives, ())
    if not takers or not first.flows:
        return None
    second, param = rng.choice(takers)
    if second.id == first.id:
        return None
    between = fresh(_value_name(first), {*first.params, *second.params})
    if between in (first.deed, second.deed):
        between = "result"
    renames = {name: fresh(name, {*first.params, *second.params, between}) for name in second.params if name != param and name in first.params}
    rest = [renames.get(name, name) for name in second.params if name != param]
    extent = second.extents[param]
    inputs = []
    for run in _some(first, rng, 2 * CASES, 10**6):
        other = rng.choice(second.runs)
        if fits(run.answer, extent) and run.lines + other.lines < MOST_LINES and type_of(run.answer) == first.gives:
            inputs.append(run.arguments | {renames.get(name, name): value for name, value in other.arguments.items() if name != param})
    call = f"{second.deed}({', '.join(between if name == param else renames.get(name, name) for name in second.params)})"
    lines = [f"{between} = {first.deed}({', '.join(first.params)})", f"return {call}"]
    if rng.random() < 0.5:
        lines[1:] = [f"final_{second.gives.partition('[')[0]} = {call}", f"return [{between}, final_{second.gives.partition('[')[0]}]"]
    title = f"{_told(second)} of the {_told(first)}"
    return _made(title, [(first, first.deed), (second, second.deed)], _entry([*first.params, *rest], lines), inputs, "pipe-after")


def again(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on its own answer, several times."""
    if not pool.turning:
        return None
    task = choose(pool.turning)
    param, deed = task.params[0], task.deed
    one = _names(param, task.takes[0])[0]
    kinds = {
        "times": ("after several rounds", ["for _ in range(rounds):", f"    {one} = {deed}({one})", f"return {one}"]),
        "history": ("round by round", [f"history = [{one}]", "for _ in range(rounds):", f"    {one} = {deed}({one})",
                                       f"    history.append({one})", "return history"]),
        "cycle": ("until a value comes again", ["seen = []", f"while {one} not in seen and len(seen) < rounds:",
                                                f"    seen.append({one})", f"    {one} = {deed}({one})",
                                                f"return [len(seen), {one}]"]),
    }  # fmt: skip
    told, lines = kinds[rng.choice(list(kinds))]
    inputs = [{one: run.arguments[param], "rounds": rng.choice((2, 3, 4))} for run in _some(task, rng, CASES, MOST_LINES)
              if fits(run.answer, task.extents[param])]  # fmt: skip
    return _made(f"{_told(task)}, {told}", [(task, deed)], _entry([one, "rounds"], lines), inputs, "pipe-again")


def both(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """Two tasks on the same value: their answers set against each other, or one as the condition of the other."""
    first = choose(pool.alone)
    kind = first.takes[0]
    if not first.open(first.params[0]):
        return None
    second = choose(pool.by_type[kind])
    if not second.open(second.params[0]) or set(first.deed.split("_")) & set(second.deed.split("_")):
        return None
    param = _names(first.params[0], kind)[0]
    one, other = _value_name(first), _value_name(second)
    if one == other:
        one, other = "first_result", "second_result"
    told = [f"{one} = {first.deed}({param})", f"{other} = {second.deed}({param})"]
    kinds = {first.gives, second.gives}
    if first.gives == "bool" != second.gives:
        lines = [f"if {first.deed}({param}):", f"    return {second.deed}({param})", "return fallback"]
        title = f"{_told(second)}, where {_told(first)} holds"
    elif kinds == {"bool"}:
        lines = [*told, f"if {one} and {other}:", "    return 'both'", f"if {one}:", "    return 'first'",
                 f"return 'second' if {other} else 'neither'"]  # fmt: skip
        title = f"whether {_told(first)} and {_told(second)}"
    elif kinds <= {"int", "float"}:
        end = rng.choice((f"return {one} - {other}", f"return {one} * weight + {other}", f"return [{one}, {other}, {one} + {other}]"))
        lines, title = [*told, end], f"{_told(first)} and {_told(second)} together"
    elif kinds == {"list[int]"} or kinds == {"list[str]"}:
        end = rng.choice((f"return [item for item in {one} if item in {other}]",
                          f"return [item for item in {one} if item not in {other}]"))  # fmt: skip
        lines, title = [*told, end], f"{_told(first)} set against {_told(second)}"
    else:
        lines = [*told, f"return {{'{one}': {one}, '{other}': {other}}}"]
        title = f"{_told(first)} and {_told(second)}"
    text = "\n".join(lines)
    params, more = [param], {}
    if "fallback" in text:
        params, more = [param, "fallback"], {"fallback": 0 if second.gives in ("int", "float") else "none"}
    if " weight " in text:
        params, more = [param, "weight"], {"weight": rng.choice((2, 3, 10))}
    values = [run.arguments[first.params[0]] for run in first.runs if fits(run.arguments[first.params[0]], second.extents[second.params[0]])]
    values += [run.arguments[second.params[0]] for run in second.runs if fits(run.arguments[second.params[0]], first.extents[first.params[0]])]
    rng.shuffle(values)
    inputs = [{param: value, **more} for value in values[:CASES]]
    return _made(title, [(first, first.deed), (second, second.deed)], _entry(params, lines), inputs, "pipe-both")


def compare(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """A task on two values."""
    task = choose(pool.alone)
    param, deed = task.params[0], task.deed
    if len(task.runs) < 2:
        return None
    one = _names(param, task.takes[0])[0]
    left, right = f"first_{one}", f"second_{one}"
    a, b = "first_result", "second_result"
    told = [f"{a} = {deed}({left})", f"{b} = {deed}({right})"]
    if task.gives in ("int", "float"):
        ends = ([f"if {a} == {b}:", "    return 'equal'", f"return 'first' if {a} > {b} else 'second'"],
                [f"return abs({a} - {b})"], [f"return [{a}, {b}, {a} + {b}]"])  # fmt: skip
    elif task.gives in ("list[int]", "list[str]"):
        ends = ([f"return [item for item in {a} if item in {b}]"], [f"return abs(len({a}) - len({b}))"],
                [f"shared = [item for item in {a} if item in {b}]", f"return [len({a}), len({b}), len(shared)]"])  # fmt: skip
    elif task.gives == "str":
        ends = ([f"return [{a}, {b}, {a} == {b}]"],)
    else:
        return None
    inputs = []
    for _ in range(CASES):
        runs = _some(task, rng, 2)
        if len(runs) == 2:
            inputs.append({left: runs[0].arguments[param], right: runs[1].arguments[param]})
    title = f"{_told(task)} of two {said(_names(param, task.takes[0])[1])} compared"
    return _made(title, [(task, deed)], _entry([left, right], [*told, *rng.choice(ends)]), inputs, "pipe-compare")


def derive(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """Something else asked of the same answer."""
    task = choose(pool.all)
    deed = task.deed
    value = _value_name(task)
    call = f"{value} = {deed}({', '.join(task.params)})"
    runs = _some(task, rng, CASES, 10**6)
    more: list[dict[str, Any]] = [{} for _ in runs]
    if not task.flows:
        return None
    if task.gives == "int" and all(run.answer > 99 for run in runs):
        end, title = [f"digits = [int(digit) for digit in str(abs({value}))]", "return sum(digits)"], "digit sum of the"
    elif task.gives == "list[int]" and all(len(run.answer) > 2 for run in runs):
        end, title = rng.choice((
            ([f"gaps = [later - earlier for earlier, later in zip({value}, {value}[1:])]", "return max(gaps)"],
             "largest gap in the"),
            ([f"ordered = sorted({value}, reverse=True)", "return ordered[:top]"], "largest members of the"),
            ([f"kept = [item for item in {value} if item % divisor == 0]", "return len(kept)"],
             "number of members with a given divisor in the"),
            ([f"middle = len({value}) // 2", f"return [sum({value}[:middle]), sum({value}[middle:])]"],
             "sums of the two halves of the"),
        ))  # fmt: skip
    elif task.gives == "list[str]" and all(len(run.answer) > 2 for run in runs):
        end, title = rng.choice((
            ([f"lengths = [len(text) for text in {value}]", "return lengths"], "lengths of the texts in the"),
            ([f"ordered = sorted({value}, key=lambda text: (len(text), text))", "return ordered[:top]"],
             "shortest texts in the"),
            ([f"starts = sorted(set(text[:1] for text in {value}))", "return ''.join(starts)"],
             "different first letters in the"),
            ([f"return {value}[position % len({value})]"], "one member of the"),
        ))  # fmt: skip
    elif task.gives == "dict[int]" and all(len(run.answer) > 1 for run in runs):
        end, title = rng.choice((
            ([f"ranked = sorted({value}, key=lambda key: (-{value}[key], key))", "return ranked[:top]"],
             "keys with the largest values in the"),
            ([f"largest = max({value}.values())", f"return [key for key in {value} if {value}[key] == largest]"],
             "keys with the largest value in the"),
            ([f"kept = {{key: number for key, number in {value}.items() if number >= least}}", "return kept"],
             "entries of some size in the"),
        ))  # fmt: skip
    elif task.gives == "str" and all(len(run.answer) > 3 for run in runs):
        end, title = rng.choice((
            (["counts = {}", f"for sign in {value}:", "    counts[sign] = counts.get(sign, 0) + 1", "return counts"],
             "counts of the signs in the"),
            (["runs = 1", f"for before, sign in zip({value}, {value}[1:]):", "    if sign != before:", "        runs += 1",
              "return runs"], "number of runs of equal signs in the"),
        ))  # fmt: skip
    else:
        return None
    params = list(task.params)
    text = "\n".join(end)
    for extra, choices in (("top", (1, 2, 3)), ("divisor", (2, 3, 5)), ("position", (1, 4, 7)), ("least", None)):
        if extra in text and extra not in params:
            params.append(extra)
            more = [given | {extra: rng.choice(choices) if choices else sorted(run.answer.values())[len(run.answer) // 2]}
                    for given, run in zip(more, runs, strict=True)]  # fmt: skip
    inputs = [run.arguments | given for run, given in zip(runs, more, strict=True)]
    return _made(f"{title} {_told(task)}", [(task, deed)], _entry(params, [call, *end]), inputs, "derive")


TASK_OPERATORS = {
    "list-each": each, "list-range": span, "list-keep": keep, "pipe-after": after, "pipe-again": again,
    "pipe-both": both, "pipe-compare": compare, "derive": derive,
}  # fmt: skip
