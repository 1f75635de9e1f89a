"""Between two rounds: what the last one brought, and what the next can be made of.

Behind round `n` a run holds, in `models/round-<n>/`:

    pool.parquet       Material: proven programs, at most as many as the recipe's pool
    known.parquet      Known: every program proven so far, by what makes it new
    survivals.parquet  Survival: what became of every candidate so far
    round.json         the round in figures; written last, so that it stands for the others

All of it follows from the shards of the round and the files of the round before: a killed run learns again, to the
same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby
from pathlib import Path
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.difficulty import BANDS, band, operations
from cotmill.base.recipe import Compose
from cotmill.base.records import Execution, Program
from cotmill.base.shards import read_shard, write_shard, write_text
from cotmill.compose.codegen.exemplars import EXEMPLARS
from cotmill.compose.material import Material, Survival, materials
from cotmill.compose.structure import novelty_key, shape_key
from cotmill.compose.typed import type_of

__all__ = ["FILES", "NEW_INPUTS", "Knowledge", "Known", "knowledge", "learn"]

FILES = ("pool.parquet", "known.parquet", "survivals.parquet", "round.json")
NEW_INPUTS = "new-inputs"  # generator of a draw that is a proven program on inputs of its own


@dataclass(frozen=True, slots=True)
class Known:
    """A proven program, as the next ones are held against it."""

    id: str
    novelty: str  # equal for programs that differ in names and numbers alone
    shape: str  # equal for programs of one syntax tree


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a round is composed of."""

    pool: tuple[Material, ...]
    known: frozenset[str]  # what makes a program new, of every one proven so far
    survivals: tuple[Survival, ...]


def knowledge(folder: Path) -> Knowledge:
    """Read what `learn` wrote. Raises CotmillError for a damaged file."""
    return Knowledge(
        tuple(read_shard(folder / "pool.parquet", Material)),
        frozenset(row.novelty for row in read_shard(folder / "known.parquet", Known)),
        tuple(read_shard(folder / "survivals.parquet", Survival)),
    )


def learn(
    settings: Compose,
    number: int,
    composed: Iterable[Program],
    proven: Iterable[Execution],
    earlier: Path | None,
    target: Path,
) -> None:
    """Write the files of round `number`. `composed` and `proven` are its own, `earlier` is the folder before."""
    pool = {m.id: m for m in read_shard(earlier / "pool.parquet", Material)} if earlier else {}
    known = list(read_shard(earlier / "known.parquet", Known)) if earlier else []
    before = _all_operations(earlier) if earlier else set()
    survivals = list(read_shard(earlier / "survivals.parquet", Survival)) if earlier else []
    round_ = _Round()
    seen, shapes = {row.novelty for row in known}, {row.shape for row in known}
    for material in _programs(proven):
        row = Known(material.id, novelty_key(material.code), shape_key(material.code))
        round_.add(material, row, new=row.novelty not in seen)
        if row.novelty not in seen:
            seen.add(row.novelty)
            shapes.add(row.shape)
            known.append(row)
            pool[material.id] = material
    for program in composed:
        round_.composed += 1
        if program.lineage.generator != NEW_INPUTS:
            made = program.lineage
            difficulty = round_.proven.get(program.id)
            parents = made.parents if made.generator != EXEMPLARS else ()  # shown, not made into one another
            survivals.append(Survival(made.generator, parents, difficulty is not None, difficulty or 0.0))
    kept = nsmallest(settings.pool, pool.values(), key=lambda material: content_id(material.id))
    write_shard(target / "pool.parquet", Material, sorted(kept, key=lambda material: material.id))
    write_shard(target / "known.parquet", Known, known)
    write_shard(target / "survivals.parquet", Survival, survivals)
    figures = {
        "round": number,
        "candidates": settings.candidates if number else len(round_.proven),
        **round_.figures(),
        "new_operations": sorted(round_.operations - before),
        "all_operations": sorted(round_.operations | before),
        "programs": len(known),
        "all_structures": len(shapes),
    }
    write_text(target / "round.json", json.dumps(figures, indent=2) + "\n")


def _all_operations(folder: Path) -> set[str]:
    return set(json.loads((folder / "round.json").read_text(encoding="utf-8"))["all_operations"])


def _programs(proven: Iterable[Execution]) -> Iterator[Material]:
    """Executions of one program lie together; one program's are in memory at a time."""
    for _, executions in groupby(proven, key=lambda execution: execution.id.rpartition(".")[0]):
        yield from materials(executions)


class _Round:
    """A round in figures."""

    def __init__(self) -> None:
        self.composed = 0
        self.proven: dict[str, float] = {}  # with their difficulties
        self.novel = 0
        self.shapes: set[str] = set()
        self.operations: set[str] = set()
        self.types = Counter[str]()

    def add(self, material: Material, row: Known, *, new: bool) -> None:
        self.proven[material.id] = material.difficulty
        self.novel += new
        self.shapes.add(row.shape)
        self.operations |= operations(material.code)
        self.types[type_of(json.loads(material.cases[0].answer))] += 1

    def figures(self) -> dict[str, Any]:
        bands = Counter(map(band, self.proven.values()))
        mean = sum(self.proven.values()) / max(1, len(self.proven))
        return {
            "composed": self.composed,  # programs that came out of the draws
            "proven": len(self.proven),  # of these, programs with an execution that held
            "novel": self.novel,  # of these, not known before but for names and numbers
            "structures": len(self.shapes),
            "operations": len(self.operations),  # kinds of them that occur
            "answer_types": dict(sorted(self.types.items())),
            "difficulty": round(mean, 3),  # cotmill.base.difficulty, mean over programs
            "bands": {name: bands[name] for name in BANDS},  # programs of each
        }
