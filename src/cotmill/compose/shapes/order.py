"""Whether an order, or that no element occurs twice, is meant: whether it would hardly come about by chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

__all__ = ["are_distinct", "flat", "order_of"]

SORTED = 20  # odds against chance
DISTINCT = 5


def order_of(values: Sequence[Sequence[Any]]) -> str:
    """The word "rising" or "falling", or none."""
    return next((order for order, test in ORDERS.items() if evident(values, test, by_chance_sorted, SORTED)), "")


def are_distinct(values: Sequence[Sequence[Any]]) -> bool:
    return evident(values, lambda value: len(set(value)) == len(value), by_chance_distinct(values), DISTINCT)


def flat(values: Sequence[Sequence[Any]]) -> list[Any]:
    return [item for value in values for item in value]


ORDERS: dict[str, Callable[[Sequence[Any]], bool]] = {
    "rising": lambda value: all(a <= b for a, b in pairwise(value)),
    "falling": lambda value: all(a >= b for a, b in pairwise(value)),
}


def evident(
    values: Sequence[Sequence[Any]],
    test: Callable[[Sequence[Any]], bool],
    by_chance: Callable[[Sequence[Any]], float],
    odds: float,
) -> bool:
    """Whether all pass a test that so many would not pass by chance."""
    try:
        return all(test(value) for value in values) and math.prod(map(by_chance, values)) < 1 / odds
    except TypeError:  # elements that cannot be compared
        return False


def by_chance_sorted(value: Sequence[Any]) -> float:
    return 1 / math.factorial(min(len({repr(item) for item in value}), 20))


def by_chance_distinct(values: Sequence[Sequence[Any]]) -> Callable[[Sequence[Any]], float]:
    """The chance that elements drawn at random from all that occur, and from what lies between, are distinct."""
    cells = flat(values)
    numbers = [cell for cell in cells if isinstance(cell, int)]
    room = max(numbers) - min(numbers) + 1 if len(numbers) == len(cells) and numbers else len(set(map(str, cells)))
    return lambda value: math.prod(max(0.0, 1 - index / max(1, room)) for index in range(len(value)))
