"""After a quiet line only the names that it binds are compared: no line is called quiet wrongly.

The programs of nasty/quiet_lines.txt change values in place where one does not see it. That the trace agrees with the
oracle's is tested with all others (test_tracer_same.py); here, that each of them could tell if it did not.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from cotmill.execute import tracer
from execute.oracle import Oracle, happenings, in_groups
from execute.programs import PROGRAMS
from execute.tracing import Overflow, trace_text, with_entry

FOLDER = Path(__file__).parent / "nasty"
NAMES = [name for name in PROGRAMS if f"=== {name} ===" in (FOLDER / "quiet_lines.txt").read_text(encoding="utf-8")]
GRAPHS = [name for name in NAMES if "object" in name or "graph" in name]
LOOK, FRAMES, VALUES = tracer._quiet.Look, tracer._frames, tracer._valuetable


def looked_at(code: str) -> dict[int, tuple[str, ...]]:
    """The quiet lines of a program."""
    return dict(tracer._instrument.instrument(ast.parse(code), LOOK()).quiet)


def agrees(name: str) -> bool:
    """Whether the trace of a program is the oracle's."""
    code, _ = PROGRAMS[name]
    with contextlib.redirect_stdout(io.StringIO()):
        oracle = Oracle(with_entry(code))
        oracle.run({"input": given(name), "__name__": "__main__"})
        try:
            text, _ = trace_text(code, given(name))
        except (Overflow, KeyError):
            return False
    return bool(in_groups(happenings(text)) == in_groups(oracle.events))


def given(name: str) -> dict[str, Any]:
    """A fresh copy of a program's input."""
    values: dict[str, Any] = ast.literal_eval(repr(PROGRAMS[name][1]))
    return values


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a plain settrace sees no frames of comprehensions")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in GRAPHS])
def test_each_program_tells_a_line_that_is_called_quiet_wrongly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every line called quiet, a change comes too late, or never."""

    def all_quiet(look: Any) -> Any:
        look.loud.clear()
        for one in look.statements:
            one.augments = False
        return original(look)

    original = LOOK.quiet
    assert agrees(name)
    monkeypatch.setattr(LOOK, "is_wild", lambda _: False)
    monkeypatch.setattr(LOOK, "is_loud", lambda *_: False)
    monkeypatch.setattr(LOOK, "quiet", all_quiet)
    monkeypatch.setattr(FRAMES, "_GENERATOR", 0)
    assert not agrees(name)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a plain settrace sees no frames of comprehensions")
@pytest.mark.parametrize("name", GRAPHS)
def test_each_program_tells_a_layout_that_is_kept_wrongly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every graph taken to be unchanged, a change is lost."""
    assert agrees(name)
    monkeypatch.setattr(VALUES._Layout, "holds", lambda _: True)
    monkeypatch.setattr(VALUES, "_TELLTALES", re.compile(r"(?!)"))
    assert not agrees(name)


QUIET = """
from math import sqrt
class Point:
    def __init__(self, x):
        self.x = x
    def far(self):
        return self.x > 3
def solution(n):
    point = Point(n)
    xs = [i * i for i in range(n) if i % 2]
    total = 0
    for x in xs:
        total += x
        if point.far() and len(xs) > 1:
            total = total - int(sqrt(x))
    return total
"""


def test_common_lines_are_quiet() -> None:
    """Arithmetic, reading, calls of the program's own and of what only reads; not the store into an attribute."""
    assert looked_at(QUIET) == {
        7: (), 9: ("point",), 10: ("i", "xs"), 11: ("total",), 12: ("x",), 13: ("total",), 14: (), 15: ("total",), 16: (),
    }  # fmt: skip


@pytest.mark.parametrize(
    "addition",
    [
        "import weakref",
        "import numpy as np",
        "from os import *",
        "class Last:\n    def __del__(self):\n        pass",
        "def items():\n    try:\n        yield 1\n    finally:\n        pass",
        "put = [].append",
        "f = getattr",
        "async def f():\n    pass",
        "class A(metaclass=type):\n    pass",
        "import math\ndef f(math):\n    pass",
        "def f(put=[].append):\n    pass",
        "f = lambda put=[].append: put",
        "@[].append\ndef f():\n    pass",
        "class A:\n    put = [].append",
        "class A:\n    if True:\n        put = [].append",
    ],
)
def test_some_programs_have_no_quiet_line(addition: str) -> None:
    """Code that is not traced, or a callable written in C behind a value, can change anything at any time."""
    assert looked_at(QUIET + addition + "\n") == {}
