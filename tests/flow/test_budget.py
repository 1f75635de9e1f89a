"""A run that stops at its budget, and goes on when it is raised: to the same bytes as one that never stopped."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.served import Answer, Server
from cotmill import release, runner
from cotmill.backends.engine import Done, Task
from cotmill.base.ledger import Ledger, read_commits
from cotmill.base.recipe import Recipe, load_recipe
from cotmill.view.progress import Quiet
from flow import making

SHARD = 8  # pairs
PROMPT = "{% set version = 1 %}{% block user %}{{ narration }}{% endblock %}"


def told(number: int, body: dict[str, Any]) -> Answer:
    """The narration again; every third has another answer at first."""
    first, *rest = [message["content"] for message in body["messages"]]
    wrong = not rest and sum(first.encode()) % 3 == 0
    text = first.rpartition("\n")[0] + "\nAnswer: 987654321" if wrong else first
    usage = {"prompt_tokens": sum(len(message["content"]) for message in body["messages"]), "completion_tokens": 100}
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return Answer({"choices": [choice], "usage": usage})


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(told)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With seeds, of which some are each other's duplicates, and the prompt."""
    made = tmp_path_factory.mktemp("budget")
    rows = making.seed_rows(6)
    making.write_seeds(made / "seeds.jsonl", [*rows, *making.seed_rows(2), *making.seed_rows(8)[42:]])
    (made / "told.jinja").write_text(PROMPT)
    return made


@pytest.fixture(scope="module")
def command(folder: Path, server: Server) -> Callable[..., list[str]]:
    settings = (
        f"shard_pairs={SHARD}", "publish.rows_per_file=30", f"model.base_url={server.url}", "model.name=teller",
        "model.prompt_price=0.5", "model.completion_price=2", "model.narrate.use=true", "model.narrate.of=narration",
        f"model.narrate.prompt={folder / 'told.jinja'}",
    )  # fmt: skip

    def call(out: Path, *budget: str, workers: int = 2) -> list[str]:
        options = [word for setting in (*settings, *budget) for word in ("--set", setting)]
        seeds = ("--seeds", str(folder / "seeds.jsonl"))
        return ["run", "grounded", *seeds, *options, "--workers", str(workers), "--out", str(out)]

    return call


@pytest.fixture(scope="module")
def full(command: Callable[..., list[str]], folder: Path) -> Path:
    making.cotmill(*command(folder / "full"))
    return folder / "full"


def summary(run: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run / "run.json").read_text())
    return content


def over_budget(run: Path) -> int:
    return sum(item["reason"] == "over-budget" for item in making.rejects(run))


def assert_balanced(run: Path) -> None:
    """In = out + rejected; the files are those of the ledger."""
    committed = {path for commit in read_commits(run) for path in commit.files}
    assert committed == {str(path.relative_to(run)) for path in run.rglob("part-*.parquet")}
    for stage in summary(run)["stages"]:
        assert stage["in"] == stage["out"] + sum(stage["rejected"].values()), stage
    assert summary(run)["samples"] == len(making.samples(run)) == summary(run)["stages"][-1]["out"]


def test_a_run_without_a_budget_says_what_it_took(full: Path, server: Server) -> None:
    """Each call is counted once; a wrong answer goes back, and all pass in the end."""
    facts = summary(full)
    stage = next(each for each in facts["stages"] if each["stage"].endswith("narrate_llm"))
    first, repair = stage["model"]["rungs"]["first"], stage["model"]["rungs"]["repair 1"]
    assert first["calls"] == stage["in"] == first["passed"] + repair["calls"]
    assert 0 < repair["passed"] == repair["calls"]
    assert facts["model"]["calls"] == len(server.asked)
    read, written = facts["model"]["prompt_tokens"], facts["model"]["completion_tokens"]
    assert written == 100 * len(server.asked)
    assert facts["model"]["cost"] == pytest.approx((0.5 * read + 2 * written) / 1e6)
    assert facts["model"]["cost_per_sample"] == pytest.approx(facts["model"]["cost"] / facts["samples"], rel=1e-3)
    assert facts["stopped"] is None


def test_exactly_so_many_samples_whatever_the_workers(
    command: Callable[..., list[str]], full: Path, tmp_path: Path
) -> None:
    """The same bytes with one worker and with four; what is too many is rejected, what is not needed not begun."""
    wanted = 18
    for workers in (1, 4):
        making.cotmill(*command(tmp_path / f"R{workers}", f"budget.samples={wanted}", workers=workers))
    few, many = tmp_path / "R1", tmp_path / "R4"
    assert making.tree_digest(few / "dataset") == making.tree_digest(many / "dataset")
    assert len(making.samples(few)) == wanted
    assert {item["input"] for item in making.samples(few)} <= {item["input"] for item in making.samples(full)}
    for run in (few, many):
        assert_balanced(run)
        assert summary(run)["stopped"] == {"by": "samples", "limit": wanted, "spent": wanted}
    assert 0 < over_budget(few) == over_budget(many)
    assert summary(few)["stages"][1]["shards"] < summary(full)["stages"][1]["shards"]


def test_more_samples_than_there_are_is_no_stop(command: Callable[..., list[str]], full: Path, tmp_path: Path) -> None:
    """As is exactly what there is."""
    run = tmp_path / "R"
    for wanted in (summary(full)["samples"], 10_000):
        making.cotmill(*command(run, f"budget.samples={wanted}"))
        assert summary(run)["stopped"] is None
        assert making.tree_digest(run / "dataset") == making.tree_digest(full / "dataset")


def test_a_raised_budget_goes_on_to_the_same_bytes(
    command: Callable[..., list[str]], full: Path, tmp_path: Path
) -> None:
    """Step by step, up and down again; nothing is left of what was over an earlier budget."""
    run, fresh = tmp_path / "R", tmp_path / "fresh"
    making.cotmill(*command(fresh, "budget.samples=33"))
    says = making.cotmill(*command(run, "budget.samples=9")).stdout
    assert "stopped by its budget of 9 samples" in says
    making.cotmill(*command(run, "budget.samples=33"))
    assert making.tree_digest(run / "dataset") == making.tree_digest(fresh / "dataset")
    making.cotmill(*command(run))
    assert making.tree_digest(run / "dataset") == making.tree_digest(full / "dataset")
    assert over_budget(run) == 0
    assert_balanced(run)
    assert summary(run)["stopped"] is None
    making.cotmill("status", str(run), "--verify")
    making.cotmill(*command(run, "budget.samples=33"))
    assert making.tree_digest(run / "dataset") == making.tree_digest(fresh / "dataset")
    assert_balanced(run)
    assert not [path for path in run.iterdir() if path.name.startswith(".") and path.name != ".lock"]


def test_money(command: Callable[..., list[str]], full: Path, tmp_path: Path) -> None:
    """What was begun is finished: more is spent than there was by at most the shards under way."""
    limit = 0.015
    making.cotmill(*command(tmp_path / "R", f"budget.money={limit}", workers=2))
    facts = summary(tmp_path / "R")
    assert (facts["stopped"]["by"], facts["stopped"]["limit"]) == ("money", limit)
    assert_balanced(tmp_path / "R")
    total, spent = summary(full)["model"]["cost"], facts["stopped"]["spent"]
    shards = summary(full)["stages"][1]["shards"]
    assert limit <= spent <= limit + 3 * 2.5 * total / shards < total
    stages = facts["stages"]
    assert len({stage["shards"] for stage in stages[1:-1]}) == 1
    making.cotmill(*command(tmp_path / "R"))
    assert making.tree_digest(tmp_path / "R" / "dataset") == making.tree_digest(full / "dataset")


def test_no_round_is_begun_behind_enough(tmp_path: Path) -> None:
    """Seeds that are enough are not learned from; where they are not, the round gives the rest, whatever the workers."""

    def run(name: str, *budget: str, workers: int = 2) -> dict[str, str]:
        settings = ("compose.rounds=1", "compose.candidates=8", "compose.min_novelty=0", "shard_pairs=6", *budget)
        options = [word for setting in settings for word in ("--set", setting)]
        making.cotmill(
            "run", "caco", "--limit", "3", *options, "--workers", str(workers), "--out", str(tmp_path / name)
        )
        return making.tree_digest(tmp_path / name / "dataset")

    whole = run("whole")
    seeds = sum(item["source"] != "composed" for item in making.samples(tmp_path / "whole"))
    run("few", f"budget.samples={seeds - 1}")
    assert not (tmp_path / "few" / "models").exists()
    assert summary(tmp_path / "few")["stopped"]["by"] == "samples"
    some = run("some", f"budget.samples={seeds + 3}", workers=1)
    assert run("few", f"budget.samples={seeds + 3}", workers=3) == some
    assert 0 < sum(item["source"] == "composed" for item in making.samples(tmp_path / "few")) <= 4
    assert run("whole", f"budget.samples={seeds + 3}") == some
    assert run("few") == whole


def test_no_time_at_all(command: Callable[..., list[str]], full: Path, tmp_path: Path) -> None:
    """Nothing is begun, which is no mistake."""
    says = making.cotmill(*command(tmp_path / "R", "budget.hours=0.0000001")).stdout
    assert "stopped by its budget" in says and "budget.hours" in says
    assert summary(tmp_path / "R")["samples"] == 0
    making.cotmill(*command(tmp_path / "R", "budget.hours=1"))
    assert making.tree_digest(tmp_path / "R" / "dataset") == making.tree_digest(full / "dataset")


def test_money_without_prices_is_one_message(command: Callable[..., list[str]], tmp_path: Path) -> None:
    """Before anything is asked."""
    unpriced = ("model.prompt_price=0", "model.completion_price=0", "budget.money=1")
    says = making.cotmill(*command(tmp_path / "R", *unpriced), status=1).stderr
    assert "budget.money needs prices" in says and "Traceback" not in says


def test_kills_change_nothing(command: Callable[..., list[str]], full: Path, tmp_path: Path) -> None:
    """SIGKILL at random moments of a run whose budget is raised and lowered in between."""
    run, fresh, chance = tmp_path / "R", tmp_path / "fresh", random.Random(5)
    making.cotmill(*command(fresh, "budget.samples=25"))
    for number in range(3):
        budget = ["budget.samples=25", "budget.tokens=15000", "budget.samples=5"][number % 3]
        process = making.start(*command(run, budget))
        time.sleep(chance.uniform(1.5, 4.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    making.cotmill(*command(run, "budget.samples=25"))
    assert making.tree_digest(run / "dataset") == making.tree_digest(fresh / "dataset")
    making.cotmill(*command(run))
    assert making.tree_digest(run / "dataset") == making.tree_digest(full / "dataset")
    assert_balanced(run)


class Killed(BaseException):
    """Stands for a kill at this moment."""


class Here:
    """An engine that works in this process."""

    slots = 1

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def submit(self, task: Task) -> None:
        self.tasks.append(task)

    def wait(self) -> list[Done]:
        task = self.tasks.pop(0)
        return [Done(task, task.call(*task.args))]

    def close(self) -> None:
        self.tasks.clear()


def go_on(recipe: Recipe, out: Path) -> dict[str, Any]:
    return runner.run(recipe, out, Here(), Quiet(io.StringIO(), time.monotonic))


def test_a_kill_at_any_moment_while_the_data_set_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after each call that drops what was made of fewer shards, or makes it of more."""
    seeds = making.write_seeds(tmp_path / "seeds.jsonl", making.seed_rows(2))
    recipe = load_recipe("grounded", ("shard_pairs=8", "publish.rows_per_file=4"), seeds=(seeds,))
    few = recipe.model_copy(update={"budget": recipe.budget.model_copy(update={"samples": 6})})
    go_on(recipe, tmp_path / "full")
    shutil.copytree(tmp_path / "full", tmp_path / "few")
    go_on(few, tmp_path / "few")
    expected = [making.tree_digest(tmp_path / name / "dataset") for name in ("few", "full")]
    moments = -1  # until the kill; below zero: none comes

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            nonlocal moments
            die()
            result = call(*args, **more)
            die()
            return result

        return wrapped

    def die() -> None:
        nonlocal moments
        moments -= 1
        if moments == -1:
            raise Killed

    monkeypatch.setattr(Ledger, "drop", deadly(Ledger.drop))
    monkeypatch.setattr(Ledger, "commit", deadly(Ledger.commit))
    monkeypatch.setattr(release, "write_dataset", deadly(release.write_dataset))
    monkeypatch.setattr(release, "write_text", deadly(release.write_text))
    monkeypatch.setattr(runner, "exchange", deadly(runner.exchange))
    killed, last = 0, False
    for number in range(100):
        run = tmp_path / f"killed-{number}"
        shutil.copytree(tmp_path / "few", run)
        moments = number
        try:
            go_on(recipe, run)
            last = True
        except Killed:
            killed += 1
        moments = -1
        for end in (0, 1) if number % 2 else (1, 0):
            go_on((few, recipe)[end], run)
            assert making.tree_digest(run / "dataset") == expected[end], (number, end)
        if last:
            break
    assert last and killed > 10
