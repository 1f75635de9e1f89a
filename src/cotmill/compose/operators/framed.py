"""A word problem as a helper, and a new `solution` that calls it: what the operators with loops have in common."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence
from dataclasses import dataclass

from cotmill.compose.stories.quantities import Quantity
from cotmill.compose.stories.sense import Values, nearby, worked
from cotmill.compose.stories.story import Story, fresh

__all__ = ["Drawn", "Frame", "framed", "helper", "other_values"]

TRIES = 14
OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The new entry."""

    title: str
    params: Sequence[str]
    lines: Sequence[str]
    asked: Quantity  # what it gives


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole program with inputs on which it makes sense."""

    title: str
    code: str
    cases: tuple[Values, ...]


def helper(story: Story) -> str:
    """What the problem is called as a function."""
    return fresh(f"find_{story.result}", story.names)


def framed(story: Story, frame: Frame, cases: Sequence[Values]) -> Drawn | None:
    """The program; None where on none of its inputs every quantity makes sense."""
    entry = f"def solution({', '.join(frame.params)}):\n    " + "\n    ".join(frame.lines) + "\n"
    code = f"{story.code(helper(story))}\n{entry}"
    tree = ast.parse(code)
    quantities = {name: quantity for name, quantity in story.quantities.items() if name != story.result}
    kept = tuple(case for case in cases if worked(tree, case, quantities, frame.asked) is not None)
    return Drawn(frame.title, code, kept) if kept else None


def other_values(story: Story, case: Values, param: str, rng: random.Random) -> dict[float, float]:
    """Values of the input on which the problem makes sense, the case's own first -> its results."""
    found: dict[float, float] = {}
    tried = [case[param], *(nearby(param, [case[param]], rng) for _ in range(TRIES))]
    for value in tried:
        values = worked(story.tree, case | {param: value}, story.quantities, story.asked)
        if values is not None and len(found) < OPTIONS:
            found[value] = values["return"]
    return found
