"""Programs by a served model that was not trained for it: it is shown known programs and asked for a new one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from cotmill.backends.conversations import Talk, converse
from cotmill.backends.ladder import Ladder, Objection
from cotmill.backends.model import Model
from cotmill.base.reasons import Reason
from cotmill.base.unified import find_program, whole_program
from cotmill.compose.codegen.programs import read_program
from cotmill.compose.material import Candidate, Material

__all__ = ["EXEMPLARS", "Exemplars"]

EXEMPLARS = "exemplars"  # what stands in the lineage of a program that was written so
LONGEST = 4000  # characters of a program that is shown, its input included


class Exemplars:
    """Writes programs as Generator does; `shown` is how many known ones the model sees each time."""

    def __init__(self, ladder: Ladder, reach: Callable[[], Model], shown: int) -> None:
        self.ladder = ladder
        self._reach, self._count = reach, shown
        self._model: Model | None = None
        self._pool: list[Material] = []

    def turn_to(self, pool: Sequence[Material]) -> None:
        """Another round: the programs that can be shown."""
        self._pool = [material for material in pool if len(_whole(material)) <= LONGEST]

    def sample(self, rngs: Sequence[Random]) -> list[Candidate | str]:
        """One program for each source of chance, or why there is none. Raises ModelRefused and ModelUnreachable."""
        if not self._pool:
            return [f"no known program is shorter than {LONGEST} characters"] * len(rngs)
        if self._model is None:
            self._model = self._reach()
        found: list[Candidate | str] = []
        for written in converse(self._model, [self._talk(rng) for rng in rngs]):
            if isinstance(written, Exception):
                raise written
            found.append(written)
        return found

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._model = None

    def _talk(self, rng: Random) -> Talk[Candidate | str]:
        shown = rng.sample(self._pool, min(self._count, len(self._pool)))
        fields = {"exemplars": [_whole(material) for material in shown]}
        name = f"{rng.getrandbits(64):016x}"  # of this draw and try alone
        written = yield from self.ladder.climb(name, fields, _read)
        if isinstance(written, Objection):
            return written.detail
        return replace(written.value, parents=tuple(material.id for material in shown))


def _whole(material: Material) -> str:
    return whole_program(material.code, material.cases[0].input)


def _read(text: str) -> Candidate | Objection:
    try:
        code, input = find_program(text)
        found = read_program(whole_program(ast.unparse(ast.parse(code)), input))  # without its comments
    except (ValueError, RecursionError) as error:
        found = str(error)
    if isinstance(found, str):
        return Objection(Reason.NO_ANSWER, found, f"No program of the form asked for: {found}.")
    return replace(found, operator=EXEMPLARS)
