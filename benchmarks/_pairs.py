"""The programs that benchmarks run: one whole program per pair of a seed file, as found but for the call at its end."""

from __future__ import annotations

import ast
import os
import random
from dataclasses import dataclass
from pathlib import Path

from cotmill.base.records import Seed
from cotmill.collect.entry import find_entry
from cotmill.collect.sources import read

FILES = ("pal*.jsonl", "pyedu*.jsonl")  # in the folder that COTMILL_SEEDS names


@dataclass(frozen=True)
class Pair:
    """A program that leaves its answer in `output`, and its input (the text of a JSON object)."""

    id: str
    code: str
    input: str


def seed_files() -> list[Path]:
    """PAL and PyEdu files of the folder that COTMILL_SEEDS names; none where it names none."""
    folder = os.environ.get("COTMILL_SEEDS")
    return [path for pattern in FILES for path in sorted(Path(folder).glob(pattern))] if folder else []


def pairs(seeds: Path | None) -> list[Pair]:
    """Every pair of a seed file, of the built-in programs where there is none."""
    rows = read(seeds or Path(), "auto" if seeds else "starter", {}, source="bench", max_row_mb=4)
    return [
        Pair(pair, f"{row.code}\n\noutput = {find_entry(ast.parse(row.code), row.entry).name}(**input)\n", input)
        for row in rows
        if isinstance(row, Seed)
        for pair, input in zip(row.pair_ids(), row.inputs or ("{}",), strict=True)
    ]


def sample(count: int) -> list[Pair]:
    """A sample of all pairs there are, in equal parts from every file, the same for every call."""
    files: list[Path | None] = [*seed_files()] or [None]
    chance = random.Random(3)
    chosen = []
    for path in files:
        found = pairs(path)
        chosen += chance.sample(found, min(len(found), count // len(files)))
    return chosen
