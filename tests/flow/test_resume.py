"""A run folder that somebody, a kill or a full disk has damaged: the same command makes it whole, to the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from flow import making


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 pairs in shards of 4: the seeds end exactly where a shard does."""
    rows = [making.row(making.FACT, [{"n": n}, {"n": n + 1}]) for n in (3, 4, 5, 6, 7, 8)]
    return making.write_seeds(tmp_path_factory.mktemp("seeds") / "seeds.jsonl", rows)


@pytest.fixture(scope="module")
def finished(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "R"
    go_on(out, seeds)
    return out


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copytree(finished, tmp_path / "R"))


def go_on(out: Path, seeds: Path, *, status: int = 0) -> str:
    options = ["--set", "shard_pairs=4", "--set", "publish.rows_per_file=3"]
    return making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(out), *options, status=status).stderr


def lines(run: Path) -> Counter[tuple[str, int]]:
    """How often each (stage, shard) stands in the ledger."""
    return Counter(
        (commit["stage"], commit["shard"])
        for path in (run / "ledger").glob("*.jsonl")
        for commit in map(json.loads, path.read_text().splitlines())
    )


def shards(run: Path) -> dict[str, str]:
    """Digests of everything that holds data, whichever step made it."""
    found = making.tree_digest(run)
    return {path: digest for path, digest in found.items() if path.endswith(".parquet") or path.startswith("dataset")}


def test_seeds_that_end_with_a_shard_make_no_empty_one(finished: Path) -> None:
    """Three shards of sources, each committed once, the last one marked."""
    commits = [json.loads(line) for line in (finished / "ledger" / "01-collect.sources.jsonl").read_text().splitlines()]
    assert [(commit["shard"], commit["pairs_in"], commit["last"]) for commit in commits] == [
        (0, 4, False), (1, 4, False), (2, 4, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    ["01-*/part-00001*", "01-*/part-00002*", "02-*/part-00000*", "0?-publish.sample/*", "0?-publish.dedup/part-00001*"],
)
def test_deleted_shards_are_made_again_and_nothing_else_is(
    finished: Path, run: Path, seeds: Path, pattern: str
) -> None:
    """A shard in the middle, the last one, one whose later steps are finished: no later step is done twice."""
    deleted = list(run.glob(pattern))
    assert deleted
    for path in deleted:
        path.unlink()
    go_on(run, seeds)
    assert shards(run) == shards(finished)
    assert {key for key, count in lines(run).items() if count > 1} == {
        (path.parent.name, int(path.stem.rpartition("-")[2])) for path in deleted
    }
    assert lines(run).keys() == lines(finished).keys()
    before = lines(run)
    go_on(run, seeds)
    assert lines(run) == before


def test_a_ledger_without_one_stage_does_that_stage_again(finished: Path, run: Path, seeds: Path) -> None:
    """As the message about a damaged line advises."""
    path = next((run / "ledger").glob("*unify.jsonl"))
    path.write_text("damaged\n" + path.read_text())
    assert "line 1 is damaged" in go_on(run, seeds, status=1)
    path.unlink()
    go_on(run, seeds)
    assert shards(run) == shards(finished)
    assert set(lines(run).values()) == {1}


def test_a_shard_that_was_cut_short_is_one_message(finished: Path, run: Path, seeds: Path) -> None:
    """It names the file to delete; then the run is made whole."""
    for path in [*run.glob("0?-explain.problem/part-00001*"), *run.glob("0?-explain.narrate/part-00001*")]:
        damaged = path.parent.name.endswith("problem")
        path.write_bytes(path.read_bytes()[:-20]) if damaged else path.unlink()
    says = go_on(run, seeds, status=1)
    assert "part-00001.parquet is damaged" in says and "Traceback" not in says
    next(run.glob("0?-explain.problem/part-00001*")).unlink()
    go_on(run, seeds)
    assert shards(run) == shards(finished)


def test_leftovers_of_kills_are_cleared_away(finished: Path, run: Path, seeds: Path) -> None:
    """Half-removed partitions, a half-built data set, one moved aside: none is read, none stays."""
    dedup = next(path.name for path in run.iterdir() if path.name.endswith("publish.dedup"))
    for name in (f".{dedup}.tmp", ".dataset.tmp", ".dataset.old.tmp"):
        (run / name).mkdir()
        (run / name / "part-00000.parquet").write_text("half")
    shutil.rmtree(run / "dataset")
    (run / dedup / "part-00000.parquet").unlink()
    go_on(run, seeds)
    assert shards(run) == shards(finished)
    assert sorted(path.name for path in run.iterdir() if path.name.startswith(".")) == [".lock"]


def test_no_process_survives_a_kill(seeds: Path, tmp_path: Path) -> None:
    """SIGKILL to the command alone: its workers and their sandboxes end by themselves."""
    process = making.start("run", "grounded", "--seeds", str(seeds), "--out", str(tmp_path / "R"))
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("R/ledger/*unify.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)  # sandboxes start
    left = descendants(process.pid)
    assert len(left) >= 2
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 30
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if running(pid)]
        time.sleep(0.05)
    assert left == []


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] + [below for child in children for below in descendants(int(child))]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
