"""Runs whose solutions a server writes."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from backends.served import Answer, Server, reply
from cotmill.backends.model_http import KEY
from flow.making import cotmill, samples, start, tree_digest

SECRET = "sk-nobody-may-see-4711"
NARRATION = re.compile(r"reads like a list:\n\n(.*)\n\nWrite it in your own words", re.DOTALL)
VALUE = re.compile(r"= (\d+)")


def shown(body: dict[str, Any]) -> str:
    """The narration that the first turn shows."""
    found = NARRATION.search("\n".join(turn["content"] for turn in body["messages"]))
    assert found is not None, body
    return found[1]


def honest(number: int, body: dict[str, Any]) -> Answer:
    return reply(shown(body))


def liar(number: int, body: dict[str, Any]) -> Answer:
    """The first value of a calculation is another one; once told, it is honest."""
    told = shown(body)
    return reply(
        told if len(body["messages"]) > 2 else VALUE.sub(lambda found: f"= {int(found[1]) + 1}", told, count=1)
    )


def command(out: Path, server: Server, *more: str, workers: int = 1) -> list[str]:
    settings = (f"model.base_url={server.url}", "model.name=m", "model.narrate.of=narration", "shard_pairs=8", *more)
    options = [word for setting in settings for word in ("--set", setting)]
    return ["run", "grounded-llm", "--limit", "4", *options, "--workers", str(workers), "--out", str(out)]


def test_the_models_tellings_are_released_with_their_writer(serve: Callable[..., Server], tmp_path: Path) -> None:
    """The model and the prompt stand in the lineage, the prompt's text in the run's folder."""
    server = serve(honest)
    cotmill(*command(tmp_path / "R", server))
    rows = samples(tmp_path / "R")
    assert len(rows) > 8
    assert {row["lineage"]["model"] for row in rows} == {"m"}
    (prompt_id,) = {row["lineage"]["prompt_id"] for row in rows}
    assert prompt_id.startswith("narrate-1-")
    assert f"prompt_id: {prompt_id}" in (tmp_path / "R" / "recipe.yaml").read_text()
    assert "{% block user %}" in (tmp_path / "R" / "prompts" / "narrate.jinja").read_text()


def test_lies_are_repaired_and_none_is_released(serve: Callable[..., Server], tmp_path: Path) -> None:
    """What the data set holds is what an honest model gives."""
    cotmill(*command(tmp_path / "honest", serve(honest)))
    server = serve(liar)
    cotmill(*command(tmp_path / "liar", server))
    told = {row["id"]: row["solution"] for row in samples(tmp_path / "liar")}
    assert told == {row["id"]: row["solution"] for row in samples(tmp_path / "honest")}
    assert len(server.asked) > len(told)  # some went back


def test_without_repairs_the_narration_stays(serve: Callable[..., Server], tmp_path: Path) -> None:
    """As if there had been no model, in the lineage too."""
    done = cotmill(*command(tmp_path / "R", serve(lambda number, body: reply("It is clear.\nAnswer: 1"))))
    rows = samples(tmp_path / "R")
    assert "answers of 'm' was taken" in done.stderr
    assert "not taken: " in done.stdout
    cotmill("run", "grounded", "--limit", "4", "--workers", "1", "--out", str(tmp_path / "none"))
    plain = {row["id"]: row["solution"] for row in samples(tmp_path / "none")}
    assert {row["id"]: row["solution"] for row in rows} == plain
    assert {row["lineage"]["model"] for row in rows} == {""}


def test_another_server_goes_on_and_another_prompt_does_not(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Addresses are no part of what a run is; prompts are."""
    cotmill(*command(tmp_path / "R", serve(honest)))
    before = tree_digest(tmp_path / "R" / "dataset")
    other = serve(honest)
    (tmp_path / "R" / "ledger" / "07-explain.narrate_llm.jsonl").unlink()
    cotmill(*command(tmp_path / "R", other))
    assert not other.asked  # every answer was kept
    assert other.url in (tmp_path / "R" / "recipe.yaml").read_text()
    assert tree_digest(tmp_path / "R" / "dataset") == before
    own = tmp_path / "own.jinja"
    text = cotmill("prompts", "polish").stdout
    own.write_text(text.replace("in your own words", "in your own words, briefly,"))
    says = cotmill(*command(tmp_path / "R", other, f"model.narrate.prompt={own}"), status=1).stderr
    assert "model.narrate.prompt_id" in says
    own.write_text(text.replace("narration }}", "naration }}"))
    says = cotmill(*command(tmp_path / "R2", other, f"model.narrate.prompt={own}"), status=1).stderr
    assert "no field 'naration' here, did you mean 'narration'" in says
    assert not (tmp_path / "R2").exists()


def test_killed_at_any_moment_it_ends_the_same(serve: Callable[..., Server], tmp_path: Path) -> None:
    """No answer is paid twice but those that were on their way."""
    cotmill(*command(tmp_path / "whole", serve(liar)))
    server = serve(lambda number, body: Answer(liar(number, body).body, delay=0.02))
    slow = ("model.in_flight=4",)
    kills = 0
    for wait in (0.9, 1.3, 1.1, 1.6, 1.4, 1.9):
        process = start(*command(tmp_path / "R", server, *slow, workers=2))
        time.sleep(wait)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
    cotmill(*command(tmp_path / "R", server, *slow, workers=2))
    assert kills
    assert tree_digest(tmp_path / "R" / "dataset") == tree_digest(tmp_path / "whole" / "dataset")
    bodies = [json.dumps(body, sort_keys=True) for _, _, body in server.asked]
    assert len(bodies) - len(set(bodies)) <= kills * 2 * 4


def everything_in(folder: Path) -> str:
    """All that a run wrote, Parquet unpacked."""
    parts = []
    for path in folder.rglob("*"):
        if path.is_file():
            parts.append(path.name + path.read_bytes().decode("latin-1"))
            if path.suffix == ".parquet":
                parts.append(json.dumps(pq.read_table(path).to_pylist(), default=str))
    return "\n".join(parts)


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_the_key_is_nowhere(serve: Callable[..., Server], tmp_path: Path, status: int) -> None:
    """A server that repeats it in every answer and header, right or wrong."""

    def script(number: int, body: dict[str, Any]) -> Answer:
        if status == 200:
            return honest(number, body)
        return Answer({"error": {"message": f"bad key {SECRET}"}}, status, headers={"X-Key": SECRET})

    server = serve(script)
    done = cotmill(
        *command(tmp_path / "R", server, "model.attempts=2"), status=None, environment={KEY: SECRET}
    )  # fmt: skip
    assert server.asked
    assert {headers["Authorization"] for _, headers, _ in server.asked} == {f"Bearer {SECRET}"}
    assert done.returncode == (0 if status == 200 else 1)
    assert SECRET not in done.stdout + done.stderr + everything_in(tmp_path / "R")
    assert "Traceback" not in done.stderr
