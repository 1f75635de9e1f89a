"""The released folder: files as the hub names them, whole at any moment, opened by its readers."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cotmill.base.ledger import Commit, Totals
from cotmill.base.recipe import Recipe
from cotmill.base.records import Sample
from cotmill.base.shards import schema_of, write_shard
from cotmill.publish import dataset
from cotmill.publish.card import render_card
from cotmill.publish.dataset import write_dataset
from publish.samples import sample

CODE = "def solution(n):\n    return n * 2\n"


def write(run: Path, sizes: list[int], *, name: str = "demo") -> list[Sample]:
    """A data set of files of so many samples; gives all samples in order."""
    made = [sample(CODE, {"n": number}, id=f"s{number:03}.0") for number in range(sum(sizes))]
    parts, rest = [], made
    for number, size in enumerate(sizes):
        parts.append(run / f"part-{number}.parquet")
        write_shard(parts[-1], Sample, rest[:size])
        rest = rest[size:]
    total = Totals("09-publish.dedup")
    total.add(Commit(total.stage, 0, 1, len(made), len(made), {}, {}, 1.0, 1.0))
    write_dataset(run, parts, render_card(Recipe(name=name), [total], len(made), "0.1.0"))
    return made


def files(run: Path) -> list[str]:
    return sorted(str(path.relative_to(run / "dataset")) for path in (run / "dataset").rglob("*") if path.is_file())


def test_the_files_are_named_as_the_hub_names_them(tmp_path: Path) -> None:
    """One file per part, each saying how many there are, and the card."""
    write(tmp_path, [2, 0, 1])
    assert files(tmp_path) == ["README.md", *(f"data/train-0000{number}-of-00003.parquet" for number in range(3))]


def test_all_samples_are_there_in_order(tmp_path: Path) -> None:
    """Read by pyarrow alone, as one table, with the columns of the record; an empty file among them does no harm."""
    made = write(tmp_path, [2, 0, 1])
    table = pq.read_table(tmp_path / "dataset" / "data")
    assert table.schema.equals(schema_of(Sample))
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == [item.id for item in made]
    assert rows[1]["lineage"]["seed_id"] == "s001"
    assert [asdict(message) for message in made[1].messages] == rows[1]["messages"]


def test_a_second_writing_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """No file of the first is left, inside or beside."""
    write(tmp_path, [1, 1, 1])
    write(tmp_path, [2])
    assert files(tmp_path) == ["README.md", "data/train-00000-of-00001.parquet"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("moment", ["mkdir", "copyfile", "durable_rename"])
def test_a_writing_that_is_cut_short_leaves_the_first_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whatever stops it before the renames, the old data set is untouched; the next writing clears up."""
    write(tmp_path, [1, 1, 1])

    def stop(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        target = {"mkdir": Path, "copyfile": dataset.shutil, "durable_rename": dataset}[moment]
        patch.setattr(target, moment, stop)
        with pytest.raises(KeyboardInterrupt):
            write_dataset(tmp_path, [tmp_path / "part-0.parquet"], "card")
    assert len(files(tmp_path)) == 4
    write(tmp_path, [2])
    assert len(files(tmp_path)) == 2
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_kill_between_the_renames_is_made_good(tmp_path: Path) -> None:
    """The one moment without a data set: the next writing makes it and removes what was moved aside."""
    write(tmp_path, [1, 1])
    (tmp_path / "dataset").rename(tmp_path / ".dataset.old.tmp")
    made = write(tmp_path, [1, 1])
    assert [row["id"] for row in pq.read_table(tmp_path / "dataset" / "data").to_pylist()] == [x.id for x in made]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.extra
@pytest.mark.parametrize(
    ("sizes", "name"),
    [([2, 1], "demo"), ([2, 0, 1], 'odd "name"\nof: two lines')],
    ids=["plain", "empty file, odd name"],
)
def test_load_dataset_opens_it(tmp_path: Path, sizes: list[int], name: str) -> None:
    """The real consumer, offline, with a cache of its own: one split, all rows in order, nested columns."""
    write(tmp_path, sizes, name=name)
    script = (
        "import sys; from datasets import load_dataset\n"
        "data = load_dataset(sys.argv[1])\n"
        "assert list(data) == ['train'], data\n"
        "rows = data['train']\n"
        "assert rows['id'][:] == ['s000.0', 's001.0', 's002.0'], rows['id']\n"
        "assert rows[1]['lineage']['seed_id'] == 's001'\n"
        "assert rows[1]['messages'][0] == {'role': 'user', 'content': 'What comes out?'}\n"
    )
    offline = {"HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "dataset")],
        capture_output=True, text=True, check=False, env={**os.environ, **offline},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
