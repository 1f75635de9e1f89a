"""Stage work: a place in a round -> a program, composed of what the rounds before proved.

Most draws recombine proven programs into a new one (recombine.py); shares of them, which the recipe sets, take one as
it is and find new inputs for it (supply.py), or have a model write one (author.py). A program that equals a
proven one but for names and numbers is no new one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.difficulty import Band
from cotmill.base.reasons import Reason
from cotmill.base.recipe import Compose
from cotmill.base.records import Draw, Lineage, Program
from cotmill.base.stage import Reject
from cotmill.base.values import canonical_json
from cotmill.compose.author import FOLDER, Author
from cotmill.compose.codegen.exemplars import Exemplars
from cotmill.compose.codegen.representation import OPERATOR
from cotmill.compose.difficulty import by_band, chances, towards
from cotmill.compose.inputs import learn
from cotmill.compose.material import Candidate, Material, Weights, weights
from cotmill.compose.pool import Pool, pool_of
from cotmill.compose.recombine import recombine
from cotmill.compose.rounds import NEW_INPUTS, Knowledge, knowledge
from cotmill.compose.supply import Example, supply

__all__ = ["SOURCE", "Drawer"]

SOURCE = "composed"
DRAFTS = 10  # inputs drawn for each that is wanted, before one counts as not to be found
Answers = Callable[[str, Sequence[dict[str, Any]]], Sequence[str | None]]  # program, inputs -> JSON texts, None: no run


class Drawer:
    """Call it with a draw. `learned` says in which folder a run keeps what it knows behind a round, `calls` is where
    it keeps what a served code generator answered. `exemplars` write in its place."""

    def __init__(
        self,
        settings: Compose,
        seed: int,
        learned: Callable[[int], Path],
        answers: Answers,
        calls: Path,
        exemplars: Exemplars | None = None,
    ) -> None:
        self._settings = settings
        self._seed = seed
        self._learned = learned
        self._answers = answers
        self._author = Author(settings.generator, seed, calls, exemplars)
        self._round = 0  # whose knowledge is in memory
        self._knowledge = Knowledge((), frozenset(), ())
        self._pool: Pool | None = None
        self._weights: Mapping[Band | None, Weights] = {}  # None: whatever band
        self._of_band: Mapping[Band, list[Material]] = {}
        self._chances: Mapping[Band, float] = {}  # of bands; empty where the recipe aims at none

    def ahead(self, draws: Sequence[Draw]) -> None:
        """The draws that come next, so that the code generator can write for all of them at once."""
        self._author.expect([draw.id for draw in draws if self._way(draw)[0] == OPERATOR])

    def __call__(self, draw: Draw) -> Iterator[Program | Reject]:
        if draw.round != self._round:
            self._turn_to(draw.round)
        way, rng = self._way(draw)
        if way == OPERATOR:
            yield from self._written(draw, rng)
            return
        wanted = rng.choices(list(self._chances), list(self._chances.values()))[0] if self._chances else None
        if way == NEW_INPUTS:
            known = self._of_band.get(wanted, self._knowledge.pool) if wanted else self._knowledge.pool
            yield from self._with_new_inputs(draw, rng.choice(known), rng)
        else:
            yield from self._recombined(draw, self._weights[wanted], rng)

    def _way(self, draw: Draw) -> tuple[str, Random]:
        """What makes this draw's program, and the chance that the making goes on with."""
        rng = chance(self._seed, "compose.draw", draw.id)
        if rng.random() < self._settings.new_inputs:
            return NEW_INPUTS, rng
        share = self._settings.generator.share
        return (OPERATOR if share and rng.random() < share else ""), rng

    def _turn_to(self, number: int) -> None:
        folder = self._learned(number - 1)
        self._knowledge = known = knowledge(folder)
        self._pool = pool_of(known.pool)
        general = weights(known.survivals)
        self._chances = chances(self._settings.bands, known.survivals)
        self._weights = {None: general} | {
            wanted: towards(wanted, general, known.survivals, known.pool) for wanted in self._chances
        }
        self._of_band = by_band(known.pool)
        self._author.turn_to(folder / FOLDER, known.known, known.pool)
        self._round = number

    def _written(self, draw: Draw, rng: Random) -> Iterator[Program | Reject]:
        candidate = self._author(draw.id)
        if isinstance(candidate, str):
            yield Reject(Reason.NOTHING_COMPOSED, f"{self._author.operator}: {candidate}")
            return
        inputs = self.tried(candidate, draw.inputs, rng)
        lineage = self._author.sign(Lineage("", candidate.parents, candidate.operator, round=draw.round))
        yield from _program(draw, inputs, candidate.title, "", candidate.code, lineage)

    def tried(self, candidate: Candidate, count: int, rng: Random) -> list[str]:
        """Inputs on which it runs, those with answers of their own first; its first ones if it runs on none."""
        answers = self._answers(candidate.code, [json.loads(input) for input in candidate.inputs])
        ran = [(input, answer) for input, answer in zip(candidate.inputs, answers, strict=True) if answer is not None]
        if not ran:
            return list(candidate.inputs[:count])
        first = {answer: input for input, answer in reversed(ran)}
        chosen = list(dict.fromkeys([*reversed(first.values()), *(input for input, _ in ran)]))[:count]
        if len(chosen) < count:
            observed = [Example(json.loads(input), answer) for input, answer in ran]
            found = supply(observed, candidate.code, partial(self._answers, candidate.code), count - len(chosen), rng)
            chosen += [canonical_json(example.input) for example in found.examples]
        return chosen

    def _recombined(self, draw: Draw, known: Weights, rng: Random) -> Iterator[Program | Reject]:
        assert self._pool is not None  # read with the round
        candidate = recombine(self._pool, rng, known, self._knowledge.known)
        if candidate is None:
            yield Reject(Reason.NOTHING_COMPOSED, "no operator found proven programs that fit each other")
            return
        lineage = Lineage("", candidate.parents, candidate.operator, round=draw.round)
        yield from _program(draw, _inputs(candidate, draw.inputs, rng), candidate.title, "", candidate.code, lineage)

    def _with_new_inputs(self, draw: Draw, material: Material, rng: Random) -> Iterator[Program | Reject]:
        observed = [Example(json.loads(case.input), case.answer) for case in material.cases]
        found = supply(observed, material.code, partial(self._answers, material.code), draw.inputs, rng)
        problem = "" if _states_a_value(material) else material.problem
        inputs = [canonical_json(example.input) for example in found.examples]
        lineage = Lineage("", (material.id,), NEW_INPUTS, round=draw.round)
        yield from _program(draw, inputs, material.title, problem, material.code, lineage)


def _program(
    draw: Draw, inputs: list[str], title: str, problem: str, code: str, lineage: Lineage
) -> Iterator[Program | Reject]:
    """The program with the inputs that were found, and a reject for each that was not."""
    pairs = draw.pair_ids()
    if inputs:
        yield Program(
            draw.id, SOURCE, title, problem, code, pairs[: len(inputs)], tuple(inputs), ("",) * len(inputs), lineage
        )
    for pair in pairs[len(inputs) :]:
        yield Reject(Reason.NO_FURTHER_INPUT, f"{lineage.generator}: {len(inputs)} inputs were found", pair)


def _inputs(candidate: Candidate, count: int, rng: Random) -> list[str]:
    """The candidate's own inputs, and further ones of their shape."""
    found = dict.fromkeys(candidate.inputs[:count])
    if len(found) < count:
        model = learn([json.loads(input) for input in candidate.inputs], candidate.code)
        for _ in range(DRAFTS * count):
            found[canonical_json(model.draw(rng))] = None
            if len(found) == count:
                break
    return list(found)


def _states_a_value(material: Material) -> bool:
    """Whether the program's text holds a number of its input: with another input it would say what is not so."""
    told = set(re.findall(r"\d+(?:\.\d+)?", material.problem.replace(",", "")))
    return any(number in told for case in material.cases for number in re.findall(r"\d+(?:\.\d+)?", case.input))
