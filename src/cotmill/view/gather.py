"""What the report says, read from a run in one pass over a few columns: counts, and a few chosen rows.

Only counters and the places of the chosen rows are kept, so memory does not grow with the data set.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from cotmill.base.chance import chance
from cotmill.base.records import Rejected, Sample, Seed
from cotmill.base.shards import read_row
from cotmill.view.charts import Tally
from cotmill.view.folder import RunView, columns, record_class

__all__ = ["Figures", "Kept", "Spread", "figures", "kept_of"]

SAMPLES, REJECTS, EXAMPLES = 36, 12, 2  # shown: samples, rejects, details per reason
T = TypeVar("T")
Place = tuple[Path, int]  # a shard and a row of it
Chosen = tuple[str, Path, int]  # the pair's program, and its place


class Spread(Generic[T]):
    """A few items of every kind, chosen by chance from identity, whatever the order in which they are offered."""

    def __init__(self, run_seed: int, purpose: str, per_kind: int) -> None:
        self._run_seed, self._purpose, self._per_kind = run_seed, purpose, per_kind
        self._kinds: dict[tuple[Any, ...], list[tuple[float, str, T]]] = {}

    def offer(self, kind: tuple[Any, ...], id: str, item: T) -> None:
        entry = (chance(self._run_seed, self._purpose, id).random(), id, item)
        kept = self._kinds.setdefault(kind, [])
        if len(kept) < self._per_kind:
            heapq.heappush(kept, entry)
        elif kept[0][:2] < entry[:2]:
            heapq.heapreplace(kept, entry)

    def of(self, kind: tuple[Any, ...]) -> list[T]:
        """What is kept of one kind."""
        return [item for _, _, item in sorted(self._kinds.get(kind, []), key=lambda entry: entry[:2], reverse=True)]

    def take(self, number: int, family: Callable[[T], str]) -> list[T]:
        """So many items, one of each kind in turn; two of one family only where there are not enough families."""
        kinds = [self.of(kind) for kind in sorted(self._kinds)]
        turns = [kind[turn] for turn in range(self._per_kind) for kind in kinds if turn < len(kind)]
        seen: Counter[str] = Counter()
        ranks = []
        for item in turns:
            ranks.append(seen[family(item)])
            seen[family(item)] += 1
        return [item for _, item in sorted(zip(ranks, turns, strict=True), key=lambda pair: pair[0])][:number]


@dataclass(slots=True)
class Figures:
    """Everything that the report counts or quotes."""

    tokens: Tally = field(default_factory=Tally)
    steps: Tally = field(default_factory=Tally)
    difficulty: Tally = field(default_factory=Tally)
    claims: Tally = field(default_factory=Tally)
    coverage: Tally = field(default_factory=Tally)  # percent
    verified: int = 0  # claims
    pairs_by_source: Counter[str] = field(default_factory=Counter)
    samples_by_source: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)  # chosen, from easy to hard
    rejects: list[Rejected] = field(default_factory=list)  # chosen, in the order of the stages
    examples: dict[tuple[str, str], list[Rejected]] = field(default_factory=dict)  # (stage's folder, reason) -> a few


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rejected record holds; empty where it was rejected before there was one."""

    program: str
    input: str
    solution: str


def figures(run: RunView) -> Figures:
    """Read a run for its report."""
    found = Figures()
    _read_sources(run, found)
    _read_samples(run, found)
    _read_rejects(run, found)
    return found


def _rows(paths: tuple[Path, ...], names: list[str]) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    for path in paths:
        row = 0
        for batch in columns(path, names):
            values = [batch.column(name).to_pylist() for name in names]
            for cells in zip(*values, strict=True):
                yield (path, row), cells
                row += 1


def _read_sources(run: RunView, found: Figures) -> None:
    first = next(iter(run.parts.values()), ())
    if first and record_class(first[0]) is Seed:
        for _, (source, inputs) in _rows(first, ["source", "inputs"]):
            found.pairs_by_source[source] += max(1, len(inputs))


def _read_samples(run: RunView, found: Figures) -> None:
    spread: Spread[Chosen] = Spread(run.recipe.seed, "view.report.samples", SAMPLES)
    names = ["id", "source", "difficulty", "n_steps", "n_tokens", "grounding"]
    for place, (id, source, difficulty, steps, tokens, grounding) in _rows(run.samples, names):
        found.samples_by_source[source] += 1
        found.difficulty.add(difficulty)
        found.steps.add(steps)
        found.tokens.add(tokens)
        found.claims.add(grounding["n_claims"])
        found.coverage.add(round(100 * grounding["coverage"]))
        found.verified += grounding["n_verified"]
        spread.offer((source, int(difficulty)), id, (_program(id), *place))
    chosen = (read_row(path, Sample, row) for _, path, row in spread.take(SAMPLES, lambda item: item[0]))
    found.samples = sorted(chosen, key=lambda sample: (sample.difficulty, sample.id))


def _read_rejects(run: RunView, found: Figures) -> None:
    spread: Spread[Chosen] = Spread(run.recipe.seed, "view.report.rejects", REJECTS)
    order = {stage: index for index, stage in enumerate(run.rejects)}
    for stage, paths in run.rejects.items():
        for place, (id, reason) in _rows(paths, ["id", "reason"]):
            spread.offer((order[stage], reason), id, (_program(id), *place))
    for stage, total in run.totals.items():
        for reason in total.rejected:
            places = spread.of((order[stage], reason))[:EXAMPLES]
            found.examples[stage, reason] = [read_row(path, Rejected, row) for _, path, row in places]
    shown = sorted((path, row) for _, path, row in spread.take(REJECTS, lambda item: item[0]))
    found.rejects = [read_row(path, Rejected, row) for path, row in shown]


def _program(pair: str) -> str:
    return pair.rpartition(".")[0]


def kept_of(rejected: Rejected) -> Kept:
    """What a rejected record holds, whichever record it is; the raw text as program where it is none of ours."""
    try:
        record = json.loads(rejected.record)
    except ValueError:
        record = None
    found: dict[str, str] = {}
    while isinstance(record, dict):
        found = {name: record[name] for name in ("code", "input", "solution") if name in record} | found
        record = next((value for value in record.values() if isinstance(value, dict) and "id" in value), None)
    return Kept(found.get("code", rejected.record), found.get("input", ""), found.get("solution", ""))
