"""A word problem as a step that is taken repeatedly: for each of several values, until a goal is reached, round by
round on its own result, or twice to compare two choices."""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass

from cotmill.compose.stories.quantities import Quantity, alike, of_name, said, words_of
from cotmill.compose.stories.rehearse import Unworkable, rehearse
from cotmill.compose.stories.sense import Values, nearby, worked
from cotmill.compose.stories.story import Story, fresh, plural

__all__ = ["Drawn", "compared", "for_each", "round_by_round", "steps_itself", "until_goal"]

TRIES = 14
CASES = 3
_START = frozenset("initial initially start starting original originally current beginning before".split())
_CHOICES = ("list", "choose", "spread", "count", "suitable")
_SUMS = ("total", "running", "excess")  # what happens time after time; of choices only one is taken
_PLACES = {"money": "amounts", "count": "counts", "time": "durations", "length": "lengths", "weight": "weights",
           "volume": "volumes", "age": "ages", "percent": "percents"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole program with inputs on which it makes sense."""

    title: str
    code: str
    cases: tuple[Values, ...]


def _settled(title: str, code: str, cases: list[Values], story: Story, asked: Quantity) -> Drawn | None:
    tree = ast.parse(code)
    quantities = {name: quantity for name, quantity in story.quantities.items() if name != story.result}
    kept = tuple(case for case in cases if worked(tree, case, quantities, asked) is not None)
    return Drawn(title, code, kept[:CASES]) if kept else None


def _helper(story: Story) -> str:
    return fresh(f"find_{story.result}", story.names)


def for_each(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The problem for each of several values of one input; and what is asked of all the results."""
    find, result = _helper(story), story.result
    kind = rng.choice(_CHOICES + _SUMS * story.asked.additive)
    many = fresh(f"{param}_{'each_time' if kind in _SUMS else 'options'}", story.names)
    frame, asked, title, extra = _asked_of_all(kind, story, param, many, story.call(find))
    params = [many if name == param else name for name in story.params] + list(extra)
    code = f"{story.code(find)}\ndef solution({', '.join(params)}):\n    " + "\n    ".join(frame) + "\n"
    cases: list[Values] = []
    for case in rng.sample(story.cases, min(CASES + 1, len(story.cases))):
        options, results = _options(story, case, param, rng)
        if len(set(results)) >= 3:
            given = {many if name == param else name: value for name, value in case.items()} | {many: options}
            cases.append(given | {name: _between(results, rng) for name in extra})
    return _settled(f"{title} {said(result)} for several values of {said(param)}", code, cases, story, asked)


def _options(
    story: Story, case: Values, param: str, rng: random.Random
) -> tuple[list[float], list[float]]:
    """Values of the input on which the problem makes sense, and its results."""
    found = {case[param]: worked(story.tree, case, story.quantities, story.asked)}
    for _ in range(TRIES):
        value = nearby(param, [case[param]], rng)
        if value not in found and (values := worked(story.tree, case | {param: value}, story.quantities, story.asked)):
            found[value] = values
        if len(found) == 5:
            break
    options = [value for value, values in found.items() if values is not None]
    rng.shuffle(options)
    return options, [values["return"] for value in options if (values := found[value])]


def _between(results: list[float], rng: random.Random) -> float:
    """A limit that some of the results keep and some do not."""
    low, high = sorted(set(results))[:2] if rng.random() < 0.5 else sorted(set(results))[-2:]
    middle = (low + high) / 2
    return int(middle) if low < int(middle) or low == int(middle) else round(middle, 2)


def _asked_of_all(
    kind: str, story: Story, param: str, many: str, step: str
) -> tuple[list[str], Quantity, str, tuple[str, ...]]:
    """(body of the entry, what is asked, the title's beginning, further inputs)."""
    result, quantity = story.result, story.asked
    places = fresh(_PLACES.get(quantity.kind, "values"), story.names | {many})
    collect = [f"{places} = []", f"for {param} in {many}:", f"    {places}.append({step})"]
    pay = quantity.kind == "money" and quantity.flow == "cost"
    good, sign, best = ("lowest", "<", "cheapest") if pay else ("highest", ">", "best")
    if kind == "list":
        return [*collect, f"return {places}"], quantity, "The", ()
    if kind == "spread":
        return [*collect, f"return max({places}) - min({places})"], Quantity("unknown"), "The spread of the", ()
    if kind == "total":
        total = fresh("grand_total", story.names)
        return [f"{total} = 0", f"for {param} in {many}:", f"    {total} += {step}", f"return {total}"], quantity, \
            "The sum of the", ()  # fmt: skip
    if kind == "running":
        total = fresh("total_so_far", story.names)
        return [f"{total} = 0", f"{places} = []", f"for {param} in {many}:", f"    {total} += {step}",
                f"    {places}.append({total})", f"return {places}"], quantity, "The running total of the", ()  # fmt: skip
    if kind == "choose":
        chosen, top = f"{best}_{param}", f"{good}_{result}"
        return [f"{chosen} = {many}[0]", f"{top} = {_with(story, param, chosen)}",
                f"for {param} in {many}:", f"    {result} = {step}", f"    if {result} {sign} {top}:",
                f"        {chosen} = {param}", f"        {top} = {result}", f"return {chosen}"], of_name(param), \
            f"The choice with the {good}", ()  # fmt: skip
    limit = fresh(f"{result}_limit", story.names)
    if kind == "excess":
        excess = fresh("total_excess", story.names)
        return [f"{excess} = 0", f"for {param} in {many}:", f"    {result} = {step}", f"    if {result} > {limit}:",
                f"        {excess} += {result} - {limit}", f"return {excess}"], quantity, \
            "The sum of what exceeds a limit in the", (limit,)  # fmt: skip
    if kind == "count":
        number = fresh("options_within_limit", story.names)
        return [f"{number} = 0", f"for {param} in {many}:", f"    if {step} <= {limit}:", f"        {number} += 1",
                f"return {number}"], Quantity("count", "option"), "The number of choices that keep a limit of the", (limit,)  # fmt: skip
    kept = fresh(f"suitable_{many}", story.names)
    return [f"{kept} = []", f"for {param} in {many}:", f"    if {step} <= {limit}:", f"        {kept}.append({param})",
            f"return {kept}"], Quantity("unknown"), "The choices that keep a limit of the", (limit,)  # fmt: skip


def _with(story: Story, param: str, value: str) -> str:
    return story.call(_helper(story), **{param: value})


def until_goal(story: Story, rng: random.Random, param: str | None) -> Drawn | None:
    """The result is gained again and again until a goal is reached; `param`, where given, grows from time to time."""
    find, result = _helper(story), story.result
    goal, total, rounds = (fresh(name, story.names) for name in (f"{result}_goal", f"{result}_so_far", "rounds"))
    params = [*story.params, goal]
    frame = [f"{total} = 0", f"{rounds} = 0", f"while {total} < {goal}:", f"    {total} += {story.call(find)}"]
    if param:
        growth = fresh(f"{param}_increase", story.names)
        params.append(growth)
        frame.append(f"    {param} += {growth}")
    frame += [f"    {rounds} += 1", f"return {rounds}"]
    code = f"{story.code(find)}\ndef solution({', '.join(params)}):\n    " + "\n    ".join(frame) + "\n"
    cases: list[Values] = []
    for case, values in zip(story.cases, story.worked, strict=True):
        if values is not None:
            reached = _rounded(values["return"] * rng.choice((2.5, 3.2, 4.4, 5.3)))
            grown = {growth: max(1, round(case[param] * rng.choice((0.1, 0.2, 0.5))))} if param else {}
            cases.append(case | {goal: reached} | grown)
    return _settled(
        f"Rounds until the {said(result)} of all rounds reach a goal", code, cases, story, Quantity("count", "round")
    )  # fmt: skip


def _rounded(value: float) -> float:
    grain = 10 ** max(0, len(str(int(value))) - 2)
    return int(max(2, round(value / grain) * grain))


def round_by_round(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The result is the input `param` of the next round."""
    find = _helper(story)
    rounds = fresh("rounds", story.names)
    step = f"{param} = {story.call(find)}"
    history = fresh(f"{param}_by_round", story.names)
    limit = fresh(f"{param}_limit", story.names)
    kind = rng.choice(("after", "history", "gain", "above"))
    params, extra = [*story.params, rounds], {rounds: (2, 3, 4)}
    if kind == "after":
        frame = [f"for _ in range({rounds}):", f"    {step}", f"return {param}"]
    elif kind == "history":
        frame = [f"{history} = [{param}]", f"for _ in range({rounds}):", f"    {step}",
                 f"    {history}.append({param})", f"return {history}"]  # fmt: skip
    elif kind == "gain":
        first = fresh(f"first_{param}", story.names)
        frame = [f"{first} = {param}", f"for _ in range({rounds}):", f"    {step}", f"return abs({param} - {first})"]
    else:
        count = fresh("rounds_above_limit", story.names)
        params.append(limit)
        frame = [f"{count} = 0", f"for _ in range({rounds}):", f"    {step}", f"    if {param} > {limit}:",
                 f"        {count} += 1", f"return {count}"]  # fmt: skip
    code = f"{story.code(find)}\ndef solution({', '.join(params)}):\n    " + "\n    ".join(frame) + "\n"
    cases: list[Values] = []
    for case in story.cases:
        drawn = case | {name: rng.choice(values) for name, values in extra.items()}
        cases.append(drawn | ({limit: case[param]} if kind == "above" else {}))
    asked = Quantity("unknown") if kind == "above" else story.asked
    return _settled(f"{said(story.result).capitalize()}, round by round", code, cases, story, asked)


def compared(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The same problem with two values of one input: what difference does it make?"""
    find, result = _helper(story), story.result
    now, then = fresh(f"current_{param}", story.names), fresh(f"new_{param}", story.names)
    before, after = f"current_{result}", f"new_{result}"
    params = [name for item in story.params for name in ((now, then) if item == param else (item,))]
    ends = {
        "difference": (f"return abs({after} - {before})", story.asked),
        "percent": (f"return 100 * abs({after} - {before}) / {before}", Quantity("unknown")),
        "both": (f"return [{before}, {after}, abs({after} - {before})]", Quantity("unknown")),
    }
    end, asked = ends[rng.choice(list(ends))]
    frame = [f"{before} = {_with(story, param, now)}", f"{after} = {_with(story, param, then)}", end]
    code = f"{story.code(find)}\ndef solution({', '.join(params)}):\n    " + "\n    ".join(frame) + "\n"
    cases: list[Values] = []
    for case in story.cases:
        options, _ = _options(story, case, param, rng)
        other = [value for value in options if value != case[param]]
        if other:
            given = {name: value for name, value in case.items() if name != param}
            cases.append(given | {now: case[param], then: rng.choice(other)})
    return _settled(f"What another {said(param)} changes in the {said(result)}", code, cases, story, asked)


def steps_itself(story: Story) -> list[str]:
    """Inputs that the result can be given to again: what there is at the start, and the result is what it became."""
    return [
        param
        for param in story.params
        if alike(of_name(param), story.asked) and not _START.isdisjoint(words_of(param)) and _carries(story, param)
    ]


def _carries(story: Story, param: str) -> bool:
    """A little more of it at the start is about as much more in the end."""
    tree, case = story.tree, story.cases[0]
    more = {**case, param: case[param] * 1.25}
    try:
        gain = rehearse(tree, more)[0] - rehearse(tree, case)[0]
    except Unworkable:
        return False
    return bool(0.05 < gain / (more[param] - case[param]) < 2.5)
