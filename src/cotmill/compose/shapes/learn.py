"""Observed values -> their shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.compose.shapes.hints import Hints
from cotmill.compose.shapes.mappings import Tree, learn_dict
from cotmill.compose.shapes.numbers import learn_floats, learn_ints
from cotmill.compose.shapes.sequences import learn_list
from cotmill.compose.shapes.shape import Choice, Mixture, Shape
from cotmill.compose.shapes.texts import learn_text

__all__ = ["Learner"]


@dataclass(frozen=True, slots=True)
class Learner:
    """A study that knows every type of value."""

    hints: Hints
    reach: float = 1.0

    def shape(self, values: Sequence[Any], name: str = "") -> Shape:
        """Raises ValueError for a value that is not JSON."""
        kinds: dict[str, list[Any]] = {}
        for value in values:
            kinds.setdefault(_kind(value), []).append(value)
        if "float" in kinds and "int" in kinds:
            whole = kinds.pop("int")
            kinds["float"] = [float(value) for value in whole] + kinds["float"]
        shapes = {kind: _LEARN[kind](group, self, name) for kind, group in kinds.items()}
        if set(shapes) == {"dict", "none"} and isinstance(shapes["dict"], Tree):
            return learn_dict(kinds["dict"], self, null=True)
        if not shapes:
            return Choice((None,))
        if len(shapes) == 1:
            return next(iter(shapes.values()))
        return Mixture(tuple(shapes.values()), tuple(float(len(kinds[kind])) for kind in shapes))


def _kind(value: Any) -> str:
    if value is None:
        return "none"
    kind = type(value).__name__
    if kind not in _LEARN:
        raise ValueError(f"a value of type {kind} is not JSON")
    return kind


def _learn_bools(values: Sequence[bool], learner: Learner, name: str) -> Shape:
    """Where only one of two was seen, the other comes too, but less often."""
    return Choice((*values, *([] if not learner.reach else [not values[0]] * (len(values) // 3 or 1))))


_LEARN: dict[str, Callable[[Any, Learner, str], Shape]] = {
    "none": lambda values, learner, name: Choice((None,)),
    "bool": _learn_bools,
    "int": learn_ints,
    "float": learn_floats,
    "str": learn_text,
    "list": learn_list,
    "dict": lambda values, learner, name: learn_dict(values, learner),
}
