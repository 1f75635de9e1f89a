"""New inputs for a program, of the shape of the observed ones: `learn(observed, code).draw(rng)`.

What is learned: each parameter's shape (shapes/), the relations between parameters (evidence.py), and which
parameters are two of a kind, which are now and then made equal or alike, since programs that compare them do
something else then.
"""

from __future__ import annotations

import contextlib
import copy
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import combinations
from random import Random
from typing import Any

from cotmill.compose.evidence import find
from cotmill.compose.relations import Relation, Term
from cotmill.compose.shapes.codecs import Codec, Encoded, Joined
from cotmill.compose.shapes.hints import hints_of
from cotmill.compose.shapes.learn import Learner
from cotmill.compose.shapes.shape import Choice, Shape

__all__ = ["Care", "InputModel", "learn"]

TRIES = 30  # drafts that may break a relation before an observed input is changed in one place instead
ALIKE = 0.12  # share of inputs in which two parameters of a kind are made equal
DARING = 0.2  # share of bold inputs that need not keep doubtful relations: what runs then tells more of these


class Care(IntEnum):
    """How near to what was observed new inputs stay."""

    BOLD = 0  # ranges and lengths up to twice as wide, lengths too that were always the same
    USUAL = 1  # ranges and lengths a little wider, alphabets completed
    EXACT = 2  # nothing that was not seen
    NEIGHBOURS = 3  # an observed input with one parameter drawn anew


_REACH = {Care.BOLD: 3.0, Care.USUAL: 1.0, Care.EXACT: 0.0, Care.NEIGHBOURS: 1.0}


@dataclass(frozen=True, slots=True)
class InputModel:
    """What `learn` makes; draws depend on the generator alone."""

    observed: tuple[dict[str, Any], ...]  # decoded
    shapes: tuple[tuple[str, Shape], ...]  # of decoded values
    codecs: tuple[tuple[str, Codec], ...]  # of the parameters that are texts of something
    relations: tuple[Relation, ...]
    twins: tuple[tuple[str, str], ...]
    limits: tuple[tuple[Term, float, float], ...]  # least and most, by what did not run
    care: Care
    others: tuple[InputModel, ...] = ()  # of the inputs with other parameters

    def draw(self, rng: Random) -> dict[str, Any]:
        """A new input. All relations hold in it, except that bold ones may break the doubtful."""
        chosen = rng.randrange(len(self.observed) + sum(len(other.observed) for other in self.others))
        for other in self.others:
            if chosen < len(other.observed):
                return other.draw(rng)
            chosen -= len(other.observed)
        daring = self.care is Care.BOLD and rng.random() < DARING
        relations = [relation for relation in self.relations if relation.firm or not daring]
        shapes = dict(self.shapes)
        for attempt in range(TRIES):
            values = self._neighbour(rng) if self.care is Care.NEIGHBOURS or attempt >= TRIES // 2 else self._fresh(rng)
            for _ in range(3):
                for relation in relations:
                    if not relation.holds(values):
                        relation.mend(values, shapes, rng)
            if self._within(values) and all(relation.holds(values) for relation in relations):
                return self._encoded(values)
        return self._encoded(copy.deepcopy(rng.choice(self.observed)))

    def _fresh(self, rng: Random) -> dict[str, Any]:
        values = {name: shape.draw(rng) for name, shape in self.shapes}
        if self.twins and rng.random() < ALIKE:
            one, other = rng.choice(self.twins)
            if not isinstance(values[other], (list, dict, str)):
                values[other] = rng.choice(values[one] or [values[other]])
                return values
            values[other] = copy.deepcopy(values[one])
            if isinstance(values[one], (list, str)) and rng.random() < 0.5:
                mixed = rng.sample(list(values[one]), len(values[one]))
                values[other] = "".join(mixed) if isinstance(values[one], str) else copy.deepcopy(mixed)
        return values

    def _neighbour(self, rng: Random) -> dict[str, Any]:
        values = copy.deepcopy(rng.choice(self.observed))
        if self.shapes:
            name, shape = rng.choice(self.shapes)
            values[name] = shape.draw(rng)
        return values

    def _within(self, values: dict[str, Any]) -> bool:
        return all((number := term.of(values)) is None or low <= number <= high for term, low, high in self.limits)

    def _encoded(self, values: dict[str, Any]) -> dict[str, Any]:
        codecs = dict(self.codecs)
        return {name: codecs[name].encode(values[name]) if name in codecs else values[name] for name, _ in self.shapes}


def learn(
    observed: Sequence[dict[str, Any]],
    code: str,
    ran: Sequence[dict[str, Any]] = (),
    failed: Sequence[dict[str, Any]] = (),
    care: Care = Care.USUAL,
) -> InputModel:
    """`observed`: inputs that are as they should be, at least one. `ran`, `failed`: what drawn inputs did.

    Raises ValueError without an observed input, SyntaxError where the code does not parse.
    """
    if not observed:
        raise ValueError("there is no input to learn from")
    learner = Learner(hints_of(code), _REACH[care])
    models = []
    for names in map(set, dict.fromkeys(tuple(sorted(values)) for values in observed)):
        mine, good, bad = ([values for values in inputs if set(values) == names] for inputs in (observed, ran, failed))
        models.append(_learn(mine, good, bad, learner, care))
    return replace(models[0], others=tuple(models[1:]))


def _learn(
    observed: Sequence[dict[str, Any]],
    ran: Sequence[dict[str, Any]],
    failed: Sequence[dict[str, Any]],
    learner: Learner,
    care: Care,
) -> InputModel:
    """Of inputs with the same parameters."""
    names = list(observed[0])
    letters = [
        name for name in names if all(isinstance(values[name], str) and len(values[name]) == 1 for values in observed)
    ]
    shapes: dict[str, Shape] = {}
    codecs: dict[str, Codec] = {}
    for name in names:
        alike = letters if name in letters else [name]  # single letters are marks or pegs of one game
        seen = [values[other] for other in alike for values in observed]
        shape = Choice(tuple(seen)) if _is_spoken_of(name, observed) else learner.shape(seen, name)
        if isinstance(shape, Encoded) and shape.codec != Joined(""):
            codecs[name], shape = shape.codec, shape.shape
        shapes[name] = shape

    plain, known, bad = (_decoded(inputs, codecs) for inputs in (observed, ran, failed))
    return InputModel(
        tuple(plain), tuple(shapes.items()), tuple(codecs.items()), find(plain, known), _twins(plain, shapes),
        _limits([*plain, *known], bad), care,
    )  # fmt: skip


def _is_spoken_of(name: str, observed: Sequence[dict[str, Any]]) -> bool:
    """Whether it is a word that stands in another text of every input, so that no other letters would do."""
    return all(
        isinstance(values[name], str) and len(values[name]) > 2 and values[name].isalpha()
        and any(re.search(rf"\b{values[name]}\b", repr(item)) for other, item in values.items() if other != name)
        for values in observed
    )  # fmt: skip


def _decoded(inputs: Sequence[dict[str, Any]], codecs: dict[str, Codec]) -> list[dict[str, Any]]:
    """The inputs with texts as what they stand for, without those of another model that do not read so."""
    found = []
    for values in inputs:
        with contextlib.suppress(ValueError):
            found.append({name: codecs[name].decode(item) if name in codecs else item for name, item in values.items()})
    return found


def _twins(observed: Sequence[dict[str, Any]], shapes: dict[str, Shape]) -> tuple[tuple[str, str], ...]:
    """Pairs of a kind: lists, dicts or texts of like shapes and names; a list of numbers and a number."""
    kinds = {name: {type(values[name]).__name__ for values in observed} for name in shapes}
    inside = {
        name: {type(item).__name__ for values in observed for item in values[name]}
        for name in shapes
        if kinds[name] == {"list"}
    }
    sought = [(one, other) for one in inside for other in shapes if kinds[other] == inside[one] <= {"int", "float"}]
    alike = [
        (one, other)
        for one, other in combinations(shapes, 2)
        if kinds[one] == kinds[other] and not kinds[one] & {"int", "float", "bool", "NoneType"}
        if type(shapes[one]) is type(shapes[other]) and len(one) == len(other)
        if sum(a != b for a, b in zip(one, other, strict=True)) <= 1
    ]
    return (*sought, *alike)


def _limits(ran: Sequence[dict[str, Any]], failed: Sequence[dict[str, Any]]) -> tuple[tuple[Term, float, float], ...]:
    """For each number and length, the ends beyond which inputs failed and none ran."""
    limits = []
    for term in [Term(name, what) for name in ran[0] for what in ("value", "length", "width", "total")]:
        good = [number for values in ran if (number := term.of(values)) is not None]
        bad = [number for values in failed if (number := term.of(values)) is not None]
        if not good or not bad:
            continue
        below = [number for number in bad if number < min(good)]
        above = [number for number in bad if number > max(good)]
        if below or above:
            limits.append((term, min(good) if below else -math.inf, max(good) if above else math.inf))
    return tuple(limits)
