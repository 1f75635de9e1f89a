"""Two word problems made one: a result of the first becomes an input of the second, or both results are set against
each other. Only amounts of the same kind meet: eggs and eggs, a cost and a cost, an income and what is paid of it."""

from __future__ import annotations

import random
from dataclasses import replace

from cotmill.compose.stories.quantities import Quantity, of_name, plural, words_of
from cotmill.compose.stories.story import Story, fresh, names_in, renamed
from cotmill.compose.stories.vocabulary import listed

__all__ = ["can_feed", "chained", "exchanged", "joined", "relations", "sliced"]

PAIRS = 8  # cases that are tried

# Money that somebody has, which another problem may have brought in.
_AVAILABLE = listed("initial budget savings start available allowance balance salary income earnings has had")


def _apart(first: Story, second: Story) -> Story:
    """The second with other names for what the first has names for too."""
    taken = set(first.names | second.names)
    names: dict[str, str] = {}
    for name in sorted(second.names & first.names):
        names[name] = fresh(name, taken)
        taken.add(names[name])
    return second.with_names(names)


def _paired(first: Story, second: Story, rng: random.Random) -> list[tuple[int, int]]:
    pairs = [(left, right) for left in range(len(first.cases)) for right in range(len(second.cases))]
    return rng.sample(pairs, min(PAIRS, len(pairs)))


def joined(first: Story, second: Story, rng: random.Random) -> Story | None:
    """Both problems side by side, and a last step that takes both results."""
    second = _apart(first, second)
    steps = _last_steps(first, second)
    if not steps:
        return None
    step, asked = rng.choice(steps)
    target = step.partition(" = ")[0]
    if target in first.names | second.names:
        return None
    made = Story(
        "", (*first.params, *second.params), (*first.steps, *second.steps, step), target, asked,
        tuple(first.cases[left] | second.cases[right] for left, right in _paired(first, second, rng)),
    )  # fmt: skip
    return made.settled()


def _last_steps(first: Story, second: Story) -> list[tuple[str, Quantity]]:
    a, b = first.result, second.result
    one, other = first.asked, second.asked
    if one.kind == "money" and {one.flow, other.flow} == {"cost", "income"}:
        income, cost = (a, b) if one.flow == "income" else (b, a)
        return [
            (f"money_left_over = {income} - {cost}", Quantity("money", flow="income")),
            (f"affordable_times = {income} // {cost}", Quantity("count", "time")),
            (f"income_percent_spent = 100 * {cost} / {income}", Quantity("percent")),
            (f"missing_money = max(0, {cost} - {income})", Quantity("money")),
        ]
    if one.kind == "money":
        if not one.flow or one.flow != other.flow:
            return []
        return [
            (f"combined_{one.flow} = {a} + {b}", one),
            (f"{one.flow}_difference = abs({a} - {b})", Quantity("money")),
            (f"larger_{one.flow} = max({a}, {b})", one),
        ]
    if one.kind == "age":
        return [(f"age_difference = abs({a} - {b})", Quantity("time", "year"))]
    things = plural(one.unit)
    return [
        (f"combined_{things} = {a} + {b}", one),
        (f"{things}_difference = abs({a} - {b})", one),
        (f"smaller_number_of_{things} = min({a}, {b})", one),
    ]


def sliced(story: Story, name: str) -> Story:
    """The part of a story that leads to one of its intermediate quantities."""
    wanted = {name}
    kept: list[str] = []
    for step in reversed(story.steps):
        target, _, expression = step.partition(" = ")
        if target in wanted:
            kept.append(step)
            wanted |= names_in(expression)
    params = tuple(param for param in story.params if param in wanted)
    cases = tuple({param: case[param] for param in params} for case in story.cases)
    return replace(story, params=params, steps=tuple(kept[::-1]), result=name, asked=of_name(name), cases=cases)


def can_feed(given: Quantity, param: str) -> bool:
    """Such an amount may stand in place of this input."""
    wanted = of_name(param)
    if given.per or wanted.per or given.kind != wanted.kind:
        return False
    if given.kind == "money":
        return given.flow == "income" and wanted.flow != "cost" and not _AVAILABLE.isdisjoint(words_of(param))
    return given.kind in ("count", "time", "length", "weight", "volume") and given.unit == wanted.unit != ""


def chained(giver: Story, taker: Story, param: str, rng: random.Random) -> Story | None:
    """The giver's result is the taker's input `param`."""
    taker = _apart(giver, replace(taker, params=tuple(name for name in taker.params if name != param)).with_names(
        {param: "_fed"}))  # fmt: skip
    taker = replace(taker, steps=tuple(renamed(step, {"_fed": giver.result}) for step in taker.steps))
    cases = tuple(
        giver.cases[left] | {name: value for name, value in taker.cases[right].items() if name != "_fed"}
        for left, right in _paired(giver, taker, rng)
    )
    made = Story(
        "", (*giver.params, *taker.params), (*giver.steps, *taker.steps), taker.result, taker.asked, cases
    )  # fmt: skip
    return made.settled()


def relations(story: Story) -> list[tuple[int, str, str]]:
    """(number of the step, the one input of it, its expression): `b = a * 2 + 1` relates two quantities of a sort.

    Not those of unlike sorts: `value = quarters * 25` and `hours = minutes / 60` are facts that nothing may replace.
    """
    found = []
    for number, step in enumerate(story.steps):
        expression = step.partition(" = ")[2]
        names = names_in(expression)
        target = of_name(step.partition(" = ")[0])
        if len(names) == 1 and any(map(str.isdigit, expression)):
            source = of_name(name := names.pop())
            if target == source and target.kind in ("count", "money", "time", "age", "length", "weight"):
                found.append((number, name, expression))
    return found


def exchanged(story: Story, number: int, name: str, expression: str, donor_name: str) -> Story | None:
    """The step takes over how two quantities of another problem are related."""
    target = story.steps[number].partition(" = ")[0]
    step = f"{target} = {renamed(expression, {donor_name: name})}"
    if step == story.steps[number]:
        return None
    return replace(story, steps=(*story.steps[:number], step, *story.steps[number + 1 :])).settled()
