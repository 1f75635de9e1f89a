"""The released folder: `dataset/data/*.parquet` and its card, in the layout that `datasets.load_dataset` opens.

It is built beside its final place and takes that by a rename, so that `dataset/` is never half a data set. A kill
between the two renames leaves none; the next call makes it from the same shards.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cotmill.base.shards import durable_rename

__all__ = ["write_dataset"]


def write_dataset(run: Path, parts: list[Path], card: str) -> Path:
    """Parts (shards of Sample) and the card's text -> `run/dataset`; gives its path."""
    target, building, before = run / "dataset", run / ".dataset.tmp", run / ".dataset.old.tmp"
    for leftover in (building, before):
        shutil.rmtree(leftover, ignore_errors=True)
    data = building / "data"
    data.mkdir(parents=True)
    for number, part in enumerate(parts):
        shutil.copyfile(part, data / f"train-{number:05d}-of-{len(parts):05d}.parquet")
    (building / "README.md").write_text(card, encoding="utf-8")
    durable_rename(building, target, aside=before)
    shutil.rmtree(before, ignore_errors=True)
    return target
