"""A run that asks in all directions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cotmill.base.records import Sample
from cotmill.base.shards import read_shard
from cotmill.execute.sandbox import Sandbox
from cotmill.prove.confirm import confirms
from flow import making

MIXED = "explain.directions=[forward, backward, variable]"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished run that the tests look at."""
    seeds = making.write_seeds(tmp_path_factory.mktemp("seeds") / "seeds.jsonl", making.seed_rows(8))
    out = tmp_path_factory.mktemp("run") / "R"
    making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", MIXED)
    return out


@pytest.fixture(scope="module")
def samples(run: Path) -> list[Sample]:
    return [item for part in sorted((run / "dataset" / "data").glob("*.parquet")) for item in read_shard(part, Sample)]


def test_each_pair_gets_one_question(run: Path, samples: list[Sample]) -> None:
    """All directions are there; what one cannot be asked of another one is, and nothing is lost by it."""
    assert min(Counter(item.direction for item in samples)[name] for name in ("forward", "backward", "variable")) >= 8
    reasons = Counter(item["reason"] for item in making.rejects(run))
    assert reasons.keys() == {"error", "trace-too-long", "nondeterministic", "syntax-error", "duplicate"}
    assert len(samples) + reasons.total() == 8 * 14


def test_the_program_gives_its_output_whatever_is_asked(samples: list[Sample]) -> None:
    """Plain Python outside Cotmill; the solution ends in what is asked for."""
    for item in samples:
        script = item.code + "\nimport json\nprint(json.dumps(output))\n"
        done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == json.loads(item.output)
        assert item.solution.splitlines()[-1] == f"Answer: {item.answer}"
        assert (item.answer == item.output) == (item.direction == "forward")
        assert item.grounding.n_claims == item.grounding.n_verified > 0


def test_backward_answers_are_confirmed_by_execution(samples: list[Sample]) -> None:
    """The sample's own is, and the problem does not hold it."""
    with Sandbox() as box:

        def execute(code: str, input: str) -> str | None:
            outcome = box.run(code, input)
            return outcome.answer if outcome.status == "ok" else None

        for item in (item for item in samples if item.direction == "backward"):
            assert confirms(item, item.answer, execute)
            assert json.loads(item.input)[item.asked] == json.loads(item.answer)
            assert execute(item.code, item.input) == item.output
            hidden = re.escape(item.answer)
            assert len(item.answer) < 3 or not re.search(rf"(?<!\w){hidden}(?!\w)", item.problem)


def test_variable_answers_are_not_in_their_problems(samples: list[Sample]) -> None:
    """Nor is the output asked for by another name."""
    for item in (item for item in samples if item.direction == "variable"):
        assert len(item.answer) < 3 or item.answer not in item.problem
        assert item.asked


def test_order_and_workers_change_no_question(run: Path, tmp_path: Path, samples: list[Sample]) -> None:
    """Chance comes from identity."""
    seeds = making.write_seeds(tmp_path / "seeds.jsonl", making.seed_rows(8), shuffle=5)
    out = tmp_path / "R"
    making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", MIXED, "--workers", "1",
                   "--set", "shard_pairs=9")  # fmt: skip
    again = {item["id"]: item for item in making.samples(out)}
    assert {item.id: item.problem for item in samples} == {id: item["problem"] for id, item in again.items()}
    assert {item.id: item.solution for item in samples} == {id: item["solution"] for id, item in again.items()}
