"""The benchmarks of served models run to their end on small numbers, and what they measure holds there.

The scripted server itself is held against the client.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from faults import make, told
from lies import PROBLEM_LIES, SOLUTION_LIES, Record, lie
from lying import TRUE, Told, released_of
from scripted import PROXIES, Scripted

from cotmill.backends.model import Request, Sampling, Turn
from cotmill.backends.model_http import HttpModel, Patience

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
RECORD = Record(
    "t.0", "There are 12 apples in 3 boxes each. How many?", "There are 12 apples in each of 3 boxes. How many is that?",
    "def solution(apples, boxes):\n    total = 0\n    for box in range(boxes):\n        total += apples\n    return total\n",
    '{"apples":12,"boxes":3}', "36",
    "total = 0.\nFor each box:\n  Pass 1: `total < 36` is true, since 0 < 36. total = 0 + 12 = 12.\n"
    "  Pass 2: total = 12 + 12 = 24.\n  Pass 3: total = 24 + 12 = 36.\ntotal = 36.\nReturn 36.\nAnswer: 36",
)  # fmt: skip
OTHER = Record("u.0", "", "", "def solution(n):\n    return n\n", "{}", "7", "7 * 1 = 7.\nAnswer: 7")


def benchmark(name: str, *options: str) -> Any:
    """Its figures; asserts that it ends well."""
    named = ("COTMILL_SEEDS", "COTMILL_CLAIMS", *PROXIES)
    clean = {key: value for key, value in os.environ.items() if key not in named}
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean, timeout=600)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return json.loads(done.stdout)


def asked(count: int) -> list[Request]:
    return [
        Request((Turn("user", f"n = {number}.\nAnswer: {number}"),), Sampling(seed=number), f"t/{number}")
        for number in range(count)
    ]


def test_the_scripted_server_answers_by_what_is_asked_alone() -> None:
    """Among faults, and with one of two ports dead from the middle on, every answer is what it is without."""
    found = []
    for faults in (False, True):
        with Scripted(make, faults, "0.01", ports=2, last=100 if faults else 0) as server:
            patience = Patience(call_s=0.5, attempts=20, pause_s=0.01, longest_pause_s=0.1)
            model = HttpModel(server.urls, "m", in_flight=8, patience=patience)
            found.append([completion.text for completion in model.complete(asked(200))])
            model.close()
            counts, replies = server.asked(), server.replied()
        assert len(counts) == 200
        assert (sum(counts.values()) > 200) == faults
        assert (replies.keys() >= {"200", "429", "500"}) == faults
    assert found[0] == found[1]
    assert 20 < sum(text.endswith("987654321") for text in found[0]) < 80


def test_a_wrong_answer_has_all_but_the_answer() -> None:
    """As many as the script says."""
    bodies = [json.dumps({"messages": [{"content": f"n = {n}.\nAnswer: {n}"}]}).encode() for n in range(400)]
    texts = [told(body) for body in bodies]
    assert all(text.startswith(f"n = {number}.\nAnswer: ") for number, text in enumerate(texts))
    assert 60 < sum(text.endswith("987654321") for text in texts) < 140


@pytest.mark.parametrize(("kinds", "truth"), [(SOLUTION_LIES, RECORD.solution), (PROBLEM_LIES, RECORD.told)])
def test_each_lie_can_be_made_and_is_none_of_the_truth(kinds: dict[str, Any], truth: str) -> None:
    """Nor of another lie's chance: the same numbers make the same one."""
    rng = random.Random(1)
    made = [lie(kinds, truth, RECORD, OTHER, rng) for _ in range(400)]
    assert {kind for kind, _ in made} == {f"{kind}: {way}" for kind, ways in kinds.items() for way in ways}
    assert all(text.split() != truth.split() for _, text in made)
    rng = random.Random(1)
    assert made == [lie(kinds, truth, RECORD, OTHER, rng) for _ in range(400)]


def test_a_text_without_a_place_for_a_lie() -> None:
    """The kind is another one, or none."""
    assert lie({"wrong branch": SOLUTION_LIES["wrong branch"]}, "1.\nAnswer: 1", RECORD, OTHER, random.Random(1)) == (
        "",
        "",
    )


def test_what_counts_as_released() -> None:
    """A lie of the sample's own pair, to the letter; a problem is followed by the form of its answer."""
    log = [
        Told("solve", "wrong value: changed", "a.0", "2 + 2 = 5\n"), Told("solve", TRUE, "a.0", "2 + 2 = 4"),
        Told("problem", "missing input: vague", "b.0", "Some and 2?"), Told("judge", "lies", "b.0", "Some"),
    ]  # fmt: skip
    samples = [
        {"id": "a.0", "problem": "?", "solution": "2 + 2 = 5"}, {"id": "b.0", "problem": "Some and 2?\n\nAs JSON.", "solution": "x"},
        {"id": "c.0", "problem": "Some and 2?", "solution": "2 + 2 = 5"},
    ]  # fmt: skip
    released, bad = released_of(samples, log)
    assert released == {("solve", "wrong value: changed"): 1, ("problem", "missing input: vague"): 1}
    assert [told.id for _, told in bad] == ["a.0", "b.0"]


def test_faults() -> None:
    """Every record ends, as it does without faults."""
    found = benchmark(
        "faults", "--only", "faults", "--records", "80", "--timeout", "0.5", "--shard", "40", "--retry-after", "0.1"
    )
    for run in found.values():
        assert run["as_calm"]
        assert run["ended"] == run["samples"] + sum(run["rejects"].values()) == 80
        assert run["calls"] == found["calm"]["calls"] > 80
    assert found["faults"]["attempts"] > found["calm"]["attempts"] == found["calm"]["calls"]


def test_kills() -> None:
    """Nothing is lost, doubled or paid twice but for what was in flight."""
    found = benchmark("kills", "--calls", "80", "--kills", "2", "--in-flight", "2", "--shard", "16")
    assert found["good"] and found["killed"] == 2 and found["torn"] == 1
    assert "can no longer be kept" in found["full disk"]["message"]


def test_lies() -> None:
    """Most answers are true ones and most of these are taken; the ladder's counts are those of the server."""
    found = benchmark("lying", "--case", "polish", "--programs", "12", "--lies", "0.3")["polish"]
    sent = {kind: count for _, kind, count, _ in found["kinds"]}
    bill = found["stages"]["07-explain.narrate_llm"]
    assert sent[TRUE] > sum(sent.values()) / 2
    assert sum(sent.values()) == bill["calls"]
    assert bill["rungs"]["first"]["calls"] == found["samples"] > 20
    assert bill["passed"] + bill["below"].get("narration", 0) == found["samples"]
    assert found["false"] == 0
