"""The released folder: `dataset/data/*.parquet` and its card, in the layout that `datasets.load_dataset` opens.

It is built beside its final place and renamed, so that `dataset/` is never half a data set.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cotmill.base.shards import durable_rename

__all__ = ["write_dataset"]


def write_dataset(run: Path, parts: list[Path], card: str) -> Path:
    """Parts (shards of Sample) and the card's text -> `run/dataset`; gives its path."""
    target, building = run / "dataset", run / ".dataset.tmp"
    shutil.rmtree(building, ignore_errors=True)
    data = building / "data"
    data.mkdir(parents=True)
    for number, part in enumerate(parts):
        shutil.copyfile(part, data / f"train-{number:05d}-of-{len(parts):05d}.parquet")
    (building / "README.md").write_text(card, encoding="utf-8")
    if target.exists():
        shutil.rmtree(target)
    durable_rename(building, target)
    return target
