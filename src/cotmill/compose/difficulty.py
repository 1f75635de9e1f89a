"""Towards the recipe's bands of difficulty.

Each draw is given a band by chance: as often as the recipe says, and the more often the less of it was proven so far.
What its program will be like is not known before it ran, but what became of others is: operators and parents are
chosen the more often, the larger the share of the programs made with them that fell into that band (Bayes' rule). So
every round corrects the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from cotmill.base.difficulty import Band, band
from cotmill.compose.material import LEAST, Material, Survival, Weights

__all__ = ["by_band", "chances", "towards"]

CAUTION = 3  # what is believed beforehand counts as so many programs
HEREDITY = 0.6  # believed share of programs that are in the band of a parent; the rest is shared by the others


def towards(wanted: Band, known: Weights, survivals: Iterable[Survival], pool: Iterable[Material]) -> Weights:
    """What is known, leaning towards what made programs of this band."""
    bands = {material.id: band(material.difficulty) for material in pool}
    operators, parents, kinds = _Shares(), _Shares(), _Shares()
    overall = [1, 3]  # hits, all: no band is believed to be impossible
    for survival in survivals:
        if not survival.survived:
            continue
        hit = band(survival.difficulty) == wanted
        overall[0] += hit
        overall[1] += 1
        operators.add(survival.operator, hit)
        for parent in survival.parents:
            parents.add(parent, hit)
            kinds.add(bands.get(parent, ""), hit)
    usual = overall[0] / overall[1]
    of_kind = {own: kinds.share(own, HEREDITY if own == wanted else (1 - HEREDITY) / 2) for own in set(bands.values())}
    shares = {id: parents.share(id, of_kind[own]) for id, own in bands.items()}
    most = max(shares.values(), default=1.0)
    return Weights(
        {name: known.operators[name] * operators.share(name, usual) / usual for name in known.operators},
        {id: max(LEAST, known.parents.get(id, 1.0) * share / most) for id, share in shares.items()},
    )


def chances(aim: Mapping[Band, float], survivals: Iterable[Survival]) -> dict[Band, float]:
    """How often each band is given to a draw, relative to each other."""
    proven = Counter(band(survival.difficulty) for survival in survivals if survival.survived)
    known = sum(aim.values())
    share = {name: (proven[name] + CAUTION * part / known) / (proven.total() + CAUTION) for name, part in aim.items()}
    return {name: part * (part / known) / share[name] if part else 0.0 for name, part in aim.items()}


def by_band(pool: Iterable[Material]) -> Mapping[Band, list[Material]]:
    found: dict[Band, list[Material]] = {}
    for material in pool:
        found.setdefault(band(material.difficulty), []).append(material)
    return found


class _Shares:
    """How often something fell into the band."""

    def __init__(self) -> None:
        self._hits, self._all = Counter[str](), Counter[str]()

    def add(self, name: str, hit: bool) -> None:
        self._hits[name] += hit
        self._all[name] += 1

    def share(self, name: str, believed: float) -> float:
        return (self._hits[name] + CAUTION * believed) / (self._all[name] + CAUTION)
