"""No number in a narration is the narrator's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.trace import Done, Pass, Raise, Trace
from cotmill.base.values import Record
from explain.narrating import execution_of, narrated
from golden.narrations import PREFIX, programs

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")
PROGRAM = """
def weigh(x, limit):
    if x > limit:
        return x - limit
    return x * 2


def solution(xs, limit):
    total = 0
    seen = {}
    for i, x in enumerate(xs):
        if x in seen:
            continue
        seen[x] = weigh(x, limit)
        total += seen[x] - i
        if total > 500:
            break
    while total > limit:
        total //= 3
    return [total, sorted(seen)[:2]]
"""


def numbers_of(value: Any) -> set[str]:
    """All numbers in the literal of a value, and its sizes."""
    if isinstance(value, Record):
        return numbers_of(list(value.attrs.values()))
    found = set(NUMBER.findall(repr(value)))
    if isinstance(value, dict):
        return found | {str(len(value))}.union(*map(numbers_of, [*value, *value.values()]))
    if isinstance(value, (list, tuple, set)):
        return found | {str(len(value))}.union(*map(numbers_of, value))
    return found


def known(code: str, trace: Trace) -> set[str]:
    """Numbers of the trace's values, pass numbers, those in the source and in messages of exceptions."""
    passes = {str(event.number) for event in trace.events if isinstance(event, Pass)}
    passes |= {str(event.passes) for event in trace.events if isinstance(event, Done)}
    messages = " ".join(event.message for event in trace.events if isinstance(event, Raise))
    return set(NUMBER.findall(f"{code} {messages}")) | passes.union(*map(numbers_of, trace.values))


def check(code: str, input: dict[str, Any]) -> None:
    trace = Trace.parse(execution_of(code, input).trace)
    text = narrated(code, input).replace("-", " ").rsplit("\n", 1)[0]
    assert set(NUMBER.findall(text)) <= known(code.replace("-", " "), trace)


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.stem)
def test_gold_numbers_come_from_the_trace(program: Path) -> None:
    """Every number is in a value, a pass number or the source."""
    head, code = program.read_text(encoding="utf-8").split("\n", 1)
    check(code, json.loads(head.removeprefix(PREFIX)))


@given(st.lists(st.integers(-50, 300), max_size=30), st.integers(1, 60))
@settings(max_examples=25)
def test_numbers_come_from_the_trace(xs: list[int], limit: int) -> None:
    """The same on random inputs, folded loops included; and the telling is the same every time."""
    check(PROGRAM, {"xs": xs, "limit": limit})
    assert narrated(PROGRAM, {"xs": xs, "limit": limit}) == narrated(PROGRAM, {"xs": xs, "limit": limit})
