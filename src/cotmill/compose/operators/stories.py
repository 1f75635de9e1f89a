"""The operators on word problems: which stories, in what order, and the program that is written in the end."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from cotmill.base.values import canonical_json
from cotmill.compose.material import Candidate
from cotmill.compose.operators.framed import Drawn
from cotmill.compose.operators.story_choices import compared, for_each
from cotmill.compose.operators.story_joins import can_feed, chained, exchanged, joined, relations, sliced
from cotmill.compose.operators.story_rounds import round_by_round, steps_itself, until_goal
from cotmill.compose.stories.extensions import extended, fitting
from cotmill.compose.stories.quantities import UNKNOWN, Quantity, is_fixed, of_name, said, words_of
from cotmill.compose.stories.sense import telling
from cotmill.compose.stories.story import Story, fresh
from cotmill.compose.stories.vocabulary import PEOPLE, listed

__all__ = ["STORY_OPERATORS", "StoryPool", "story_pool"]

CASES = 3
FEWEST_STEPS = 5  # what makes a problem of one function long enough
MOST_STEPS = 12
MOST_INPUTS = 9

# What is missing, or lies between two amounts, is not gained round by round.
_NOT_GAINED = listed(
    "needed need difference diff missing required more less fewer spare extra "
    "average larger smaller buy before withheld lost"
)

Item = TypeVar("Item")
Choose = Callable[[Sequence[Story]], Story]


@dataclass(frozen=True, slots=True)
class StoryPool:
    """Stories by what their results are; built once."""

    all: tuple[Story, ...]
    alike: dict[
        tuple[str, str], tuple[Story, ...]
    ]  # (kind, unit) -> stories whose result can be set against each other
    givers: dict[tuple[str, str], tuple[tuple[Story, str], ...]]  # (kind, unit) -> stories with a quantity of that sort
    looping: tuple[tuple[Story, str], ...]  # stories whose result can be their own input
    relating: dict[tuple[str, str], tuple[tuple[str, str, str], ...]]  # kinds of `b` and `a` -> (id, a, expression)


def story_pool(stories: Sequence[Story]) -> StoryPool:
    alike: dict[tuple[str, str], list[Story]] = {}
    givers: dict[tuple[str, str], list[tuple[Story, str]]] = {}
    relating: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    looping: list[tuple[Story, str]] = []
    for story in stories:
        if not story.asked.per and (story.asked.unit or story.asked.kind in ("money", "age")):
            alike.setdefault(_sort(story.asked), []).append(story)
        for step in story.steps:
            name = step.partition(" = ")[0]
            quantity = story.asked if name == story.result else of_name(name)
            # boys of one school are not those of another
            known = quantity.unit not in PEOPLE and (quantity.unit or quantity.flow == "income")
            if quantity.additive and known:
                givers.setdefault(_sort(quantity), []).append((story, name))
        for number, name, expression in relations(story):
            relating.setdefault(_related(story, number, name), []).append((story.id, name, expression))
        looping += [(story, param) for param in steps_itself(story)]
    return StoryPool(tuple(stories), _frozen(alike), _frozen(givers), tuple(looping), _frozen(relating))


def _frozen(table: dict[tuple[str, str], list[Item]]) -> dict[tuple[str, str], tuple[Item, ...]]:
    return {key: tuple(items) for key, items in table.items()}


def _sort(quantity: Quantity) -> tuple[str, str]:
    return quantity.kind, quantity.unit


def _related(story: Story, number: int, name: str) -> tuple[str, str]:
    return of_name(story.steps[number].partition(" = ")[0]).kind, of_name(name).kind


def _further(story: Story, rng: random.Random, times: int) -> Story:
    """With up to so many further questions."""
    for _ in range(times):
        rows = fitting(story)
        rng.shuffle(rows)
        for row in rows[:3]:
            if len(story.steps) + len(row.steps) > MOST_STEPS or len(story.params) + len(row.inputs) > MOST_INPUTS:
                continue
            made = extended(story, row, rng)
            if made is not None:
                story = made
                break
    return story


def _long_enough(story: Story, rng: random.Random, begun: bool) -> Story | None:
    """Asked further until it is long enough to be an exercise; None where nothing more can be asked."""
    story = _further(story, rng, rng.choice((0, 1)) if begun else rng.choice((1, 2)))
    for _ in range(2):
        if len(story.steps) < FEWEST_STEPS:
            story = _further(story, rng, 1)
    fits = FEWEST_STEPS <= len(story.steps) <= MOST_STEPS and len(story.params) <= MOST_INPUTS
    return story if fits else None


def _candidate(story: Story, parents: tuple[str, ...], operator: str, rng: random.Random) -> Candidate | None:
    return _as_candidate(Drawn(said(story.result), _written(story, rng), story.cases), parents, operator)


def _as_candidate(drawn: Drawn, parents: tuple[str, ...], operator: str) -> Candidate | None:
    cases = telling(ast.parse(drawn.code), drawn.cases)[:CASES]
    if not cases:
        return None
    title = drawn.title[:1].upper() + drawn.title[1:]
    return Candidate(title, drawn.code, tuple(map(canonical_json, cases)), parents, operator)


def _written(story: Story, rng: random.Random) -> str:
    """In one function; or, where the problem falls in two parts, the first part as a helper."""
    names = [step.partition(" = ")[0] for step in story.steps]
    cuts = [number for number in range(2, len(names) - 1) if _stands_alone(story, number)]
    if not cuts or rng.random() < 0.5:
        return story.code("solution")
    cut = rng.choice(cuts)
    part = sliced(replace(story, steps=story.steps[: cut + 1]), names[cut])
    find = fresh(f"find_{names[cut]}", story.names)
    rest = tuple(step for step in story.steps if step not in part.steps)
    whole = replace(story, steps=(f"{names[cut]} = {part.call(find)}", *rest))
    return f"{part.code(find)}\n{whole.code('solution')}"


def _stands_alone(story: Story, number: int) -> bool:
    """Nothing of what leads to this step is needed behind it, and at least two steps lead to it."""
    name = story.steps[number].partition(" = ")[0]
    part = sliced(replace(story, steps=story.steps[: number + 1]), name)
    inner = {step.partition(" = ")[0] for step in part.steps[:-1]}
    rest = [step for step in story.steps if step not in part.steps]
    used = {word for step in rest for word in step.replace("(", " ").replace(")", " ").replace(",", " ").split()}
    return len(part.steps) >= 2 and bool(rest) and not inner & used and story.result != name


def join(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    first = choose(pool.all)
    others = pool.alike.get(_sort(first.asked), ())
    if len(others) < 2:
        return None
    second = choose(others)
    if second.id == first.id or len(first.steps) + len(second.steps) > MOST_STEPS:
        return None
    made = joined(first, second, rng)
    made = _long_enough(made, rng, begun=True) if made is not None else None
    return _candidate(made, (first.id, second.id), "story-join", rng) if made is not None else None


def chain(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    taker = choose(pool.all)
    fed = [param for param in taker.params if _sort(of_name(param)) in pool.givers]
    if not fed:
        return None
    param = rng.choice(fed)
    giver, name = rng.choice(pool.givers[_sort(of_name(param))])
    whole = giver.asked if name == giver.result else of_name(name)
    if giver.id == taker.id or not can_feed(whole, param):
        return None
    part = sliced(giver, name) if name != giver.result else giver
    made = chained(part, taker, param, rng)
    made = _long_enough(made, rng, begun=True) if made is not None else None
    return _candidate(made, (giver.id, taker.id), "story-chain", rng) if made is not None else None


def extend(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    story = choose(pool.all)
    made = _long_enough(story, rng, begun=False)
    if made is None or len(made.steps) == len(story.steps):
        return None
    return _candidate(made, (story.id,), "story-extend", rng)


def exchange(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    story = choose(pool.all)
    found = relations(story)
    if not found:
        return None
    number, name, _ = rng.choice(found)
    giver, donor_name, expression = rng.choice(pool.relating[_related(story, number, name)])
    made = exchanged(story, number, name, expression, donor_name) if giver != story.id else None
    made = _long_enough(made, rng, begun=True) if made is not None else None
    return _candidate(made, (story.id, giver), "story-exchange", rng) if made is not None else None


def _short(pool: StoryPool, choose: Choose, rng: random.Random) -> tuple[Story, str]:
    """A story, asked further now and then, and its id."""
    story = choose(pool.all)
    return (_further(story, rng, 1) if rng.random() < 0.4 else story), story.id


def _choosable(story: Story, rng: random.Random) -> str | None:
    """An input that somebody could choose otherwise; None where no name says what it is."""
    found = [param for param in story.params if of_name(param) != UNKNOWN and not is_fixed(param)]
    return rng.choice(found) if found else None


def each(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    story, parent = _short(pool, choose, rng)
    param = _choosable(story, rng)
    drawn = for_each(story, param, rng) if param else None
    return _as_candidate(drawn, (parent,), "story-each") if drawn else None


def _grows(name: str) -> bool:
    return of_name(name).kind in ("count", "money", "time") and not is_fixed(name)


def goal(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    story, parent = _short(pool, choose, rng)
    gained = story.asked.flow == "income" if story.asked.kind == "money" else story.asked.unit != "year"
    if not story.asked.additive or not gained or not _NOT_GAINED.isdisjoint(words_of(story.result)):
        return None
    param = rng.choice((None, *(name for name in story.params if _grows(name))))
    drawn = until_goal(story, rng, param)
    return _as_candidate(drawn, (parent,), "story-goal") if drawn else None


def rounds(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    if not pool.looping:
        return None
    story, param = rng.choice(pool.looping)
    drawn = round_by_round(story, param, rng)
    return _as_candidate(drawn, (story.id,), "story-rounds") if drawn else None


def compare(pool: StoryPool, choose: Choose, rng: random.Random) -> Candidate | None:
    story, parent = _short(pool, choose, rng)
    param = _choosable(story, rng)
    drawn = compared(story, param, rng) if param else None
    return _as_candidate(drawn, (parent,), "story-compare") if drawn else None


STORY_OPERATORS = {
    "story-join": join, "story-chain": chain, "story-extend": extend, "story-exchange": exchange, "story-each": each,
    "story-goal": goal, "story-rounds": rounds, "story-compare": compare,
}  # fmt: skip
