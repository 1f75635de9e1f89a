"""Difficulty: what counts, what does not, and that it rises with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.difficulty import BANDS, band, counts, difficulty, operations, score
from execute.tracing import trace_in_process

numbers = st.tuples(*[st.integers(0, 10**6)] * 4)

STRAIGHT = "def solution(n):\n    a = n + 1\n    b = a * 2\n    return b\n"
LOOP = "def solution(n):\n    a = 0\n    for i in range(n):\n        a += i\n    return a\n"
NESTED = "def solution(n):\n    a = 0\n    for i in range(n):\n        for j in range(n):\n            a += j\n    return a\n"
AFTER = (
    "def solution(n):\n    a = 0\n    while True:\n        a += 1\n        if a == n:\n            break\n"
    "    for j in range(n):\n        a += j\n    return a\n"
)
RECURSION = "def down(n):\n    return 0 if n == 0 else 1 + down(n - 1)\n\ndef solution(n):\n    return down(n)\n"
HELPER = "def add(a, b):\n    return a + b\n\ndef solution(n):\n    a = 0\n    for i in range(n):\n        a = add(a, i)\n    return a\n"
CLOSURE = "def solution(n):\n    for i in range(2):\n        def add(a):\n            return a + i\n    return add(n)\n"
NO_BREAK = "def solution(n):\n    for i in range(n - 4):\n        pass\n    else:\n        n += 1\n    return n\n"
TESTS = "def solution(n):\n    if n > 2:\n        n -= 1\n    if n > 100:\n        n -= 2\n    return n\n"
COMPREHENSION = "def solution(n):\n    return [i * i for i in range(n)]\n"


def counted(code: str, **input: Any) -> tuple[int, int, int, int]:
    return counts(trace_in_process(code, input), code)


def hardness(code: str, **input: Any) -> float:
    return difficulty(trace_in_process(code, input), code)


@given(numbers)
def test_it_is_a_number_from_0_to_10(found: tuple[int, int, int, int]) -> None:
    assert 0 <= score(*found) <= 10
    assert score(0, 0, 0, 0) == 0


@given(numbers, st.integers(0, 3), st.integers(1, 1000))
def test_more_of_anything_is_never_easier(found: tuple[int, int, int, int], which: int, more: int) -> None:
    harder = tuple(number + more * (place == which) for place, number in enumerate(found))
    assert score(*harder) >= score(*found)


@pytest.mark.parametrize(
    ("code", "depth"),
    [
        (STRAIGHT, 0),
        (LOOP, 1),
        (NESTED, 2),
        (AFTER, 1),
        (RECURSION, 5),
        (HELPER, 2),
        (COMPREHENSION, 1),
        (CLOSURE, 1),
        (NO_BREAK, 0),
    ],
)
def test_depth_is_what_was_open_at_once(code: str, depth: int) -> None:
    """A loop that was left by `break` is not open any more, nor is one in its `else`, nor one around the definition of
    what is called; each recursive call is."""
    assert counted(code, n=4)[1] == depth


def test_a_loop_that_no_pass_was_made_of_is_no_depth() -> None:
    assert counted(NESTED, n=0)[1] == 0


def test_a_test_counts_once_for_each_way_it_went() -> None:
    assert counted(TESTS, n=5)[2] == 2
    assert counted(AFTER, n=1)[2] < counted(AFTER, n=3)[2]


def test_operations_that_were_not_reached_do_not_count() -> None:
    assert counted(TESTS, n=1)[3] < counted(TESTS, n=5)[3]
    assert operations(TESTS) == {"If", "Gt", "Sub"}


def test_operations_by_name() -> None:
    """Methods apart from functions; the program's own functions are one operation, whatever they are called."""
    code = "def add(a, b):\n    return a + b\n\ndef solution(t):\n    return add(len(t), t[1:].count('a')) < -3 and not t\n"
    assert operations(code) == {"Add", "call", "len", "Slice", "Subscript", ".count", "Lt", "USub", "And", "Not"}
    assert operations(code) == operations(code.replace("add(", "plus("))


def test_programs_in_the_order_of_their_difficulty() -> None:
    found = [hardness(STRAIGHT, n=4), hardness(LOOP, n=4), hardness(HELPER, n=4), hardness(HELPER, n=9)]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_names_and_sizes_of_numbers_change_nothing() -> None:
    assert hardness(STRAIGHT, n=4) == hardness(STRAIGHT.replace("a", "amount"), n=4_000_000)


def test_bands_are_in_their_order() -> None:
    assert [band(number / 2) for number in range(21)] == sorted((band(n / 2) for n in range(21)), key=BANDS.index)
    assert {band(number) for number in (0, 5, 10)} == set(BANDS)
