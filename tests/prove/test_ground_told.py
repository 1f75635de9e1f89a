"""How a person tells tests, loops and calls in passing: each phrase is read, and is found out where it is wrong."""

from __future__ import annotations

import pytest

from cotmill.base.trace import Trace
from cotmill.prove.ground import check_solution
from explain.narrating import execution_of

LOOP = (
    "def twice(n):\n    return 2 * n\n\n"
    "def solution(xs, top):\n    n = 0\n    for x in xs:\n        if x > top:\n            n += 1\n"
    "        if x == top:\n            n += 5\n    i = 0\n    while i < 2:\n        i += 1\n"
    "    for k in range(1, 3):\n        n += k\n    for _ in range(2):\n        n += 1\n    return twice(n)\n"
)
INPUT = {"xs": [1, 7, 4], "top": 4}
TOLD = """\
The inputs are xs = [1, 7, 4] and top = 4.
n = 0.
For each x in [1, 7, 4]:
  Pass 1: x = 1. 1 <= 4. 1 != 4.
  Pass 2: x = 7. 7 > 4, so n = 0 + 1 = 1. 7 != 4.
  Pass 3: x = 4. 4 <= 4. Both are 4, so n = 1 + 5 = 6.
i = 0.
Repeat while `i < 2`:
  Pass 1: 0 < 2. i = 0 + 1 = 1.
  Pass 2: Since 1 < 2, i = 1 + 1 = 2.
The loop ends after 2 passes, since 2 >= 2.
For k from 1 to 2:
  Pass 1: k = 1. n = 6 + 1 = 7.
  Pass 2: k = 2. n = 7 + 2 = 9.
Repeat 2 times:
  Pass 1: n = 9 + 1 = 10.
  Pass 2: n = 10 + 1 = 11.
Calling twice with n = 11 gives 2 * 11 = 22.
Return twice(11) = 22.
Answer: 22"""


def verdict(text: str) -> str:
    execution = execution_of(LOOP, INPUT)
    return check_solution(LOOP, INPUT, text, Trace.parse(execution.trace), answer=execution.answer).verdict


def test_the_whole_is_verified() -> None:
    """Comparisons of values, reasons after `since`, counted loops, a call told with what it gives."""
    assert verdict(TOLD) == "pass"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1 <= 4", "2 <= 4"),
        ("7 > 4", "7 <= 4"),
        ("7 > 4", "7 > 3"),
        ("Both are 4", "Both are 7"),
        ("0 < 2", "0 < 3"),
        ("since 2 >= 2", "since 3 >= 2"),
        ("after 2 passes", "after 3 passes"),
        ("For k from 1 to 2", "For k from 1 to 3"),
        ("Repeat 2 times", "Repeat 3 times"),
        ("gives 2 * 11 = 22", "gives 3 * 11 = 33"),
        ("twice with n = 11", "twice with n = 10"),
    ],
)
def test_each_is_found_out(right: str, wrong: str) -> None:
    """One thing changed anywhere and the text does not pass."""
    assert verdict(TOLD.replace(right, wrong, 1)) == "fail"


@pytest.mark.parametrize(("words", "expected"), [("x % 2 = 1, not 0", "pass"), ("x % 2 = 1, not 1", "fail")])
def test_what_it_is_not(words: str, expected: str) -> None:
    """A side that was worked out differs from the one it was compared with."""
    code = "def solution(x):\n    if x % 2 == 0:\n        return 'even'\n    return 'odd'\n"
    execution = execution_of(code, {"x": 3})
    text = f"x = 3. {words}.\nReturn 'odd'.\nAnswer: \"odd\""
    found = check_solution(code, {"x": 3}, text, Trace.parse(execution.trace), answer=execution.answer)
    assert found.verdict == expected


def test_a_function_named_as_a_word_is_read_as_a_function() -> None:
    code = "def solution(left, right):\n    def most(left, right):\n        return left - right\n    return most(left, right)\n"
    input = {"left": 3, "right": 1}
    execution = execution_of(code, input)
    for result, verdict in (("2", "pass"), ("3", "fail")):
        told = f"Calling most with left = 3 and right = 1 gives {result}, as before.\nAnswer: 2"
        assert check_solution(code, input, told, Trace.parse(execution.trace)).verdict == verdict
