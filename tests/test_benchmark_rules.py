"""The side-by-side of rules: what is described as Caco's rule objects to, and where ours differs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from rules import caco_output, caco_text, judge, whole

from cotmill.base.records import Lineage, Program

LINES = "    a = n + 1\n    b = a * 2\n    c = b - k\n"


def program(code: str, *inputs: str) -> Program:
    pairs = tuple(f"p.{number}" for number in range(len(inputs)))
    return Program("p", "t", "", "", code, pairs, inputs, ("",) * len(inputs), Lineage("p"))


@pytest.mark.parametrize(
    ("code", "objection"),
    [
        (f"def solution(n, k):\n{LINES}    return c", ""),
        ("def solution(n, k):\n    return n + k", "lines"),
        (f"def solution(n, k):\n{LINES.replace('- k', '- 1')}    return c", "used"),
        (f"def solution(**data):\n    n = data['n']\n    k = data['k']\n{LINES}    return n + k * c", ""),
        (f"def solution(**data):\n{LINES.replace('n + 1', 'data[str(0)]')}    return b", "used"),
        ("def solution(n, k:\n    return n", "template"),
    ],
)
def test_text(code: str, objection: str):
    """A name that is read counts as used, whatever comes of it."""
    assert caco_text(whole(program(code, '{"n": 1, "k": 2}'))) == objection


def test_output():
    """Errors, nothing, and what is too long."""
    assert caco_output("error", "") == "runs"
    assert [caco_output("ok", answer) for answer in ("null", "[]", '""', "0", "[0]")] == ["output"] * 3 + ["", ""]
    assert caco_output("ok", f'"{"x" * 2000}"') == "output"


def test_both_verdicts():
    """An input that is read and changes nothing: accepted there, rejected here."""
    idle = f"def solution(n, k):\n{LINES}    d = c * 0\n    return a + d"
    (case,) = judge([program(idle, '{"n": 1, "k": 2}', '{"n": 5, "k": 3}')])
    assert (case.ours, case.caco) == ("unused-input", "")
