"""The work of a check grows with its text and with its trace, and no faster. Calls are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from cotmill.prove.ground import check_solution
from execute.tracing import trace_in_process

SUM = """
def solution(n):
    total = 0
    for k in range(n):
        total = total + k
    return total
"""


def told(n: int) -> str:
    """The run of SUM, step by step."""
    lines = ["total = 0."]
    total = 0
    for k in range(n):
        lines.append(f"Pass {k + 1}: k = {k}. total = {total} + {k} = {total + k}.")
        total += k
    return "\n".join([*lines, f"Return total = {total}.", f"Answer: {total}"])


def calls(work: Callable[[], Any]) -> int:
    """How many functions are called meanwhile, those written in C included."""
    count = 0

    def counts(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counts)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def strict(n: int) -> int:
    """Text and trace of n passes."""
    trace = trace_in_process(SUM, {"n": n})
    return calls(lambda: check_solution(SUM, {"n": n}, told(n), trace))


def longer_trace(n: int) -> int:
    """A short text about a trace of n passes."""
    trace = trace_in_process(SUM, {"n": n})
    text = f"total = 0. Return {n * (n - 1) // 2}.\nAnswer: {n * (n - 1) // 2}"
    return calls(lambda: check_solution(SUM, {"n": n}, text, trace))


def longer_text(n: int) -> int:
    """Words, numbers, quotes and brackets without end about a short run."""
    trace = trace_in_process(SUM, {"n": 3})
    text = "Now it is so, and 'x' in [1, 2] (see `a`) for total is 3 \u00d7 4. " * n + "\nAnswer: 3"
    return calls(lambda: check_solution(SUM, {"n": 3}, text, trace))


def another(n: int) -> int:
    """A text of n identities that was written without the program."""
    trace = trace_in_process(SUM, {"n": 3})
    text = "\n".join(f"She has {k} + 1 = {k + 1} eggs." for k in range(n)) + "\nThe answer is 3"
    return calls(lambda: check_solution(SUM, {"n": 3}, text, trace, mode="provenance", problem="3 eggs"))


@pytest.mark.parametrize("work", [strict, longer_trace, longer_text, another])
def test_twice_the_length_is_twice_the_work(work: Callable[[int], int]) -> None:
    """From n to 2n the number of calls grows by a factor near 2; a square would be 4."""
    work(10)  # what is kept between checks is there
    once, twice = work(150), work(300)
    assert once < twice < 2.4 * once
