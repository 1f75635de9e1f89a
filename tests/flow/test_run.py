"""The whole flow on small seeds: the six promises, as a user sees them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from cotmill.base.trace import Call, Trace
from flow import making


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.write_seeds(tmp_path_factory.mktemp("seeds") / "seeds.jsonl", making.seed_rows(3))


@pytest.fixture(scope="module")
def run(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished run that the tests look at."""
    out = tmp_path_factory.mktemp("run") / "R"
    making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", "shard_pairs=6")
    return out


def test_nothing_disappears(run: Path, seeds: Path) -> None:
    """Promise 3: every pair of the seeds is a sample or a reject, once, and at every stage in = out + rejected."""
    pairs = sum(len(json.loads(line)["ios"]) for line in seeds.read_text().splitlines())
    ids = [item["id"] for item in making.samples(run)] + [item["id"] for item in making.rejects(run)]
    assert len(ids) == len(set(ids)) == pairs
    stages = json.loads((run / "run.json").read_text())["stages"]
    assert stages[0]["in"] == pairs
    assert stages[-1]["out"] == len(making.samples(run))
    for before, after in pairwise(stages):
        assert before["out"] == after["in"]
    assert all(stage["in"] == stage["out"] + sum(stage["rejected"].values()) for stage in stages)


def test_each_failure_has_its_reason(run: Path) -> None:
    """Division by zero, a long loop, the clock and broken syntax are told apart; the rest are samples."""
    reasons = Counter(item["reason"] for item in making.rejects(run))
    assert reasons == {"error": 3, "trace-too-long": 3, "nondeterministic": 3, "syntax-error": 6, "duplicate": 2}
    assert len(making.samples(run)) == 3 * (3 + 2 + 2 + 1 + 1) - 2


def test_every_sample_runs_alone_and_gives_its_answer(run: Path) -> None:
    """Promise 1: plain Python outside Cotmill comes to the same answer."""
    for sample in making.samples(run):
        script = sample["code"] + "\nimport json\nprint(json.dumps(output))\n"
        done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == json.loads(sample["answer"])
        assert sample["solution"].splitlines()[-1] == f"Answer: {sample['answer']}"


def test_every_claim_of_a_sample_is_verified(run: Path) -> None:
    """Promise 2: claims found, all of them verified."""
    for sample in making.samples(run):
        assert sample["grounding"]["n_claims"] == sample["grounding"]["n_verified"] > 0


def test_recursive_calls_are_all_in_the_trace(run: Path) -> None:
    """fact(5) makes five calls of fact, and the trace has them."""
    found = making.cotmill(
        "show", str(run), next(s["id"] for s in making.samples(run) if s["input"] == '{"n":5}'), "--json"
    )
    records = {item["stage"]: item["record"] for item in json.loads(found.stdout)}
    trace = Trace.parse(next(record["trace"] for stage, record in records.items() if "execute.run" in stage))
    assert [call.name for call in trace.calls()].count("fact") == 5
    assert sum(isinstance(event, Call) for event in trace.events) == 6


def test_a_second_call_changes_nothing(run: Path, seeds: Path) -> None:
    """Running a finished run again gives the same files, quickly."""
    before = making.tree_digest(run / "dataset")
    making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(run), "--set", "shard_pairs=6")
    assert making.tree_digest(run / "dataset") == before


@pytest.mark.parametrize("workers", ["1", "4"])
def test_the_data_set_does_not_depend_on_workers(run: Path, seeds: Path, tmp_path: Path, workers: str) -> None:
    """Promise 4: byte for byte."""
    out = tmp_path / "R"
    making.cotmill(
        "run", "grounded", "--seeds", str(seeds), "--out", str(out), "--workers", workers, "--set", "shard_pairs=6"
    )
    assert making.tree_digest(out / "dataset") == making.tree_digest(run / "dataset")


def test_the_samples_do_not_depend_on_the_order_of_seeds(run: Path, tmp_path: Path) -> None:
    """A shuffled seed file gives the same samples in the same order, however the shards fall."""
    shuffled = making.write_seeds(tmp_path / "seeds.jsonl", making.seed_rows(3), shuffle=5)
    out = tmp_path / "R"
    making.cotmill("run", "grounded", "--seeds", str(shuffled), "--out", str(out), "--set", "shard_pairs=9")
    assert making.samples(out) == making.samples(run)


def test_a_killed_run_continues_to_the_same_bytes(run: Path, seeds: Path, tmp_path: Path) -> None:
    """Promise 4: SIGKILL at random moments loses nothing and doubles nothing."""
    out, chance = tmp_path / "R", random.Random(20)
    arguments = ["run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", "shard_pairs=6"]
    kills = 0
    for patience in (0.6, 0.8, 1.0, 1.2, 1.4, 1.6):
        process = making.start(*arguments)
        try:
            process.communicate(timeout=patience * chance.uniform(0.8, 1.2))
            break
        except subprocess.TimeoutExpired:
            kills += 1
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    making.cotmill(*arguments)
    assert kills >= 3
    assert making.tree_digest(out / "dataset") == making.tree_digest(run / "dataset")
    assert Counter(item["id"] for item in making.rejects(out)) == Counter(item["id"] for item in making.rejects(run))
    assert not [path for path in out.rglob("*.tmp") if "/.lock" not in str(path)]


def test_ctrl_c_says_that_the_run_can_be_continued(tmp_path: Path) -> None:
    """One line, exit status 130, no traceback; the same command finishes."""
    out = tmp_path / "R"
    long = making.row("import time\n\ndef main_solution(n):\n    return sum(range(10**10 + n))\n", [{"n": 1}, {"n": 2}])
    seeds = making.write_seeds(tmp_path / "seeds.jsonl", [long, *making.seed_rows(1)])
    arguments = ["run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", "shard_pairs=2"]
    arguments += ["--set", "execute.limits.cpu_s=2"]
    process = making.start(*arguments)
    deadline = time.monotonic() + 30
    while not list(out.glob("ledger/*unify.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "continues" in err
    assert "Traceback" not in err
    making.cotmill(*arguments)


def test_another_recipe_or_other_seeds_on_the_same_folder_is_an_error(run: Path, seeds: Path, tmp_path: Path) -> None:
    """The message names what changed; the run is not touched."""
    before = making.tree_digest(run)
    other = making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(run), "--set", "seed=7", status=1)
    assert "seed" in other.stderr and "--out" in other.stderr
    changed = making.write_seeds(tmp_path / "seeds.jsonl", making.seed_rows(1))
    again = making.cotmill("run", "grounded", "--seeds", str(changed), "--out", str(run), status=1)
    assert "sha256" in again.stderr
    assert making.tree_digest(run) == before


def test_a_folder_with_other_things_in_it_is_left_alone(seeds: Path, tmp_path: Path) -> None:
    """Cotmill does not write into a folder that is not its own."""
    (tmp_path / "notes.txt").write_text("mine")
    done = making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(tmp_path), status=1)
    assert "not a cotmill run" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_run_without_samples_says_so(tmp_path: Path) -> None:
    """Exit status 1, the funnel, and where the reasons are."""
    seeds = making.write_seeds(tmp_path / "seeds.jsonl", [making.row(making.CRASH, [{"n": 0}])])
    done = making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(tmp_path / "R"), status=1)
    assert "no sample came out" in done.stderr
    assert making.rejects(tmp_path / "R")[0]["reason"] == "error"


def test_bad_rows_are_counted_and_kept(tmp_path: Path) -> None:
    """Malformed JSON, bytes that are no text, null bytes and a huge source: each a reject, the good row a sample."""
    good = json.dumps(making.row(making.FACT, [{"n": 4}]))
    huge = json.dumps(making.row("x = 1\n" * 1_000_000 + making.FACT, [{"n": 4}]))
    null = json.dumps(
        making.row("def main_solution(n):\n    return n\0\n", []) | {"ios": [{"input": {"n": 1}, "output": 1}]}
    )
    lines = [b'{"refcode": ', good.encode(), b"\xff\xfe\xfa", huge.encode(), null.encode(), b"[1, 2]"]
    (tmp_path / "seeds.jsonl").write_bytes(b"\n".join(lines))
    making.cotmill("run", "grounded", "--seeds", str(tmp_path / "seeds.jsonl"), "--out", str(tmp_path / "R"))
    rejected = making.rejects(tmp_path / "R")
    assert Counter(item["reason"] for item in rejected) == {
        "malformed-row": 3, "row-too-large": 1, "syntax-error": 1,
    }  # fmt: skip
    assert any("line 1" in item["detail"] and item["record"].startswith('{"refcode"') for item in rejected)
    assert len(making.samples(tmp_path / "R")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no such file"), (b"", "empty"), (b'{"a": 1, "b": 2}\n', "columns are a, b")],
    ids=["missing", "empty", "wrong columns"],
)
def test_seeds_that_cannot_be_read_are_one_message(tmp_path: Path, content: bytes | None, says: str) -> None:
    """It says what was found and what to do; no traceback."""
    path = tmp_path / "seeds.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = making.cotmill("run", "grounded", "--seeds", str(path), "--out", str(tmp_path / "R"), status=1)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_one_message_and_the_run_continues(seeds: Path, run: Path, tmp_path: Path) -> None:
    """Files cannot grow: exit status 1 and one message. With room again, the same command gives the same data set."""
    out = tmp_path / "R"
    arguments = ["run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", "shard_pairs=6"]
    script = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, resource.RLIM_INFINITY))\n"
        "from cotmill.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "disk" in done.stderr and "same command again" in done.stderr
    assert "Traceback" not in done.stderr
    making.cotmill(*arguments)
    assert making.tree_digest(out / "dataset") == making.tree_digest(run / "dataset")


def test_a_worker_that_is_killed_costs_nothing(run: Path, seeds: Path, tmp_path: Path) -> None:
    """Machinery that fails is not a verdict on a program: the shard is done again."""
    out = tmp_path / "R"
    process = making.start(
        "run", "grounded", "--seeds", str(seeds), "--out", str(out), "--workers", "1", "--set", "shard_pairs=6"
    )
    deadline = time.monotonic() + 30
    while not list(out.glob("ledger/*unify.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    for worker in making.workers_of(process.pid):
        os.kill(worker, signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert making.tree_digest(out / "dataset") == making.tree_digest(run / "dataset")
