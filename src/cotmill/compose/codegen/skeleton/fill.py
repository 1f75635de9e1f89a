"""What a skeleton leaves open: names, literals, and inputs to run it on.

A literal is one that stood in the same place of a learned program: behind the same tokens, as many of them as are
known. Inputs, and what they are called, are those of the learned program whose skeleton is most alike among some that
take the same types. Other names are plain ones: a rare name of another program would tell of things that are not there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import Any

from cotmill.base.values import canonical_json
from cotmill.compose.codegen.skeleton.grammar import GO, INPUT, NAMED, TYPES, Skeleton, argument, head

__all__ = ["Filling"]

_KEPT = 40  # names, literals or inputs that are remembered for each context
_ASKED = 12  # learned programs of the same types that are compared
_CASES = 4  # inputs that are remembered of each of them
_OPEN = frozenset(("<int>", "<float>", "<str>"))
_PLAIN = {  # where an open name stands -> what it may be called
    "Def": ("work_out", "combine", "measure", "settle", "derive", "evaluate"),
    "Param": ("first", "second", "third", "fourth", "fifth", "sixth"),
    "": ("amount", "part", "rest", "share", "level", "score", "gain", "balance", "figure", "outcome"),
}
_BY_TYPE = {"int": "number", "float": "amount", "str": "text", "bool": "flag", "list": "values", "dict": "table"}
Signature = tuple[str, ...]  # types of the inputs, one text each


class Filling:
    """Learned from programs; `fill` completes a skeleton that a model wrote."""

    def __init__(self, literals: dict[str, list[Any]], inputs: dict[str, list[Any]]) -> None:
        self._literals = literals
        self._donors = inputs  # signature -> [names, bigrams, inputs]
        self._columns: dict[tuple[str, str], list[Any]] = defaultdict(list)  # (name or "", type) -> values
        for signature, donors in inputs.items():
            for called, _, cases in donors:
                for name, kind in zip(called, json.loads(signature), strict=True):
                    self._columns[name, kind] += [case[name] for case in cases]
                    self._columns["", kind] += [case[name] for case in cases]

    @classmethod
    def learn(cls, programs: Iterable[tuple[Skeleton, Sequence[str], Sequence[dict[str, Any]]]]) -> Filling:
        """`programs`: each as its skeleton, the names of its inputs, and inputs that were observed."""
        literals: dict[str, list[Any]] = defaultdict(list)
        donors: dict[str, list[Any]] = defaultdict(list)
        for skeleton, called, observed in programs:
            for contexts, value in zip(_open_literals(skeleton.tokens), skeleton.literals, strict=True):
                for context in contexts:
                    if len(literals[context]) < _KEPT:
                        literals[context].append(value)
            signature = json.dumps(_signature(skeleton.tokens))
            cases = [{name: case[name] for name in called} for case in observed[:_CASES]]
            donors[signature].append([list(called), sorted(_bigrams(skeleton.tokens)), cases])
        return cls(dict(literals), dict(donors))

    def state(self) -> dict[str, Any]:
        """What `Filling(**state)` is made of; JSON."""
        return {"literals": self._literals, "inputs": self._donors}

    def fill(self, tokens: Sequence[str], rng: Random) -> tuple[Skeleton, list[str]] | None:
        """The skeleton with what it left open, and inputs as JSON, the likeliest first; None where none are known."""
        donors = self._nearest(tokens, rng)
        stated = [argument(token) for token in tokens[: list(tokens).index(GO)] if head(token) == INPUT]
        taken = {argument(token).partition(".")[0] for token in tokens} | {"solution"}
        signature = _signature(tokens)
        called = _called(stated, donors[0][0] if donors else [], signature, taken)
        names = [name for name, said in zip(called, stated, strict=True) if not said]
        taken |= set(called)
        for before, token in pairwise(tokens):
            if token in NAMED and token != INPUT:
                role = "Param" if token in ("Param", "Default") else before if before == "Def" else ""
                names.append(_free(role, taken))
                taken.add(names[-1])
        values = [_any(self._literals, contexts, rng) for contexts in _open_literals(tokens)]
        inputs = [
            canonical_json(dict(zip(called, case.values(), strict=True))) for _, _, cases in donors for case in cases
        ]
        inputs += self._mixed(called, signature, rng)
        if not inputs:
            return None
        return Skeleton(tuple(tokens), tuple(names), tuple(values)), list(dict.fromkeys(inputs))

    def _nearest(self, tokens: Sequence[str], rng: Random) -> list[Any]:
        """Two learned programs that take the same types, and are most like this one."""
        known = self._donors.get(json.dumps(_signature(tokens)), [])
        asked = rng.sample(known, min(len(known), _ASKED))
        mine = _bigrams(tokens)
        return sorted(asked, key=lambda donor: -len(mine.intersection(donor[1])) / (len(mine) + len(donor[1])))[:2]

    def _mixed(self, called: Sequence[str], signature: Signature, rng: Random) -> list[str]:
        """Inputs whose values come each from a program with such an input, of the same name if there is one."""
        columns = [
            self._columns.get((name, kind)) or self._columns.get(("", kind))
            for name, kind in zip(called, signature, strict=True)
        ]
        if not all(columns):
            return []
        return [
            canonical_json({name: rng.choice(column or []) for name, column in zip(called, columns, strict=True)})
            for _ in range(_CASES)
        ]


def _open_literals(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """For each literal that is left open its contexts, the closest first."""
    found: list[tuple[str, ...]] = []
    for place, token in enumerate(tokens):
        if token in _OPEN:
            before = [_plain(other) for other in tokens[max(0, place - 3) : place]]
            found.append(tuple(" ".join([*before[start:], token]) for start in range(len(before) + 1)))
    return found


def _plain(token: str) -> str:
    """Tokens of names are alike whichever name it is."""
    kind = head(token)
    return kind if kind in ("L", "U", "G") or kind in NAMED else token


def _any(table: dict[str, list[Any]], contexts: tuple[str, ...], rng: Random) -> Any:
    known = next((context for context in contexts if table.get(context)), None)
    if known is None:
        return {"<int>": 2, "<float>": 0.5}.get(contexts[-1], "a")
    return rng.choice(table[known])


def _free(role: str, taken: set[str]) -> str:
    """A plain name that is not taken."""
    names = _PLAIN[role]
    wishes = (f"{name}_{number}" if number else name for number in [0, *range(2, len(taken) + 3)] for name in names)
    return next(name for name in wishes if name not in taken)


def _called(stated: Sequence[str], given: Sequence[str], signature: Signature, taken: set[str]) -> list[str]:
    """Names of the inputs: as the tokens say, else as those of a program that takes the same types."""
    found: list[str] = []
    for place, name in enumerate(stated):
        usual = _BY_TYPE.get(signature[place].partition(" ")[0], "value")
        first = wish = name or (given[place] if place < len(given) else usual)
        number = 2
        while wish in found or (not name and wish in taken):
            wish = f"{first}_{number}"
            number += 1
        found.append(wish)
    return found


def _signature(tokens: Sequence[str]) -> Signature:
    found: list[str] = []
    for token in tokens:
        if token == GO:
            break
        if head(token) == INPUT:
            found.append("")
        else:
            found[-1] = f"{found[-1]} {token}".strip()
    return tuple(found)


def _bigrams(tokens: Sequence[str]) -> set[str]:
    plain = [_plain(token) for token in tokens if token not in TYPES]
    return {f"{one} {two}" for one, two in pairwise(plain)}
