"""Programs by a code generator, for the draws of a round: written many at a time, each by its draw's own chance.

What can be told without a run is not handed on: a program that does not end or parse, that takes an input which changes
nothing, or that equals a known one but for names and numbers. The generator writes another in its place.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Protocol

from cotmill.base.chance import chance
from cotmill.base.recipe import CodeGenerator
from cotmill.base.records import Lineage
from cotmill.compose.codegen.exemplars import EXEMPLARS, Exemplars
from cotmill.compose.codegen.representation import OPERATOR
from cotmill.compose.material import Candidate, Material
from cotmill.compose.structure import novelty_key

__all__ = ["FOLDER", "Author"]

FOLDER = "codegen"  # in which a trained generator lies, beside what it learned from
TRIES = 5  # programs that are written for a draw before there is none


class Sampler(Protocol):
    """A trained model, here (codegen.generator) or served elsewhere (codegen.endpoint); or one that is shown known
    programs (codegen.exemplars)."""

    def sample(self, rngs: Sequence[Random]) -> list[Candidate | str]:
        """One program for each source of chance, or why there is none."""


class Author:
    """Call it with the id of a draw that it was told to expect: what it gives does not depend on who asks first.

    In `calls` the answers of a served generator are kept. With `exemplars` these write, and no generator."""

    def __init__(self, settings: CodeGenerator, seed: int, calls: Path, exemplars: Exemplars | None = None) -> None:
        self._settings, self._seed, self._calls, self._exemplars = settings, seed, calls, exemplars
        self._folder = Path()
        self._known: Container[str] = frozenset()
        self._sampler: Sampler | None = exemplars
        self._expected: list[str] = []
        self._written: dict[str, Candidate | str] = {}

    def turn_to(self, folder: Path, known: Container[str], pool: Sequence[Material] = ()) -> None:
        """Another round: its generator's folder, the `novelty_key` of every program that is no longer new, and the
        programs that can be shown."""
        self._folder, self._known = folder, known
        if self._exemplars is not None:
            self._exemplars.turn_to(pool)
        elif not self._settings.endpoints:  # a served one is the same in every round
            self._sampler = None

    @property
    def operator(self) -> str:
        """What stands in the lineage of its programs."""
        return OPERATOR if self._exemplars is None else EXEMPLARS

    def sign(self, lineage: Lineage) -> Lineage:
        """The same with the model that writes."""
        if self._exemplars is not None:
            return self._exemplars.ladder.sign(lineage)
        return replace(lineage, model=self._settings.model or self._settings.checkpoint)

    def expect(self, draws: Sequence[str]) -> None:
        """The next batch, if nothing of the last one is wanted any more."""
        self._expected = list(draws)
        self._written = {}

    def __call__(self, draw: str) -> Candidate | str:
        """The program, or why there is none. Raises CotmillError where the generator cannot be read or reached."""
        if draw not in self._written:
            self._write(self._expected if draw in self._expected else [draw])
        return self._written.pop(draw)

    def _write(self, draws: Sequence[str]) -> None:
        if self._sampler is None:
            self._sampler = _sampler(self._settings, self._folder, self._calls)
        missing = {draw: chance(self._seed, "compose.codegen", draw) for draw in draws}
        taken: set[str] = set()
        for _ in range(TRIES):
            made = self._sampler.sample(list(missing.values())) if missing else []
            for draw, program in zip(list(missing), made, strict=True):
                self._written[draw] = program
                if isinstance(program, Candidate):
                    key = novelty_key(program.code)
                    if key in taken or key in self._known:
                        self._written[draw] = "equals a known program but for names and numbers"
                    else:
                        taken.add(key)
                        del missing[draw]


def _sampler(settings: CodeGenerator, folder: Path, calls: Path) -> Sampler:
    if settings.endpoints:
        from cotmill.compose.codegen.endpoint import reach

        return reach(settings, calls)
    from cotmill.compose.codegen.generator import Generator

    return Generator(folder, settings, threads=1)  # a run has a worker for each core
