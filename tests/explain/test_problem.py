"""Questions in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.records import Question
from cotmill.explain.problem import pose
from explain.narrating import execution_of

CODE = "def solution(n, xs):\n    return [n * x for x in xs]\n"
INPUT = {"n": 4, "xs": [1, 2]}


def asked(title: str = "", problem: str = "", code: str = CODE, seed: int = 0, **inputs: object) -> str:
    question = pose(execution_of(code, dict(inputs) or INPUT, title, problem), seed)
    assert isinstance(question, Question) and question.direction == "forward"
    return question.problem


def wordings(**given: object) -> set[str]:
    """The question as a hundred runs word it."""
    return {asked(seed=seed, **given) for seed in range(100)}  # type: ignore[arg-type]  # as `asked` takes them


def test_the_seeds_own_words_come_first() -> None:
    """With a problem text the code is not shown, and every input stands in it, in every wording."""
    texts = wordings(title="Scale a list", problem="What is each number times n?")
    assert len(texts) == 12
    for text in texts:
        assert text.startswith("What is each number times n?\n\n")
        assert "n = 4 and xs = [1, 2]." in text
        assert "solution" not in text
        assert text.endswith("as JSON (a list).")


def test_a_title_alone_needs_the_program() -> None:
    """A title says what the program is about; the program and its call are shown after it, in every wording."""
    texts = wordings(title="Scale a list")
    assert len(texts) == 16
    for text in texts:
        assert text.startswith("Scale a list.\n\n")
        assert "```python\ndef solution(n, xs):" in text
        assert "`solution(n=4, xs=[1, 2])`" in text


def test_names_of_inputs_are_said_in_words() -> None:
    """Half of the time, and only where the seed does not write the name as the code does."""
    code = "def solution(egg_count):\n    return egg_count\n"
    texts = wordings(code=code, problem="How many?", egg_count=3)
    assert any("egg count = 3." in text for text in texts) and any("egg_count = 3." in text for text in texts)
    assert all(
        "`egg_count`" in text and "egg_count = 3." in text
        for text in wordings(code=code, problem="`egg_count`", egg_count=3)
    )


def test_wording_is_chance_from_identity() -> None:
    """The same record and seed, the same question."""
    assert asked(problem="T", seed=5) == asked(problem="T", seed=5)


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
    assert text.split()[: len(words.split())] == words.split()
    assert "can be climbed, where one or two steps are taken at a time. The order matters.\n\n- The" in text
    assert "and therefore goes on here.\n- The second one.\n" in text
    assert "  n: the number of steps, which is never negative at all\n  and small\n" in text
    assert "\n3\n" in text


def test_the_answer_is_not_in_the_question() -> None:
    """Only its kind is."""
    code = "def solution(n):\n    return n * 977\n"
    for text in (asked(code=code, n=3), asked(problem="Multiply.", code=code, n=3)):
        assert "2931" not in text
        assert "(a number)" in text


def test_one_input_and_none() -> None:
    """The sentence about the inputs fits their number."""
    code = "def solution(n):\n    return n\n"
    assert any("\n\nUse the input n = 3.\n\n" in text for text in wordings(problem="T", code=code, n=3))
    question = pose(execution_of("def solution():\n    return 'a'\n", {}, "", "T"))
    assert isinstance(question, Question) and question.problem.count("\n\n") == 1


LOOP = "def solution(xs, k):\n    total = 0\n    for x in xs:\n        total += x * k\n    return total + 1\n"


def directions(*listed: str, code: str = LOOP, input: dict[str, Any] | None = None, runs: int = 400) -> Counter[str]:
    """How often each is asked; rejects by their reason."""
    found: Counter[str] = Counter()
    for seed in range(runs):
        question = pose(execution_of(code, input or {"xs": [14, 25, 36], "k": 3}), seed, listed)
        found[question.direction if isinstance(question, Question) else question.reason] += 1
    return found


def test_directions_come_as_often_as_they_are_listed() -> None:
    """Two of four are forward: half of the questions, about."""
    found = directions("forward", "forward", "backward", "variable")
    assert found.total() == 400
    assert 170 < found["forward"] < 230
    assert 75 < found["backward"] < 125
    assert 75 < found["variable"] < 125


def test_a_direction_that_cannot_be_asked_gives_way_to_another() -> None:
    """One input that is the output, nothing on the way: forward is all there is."""
    same = "def solution(n):\n    return n\n"
    assert directions("backward", "variable", "forward", code=same, input={"n": 7}, runs=30) == {"forward": 30}
    assert directions("backward", "variable", code=same, input={"n": 7}, runs=30) == {Reason.NO_QUESTION: 30}
