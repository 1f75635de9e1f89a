"""Examples that a program states of itself become inputs with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from cotmill.base.records import Seed
from cotmill.collect.examples import examples
from cotmill.collect.sources import read

CODE = dedent('''
    def scale(numbers, by=2):
        """Each number times another.

        >>> scale([1, 2])
        [2, 4]
        >>> scale([1], by=3)
        [3]
        >>> scale(range(2))
        [0, 2]
        """
        return [by * number for number in numbers]


    assert scale([5]) == [10]
    assert len(scale([5])) == 1
    assert scale([], by=4) == []
''')


def test_doctests_and_asserts():
    """Calls of the entry with literals, each once; what is no literal, or no call of it, is passed over."""
    assert examples(CODE, "") == [
        ({"numbers": [5]}, [10]), ({"numbers": [], "by": 4}, []), ({"numbers": [1, 2]}, [2, 4]),
        ({"numbers": [1], "by": 3}, [3]),
    ]  # fmt: skip
    assert examples("def f(a):\n    return a", "f", "assert f((1, 2)) == 1\nassert f(3) == (1, [2])") == [
        ({"a": 3}, [1, [2]])
    ]
    assert examples("def f(a):\n    return a", "f", "f(1) == 2, and so on") == []
    assert examples("def f(a:", "f") == []


def seed_of(tmp_path: Path, row: dict[str, Any]) -> Seed:
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (seed,) = read(tmp_path / "a.jsonl", "auto", {}, source="t", max_row_mb=1)
    assert isinstance(seed, Seed)
    return seed


def test_rows(tmp_path: Path):
    """A column of examples is read; inputs that a row states come first."""
    code = "def f(n):\n    return n + 1\n\nassert f(7) == 8"
    assert seed_of(tmp_path, {"code": code}).inputs == ('{"n":7}',)
    listed = seed_of(tmp_path, {"code": code, "examples": ["assert f(1) == 2", "assert f(2) == 3"]})
    assert (listed.inputs, listed.answers) == (('{"n":7}', '{"n":1}', '{"n":2}'), ("8", "2", "3"))
    assert seed_of(tmp_path, {"code": code, "input": {"n": 3}, "answer": 4}).inputs == ('{"n":3}',)
