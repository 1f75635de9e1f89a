"""Backward questions: the output is given, an input is asked for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.records import Question
from cotmill.base.trace import Set
from cotmill.explain.undo import undo
from execute.tracing import trace_in_process
from explain.asking import asked, proven_in_all_styles, solved

EGGS = """
def solution(eggs_laid, eggs_eaten, price):
    eggs_sold = eggs_laid - eggs_eaten
    money_made = eggs_sold * price
    result = money_made
    return result
"""
EGGS_INPUT = {"eggs_laid": 416, "eggs_eaten": 3, "price": 250}
EVENS = """
def solution(xs, limit):
    found = []
    for x in xs:
        if x % 2 == 0 and x < limit:
            found.append(x)
    return found
"""
EVENS_INPUT = {"xs": [3, 14, 8, 90], "limit": 50}


def questions(code: str, input: dict[str, Any], count: int = 60, **seed: str) -> list[Question]:
    """What as many runs ask."""
    found = [asked("backward", code, input, number, **seed) for number in range(count)]
    return [question for question in found if question is not None]


def undone(code: str, input: dict[str, Any], hidden: str) -> list[str]:
    trace = trace_in_process(code, input)
    values = {event.name: trace.values[event.value] for event in trace.events if isinstance(event, Set) and event.frame}
    return undo(code, input, hidden, values, trace.output)


def test_operations_are_undone_one_by_one() -> None:
    """From the result to the hidden input; what is known is put in."""
    assert undone(EGGS, EGGS_INPUT, "eggs_laid") == [
        "money_made = eggs_sold * 250 = 103250, so eggs_sold = 103250 / 250 = 413.",
        "eggs_sold = eggs_laid - 3 = 413, so eggs_laid = 413 + 3 = 416.",
    ]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("10 - x", "so x = 10 - 4 = 6."),
        ("30 / x", "so x = 30 / 5 = 6."),
        ("(x - 2) * 3 + 1", "so x = (13 - 1) / 3 + 2 = 6."),
        ("2 * x", "so x = 12 / 2 = 6."),
        ("7 - (9 - x)", "so x = 9 - (7 - 4) = 6."),
        ("x * 1 + 0.5", "so x = 6.5 - 0.5 = 6."),
        ("x + (x - 2) * 3", "The result is x + (x - 2) * 3 = 4 * x - 6 = 18, so x = (18 + 6) / 4 = 6."),
        ("x / 2 + x", "The result is x / 2 + x = 1.5 * x = 9, so x = 9 / 1.5 = 6."),
    ],
)
def test_every_operation_has_its_inverse(expression: str, said: str) -> None:
    """Also where the input stands on the right side, or on both."""
    (sentence,) = undone(f"def solution(x):\n    return {expression}\n", {"x": 6}, "x")
    assert sentence.endswith(said)


@pytest.mark.parametrize(
    "body",
    [
        "return x * x",  # two answers
        "return x // 7",  # many answers
        "return abs(x)",
        "return x / 3",  # not exact in decimal numbers
        "return x - x",  # any answer
        "y = x\n    if y:\n        y = 3\n    return y",
        "return 0 * x",
        "return 5",
    ],
)
def test_what_cannot_be_undone_is_not(body: str) -> None:
    """Where the steps backward would not lead to one exact value."""
    assert undone(f"def solution(x):\n    {body}\n", {"x": 10}, "x") == []


def test_known_quantities_are_worked_out_first() -> None:
    """A step backward uses nothing that was not told."""
    code = "def solution(x, k):\n    tip = k * 2\n    all_in = x * (1 + x - x) + tip\n    total = x + tip\n    return total\n"
    assert undone(code, {"x": 5, "k": 4}, "x") == [
        "tip = 4 * 2 = 8.",
        "total = x + 8 = 13, so x = 13 - 8 = 5.",
    ]


numbers = st.integers(1, 99)
steps = st.lists(st.tuples(st.sampled_from("+-*/"), numbers, st.booleans()), min_size=1, max_size=5)


@given(st.integers(-999, 999), steps)
def test_undoing_comes_back_to_the_input(hidden: int, chain: list[tuple[str, int, bool]]) -> None:
    """Whatever the chain of operations: the last number is the hidden input, and the solution is proven, or none."""
    lines, before = [], "begin"
    for place, (sign, number, turned) in enumerate(chain):
        sides = (str(number), before) if turned and sign != "/" else (before, str(number))
        lines.append(f"    step_{place} = {sides[0]} {sign} {sides[1]}")
        before = f"step_{place}"
    code = "\n".join(["def solution(begin):", *lines, f"    return {before}\n"])
    sentences = undone(code, {"begin": hidden}, "begin")
    if sentences:
        assert sentences[-1].endswith(f" = {hidden}.")
        question = asked("backward", code, {"begin": hidden})
        if question is not None and question.answer == str(hidden):
            solved(question)


def test_plain_arithmetic_is_worked_backward_and_checked() -> None:
    """The whole solution, as it is released."""
    question = next(q for q in questions(EGGS, EGGS_INPUT) if q.asked == "eggs_laid")
    lines = solved(question, "terse").splitlines()
    assert lines[-6:-1] == [
        "money_made = eggs_sold * 250 = 103250, so eggs_sold = 103250 / 250 = 413.",
        "eggs_sold = eggs_laid - 3 = 413, so eggs_laid = 413 + 3 = 416.",
        "Check with eggs_laid = 416:",
        "eggs_sold = 416 - 3 = 413. money_made = 413 * 250 = 103250.",
        lines[-2],
    ]
    assert re.fullmatch(r"Th(is|at) gives 103250, as .*\.", lines[-2])
    assert lines[-1] == "Answer: 416"


def test_other_programs_are_tried() -> None:
    """The value is tried, the run told, and the output comes out."""
    question = next(q for q in questions(EVENS, EVENS_INPUT) if q.asked == "limit")
    lines = solved(question, "steps").splitlines()
    assert re.match(r"- (Try|Suppose that|Let) limit = 50.*\. The other input is xs = \[3, 14, 8, 90\]\.", lines[0])
    assert re.fullmatch(r"Th(is|at) gives \[14, 8\], as .*\.", lines[-2])
    assert lines[-1] == "Answer: 50"


@pytest.mark.parametrize(("code", "input"), [(EGGS, EGGS_INPUT), (EVENS, EVENS_INPUT)])
def test_every_wording_gives_all_but_the_hidden_value(code: str, input: dict[str, Any]) -> None:
    """The output and the other inputs stand in the question; the value that is asked for does not."""
    for question in questions(code, input):
        value = input[question.asked]
        assert question.answer == json.dumps(value, separators=(",", ":"))
        assert len(str(value)) < 3 or not re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", question.problem)
        for name, other in input.items():
            assert name == question.asked or str(other) in question.problem
        assert "103250" in question.problem or "[14, 8]" in question.problem


def test_there_are_many_wordings() -> None:
    """At least eight for programs that are shown."""
    texts = {re.sub(r"`?limit`?|`?xs`?", "n", q.problem.partition("def")[0]) + q.problem.rpartition("```")[2][:60]
             for q in questions(EVENS, EVENS_INPUT, 200)}  # fmt: skip
    assert len(texts) >= 16
    proven_in_all_styles(questions(EVENS, EVENS_INPUT)[0])
    proven_in_all_styles(questions(EGGS, EGGS_INPUT)[0])


def test_the_seeds_words_are_used_without_the_hidden_number() -> None:
    """A number that stands there once becomes a letter; the sentence after it says what it stands for."""
    text = "A hen house gives 416 eggs. The farmer eats 3 and sells the rest for 250 each. What does he earn?"
    found = [q for q in questions(EGGS, EGGS_INPUT, problem=text) if q.asked == "eggs_laid" and "farmer" in q.problem]
    assert found
    for question in found:
        assert "gives x eggs. The farmer eats 3" in question.problem
        assert "Here x stands for `eggs_laid`, which is not known." in question.problem


@pytest.mark.parametrize(
    "text", ["Of 416 eggs, 416 are counted.", "He eats three eggs and lays 3.", "Twelve hens lay a dozen eggs."]
)
def test_the_seeds_words_are_left_out_where_they_tell(text: str) -> None:
    """A number that stands there twice, or as a word, would give the answer away."""
    input = {"eggs_laid": 416, "eggs_eaten": 3, "price": 12}
    assert all(
        text not in q.problem and ("eggs, " not in q.problem or q.asked != "eggs_laid")
        for q in questions(EGGS, input, problem=text)
        if q.asked == {"O": "eggs_laid", "H": "eggs_eaten", "T": "price"}[text[0]]
    )


@pytest.mark.parametrize(
    ("code", "input"),
    [
        ("def solution(n):\n    return n\n", {"n": 7}),  # the output is the input
        ("def solution(n):\n    return n % 3\n", {"n": 8_700_123}),  # nobody guesses that
        ("def solution(xs):\n    return sum(xs)\n", {"xs": list(range(40))}),  # too long
        ("def solution():\n    return 3\n", {}),
        ("def solution(n):\n    print(n)\n", {"n": 7}),  # nothing comes out
        ("def solution(n):\n    return [n] * 100\n", {"n": 12}),  # too much comes out
    ],
)
def test_what_cannot_be_asked_backward(code: str, input: dict[str, Any]) -> None:
    """Then there is no such question."""
    assert asked("backward", code, input) is None
