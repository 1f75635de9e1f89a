"""Inputs that make sense for a word problem, chosen so that every quantity on the way makes sense too."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Sequence
from typing import Any

from cotmill.compose.stories.quantities import Quantity, is_fixed, of_name
from cotmill.compose.stories.rehearse import Unworkable, rehearse

__all__ = ["Values", "is_sensible", "nearby", "plain", "sensible_answer", "telling", "worked"]

Values = dict[str, Any]  # what names hold
IMPLAUSIBLE = 5_000  # a stated number beyond this was put in to make the arithmetic hard, not the story true
MOST = 200_000
_SHARES = ("percent", "factor")


def plain(value: float) -> float:
    """3.0 -> 3: inputs are written as people write them."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_sensible(quantity: Quantity, value: Any) -> bool:
    """No quantity is negative; things are whole; amounts have at most two decimals, so that answers can be written."""
    if isinstance(value, (list, tuple)):
        return all(is_sensible(quantity, item) for item in value)
    if isinstance(value, dict):
        return all(is_sensible(quantity, item) for item in value.values())
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return True
    if not 0 <= value <= MOST or round(value, 2) != value:
        return False
    if quantity.whole or quantity.kind in ("age", "score"):
        return value == int(value)
    return quantity.kind != "percent" or value <= 100


def sensible_answer(answer: Any) -> bool:
    """Something to be found out: not 0, not empty, nothing negative."""
    return answer not in (0, [], {}, "") and is_sensible(Quantity("unknown"), answer)


def worked(tree: ast.Module, arguments: Values, quantities: dict[str, Quantity], asked: Quantity) -> Values | None:
    """The last value of every name, `return` the answer; None where something on the way makes no sense."""
    try:
        answer, seen = rehearse(tree, arguments)
    except Unworkable:
        return None
    for name, values in seen.items():
        quantity = quantities.get(name) or of_name(name)
        if not all(is_sensible(quantity, value) for value in values):
            return None
    if not sensible_answer(answer) or not is_sensible(asked, answer):
        return None
    return {name: values[-1] for name, values in seen.items()} | {"return": answer}


def telling(tree: ast.Module, cases: Sequence[Values]) -> tuple[Values, ...]:
    """Cases with unlike answers; none where some input changes no answer, whatever is put in its place."""
    answers: dict[str, Values] = {}
    idle = set(cases[0]) if cases else set()
    for case in cases:
        answer = _answer(tree, case)
        answers.setdefault(answer, case)
        for name in sorted(idle):
            if any(_answer(tree, case | {name: other}) != answer for other in _others(case[name])):
                idle.remove(name)
    return () if idle else tuple(answers.values())


def _answer(tree: ast.Module, case: Values) -> str:
    try:
        return repr(rehearse(tree, case)[0])
    except Unworkable:
        return ""


def _others(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [value[1:], [_others(value[0])[0], *value[1:]]]
    return [value + 1, value * 2 + 3, value - 1]


def nearby(name: str, stated: Iterable[Any], rng: random.Random) -> Any:
    """A value for an input of this name: of the size of those that were seen, rounded as people round."""
    quantity = of_name(name)
    if is_fixed(name):
        return plain(next(iter(stated)))
    values = [value for value in stated if isinstance(value, (int, float)) and 0 < value <= IMPLAUSIBLE]
    if not values:
        return rng.choice(_typical(quantity))
    value = rng.choice(values)
    if rng.random() < 0.3:
        return plain(value)
    if isinstance(value, float) and not value.is_integer():
        return round(value * rng.choice((0.5, 1, 2)), 2)
    value = int(value)
    if quantity.kind == "percent":
        return rng.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 75))
    grain = 1 if value <= 20 else 5 if value <= 200 else 10 ** (len(str(value)) - 2)
    low = max(2 if value > 1 else 1, value // 2)
    return max(low, round(rng.randint(low, 2 * value + 1) / grain) * grain)


def _typical(quantity: Quantity) -> Sequence[float]:
    if quantity.kind == "percent":
        return (5, 10, 15, 20, 25, 30, 40, 50)
    if quantity.kind == "money":
        return (2, 3, 4, 5, 8, 10, 12, 15, 20, 25, 30, 40) if quantity.per or quantity.flow == "cost" else (
            20, 40, 50, 60, 80, 100, 120, 150, 200, 250)  # fmt: skip
    if quantity.kind == "factor":
        return (0.1, 0.2, 0.25, 0.5, 1.5, 2)
    return (4, 6, 8, 10, 12, 15, 18, 20, 24, 30, 36, 40, 48, 60)
