"""A word problem with other values of one input: for each of several, and what they make of it; or two compared."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from cotmill.compose.operators.framed import Drawn, Frame, framed, helper, other_values
from cotmill.compose.stories.quantities import UNKNOWN, Quantity, of_name, said
from cotmill.compose.stories.sense import Values
from cotmill.compose.stories.story import Story, fresh

__all__ = ["compared", "for_each"]

CASES = 4
SUMS = 0.3  # how often results are summed up where they can be
_PLACES = {"money": "amounts", "count": "counts", "time": "durations", "length": "lengths", "weight": "weights",
           "volume": "volumes", "age": "ages", "percent": "percents"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Each:
    """The words of a pass over several values."""

    story: Story
    param: str
    many: str
    limit: str

    def fresh(self, name: str) -> str:
        return fresh(name, self.story.names | {self.many, self.limit})

    @property
    def step(self) -> str:
        return self.story.call(helper(self.story))

    @property
    def places(self) -> str:
        return self.fresh(_PLACES.get(self.story.asked.kind, "values"))

    def loop(self, *inner: str) -> list[str]:
        return [f"for {self.param} in {self.many}:", *(f"    {line}" for line in inner)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of all results; `limited` where that takes a limit."""

    title: str
    lines: Callable[[Each], list[str]]
    gives: Callable[[Each], Quantity] = lambda each: UNKNOWN  # noqa: ARG005  most give no one quantity
    limited: bool = False


def _listed(each: Each) -> list[str]:
    return [f"{each.places} = []", *each.loop(f"{each.places}.append({each.step})"), f"return {each.places}"]


def _spread(each: Each) -> list[str]:
    return [*_listed(each)[:-1], f"return max({each.places}) - min({each.places})"]


def _average(each: Each) -> list[str]:
    return [*_listed(each)[:-1], f"return sum({each.places}) / len({each.places})"]


def _chosen(each: Each) -> list[str]:
    cost = each.story.asked.flow == "cost"
    word, sign = ("lowest", "<") if cost else ("highest", ">")
    result, param = each.story.result, each.param
    best, top = each.fresh(f"best_{param}"), each.fresh(f"{word}_{result}")
    return [
        f"{best} = {each.many}[0]", f"{top} = {each.story.call(helper(each.story), **{param: best})}",
        *each.loop(f"{result} = {each.step}", f"if {result} {sign} {top}:", f"    {best} = {param}",
                   f"    {top} = {result}"),
        f"return {best}",
    ]  # fmt: skip


def _total(each: Each) -> list[str]:
    total = each.fresh("grand_total")
    return [f"{total} = 0", *each.loop(f"{total} += {each.step}"), f"return {total}"]


def _running(each: Each) -> list[str]:
    total = each.fresh("total_so_far")
    inner = (f"{total} += {each.step}", f"{each.places}.append({total})")
    return [f"{total} = 0", f"{each.places} = []", *each.loop(*inner), f"return {each.places}"]


def _excess(each: Each) -> list[str]:
    excess, result = each.fresh("total_excess"), each.story.result
    inner = (f"{result} = {each.step}", f"if {result} > {each.limit}:", f"    {excess} += {result} - {each.limit}")
    return [f"{excess} = 0", *each.loop(*inner), f"return {excess}"]


def _counted(each: Each) -> list[str]:
    number = each.fresh("options_within_limit")
    return [f"{number} = 0", *each.loop(f"if {each.step} <= {each.limit}:", f"    {number} += 1"), f"return {number}"]


def _suitable(each: Each) -> list[str]:
    kept = each.fresh(f"suitable_{each.many}")
    inner = (f"if {each.step} <= {each.limit}:", f"    {kept}.append({each.param})")
    return [f"{kept} = []", *each.loop(*inner), f"return {kept}"]


_CHOICES = (
    Asked("The {result} for several values of {param}", _listed, lambda each: each.story.asked),
    Asked("The spread of the {result} for several values of {param}", _spread),
    Asked("The average {result} for several values of {param}", _average),
    Asked("The {param} with the best {result}", _chosen, lambda each: of_name(each.param)),
    Asked("How many values of {param} keep a limit of the {result}", _counted, limited=True),
    Asked("The values of {param} that keep a limit of the {result}", _suitable, limited=True),
)
# What happens time after time can be summed up; of choices only one is taken.
_SUMS = (
    Asked("The sum of the {result} for several values of {param}", _total, lambda each: each.story.asked),
    Asked("The running total of the {result} for several values of {param}", _running, lambda each: each.story.asked),
)
_OVERRUNS = (
    *_SUMS,
    Asked("By how much the {result} exceeds a limit in all, for several values of {param}", _excess,
          lambda each: each.story.asked, limited=True),
)  # fmt: skip


def for_each(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The problem for each of several values of one input; and what is asked of all the results."""
    summed = story.asked.additive and rng.random() < SUMS
    gained = story.asked.flow == "income" or story.asked.kind == "count"
    asked = rng.choice(_CHOICES if not summed else _SUMS if gained else _OVERRUNS)
    many = fresh(f"{param}_{'each_time' if summed else 'options'}", story.names)
    each = Each(story, param, many, fresh(f"{story.result}_limit", story.names))
    params = [many if name == param else name for name in story.params] + [each.limit] * asked.limited
    cases: list[Values] = []
    for case in rng.sample(story.cases, min(CASES, len(story.cases))):
        found = list(other_values(story, case, param, rng).items())
        rng.shuffle(found)
        results = sorted({result for _, result in found})
        if len(results) >= 3:
            given = {name: value for name, value in case.items() if name != param} | {many: [v for v, _ in found]}
            cases.append(given | ({each.limit: _between(results, rng)} if asked.limited else {}))
    title = asked.title.format(result=said(story.result), param=said(param))
    return framed(story, Frame(title, params, asked.lines(each), asked.gives(each)), cases)


def _between(results: list[float], rng: random.Random) -> float:
    """A limit that some of the results keep and some do not."""
    low, high = results[:2] if rng.random() < 0.5 else results[-2:]
    middle = (low + high) / 2
    return int(middle) if int(middle) >= low else round(middle, 2)


def compared(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The same problem with two values of one input: what difference does it make?"""
    find, result = helper(story), story.result
    now, then = fresh(f"current_{param}", story.names), fresh(f"new_{param}", story.names)
    before, after = f"current_{result}", f"new_{result}"
    params = [name for item in story.params for name in ((now, then) if item == param else (item,))]
    end, asked = rng.choice((
        (f"return abs({after} - {before})", story.asked),
        (f"return 100 * abs({after} - {before}) / {before}", UNKNOWN),
        (f"return [{before}, {after}, abs({after} - {before})]", UNKNOWN),
    ))  # fmt: skip
    calls = (f"{name} = {story.call(find, **{param: value})}" for name, value in ((before, now), (after, then)))
    cases: list[Values] = []
    for case in story.cases:
        others = [value for value in other_values(story, case, param, rng) if value != case[param]]
        if others:
            given = {name: value for name, value in case.items() if name != param}
            cases.append(given | {now: case[param], then: rng.choice(others)})
    title = f"What a change of {said(param)} does to the {said(result)}"
    return framed(story, Frame(title, params, [*calls, end], asked), cases)
