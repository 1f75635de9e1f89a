"""Questions in words."""

from __future__ import annotations

from cotmill.base.records import Question
from cotmill.explain.problem import pose
from explain.narrating import execution_of

CODE = "def solution(n, xs):\n    return [n * x for x in xs]\n"
INPUT = {"n": 4, "xs": [1, 2]}


def asked(title: str = "", problem: str = "", code: str = CODE, **inputs: object) -> str:
    question = pose(execution_of(code, dict(inputs) or INPUT, title, problem))
    assert isinstance(question, Question) and question.direction == "forward"
    return question.problem


def test_the_seeds_own_words_come_first() -> None:
    """With a problem text the code is not shown, and every input stands in it."""
    text = asked(title="Scale a list", problem="What is each number times n?")
    assert text.startswith("What is each number times n?\n\nUse the inputs n = 4 and xs = [1, 2].")
    assert "solution" not in text
    assert text.endswith("give the answer as JSON (a list).")


def test_a_title_alone_needs_the_program() -> None:
    """A title says what the program is about; the program itself is shown after it."""
    text = asked(title="Scale a list")
    assert text.startswith("Scale a list.\n\nHere is a Python program:")
    assert "What does `solution(n=4, xs=[1, 2])` return?" in text


def test_full_lines_become_paragraphs() -> None:
    """Lines of a paragraph are joined; items, indented lines, doctests and fences keep theirs; no word changes."""
    words = """Count the ways in which the stairs with n steps can be
    climbed, where one or two steps are taken at a time. The order
    matters.

    - The first rule, which is quite long and therefore goes
    on here.
    - The second one.

    Input:
      n: the number of steps, which is never negative at all
      and small

    >>> solution(n=3)  # the comment makes this a long line
    3
    """
    text = asked(problem=words)
    assert text.split("Use the inputs")[0].split() == words.split()
    assert "can be climbed, where one or two steps are taken at a time. The order matters.\n\n- The" in text
    assert "and therefore goes on here.\n- The second one.\n" in text
    assert "  n: the number of steps, which is never negative at all\n  and small\n" in text
    assert "\n3\n" in text


def test_without_words_the_code_is_the_question() -> None:
    """The code is shown and its call asked for."""
    text = asked()
    assert "```python\ndef solution(n, xs):" in text
    assert "What does `solution(n=4, xs=[1, 2])` return?" in text


def test_the_answer_is_not_in_the_question() -> None:
    """Only its kind is."""
    code = "def solution(n):\n    return n * 977\n"
    for text in (asked(code=code, n=3), asked(problem="Multiply.", code=code, n=3)):
        assert "2931" not in text
        assert "(a number)" in text


def test_one_input_and_none() -> None:
    """The sentence about the inputs fits their number."""
    assert "Use the input n = 3." in asked(problem="T", code="def solution(n):\n    return n\n", n=3)
    question = pose(execution_of("def solution():\n    return 'a'\n", {}, "", "T"))
    assert isinstance(question, Question) and "Use the" not in question.problem
