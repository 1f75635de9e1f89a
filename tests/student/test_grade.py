"""What an output is worth: against a person's grades, and for texts of any kind and length."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.prove.ground import Claim
from cotmill.student.benchmarks import Task
from cotmill.student.grade import Grade, _process, _whole_sentences, grade
from cotmill.student.repetition import is_looping, seq_rep_4
from explain.narrating import narrated
from student.graded import ROWS, execute, execution_behind, task_of, text_of

SUM = Task("t-1", "Add 58 and 67.", "125", "t")
STEPS = next(row for row in ROWS if row["group"] == "steps")
BACKWARD = next(row for row in ROWS if row["group"] == "steps, backward")


def graded(row: dict[str, Any]) -> Grade:
    return grade(
        task_of(row), text_of(row), execution_behind(row), ended=row.get("ended", True), tokens=3, execute=execute
    )  # fmt: skip


def first_wrong_claim(row: dict[str, Any], got: Grade) -> Claim:
    text = text_of(row) if got.ended else _whole_sentences(text_of(row))
    _, claims = _process(task_of(row), text, got.stated, got.verdict, execution_behind(row))
    return claims[got.first_wrong]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["group"])
def test_a_person_graded_it_so(row: dict[str, Any]) -> None:
    """Answer, steps and repetition, as the hand-made set has them."""
    got = graded(row)
    assert got.correct is row["right"], got
    assert got.correct is (got.verdict == "right")
    assert got.looping is row.get("looping", False)
    assert got.process == row.get("process", got.process)
    if "stated" in row:
        assert (got.stated, got.verdict) == (None, "no-answer")
    if "wrong_at" in row:
        claim = first_wrong_claim(row, got).text
        assert claim in row["wrong_at"] or row["wrong_at"] in claim


def test_the_set_is_large_and_has_all_kinds() -> None:
    """At least 200 outputs; right and wrong, cut and looping, steps of all directions, right answers by wrong steps."""
    assert len(ROWS) >= 200
    assert 100 <= sum(row["right"] for row in ROWS) <= len(ROWS) - 80
    assert sum(not row.get("ended", True) for row in ROWS) >= 10
    assert {row["direction"] for row in ROWS if "direction" in row} == {"forward", "backward", "variable"}
    assert sum(row["right"] and row.get("process") == "wrong" for row in ROWS) >= 8


def test_steps_are_counted_in_the_order_of_the_text() -> None:
    """The first step that is not verified has its index among the claims; the answer line is none of them."""
    text = "carried = 12 * 7 = 84.\nincome = 84 * 5 = 410.\nAnswer: 420"
    got = grade(task_of(STEPS), text, execution_behind(STEPS))
    assert (got.correct, got.process, got.n_steps, got.n_verified, got.first_wrong) == (True, "wrong", 2, 1, 1)
    right = grade(task_of(STEPS), text.replace("410", "420"), execution_behind(STEPS))
    assert (right.process, right.n_steps, right.n_verified, right.first_wrong) == ("verified", 2, 2, -1)


def test_without_a_run_there_is_no_figure_for_steps() -> None:
    """A benchmark's task, a run without a trace, a trace that cannot be read."""
    text = "carried = 12 * 7 = 84.\nAnswer: 420"
    execution = execution_behind(STEPS)
    assert execution is not None
    assert grade(Task("t-1", "?", "420", "t"), text, execution).process == "none"
    assert grade(task_of(STEPS), text).process == "none"
    assert grade(task_of(STEPS), text, replace(execution, trace="")).process == "none"
    assert grade(task_of(STEPS), text, replace(execution, trace='{"version": 1}')).process == "could-not-check"


def test_a_text_that_is_too_long_to_check_is_not_verified() -> None:
    """Nor does it count as one without steps."""
    got = grade(task_of(STEPS), "carried = 12 * 7 = 84.\n" * 6000 + "Answer: 420", execution_behind(STEPS))
    assert (got.correct, got.process, got.n_steps) == (True, "could-not-check", 0)


def test_another_input_is_right_only_where_execution_says_so() -> None:
    """Without a sandbox nobody can say, which is not right; its steps are those of a run that has no trace."""
    row = next(row for row in ROWS if row["output"] == "Answer: 3" and row["group"] == "steps, backward")
    assert grade(task_of(row), "Answer: 3", execution_behind(row), execute=execute).correct
    assert grade(task_of(row), "Answer: 3", execution_behind(row)).verdict == "could-not-check"
    assert grade(task_of(row), "Answer: 3", None, execute=lambda _code, _input: None).verdict == "wrong"
    told = grade(task_of(row), "k = 3. 5 > 3 is true.\nAnswer: 3", execution_behind(row), execute=execute)
    assert (told.correct, told.process) == (True, "none")


def test_a_percentage_may_lack_its_sign_where_one_is_asked_for() -> None:
    """And only there, and only the sign."""
    asks, does_not = "What percentage of it is left?", "Which part of it is left?"
    for stated, answer in (("60%", "60"), ("60", "60\\%"), ("60 percent", "60")):
        assert grade(Task("t-1", asks, answer, "t"), f"Answer: {stated}").correct
        assert not grade(Task("t-1", does_not, answer, "t"), f"Answer: {stated}").correct
    assert not grade(Task("t-1", asks, "60", "t"), "Answer: 0.6").correct


def test_the_narrator_is_graded_right() -> None:
    """Answer and all steps of our own texts, of which none loops."""
    execution = execution_behind(STEPS)
    got = grade(task_of(STEPS), narrated(STEPS["code"], STEPS["input"]), execution)
    assert (got.correct, got.process, got.looping) == (True, "verified", False)


def test_repetition_is_the_share_of_four_grams_that_were_there_before() -> None:
    """By hand: a b c d a b c d has the 4-grams abcd bcda cdab dabc abcd, one of five again."""
    assert seq_rep_4("a b c d a b c d") == pytest.approx(1 / 5)
    assert seq_rep_4("a b c") == 0.0
    assert seq_rep_4("a b c d e f") == 0.0
    assert seq_rep_4("so " * 103) == pytest.approx(99 / 100)


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("I add them once more. " * 3, True),
        ("I add them once more. " * 2, False),
        ("First this. " + "I add them once more.\n\n" * 5 + "I add th", True),
        ("I add them once more. " * 5 + "Now it is 12, which is even, and that is what was asked for here.", False),
        ("\n".join(f"Pass {n}: i = {n}. total = {n * n}." for n in range(1, 40)), False),
        ("ha ha ha", False),
        ("Answer: " + "0, " * 30, False),
        ("Answer: " + "0, " * 400, True),
        ("哈" * 50, True),
        ("", False),
    ],
)
def test_a_loop_is_a_stretch_said_three_times_up_to_the_end(text: str, loops: bool) -> None:
    """Other numbers make other passes; who comes out of it was in no loop."""
    assert is_looping(text) is loops


SCRAPS = st.sampled_from(
    ["Answer: ", "answer is ", "\\boxed{", "\\boxed ", "}", "####", "**", "125", "1e9", "9^9", "%", "$", "[", "(", ",",
     "carried = ", "12 * 7 = 84", ". ", "\n", "Pass 1: ", "Check with n:\n", " ", "\u0000", "\U0001f600", "²", "½", "n",
     "__import__('os')", '"', "'", "\\frac", "=", "nan", "-"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(SCRAPS, max_size=12).map("".join)), st.booleans())
def test_any_text_gets_a_grade(text: str, ended: bool) -> None:
    """With and without a program, forward and backward; what is right is never unfinished in its answer."""
    for row in (STEPS, BACKWARD):
        got = grade(task_of(row), text, _EXECUTIONS[row["group"]], ended=ended, execute=lambda _code, _input: None)
        assert 0 <= got.n_verified <= got.n_steps
        assert (got.first_wrong == -1) == (got.n_verified == got.n_steps)
        assert 0 <= got.repetition <= 1
    assert not grade(SUM, text, ended=ended).correct or "125" in text or "5" in text


_EXECUTIONS = {row["group"]: execution_behind(row) for row in (STEPS, BACKWARD)}
PIECES = [
    "answer ", "Answer: ", "Answer:\n", "the answer is ", "\\boxed{", "\\boxed ", "####", "** ", "[", "\\frac{", "9",
    "9,", "1 + 1 = 2. ", "carried = 12 * 7 = 84.\n", "Pass 1: ", " ", "\n", "> ", "%", "$", "x = ", "哈", "Check with n:\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Four times the text, at most ten times the CPU time; what grows with the square takes sixteen times as much."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        before = time.process_time()
        grade(task_of(STEPS), text, _EXECUTIONS["steps"], ended=False)
        return time.process_time() - before

    for sizes in ((27_000, 108_000), (50_000, 200_000)):  # the claim checker reads no more than 120,000
        short, long = (min(seconds(size) for _ in range(2)) for size in sizes)
        assert long <= 10 * short + 0.05
