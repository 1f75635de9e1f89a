"""Runs that train a code generator of their own between rounds."""

from __future__ import annotations

import io
import json
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from cotmill import composing
from cotmill.base.stage import CotmillError
from cotmill.training import train_codegen
from cotmill.view.progress import Quiet
from flow.making import cotmill, rejects, samples, start, tree_digest

RECIPE = """
name: learning
shard_pairs: 24
collect: {seeds: [{format: starter}], limit: 20}
compose:
  rounds: 2
  candidates: 24
  inputs: 2
  min_novelty: 0.0
  generator:
    {share: 0.6, augment: 12, steps: 10, batch: 1024, hidden: 16, heads: 2, layers: 1, max_tokens: 120}
"""
QUIET = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
PARTS = ("dataset", "rejects", "models")

pytestmark = pytest.mark.extra


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("learning") / "recipe.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def run(recipe: Path) -> Path:
    folder = recipe.parent / "run"
    go_on(recipe, folder, "2")
    return folder


def go_on(recipe: Path, out: Path, workers: str = "2") -> str:
    return cotmill("run", str(recipe), "--out", str(out), "--workers", workers, environment=QUIET).stderr


def same(run: Path, other: Path) -> None:
    for part in PARTS:
        assert tree_digest(run / part) == tree_digest(other / part), part


def test_a_generator_behind_each_round_but_the_last(run: Path) -> None:
    """Trained on what is known there and some more; its programs are in the next round."""
    trained = sorted(path.parent.name for path in run.glob("models/*/codegen"))
    assert trained == ["round-00", "round-01"]
    assert not list(run.glob("models/*/.codegen*"))
    for path in run.glob("models/*/codegen/training.json"):
        account = json.loads(path.read_text())
        learned = account["programs"] + account["held_out"] + sum(account["left_out"].values())
        assert learned == json.loads((path.parent.parent / "round.json").read_text())["programs"] + 12
    written = [item for item in samples(run) + rejects(run) if "codegen" in json.dumps(item, default=str)]
    assert len(written) > 10
    assert all(item["lineage"]["model"] == "" for item in samples(run))


def test_workers_change_nothing(run: Path, recipe: Path, tmp_path: Path) -> None:
    go_on(recipe, tmp_path / "one", "1")
    same(tmp_path / "one", run)


def test_a_killed_run_continues_to_the_same_bytes(run: Path, recipe: Path, tmp_path: Path) -> None:
    """Killed before it trains, in the middle of two trainings, while it writes, and once more wherever it is."""
    killed = tmp_path / "killed"
    for moment in (
        "models/round-00/pool.parquet",
        "models/round-00/.codegen.building/checkpoint-*",
        "ledger/*-compose.draw.jsonl",
        "models/round-01/.codegen.building/fingerprint",
    ):
        kill(recipe, killed, moment)
        assert not (killed / "run.json").exists()
    go_on(recipe, killed)
    same(killed, run)


def kill(recipe: Path, out: Path, moment: str) -> None:
    """As soon as such a file is there."""
    process = start("run", str(recipe), "--out", str(out), environment=QUIET)
    deadline = time.monotonic() + 120
    while not any(out.glob(moment)) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)  # its workers end by themselves
    process.communicate()


def test_a_deleted_generator_is_trained_again(run: Path, recipe: Path, tmp_path: Path) -> None:
    """To the same weights, of a finished run too; nothing else is made anew."""
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    shutil.rmtree(folder / "models" / "round-00" / "codegen")
    commits = tree_digest(folder / "ledger")
    go_on(recipe, folder)
    assert tree_digest(folder / "ledger") == commits
    same(folder, run)
    shutil.rmtree(folder / "models" / "round-01" / "codegen")
    max(folder.glob("*-compose.draw/*.parquet")).unlink()
    go_on(recipe, folder)
    same(folder, run)


def test_a_worker_that_sampled_trains_with_all_threads(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sampling is held to one, since there is a worker for each core; a training is alone."""
    import torch

    from cotmill.compose.codegen import train

    before = torch.get_num_threads()
    monkeypatch.setattr(train, "THREADS", 3)
    torch.set_num_threads(1)
    train_codegen(run, tmp_path / "model", ("compose.generator.steps=1",), lambda step, steps, loss: None)
    assert torch.get_num_threads() == 3
    torch.set_num_threads(before)


def test_compose_goes_on_with_a_generator_of_its_own(run: Path, tmp_path: Path) -> None:
    """Trained on what is known behind the last round, it writes all of the programs; without it, there is none."""
    with pytest.raises(CotmillError, match="there is no code generator"):
        compose(run, tmp_path / "o", None)
    model = tmp_path / "model"
    train_codegen(run, model, (), lambda step, steps, loss: None)
    counts = compose(run, tmp_path / "o", model)
    rows = [json.loads(line) for line in (tmp_path / "o").read_text().splitlines()]
    assert counts["rows"] == len(rows) and sum(counts.values()) == 16
    assert {row["generator"] for row in rows} <= {"codegen"}
    compose(run, tmp_path / "again", model)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "o").read_bytes()
    (model / "model.safetensors").write_bytes(b"damaged")
    arguments = ("compose", str(run), "--generator", str(model), "--out", str(tmp_path / "o"))
    says = cotmill(*arguments, status=1, environment=QUIET).stderr
    assert "no code generator can be read from" in says and "Traceback" not in says


def compose(run: Path, out: Path, generator: Path | None) -> Counter[str]:
    return composing.compose(run, out, 8, (), generator, Quiet(io.StringIO(), time.monotonic))


def test_the_demo_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cotmill demo --learn`, scaled down: the generator stands in the status and on the report."""
    from typer.testing import CliRunner

    from cotmill import cli

    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    small = ("candidates=16", "generator.share=0.6", "generator.augment=20", "generator.steps=5", "generator.hidden=16",
             "generator.heads=2", "generator.layers=1", "generator.max_tokens=120")  # fmt: skip
    monkeypatch.setattr(cli, "LEARN", ("collect.limit=30", *(f"compose.{setting}" for setting in small)))
    done = CliRunner().invoke(cli.app, ["demo", "--learn", "--out", str(tmp_path / "demo")])
    assert done.exit_code == 0, done.output
    assert "code generator behind round 0" in cotmill("status", str(tmp_path / "demo")).stdout
    assert len(json.loads(cotmill("status", str(tmp_path / "demo"), "--json").stdout)["training"]) == 1
    assert "code generator behind round 0" in (tmp_path / "demo" / "report" / "index.html").read_text()
