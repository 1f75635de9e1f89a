"""Runs whose programs a server writes that was not trained for it: of problems in words, and like known ones."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backends.served import Answer, Server, reply
from cotmill.base.recipe import load_recipe
from cotmill.base.unified import whole_program
from flow.making import cotmill, rejects, samples, start, tree_digest, write_seeds

PROBLEM = "On day {} a hen lays {} eggs. Mia eats {} of them and sells the rest for ${} each. How much does she earn?"
NUMBERS = re.compile(r"On day (\d+) a hen lays (\d+) eggs. Mia eats (\d+) of them and sells the rest for \$(\d+)")
CODE = "def solution(eggs, eaten, price):\n{}    sold = eggs - eaten\n    income = sold * price\n    return income\n"


def word_seeds(path: Path, days: range = range(12)) -> Path:
    """One for each day, of which two have no answer; a program and a formula that rules understand are among them."""
    rows: list[dict[str, Any]] = []
    for day in days:
        eggs, eaten, price = 16 + day, 3, 2 + day
        row = {"problem": PROBLEM.format(day, eggs, eaten, price), "solution": "Count what is left. Take it times."}
        rows.append(row | ({"answer": (eggs - eaten) * price} if day % 6 != 5 else {}))
    rows.append(
        {"problem": "Add 3 and 4.", "code": "def f(a, b):\n    return a + b", "input": {"a": 3, "b": 4}, "answer": 7}
    )
    return write_seeds(path, rows)


def teacher(folder: Path) -> Callable[[int, dict[str, Any]], Answer]:
    """What it writes goes by the day: right; wrong, then right; hard-coded; no code at all; harmful, then right."""

    def script(number: int, body: dict[str, Any]) -> Answer:
        turns = [turn for turn in body["messages"] if turn["role"] == "user"]
        found = NUMBERS.search(turns[0]["content"])
        assert found is not None
        day, eggs, eaten, price = map(int, found.groups())
        given = {"eggs": eggs, "eaten": eaten, "price": price}
        bad = {
            1: CODE.format("    eggs = egs\n"),
            2: f"def solution(eggs, eaten, price):\n    return {(eggs - eaten) * price}\n",
            4: CODE.format(f"    open({str(folder / 'harm')!r}, 'w').write('x')\n"),
        }.get(day % 6)
        if day % 6 == 3:
            return reply(f"She earns {(eggs - eaten) * price} dollars.")
        repaired = len(turns) > 1 and day % 6 != 2
        code = CODE.format("") if repaired or bad is None else bad
        return reply(f"Here:\n```python\n{whole_program(code, json.dumps(given))}```", delay=0.03)

    return script


def command(recipe: str, out: Path, server: Server, *settings: str) -> list[str]:
    every = (f"model.base_url={server.url}", "model.name=m", "model.in_flight=2", *settings)
    options = [word for setting in every for word in ("--set", setting)]
    return ["run", recipe, *options, "--workers", "1", "--out", str(out)]


def killed_at(server: Server, calls: int, *arguments: str) -> None:
    """A run that is killed when the server was asked so often."""
    process = start(*arguments)
    deadline = time.monotonic() + 120
    while len(server.asked) < calls and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)


WORDS = ("model.narrate.use=false", "model.unify.use=true", "shard_pairs=8")


def test_words_become_samples(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Where a program comes to the answer, in the end; everything else has its reason."""
    seeds = word_seeds(tmp_path / "words.jsonl")
    server = serve(teacher(tmp_path))
    out = tmp_path / "R"
    cotmill(*command("grounded-llm", out, server, *WORDS), "--seeds", str(seeds))
    rows = samples(out)
    assert len(rows) == 6 + 1
    by_model = [row for row in rows if row["lineage"]["model"]]
    assert {row["lineage"]["model"] for row in by_model} == {"m"} and len(by_model) == 6
    assert all(row["lineage"]["prompt_id"].startswith("unify-1-") for row in by_model)
    lost = Counter((item["stage"], item["reason"]) for item in rejects(out))
    assert lost == {("collect.unify_llm", "unproven-program"): 6}
    details = sorted(item["detail"] for item in rejects(out))
    assert sum("no answer is known" in detail for detail in details) == 2
    assert sum("its code holds the answer" in detail for detail in details) == 2
    assert sum("no Python" in detail for detail in details) == 2
    assert not (tmp_path / "harm").exists()
    told = [body["messages"][-1]["content"] for _, _, body in server.asked if len(body["messages"]) > 2]
    assert any("NameError" in text for text in told)
    assert len(server.asked) == 2 * (1 + 2 + 3 + 3 + 2)
    (stage,) = [stage for stage in json.loads((out / "run.json").read_text())["stages"] if "unify" in stage["stage"]]
    assert stage["in"] == 13 and stage["out"] == 7


def test_a_killed_run_over_words_ends_the_same(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Byte for byte; only the two calls in flight may have been sent twice."""
    seeds = word_seeds(tmp_path / "words.jsonl")
    cotmill(*command("grounded-llm", tmp_path / "whole", serve(teacher(tmp_path)), *WORDS), "--seeds", str(seeds))
    server = serve(teacher(tmp_path))
    arguments = [*command("grounded-llm", tmp_path / "killed", server, *WORDS), "--seeds", str(seeds)]
    killed_at(server, 9, *arguments)
    assert not (tmp_path / "killed" / "dataset").exists()
    cotmill(*arguments)
    assert tree_digest(tmp_path / "killed" / "dataset" / "data") == tree_digest(tmp_path / "whole" / "dataset" / "data")
    asked = Counter(body["seed"] for _, _, body in server.asked)
    assert len(asked) == 22 and sum(asked.values()) <= 24


def test_words_without_a_model_say_what_helps(tmp_path: Path) -> None:
    seeds = word_seeds(tmp_path / "words.jsonl", range(2))
    cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(tmp_path / "R"))
    lost = rejects(tmp_path / "R")
    assert {(item["stage"], item["reason"]) for item in lost} == {("collect.unify", "not-unifiable")} and len(lost) == 2
    assert all("--set model.unify.use=true" in item["detail"] for item in lost)
    assert len(samples(tmp_path / "R")) == 1


COMPOSED = '''def solution(n, k):
    """Digits of a number that pass a limit, {0}."""
    found = {1}
    for digit in str(n):
        if int(digit) {2} k:
            found += {3}
    return found
'''
LIKE_KNOWN = (
    "compose.rounds=1", "compose.candidates=12", "compose.inputs=2", "compose.new_inputs=0", "compose.min_novelty=0",
    "compose.generator.share=1", "model.compose.use=true", "model.narrate.use=false", "shard_pairs=12", "collect.limit=4",
)  # fmt: skip


def author(number: int, body: dict[str, Any]) -> Answer:
    """A program that follows from the call's seed; each fifth is none."""
    seed = body["seed"]
    assert body["messages"][-1]["content"].count("output = solution(**input)") == 4  # three, and what is asked for
    if seed % 5 == 0:
        return reply("I would rather not.")
    code = COMPOSED.format(seed, "0" if seed % 2 else "1 - 1", "<>"[seed % 2], " + ".join("1" * (seed % 40 + 1)))
    return reply(f"```python\n{whole_program(code, json.dumps({'n': 1000 + seed % 977, 'k': 5}))}```", delay=0.03)


def test_known_programs_are_shown_and_new_ones_come(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Nothing is trained; the calls are counted; a killed run ends in the same bytes."""
    server = serve(author)
    out = tmp_path / "whole"
    cotmill(*command("grounded-llm", out, server, *LIKE_KNOWN))
    composed = [row for row in samples(out) if row["source"] == "composed"]
    assert len(composed) > 12
    assert {row["lineage"]["generator"] for row in composed} == {"exemplars"}
    assert {row["lineage"]["model"] for row in composed} == {"m"}
    assert all(len(row["lineage"]["parents"]) == 3 for row in composed)
    assert not any((out / "models").glob("*/codegen"))
    counts = [json.loads(line) for path in (out / "ledger").iterdir() for line in path.read_text().splitlines()]
    calls = sum(line.get("counts", {}).get("model.first.calls", 0) for line in counts)
    assert calls == len(server.asked)
    again = serve(author)
    killed_at(again, 5, *command("grounded-llm", tmp_path / "killed", again, *LIKE_KNOWN))
    cotmill(*command("grounded-llm", tmp_path / "killed", again, *LIKE_KNOWN))
    assert tree_digest(tmp_path / "killed" / "dataset" / "data") == tree_digest(out / "dataset" / "data")
    asked = Counter(body["seed"] for _, _, body in again.asked)
    assert len(asked) == len(server.asked) and sum(asked.values()) <= len(asked) + 2
    rows = tmp_path / "new.jsonl"
    cotmill("compose", str(out), "--out", str(rows), "--count", "6")
    made = [json.loads(line) for line in rows.read_text().splitlines()]
    assert len(made) > 4 and {row["generator"] for row in made} == {"exemplars"}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (("compose.generator.share=0",), "add --set compose.generator.share=0.5"),
        (("compose.generator.endpoints=[http://host]",), "use one of them"),
    ],
)
def test_who_writes_must_be_clear(tmp_path: Path, settings: tuple[str, ...], says: str) -> None:
    wanted = (*LIKE_KNOWN, "model.base_url=http://host", "model.name=m", *settings)
    load_recipe("grounded-llm", wanted)
    options = [word for setting in wanted for word in ("--set", setting)]
    done = cotmill("run", "grounded-llm", *options, "--out", str(tmp_path / "R"), status=1)
    assert says in " ".join(done.stderr.split())
    assert not (tmp_path / "R").exists()
