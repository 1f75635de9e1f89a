"""A run whose problems a model writes: those that pass are asked, where none does Cotmill's own are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backends.served import Answer, Server, reply
from flow.making import cotmill, rejects, row, samples, tree_digest, write_seeds

CODE = "def main_solution(apples, pears):\n    fruit_count = apples + pears\n    return fruit_count\n"
BOWLS = {  # what the writer of problems does for each program: its inputs
    "honest": (31, 5), "forgetful": (32, 6), "talkative": (33, 7), "copying": (34, 8), "unsolved": (35, 9),
}  # fmt: skip
GOOD = "There are {} apples and {} pears in a bowl. How many fruits are in it?"


def script(number: int, body: dict[str, Any]) -> Answer:
    """Problems as their names say, some only until told; the solver is wrong about one."""
    told = body["messages"][1]["content"]
    name, (apples, pears) = next((name, given) for name, given in BOWLS.items() if re.search(rf"\b{given[0]}\b", told))
    if "Write a word problem" not in told:
        answer = apples + pears + (name == "unsolved")
        return reply(f"{apples} + {pears} = {answer}\nAnswer: {answer}")
    good = GOOD.format(apples, pears)
    if name == "forgetful" and len(body["messages"]) == 2:
        return reply(GOOD.format(apples, "some"))
    if name == "talkative":
        return reply(f"{good} It is {apples + pears}.")
    return reply(f"{good}\nfruit_count = apples + pears" if name == "copying" else good)


def run(folder: Path, server: Server) -> dict[str, dict[str, Any]]:
    """Samples by the name of their program."""
    rows = [row(CODE, [{"apples": apples, "pears": pears} for apples, pears in BOWLS.values()])]
    seeds = write_seeds(folder / "bowls.jsonl", rows)
    settings = (f"model.base_url={server.url}", "model.name=m", "model.problem.use=true", "model.solve.use=true")
    options = [word for setting in settings for word in ("--set", setting)]
    cotmill("run", "grounded", "--seeds", str(seeds), *options, "--workers", "1", "--out", str(folder / "R"))
    names = {apples: name for name, (apples, _) in BOWLS.items()}
    return {names[json.loads(item["input"])["apples"]]: item for item in samples(folder / "R")}


def test_what_passes_is_asked_and_nothing_is_lost(serve: Callable[..., Server], tmp_path: Path) -> None:
    """A problem without a value goes back; one with the answer or code, or without a right solution, is not released."""
    server = serve(script)
    released = run(tmp_path, server)
    assert not rejects(tmp_path / "R")
    assert set(released) == set(BOWLS)
    theirs = {name for name, item in released.items() if item["problem"].startswith(GOOD.format(*BOWLS[name]))}
    assert theirs == {"honest", "forgetful"}
    for name, item in released.items():
        assert ("bowl" in item["problem"]) == (name in theirs)
        assert json.loads(item["answer"]) == sum(BOWLS[name])
    assert all("problem-1-" in released[name]["lineage"]["prompt_id"] for name in theirs)
    funnel = json.loads((tmp_path / "R" / "run.json").read_text())
    assert "explain.problem_llm" in json.dumps(funnel)
    before = tree_digest(tmp_path / "R" / "dataset")
    asked = len(server.asked)
    run(tmp_path, server)
    assert tree_digest(tmp_path / "R" / "dataset") == before
    assert len(server.asked) == asked
