"""A run whose programs one model writes, another solves with other numbers, and a third judges."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backends.served import KEY, Answer, Server
from flow.making import cotmill, rejects, samples, write_seeds

SEEDS = [  # of whom, apples, pears
    ("Tom", 2, 2), ("Ann", 2, 2), ("Bob", 3, 5), ("Eve", 4, 7),
]  # fmt: skip
PROGRAM = """```python
def solution(apples, pears):
    # {name}
    fruits = apples {sign} pears
    return fruits


input = {{"apples": {apples}, "pears": {pears}}}
output = solution(**input)
```"""
GOOD = {"why": "it counts all fruits", "solvable": True, "consistent": True}


def chat(written: str) -> Answer:
    choice = {"index": 0, "message": {"role": "assistant", "content": written}, "finish_reason": "stop"}
    return Answer({"choices": [choice], "usage": {"prompt_tokens": 100, "completion_tokens": 10}})


def asked(body: dict[str, Any]) -> tuple[str, str, int, int]:
    """Who is asked, and about whom."""
    system, told = body["messages"][0]["content"], body["messages"][1]["content"]
    found = re.search(r"(Tom|Ann|Bob|Eve) has (\d+) apples and (\d+) pears", told)
    assert found is not None
    who = "writer" if "Python" in system else "judge" if "judge" in system else "solver"
    return who, found[1], int(found[2]), int(found[3])


def script(number: int, body: dict[str, Any]) -> Answer:
    """The writer multiplies Ann's fruits, which are 2 and 2; the judge thinks ill of Bob."""
    who, name, apples, pears = asked(body)
    if who == "writer":
        return chat(PROGRAM.format(name=name, sign="*" if name == "Ann" else "+", apples=apples, pears=pears))
    if who == "solver":
        return chat(f"{apples} + {pears} = {apples + pears}\nAnswer: {apples + pears}")
    return chat(json.dumps(GOOD | ({"consistent": False, "why": "it counts plums"} if name == "Bob" else {})))


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTMILL_API_KEY", KEY)


def run(folder: Path, server: Server, judge: Server, *, status: int = 0) -> str:
    """What it says. The judge is another model than the others."""
    rows = [
        {
            "problem": f"{name} has {apples} apples and {pears} pears. How many fruits has {name}?",
            "solution": "All are counted together.",
            "answer": str(apples + pears),
        }
        for name, apples, pears in SEEDS
    ]
    seeds = write_seeds(folder / "fruits.jsonl", rows)
    settings = (
        f"model.base_url={server.url}", "model.name=worker", "model.attempts=1", "model.unify.use=true",
        "model.counterfactual.use=true", "model.judge.use=true", f"model.judge.base_url={judge.url}",
        "model.judge.name=critic",
    )  # fmt: skip
    options = [word for setting in settings for word in ("--set", setting)]
    command = ["run", "grounded", "--seeds", str(seeds), *options, "--workers", "1", "--out", str(folder / "R")]
    return cotmill(*command, status=status).stderr


def test_what_agrees_by_luck_and_what_is_judged_bad_is_rejected(serve: Callable[..., Server], tmp_path: Path) -> None:
    """The rest is released; each model is asked what is its own, the judge nothing about what fell before."""
    server, judge = serve(script), serve(script)
    run(tmp_path, server, judge)
    released = samples(tmp_path / "R")
    assert sorted(item["problem"].partition(" ")[0] for item in released) == ["Eve", "Tom"]
    assert {item["lineage"]["model"] for item in released} == {"worker"}
    lost = {item["stage"]: item for item in rejects(tmp_path / "R")}
    assert {stage: item["reason"] for stage, item in lost.items()} == {
        "prove.counterfactual": "counterfactual", "prove.judge": "judged-bad",
    }  # fmt: skip
    assert lost["prove.judge"]["detail"] == "not consistent: it counts plums"
    assert "who solves the problem" in lost["prove.counterfactual"]["detail"]
    assert {asked(body)[0] for _, _, body in server.asked} == {"writer", "solver"}
    assert {(asked(body)[:2], body["model"]) for _, _, body in judge.asked} == {
        (("judge", name), "critic") for name in ("Tom", "Bob", "Eve")
    }  # fmt: skip
    schema = judge.asked[0][2]["response_format"]["json_schema"]["schema"]
    assert set(schema["required"]) == set(GOOD)


def test_a_judge_that_is_down_stops_the_run_which_then_goes_on(serve: Callable[..., Server], tmp_path: Path) -> None:
    """With one message; nothing is rejected for it, and nobody is asked again what was answered."""
    down = True
    server = serve(script)
    judge = serve(lambda number, body: Answer({"error": "no"}, 503) if down else script(number, body))
    says = run(tmp_path, server, judge, status=1)
    assert "Traceback" not in says
    assert says.strip().splitlines()[-1].startswith("cotmill: ") and "503" in says
    assert not [item for item in rejects(tmp_path / "R") if item["stage"] == "prove.judge"]
    before, down = len(server.asked), False
    run(tmp_path, server, judge)
    assert len(server.asked) == before
    assert len(samples(tmp_path / "R")) == 2


def test_a_judge_that_says_nonsense_lets_nothing_pass(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Each sample is rejected, after the one repair that the recipe allows."""
    judge = serve(lambda number, body: chat("What a nice exercise!"))
    assert "no sample came out" in run(tmp_path, serve(script), judge, status=1)
    assert not samples(tmp_path / "R")
    lost = [item for item in rejects(tmp_path / "R") if item["stage"] == "prove.judge"]
    assert [item["reason"] for item in lost] == ["could-not-check"] * 3
    assert all("What a nice exercise!" in item["detail"] for item in lost)
    assert len(judge.asked) == 6
