"""Variable questions: what a name holds at a moment on the way, or what a call on the way returns."""

from __future__ import annotations

from typing import Any

import pytest

from cotmill.base.records import Question
from cotmill.explain.moments import moments
from cotmill.explain.source import Source
from execute.tracing import trace_in_process
from explain.asking import asked, proven_in_all_styles, solved

SUMS = """
def solution(xs):
    total = 0
    for x in xs:
        total += x
        double = 2 * total
    ratio = double / len(xs)
    return ratio + 1
"""
GCD = """
def gcd(a, b):
    if b == 0:
        return a
    return gcd(b, a % b)

def solution(first, second):
    common = gcd(first, second)
    return [first // common, second // common]
"""


def found(code: str, input: dict[str, Any]) -> dict[tuple[str, str, int], Any]:
    """(kind, name, number) of what can be asked -> its value."""
    trace = trace_in_process(code, input)
    return {
        (item.kind, item.name, item.number): trace.values[item.value] for item in moments(trace, Source.parse(code))
    }


def questions(code: str, input: dict[str, Any], count: int = 60) -> list[Question]:
    """What as many runs ask."""
    texts = [asked("variable", code, input, seed) for seed in range(count)]
    return [question for question in texts if question is not None]


def test_moments_of_a_loop() -> None:
    """What its body works on, after each pass but the first and at its end; not what the loop itself sets."""
    assert found(SUMS, {"xs": [5, 7, 9]}) == {
        ("pass", "total", 2): 12,
        ("pass", "double", 2): 24,
        ("pass", "total", 3): 21,
        ("pass", "double", 3): 42,
        ("end", "total", 3): 21,
        ("end", "double", 3): 42,
        ("once", "ratio", 0): 14.0,
    }


def test_moments_of_calls() -> None:
    """Arguments and results of the second to fourth call; a variable that is set once."""
    assert found(GCD, {"first": 84, "second": 36}) == {
        ("argument", "a", 2): 36,
        ("argument", "b", 2): 12,
        ("argument", "a", 3): 12,
        ("argument", "b", 3): 0,
        ("result", "gcd", 3): 12,
        ("result", "gcd", 2): 12,
        ("once", "common", 0): 12,
    }


@pytest.mark.parametrize(
    ("code", "input"),
    [
        ("def solution(n):\n    a = 3\n    b = a\n    return n + b\n", {"n": 1}),  # constants and copies
        ("def solution(n):\n    def f(x):\n        yield x + n\n    return list(f(1)) + list(f(2))\n", {"n": 4}),
        ("class A:\n    def f(self, x):\n        return x + 1\n\ndef solution(n):\n    return A().f(n) + A().f(7)\n",
         {"n": 4}),
    ],
)  # fmt: skip
def test_what_has_no_plain_moment(code: str, input: dict[str, Any]) -> None:
    """Constants, copies, methods and generators."""
    assert found(code, input) == {}


def test_a_loop_that_runs_twice_is_not_spoken_of() -> None:
    """Which of its passes would be meant?"""
    code = "def solution(n):\n    for i in range(2):\n        for j in range(3):\n            n += j\n    return n\n"
    assert {(key[0], key[2]) for key in found(code, {"n": 1})} == {("pass", 2), ("end", 2)}
    assert {item.place for item in moments(trace_in_process(code, {"n": 1}), Source.parse(code))} == {
        "for i in range(2)"
    }


def test_a_variable_that_several_calls_have_is_not_spoken_of() -> None:
    """Which of them would be meant?"""
    code = (
        "def f(n):\n    return n + 1\n\n"
        "def solution(n, k):\n    for i in range(3):\n        n += f(i)\n        k += n\n    return -k\n"
    )
    assert {name for kind, name, _ in found(code, {"n": 7, "k": 30}) if kind in ("pass", "end")} == {"k"}


def test_a_statement_that_waits_for_the_call_is_not_told() -> None:
    """Nor a loop that goes through what it will give."""
    code = (
        "def f(n):\n    half = n // 2\n    return [half, n]\n\n"
        "def solution(a, b):\n    first = f(a)\n    for x in f(b):\n        first.append(x)\n    return first\n"
    )
    wanted = next(q for q in questions(code, {"a": 8, "b": 50}) if q.asked == "f")
    assert solved(wanted) == (
        "The inputs are a = 8 and b = 50.\n"
        "Call f with n = 8:\n"
        "  half = 8 // 2 = 4. Return [4, 8].\n"
        "first = f(8) = [4, 8].\n"
        "Call f with n = 50:\n"
        "  half = 50 // 2 = 25. Return [25, 50].\n"
        "Answer: [25,50]"
    )


def test_a_pass_that_is_left_is_no_moment() -> None:
    """After `break` nobody comes back to the head of the loop."""
    code = "def solution(n):\n    for i in range(9):\n        n += 2\n        if i == 1:\n            break\n    return -n\n"
    assert found(code, {"n": 1}) == {}


def test_the_solution_ends_at_the_moment() -> None:
    """What comes later is not told."""
    wanted = next(q for q in questions(SUMS, {"xs": [5, 7, 9]}) if q.answer == "12")
    assert solved(wanted) == (
        "The input is xs = [5, 7, 9].\n"
        "total = 0.\n"
        "For each x in [5, 7, 9]:\n"
        "  Pass 1: x = 5. total = 0 + 5 = 5. double = 2 * 5 = 10.\n"
        "  Pass 2: x = 7. total = 5 + 7 = 12. double = 2 * 12 = 24.\n"
        "So total is now 12.\n"
        "Answer: 12"
    )


def test_a_call_is_told_inside_the_one_that_makes_it() -> None:
    """The statement that waits for the call is not told."""
    wanted = next(q for q in questions(GCD, {"first": 84, "second": 36}) if q.asked == "b" and q.answer == "0")
    assert solved(wanted, "terse") == (
        "The inputs are first = 84 and second = 36.\n"
        "Call gcd with a = 84 and b = 36:\n"
        "  `b == 0` is false, since b = 36.\n"
        "  Call gcd with a = 36 and b = 12:\n"
        "    12 != 0.\n"
        "    Call gcd with a = 12 and b = 0:\n"
        "So b is now 0.\n"
        "Answer: 0"
    ) or "b = 0" in solved(wanted, "terse")


@pytest.mark.parametrize(("code", "input"), [(SUMS, {"xs": [500, 707, 9009]}), (GCD, {"first": 8400, "second": 3645})])
def test_questions_hold_no_answer_and_are_proven_in_every_style(code: str, input: dict[str, Any]) -> None:
    """And they come in many wordings."""
    asked_ = questions(code, input, 120)
    assert len(asked_) == 120
    assert len({question.problem.replace(code.strip(), "") for question in asked_}) > 40
    for question in asked_:
        assert len(question.answer) < 3 or question.answer not in question.problem
        assert question.answer not in (str(value) for value in input.values())
    for question in {question.moment: question for question in asked_}.values():
        proven_in_all_styles(question)


def test_a_story_can_ask_for_a_quantity_on_the_way() -> None:
    """Plain arithmetic needs no program."""
    code = "def solution(red_pens, blue_pens):\n    pens_bought = red_pens + blue_pens\n    total_price = pens_bought * 3\n    return total_price\n"
    texts = {question.problem for question in questions(code, {"red_pens": 10, "blue_pens": 7})}
    assert any("\n\nWhat are the pens bought?\n\n" in text and "def" not in text for text in texts)
    assert any("def solution" in text for text in texts)
