"""The pool that recombination draws from: proven programs read once, and laid out by what fits to what."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, TypeVar

from cotmill.base.chance import chance
from cotmill.compose.material import Material
from cotmill.compose.operators.stories import StoryPool, story_pool
from cotmill.compose.operators.task_pool import TaskPool, task_pool
from cotmill.compose.stories.sense import nearby, worked
from cotmill.compose.stories.story import Story, read_story
from cotmill.compose.structure import novelty_key
from cotmill.compose.tasks import Task, read_task

__all__ = ["Choice", "Pool", "pool_of"]

ALIKE = 5
CASES = 6
TRIES = 60


class _Known(Protocol):
    @property
    def id(self) -> str: ...


Known = TypeVar("Known", bound=_Known)


@dataclass(frozen=True, slots=True)
class Pool:
    stories: StoryPool
    tasks: TaskPool
    keys: frozenset[str]  # `novelty_key` of every program in it


def pool_of(materials: Iterable[Material]) -> Pool:
    """Each program as a word problem, or else as a function; those that are neither are left out.

    Of functions that differ in names and numbers only the first is kept, since what is made of the others would not be
    new; of such word problems a few, for the sake of the things that they are about.
    """
    stories: list[Story] = []
    tasks: list[Task] = []
    known: set[str] = set()
    alike = Counter[str]()
    for material in materials:
        read, key, whole = _read(material)
        alike[key] += 1
        known |= {key, whole}
        if alike[key] > (ALIKE if isinstance(read, Story) else 1):
            continue
        if isinstance(read, Story):
            stories.append(read)
        elif read is not None:
            tasks.append(read)
    return Pool(story_pool(stories), task_pool(tasks), frozenset(known))


@lru_cache(maxsize=100_000)
def _read(material: Material) -> tuple[Story | Task | None, str, str]:
    """With the novelty keys of what was read and of the program as it is.

    Kept, since a pool grows from round to round by a part of itself.
    """
    try:
        story = read_story(material.id, material.code, material.problem, material.title)
        read = _with_cases(story, material) if story is not None else read_task(material)
        whole = novelty_key(material.code)
        return read, whole if story is None else novelty_key(story.code("solution")), whole
    except (SyntaxError, ValueError, RecursionError):
        return None, material.id, material.id


def _with_cases(story: Story, material: Material) -> Story | None:
    """With inputs on which it makes sense, of the size of those that were observed; None where there are none."""
    stated = [json.loads(case.input) for case in material.cases]
    rng = chance(0, "compose.recombine", story.code("solution"))
    tree = story.tree
    cases = []
    for _ in range(TRIES):
        case = {name: nearby(name, [given[name] for given in stated], rng) for name in story.params}
        if case not in cases and worked(tree, case, story.quantities, story.asked) is not None:
            cases.append(case)
        if len(cases) == CASES:
            break
    return replace(story, cases=tuple(cases)) if cases else None


class Choice:
    """Draws from any of the pool's sequences, each member by its weight."""

    def __init__(self, rng: random.Random, weights: Mapping[str, float]) -> None:
        self._rng, self._weights = rng, weights

    def __call__(self, items: Sequence[Known]) -> Known:
        """By rejection, so that no sequence has to be summed up: weights of parents are at most 1 and at least 0.1."""
        item = self._rng.choice(items)
        while self._rng.random() >= self._weights.get(item.id, 1.0):
            item = self._rng.choice(items)
        return item
