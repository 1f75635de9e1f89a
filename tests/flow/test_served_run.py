"""A run whose programs a server writes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backends.served import Answer, Server, text
from cotmill.base.unified import whole_program
from flow.making import cotmill, rejects, samples, start

CODE = '''def solution(n, k):
    """Digits of a number, {}."""
    found = 0
    for digit in str(n):
        if int(digit) {} k:
            found += {}
    return found
'''
SETTINGS = (
    "compose.rounds=1", "compose.candidates=12", "compose.inputs=2", "compose.new_inputs=0", "compose.min_novelty=0",
    "compose.generator.share=1", "compose.generator.model=digits", "shard_pairs=12",
)  # fmt: skip


def written(number: int) -> str:
    """A program of its own for each number."""
    code = CODE.format(f"in way {number}", "<>"[number % 2] + "=" * (number // 2 % 2), " + ".join("1" * (number + 1)))
    return whole_program(code, json.dumps({"n": 1000 + number, "k": 5}))


def command(out: Path, server: Server) -> list[str]:
    options = [word for setting in SETTINGS for word in ("--set", setting)]
    address = ("--set", f"compose.generator.endpoints=[{server.url}]")
    return ["run", "caco", "--limit", "4", *options, *address, "--workers", "1", "--out", str(out)]


def run(out: Path, server: Server, *, status: int = 0) -> str:
    return cotmill(*command(out, server), status=status).stderr


def test_what_a_server_writes_becomes_samples(serve: Callable[..., Server], tmp_path: Path) -> None:
    """With the model's name; one that is no program is asked for again, and in the end rejected with why."""

    def script(number: int, body: dict[str, Any]) -> Answer:
        return text("x = (" if number % 12 == 0 else written(number))

    server = serve(script)
    run(tmp_path / "R", server)
    composed = [item for item in samples(tmp_path / "R") if item["source"] == "composed"]
    assert len(composed) > 12
    assert {item["lineage"]["model"] for item in composed} == {"digits"}
    assert {item["lineage"]["generator"] for item in composed} == {"codegen"}
    assert not any((tmp_path / "R" / "models").glob("*/codegen"))
    assert 12 < len(server.asked) < 20
    assert {body["model"] for _, _, body in server.asked} == {"digits"}


def test_a_server_that_writes_nothing_of_use(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Each draw is rejected with the reason; the seeds' samples are there all the same."""
    run(tmp_path / "R", serve(lambda number, body: text("x = (")))
    lost = [item for item in rejects(tmp_path / "R") if item["stage"] == "compose.draw"]
    assert len(lost) == 24
    assert {item["reason"] for item in lost} == {"nothing-composed"}
    assert all(item["detail"].startswith("codegen: no Python") for item in lost)
    assert samples(tmp_path / "R")


def test_a_refusal_ends_the_run_with_one_message(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Nothing is rejected for it; when the server has come to its senses, the same command goes on."""
    refuses = True
    server = serve(lambda number, body: Answer({"error": "who are you?"}, 401) if refuses else text(written(number)))
    says = run(tmp_path / "R", server, status=1)
    message = says.strip().splitlines()[-1]
    assert message.startswith("cotmill: ") and "401" in message and "COTMILL_API_KEY" in message
    assert "Traceback" not in says
    assert not [item for item in rejects(tmp_path / "R") if item["stage"] == "compose.draw"]
    refuses = False
    run(tmp_path / "R", server)
    assert sum(item["source"] == "composed" for item in samples(tmp_path / "R")) > 12


def test_a_killed_run_pays_no_call_twice(serve: Callable[..., Server], tmp_path: Path) -> None:
    """But for the two that were in flight; what was answered before the kill is used."""
    server = serve(lambda number, body: text(written(number), delay=0.1))
    process = start(*command(tmp_path / "R", server), "--set", "compose.generator.in_flight=2")
    deadline = time.monotonic() + 120
    while len(server.asked) < 7 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    before = [
        json.loads(line)
        for line in (tmp_path / "R" / "calls" / "generator" / "calls-0000.jsonl").read_text().splitlines()
    ]
    assert len(before) >= 5
    cotmill(*command(tmp_path / "R", server), "--set", "compose.generator.in_flight=2")
    asked = Counter(body["seed"] for _, _, body in server.asked)
    assert len(asked) >= 12
    assert sum(asked.values()) - len(asked) <= 2
    functions = {item["code"].partition("\ninput = ")[0] for item in samples(tmp_path / "R")}
    assert {line["text"].partition("\ninput = ")[0] for line in before} <= functions
