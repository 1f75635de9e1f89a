"""Whether a text tells the run of a program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cotmill.base.records import Draft
from cotmill.prove.directions import check_draft
from cotmill.prove.follows import follows
from explain.asking import asked

CODE = """def solution(days, goal):
    best_day = 0
    for day, sold in enumerate(days):
        if sold >= goal and not best_day:
            best_day = day + 1
    return best_day
"""
PROBLEM = (
    "A shop sells 4, 9 and 12 hats on three days; its goal is 8 a day. On which of the days is the goal first met?"
)


@pytest.mark.parametrize(
    "text",
    [
        "best_day = 0.", "Set `sold` to 4.", "enumerate_it is none, but best_day is.", "Look at sold[0].",
        "`sold >= goal and not best_day` is false.", "`for day, sold in` has its turn.", "`day + 1` is 2.",
    ],
)  # fmt: skip
def test_who_names_what_only_the_program_names(text: str) -> None:
    """With an underscore, in quotes, called or indexed."""
    assert follows(text, CODE, PROBLEM)


@pytest.mark.parametrize(
    "text",
    [
        "On day 1 it sold 4, and 4 < 8. On day 2 it sold 9.", "Take `days` = [4, 9, 12] and `goal` = 8.", "The best day is 2.", "`day` 2 has `day * 2` = 4, and `1` is left.",
        "days_left = 2", "max(4, 9) = 9", "", "`", "f(x) = x",
    ],
)  # fmt: skip
def test_who_does_not(text: str) -> None:
    """Words in their common sense, names of the problem's, names of the text's own."""
    assert not follows(text, CODE, PROBLEM)


def test_a_problem_that_shows_the_program() -> None:
    """Whoever solves it has seen the program."""
    assert follows("4 < 8.", CODE, f"What does this return?\n\n```python\n{CODE}```")


TOLD = """best_day = 0.
Pass 1: day = 0 and sold = 4. `sold >= goal and not best_day` is false, since 4 < 8.
Pass 2: day = 1 and sold = 9. 9 >= 8 and best_day = 0, so best_day = 1 + 1 = 2.
Pass 3: day = 2 and sold = 12. `sold >= goal and not best_day` is false, since best_day = 2.
Answer: 2"""


def test_a_telling_of_the_run_is_held_to_it() -> None:
    """A wrong branch has no number that would be from nowhere."""
    question = asked("forward", CODE, {"days": [4, 9, 12], "goal": 8}, problem=PROBLEM)
    assert question is not None
    draft = Draft("t.0", question, TOLD, "solved", mode="provenance")
    assert check_draft(draft).verdict == "pass"
    assert check_draft(replace(draft, solution=TOLD.replace("is false, since 4", "is true, since 4"))).verdict == "fail"


def test_units_hide_no_wrong_sum() -> None:
    """What the strict reader takes for words is arithmetic to the other one."""
    code = "def solution(had, lost, got):\n    left = had - lost\n    return left + got\n"
    problem = "Jo had 15 cards, lost 7 and got 5. How many are there now?"
    question = asked("forward", code, {"had": 15, "lost": 7, "got": 5}, problem=problem)
    assert question is not None
    right = "15 cards - 7 cards = 8 cards are left.\nJo now has 8 cards + 5 cards = 13 cards.\nAnswer: 13"
    draft = Draft("t.0", question, right, "solved", mode="provenance")
    assert check_draft(draft).verdict == "pass"
    for wrong in (right.replace("8 cards + 5", "8 cards + 15"), right.replace("= 8 cards are", "= 6 cards are")):
        assert check_draft(replace(draft, solution=wrong)).verdict == "fail"
