"""The client against a server that others wrote (benchmarks/real_server.py), which serves noise, a token for each byte."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cotmill.backends.model import Completion, ModelRefused, ModelUnreachable, Request, Sampling, Turn
from cotmill.backends.model_http import HttpModel, Patience

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from real_server import missing, run, serve

CHAT = (Turn("system", "You add."), Turn("user", "What is 2 + 2?"))
SEEN = "system: You add.\nuser: What is 2 + 2?\nassistant: "  # what the checkpoint's template makes of it
PATIENCE = Patience(call_s=60, attempts=2, pause_s=0.1)

pytestmark = pytest.mark.extra


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, str]]:
    if lacking := missing():
        pytest.skip(lacking)
    with serve() as (url, name):
        yield url, name


@pytest.fixture
def model(served: tuple[str, str]) -> Iterator[HttpModel]:
    url, name = served
    model = HttpModel([url], name, in_flight=8, patience=PATIENCE)
    yield model
    model.close()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two programs, and a problem in words that only a model can make one of."""
    path = tmp_path_factory.mktemp("seeds") / "seeds.jsonl"
    worked = "def solution(price, count):\n    cost = price * count\n    if cost > 20:\n        cost = cost - 2\n"
    summed = "def solution(numbers):\n    total = 0\n    for number in numbers:\n        total = total + number\n"
    rows = [
        {"code": f"{worked}    return cost\n", "input": {"price": 7, "count": 4}},
        {"code": f"{summed}    return total\n", "input": {"numbers": [3, 1, 4]}},
        {"problem": "A hut has 5 rows of 6 beds. How many beds?", "solution": "5 rows of 6 are 30.", "answer": 30},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def ask(model: HttpModel, prompt: str | tuple[Turn, ...], **sampling) -> Completion:
    (found,) = model.complete([Request(prompt, Sampling(**sampling))])
    return found


def test_a_chat_is_answered(model: HttpModel) -> None:
    """Turns arrive whole and with their roles, and the answer comes back with its end and its tokens."""
    found = ask(model, CHAT, max_tokens=4000, seed=1)
    assert found.text
    assert found.finish == "stop"
    assert found.usage.prompt == len(SEEN)
    assert 0 < found.usage.completion < 4000
    assert found.seconds > 0


def test_a_text_is_gone_on_with(model: HttpModel) -> None:
    found = ask(model, "2 + 2 =", max_tokens=4000, seed=1)
    assert found.text
    assert (found.finish, found.usage.prompt) == ("stop", len("2 + 2 ="))


@pytest.mark.parametrize("prompt", [CHAT, "2 + 2 ="], ids=["chat", "text"])
def test_an_answer_that_is_cut_off_says_so(model: HttpModel, prompt: str | tuple[Turn, ...]) -> None:
    found = ask(model, prompt, max_tokens=1)
    assert (found.finish, found.usage.completion) == ("length", 1)


def test_sampling_is_heeded(model: HttpModel) -> None:
    """Seeds, one request at a time; temperature."""
    first, again, other = (ask(model, CHAT, max_tokens=40, seed=seed).text for seed in (7, 7, 8))
    assert first == again != other
    cold = {ask(model, CHAT, max_tokens=40, temperature=0.0, seed=seed).text for seed in (7, 8)}
    assert len(cold) == 1


def test_a_schema_is_no_obstacle(model: HttpModel) -> None:
    """This server takes one, and does not keep to it."""
    schema = {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]}
    (found,) = model.complete([Request(CHAT, Sampling(max_tokens=1), schema=schema)])
    assert (found.finish, found.usage.prompt) == ("length", len(SEEN))


def test_many_at_a_time_are_told_apart(model: HttpModel) -> None:
    prompts = ["x" * (1 + number) for number in range(24)]
    found = model.complete([Request(prompt, Sampling(max_tokens=30)) for prompt in prompts])
    assert [completion.usage.prompt for completion in found] == [len(prompt) for prompt in prompts]


def test_a_model_that_is_not_served_is_one_clear_error(served: tuple[str, str]) -> None:
    """The server says 400, as for a request that it cannot take; soon it is clear that it takes none."""
    model = HttpModel([served[0]], "other", patience=Patience(attempts=2, pause_s=40))
    began = time.monotonic()
    with pytest.raises(ModelRefused, match="requested 'other'"):
        model.complete([Request(CHAT)] * 20)
    assert time.monotonic() - began < 20  # a pause takes half of the 40 s at least
    model.close()


def test_a_request_that_breaks_the_server_is_no_end(model: HttpModel) -> None:
    """No token to begin with: it is asked again as often as was said, and others are answered after it."""
    with pytest.raises(ModelUnreachable, match=r"after 2 attempts.*500 Internal Server Error"):
        ask(model, "", max_tokens=10)
    assert ask(model, "2", max_tokens=1).usage.prompt == 1


LLM = "unify", "compose", "problem", "narrate", "solve", "judge", "counterfactual"


@pytest.mark.parametrize(
    ("recipe", "settings", "stages"),
    [
        ("grounded-llm", [], {"explain.narrate_llm"}),
        (
            "caco-llm",
            ["compose.candidates=8"],
            {"collect.unify_llm", "compose.draw", "explain.problem_llm", "explain.solve_llm"},
        ),
    ],
)
def test_a_recipe_gets_to_its_end(
    served: tuple[str, str], seeds: Path, tmp_path: Path, recipe: str, settings: list[str], stages: set[str]
) -> None:
    """Noise from a model costs no pair that Cotmill can tell by itself, and every other one has a reason."""
    out = tmp_path / "run"
    short = [f"model.{task}.max_tokens=40" for task in LLM]
    source = f"collect.seeds=[{{path: {seeds}, format: jsonl}}]"
    status, ends = run(recipe, [source, "execute.rules=[]", *short, *settings], *served, out)
    assert status == 0
    assert {stage for stage, _ in ends} == stages
    assert {finish for _, finish in ends} <= {"stop", "length"}
    funnel = json.loads((out / "run.json").read_text())
    assert funnel["samples"] >= 2
    assert all(stage["in"] == stage["out"] + sum(stage["rejected"].values()) for stage in funnel["stages"])
