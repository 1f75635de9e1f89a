"""Composing, round by round, through whole runs."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cotmill.base.difficulty import BANDS, band, difficulty
from cotmill.base.trace import Trace
from cotmill.compose.structure import novelty_key
from flow.making import cotmill, rejects, samples, start, tree_digest

RECIPE = """
name: rounds
shard_pairs: 24
collect: {seeds: [{format: starter}], limit: 30}
compose: {rounds: 2, candidates: 24, inputs: 2, new_inputs: 0.25, min_novelty: 0.0}
execute: {rules: [too-few-lines, empty-output, constant-output, unused-input]}
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rounds") / "recipe.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def run(recipe: Path) -> Path:
    folder = recipe.parent / "run"
    cotmill("run", str(recipe), "--out", str(folder))
    return folder


def rows(run: Path, stage: str) -> list[dict[str, Any]]:
    return [item for path in sorted(run.glob(f"*-{stage}/*.parquet")) for item in pq.read_table(path).to_pylist()]


def test_nothing_disappears(run: Path) -> None:
    stages = {stage["stage"].partition("-")[2]: stage for stage in json.loads((run / "run.json").read_text())["stages"]}
    for stage in stages.values():
        assert stage["in"] == stage["out"] + sum(stage["rejected"].values()), stage
    assert stages["compose.draw"]["in"] == 2 * 24 * 2
    assert stages["execute.screen"]["in"] == stages["collect.unify"]["out"] + stages["compose.draw"]["out"]
    ids = [item["id"] for item in samples(run) + rejects(run)]
    assert len(ids) == len(set(ids)) == stages["collect.sources"]["in"] + 96


def test_each_round_adds_new_programs(run: Path) -> None:
    rounds = json.loads((run / "run.json").read_text())["rounds"]
    assert [figures["round"] for figures in rounds] == [0, 1, 2]
    known = [figures["programs"] for figures in rounds]
    assert known[0] < known[1] < known[2]
    assert all(figures["novel"] <= figures["proven"] <= figures["composed"] <= 24 for figures in rounds[1:])
    keys = [novelty_key(program["code"]) for program in rows(run, "compose.draw")]
    proven = {item["id"].rpartition(".")[0] for item in rows(run, "execute.run")}
    seeds = {novelty_key(item["code"]) for item in rows(run, "execute.run") if not item["id"].startswith("draw-")}
    fresh = [
        novelty_key(program["code"]) for program in rows(run, "compose.draw")
        if program["id"] in proven and program["lineage"]["generator"] != "new-inputs"
    ]  # fmt: skip
    assert keys and fresh and seeds.isdisjoint(fresh)
    assert known[2] - known[0] == len(set(fresh))


def test_figures_of_a_round_are_those_of_its_programs(run: Path) -> None:
    """Difficulty, bands and operations, from the executions; the data set's column says the same."""
    rounds = json.loads((run / "run.json").read_text())["rounds"]
    pairs: dict[str, float] = {}
    programs: dict[str, list[float]] = {}
    for item in rows(run, "execute.run"):
        hardness = difficulty(Trace.parse(item["trace"]), item["code"])
        number = item["id"].split("-")[1] if item["id"].startswith("draw-") else "0"
        programs.setdefault(f"{number} {item['id'].rpartition('.')[0]}", []).append(hardness)
        pairs[item["id"]] = hardness
    for figures in rounds:
        means = [sum(each) / len(each) for key, each in programs.items() if key.startswith(f"{figures['round']} ")]
        assert figures["proven"] == len(means)
        assert figures["difficulty"] == pytest.approx(sum(means) / len(means), abs=0.001)
        assert figures["bands"] == {name: sum(band(mean) == name for mean in means) for name in BANDS}
    assert all(item["difficulty"] == pairs[item["id"]] for item in samples(run))
    for before, after in pairwise(rounds):
        assert set(after["all_operations"]) == set(before["all_operations"]) | set(after["new_operations"])
        assert not set(before["all_operations"]) & set(after["new_operations"])
        assert len(after["new_operations"]) <= after["operations"] <= len(after["all_operations"])


def test_a_recipe_may_aim_at_hard_programs(run: Path, recipe: Path, tmp_path: Path) -> None:
    """Other programs are composed, and workers change nothing of them."""
    for workers in ("1", "2"):
        arguments = ("--set", "compose.bands.hard=1", "--workers", workers, "--out", str(tmp_path / workers))
        cotmill("run", str(recipe), *arguments)
    for part in ("dataset", "models"):
        assert tree_digest(tmp_path / "1" / part) == tree_digest(tmp_path / "2" / part)
    assert tree_digest(tmp_path / "1" / "models") != tree_digest(run / "models")


def test_parents_lead_back_to_seeds(run: Path) -> None:
    programs = {program["id"]: program for program in rows(run, "execute.screen")}
    drawn = [program for program in programs.values() if program["id"].startswith("draw-")]
    assert {program["lineage"]["round"] for program in drawn} == {1, 2}
    for program in drawn:
        waiting = list(program["lineage"]["parents"])
        assert waiting and program["lineage"]["generator"]
        while waiting:
            parent = programs[waiting.pop()]
            waiting += parent["lineage"]["parents"]
            assert parent["lineage"]["parents"] or parent["lineage"]["seed_id"]
            assert parent["lineage"]["round"] < program["lineage"]["round"]


def test_new_inputs_are_new(run: Path) -> None:
    programs = {program["id"]: program for program in rows(run, "execute.screen")}
    again = [program for program in programs.values() if program["lineage"]["generator"] == "new-inputs"]
    assert again
    for program in again:
        (parent,) = program["lineage"]["parents"]
        assert program["code"] == programs[parent]["code"]
        assert not set(program["inputs"]) & set(programs[parent]["inputs"])


def test_samples_of_composed_programs_run_alone(run: Path) -> None:
    composed = [item for item in samples(run) if item["source"] == "composed" and item["direction"] == "forward"]
    assert len(composed) > 10
    for item in composed:
        space: dict[str, Any] = {}
        exec(item["code"], space)
        assert json.loads(item["answer"]) == space["output"]


def test_workers_change_nothing(run: Path, recipe: Path, tmp_path: Path) -> None:
    cotmill("run", str(recipe), "--out", str(tmp_path / "one"), "--workers", "1")
    for part in ("dataset", "models"):
        assert tree_digest(tmp_path / "one" / part) == tree_digest(run / part)


def test_a_killed_run_continues_to_the_same_bytes(run: Path, recipe: Path, tmp_path: Path) -> None:
    rng = random.Random(3)
    for _ in range(6):
        process = start("run", str(recipe), "--out", str(tmp_path / "killed"))
        time.sleep(rng.uniform(0.5, 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    cotmill("run", str(recipe), "--out", str(tmp_path / "killed"))
    for part in ("dataset", "models", "rejects"):
        assert tree_digest(tmp_path / "killed" / part) == tree_digest(run / part)


def test_deleted_files_are_made_again(run: Path, recipe: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    (folder / "models" / "round-00" / "pool.parquet").unlink()
    (folder / "models" / "round-01" / "known.parquet").unlink()
    max(folder.glob("*-compose.draw/*.parquet")).unlink()
    cotmill("run", str(recipe), "--out", str(folder))
    for part in ("dataset", "models", "rejects"):
        assert tree_digest(folder / part) == tree_digest(run / part)


def test_no_further_round_when_little_is_new(recipe: Path, tmp_path: Path) -> None:
    done = cotmill("run", str(recipe), "--out", str(tmp_path / "r"), "--set", "compose.min_novelty=1.0")
    assert "no further round" in done.stderr
    assert [figures["round"] for figures in json.loads((tmp_path / "r" / "run.json").read_text())["rounds"]] == [0, 1]


def test_seeds_of_which_none_holds_compose_nothing(recipe: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(
        json.dumps({"code": "def solution(n):\n    return 1 // 0\n", "entry": "solution", "inputs": [{"n": 1}]}) + "\n"
    )
    done = cotmill("run", str(recipe), "--seeds", str(seeds), "--out", str(tmp_path / "r"), status=None)
    assert "no sample came out" in done.stderr


def test_status_shows_the_rounds(run: Path) -> None:
    assert "draws" in cotmill("status", str(run)).stdout
    assert len(json.loads(cotmill("status", str(run), "--json").stdout)["rounds"]) == 3
