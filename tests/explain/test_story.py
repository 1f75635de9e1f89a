"""Programs of plain arithmetic as problems in words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.records import Question
from cotmill.explain.problem import pose
from cotmill.explain.story import story
from explain.narrating import execution_of

EGGS = """
def solution(days):
    eggs_laid = 16
    eggs_eaten = 3
    eggs_sold = (eggs_laid - eggs_eaten) * days
    money_made = eggs_sold * 2 / (1 + days)
    result = money_made
    return result
"""


def test_the_words_say_the_program() -> None:
    """What is given, how each quantity comes about, and the last quantity asked for by its own name."""
    assert story(EGGS, {"days": 2}) == (
        "The days are 2. The eggs laid are 16. The eggs eaten are 3. "
        "The eggs sold are (the eggs laid minus the eggs eaten) times the days. "
        "The money made is the eggs sold times 2 divided by (1 plus the days).\n\nWhat is the money made?"
    )


def worked_out(text: str) -> float:
    """The answer of a story, worked out from its words alone."""
    body, _, question = text.partition("\n\n")
    known: dict[str, float] = {}
    for sentence in re.findall(r"The (.+?)\.(?= |$)", body):
        name, _, said = re.sub(r" (is|are) ", "|", sentence, count=1).partition("|")
        for word, sign in (("plus", "+"), ("minus", "-"), ("times", "*"), ("divided by", "/")):
            said = re.sub(rf"\b{word}\b", sign, said)
        said = re.sub(r"the ([a-z ]+?)(?= [-+*/]|\)|$)", lambda found: str(known[found[1]]), said)
        known[name] = eval(said)
    return known[question.removesuffix("?").partition(" the ")[2]]


NAMES = ("red_pens", "blue_pens", "price", "total_cost")
expressions = st.recursive(
    st.sampled_from([*NAMES[:3], "7"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=6,
)


@given(st.lists(st.integers(1, 99), min_size=3, max_size=3), expressions)
def test_the_words_alone_give_the_answer(numbers: list[int], expression: str) -> None:
    """Nobody needs the program."""
    lines = [f"    {name} = {number}" for name, number in zip(NAMES, numbers, strict=False)]
    code = "\n".join(["def solution():", *lines, f"    total_cost = {expression}", "    return total_cost\n"])
    text = story(code, {})
    if text:
        space: dict[str, object] = {}
        exec(code, space)
        assert worked_out(text) == space["solution"]()  # type: ignore[operator]  # it is a function
    else:
        assert expression in NAMES


@pytest.mark.parametrize(
    "body",
    [
        "total_cost = 3\n    total_cost = 4\n    return total_cost",  # bound twice
        "total_cost = 7 // 2\n    return total_cost",  # no word for it
        "total_cost = abs(3)\n    return total_cost",
        "tc = 3\n    return tc + 1",  # nothing is asked by name
        "x = 3\n    y_1 = x + 1\n    return y_1",  # no words
        "if 1:\n        total_cost = 3\n    return total_cost",
        "total_cost = other_cost + 1\n    return total_cost",
    ],
)
def test_other_programs_are_not_told(body: str) -> None:
    """Where the words would not define the answer there is no story."""
    assert story(f"def solution():\n    {body}\n", {}) == ""


def test_an_input_that_is_no_number_is_not_told() -> None:
    """Nor a program of several functions."""
    assert (
        story("def solution(first_pen):\n    all_pens = first_pen + 1\n    return all_pens\n", {"first_pen": "a"}) == ""
    )
    assert story(f"def other():\n    return 1\n{EGGS}", {"days": 2}) == ""


def test_a_question_is_a_story_or_shows_the_code() -> None:
    """Without the seed's own words, by chance; the answer is in neither."""
    texts = []
    for seed in range(40):
        question = pose(execution_of(EGGS, {"days": 2}), seed)
        assert isinstance(question, Question)
        texts.append(question.problem)
    stories = [text for text in texts if "The eggs laid are 16." in text]
    assert 10 < len(stories) < 30
    assert all(("def solution" in text) != (text in stories) for text in texts)
    assert all("17.33" not in text and "(a number)" in text for text in texts)
