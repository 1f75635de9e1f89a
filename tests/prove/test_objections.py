"""What a solution that does not pass is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Question
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.prove.directions import check_draft
from cotmill.prove.objections import object_to
from explain.narrating import execution_of

TOTAL = "def solution(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total * 2\n"
PROBLEM = "A shop sells 5, 7 and 9 apples on three days, and each apple costs 2 coins. How many coins does it take?"


def drafted(mode: str = "strict") -> Draft:
    execution = execution_of(TOTAL, {"xs": [5, 7, 9]})
    question = Question(execution.id, execution, PROBLEM, "forward", execution.answer)
    draft = narrator(NarrateSettings(styles=("worked",)))(question)
    assert isinstance(draft, Draft)
    return replace(draft, mode=mode, plainer="")


def told(draft: Draft, *, reveal: bool = False) -> tuple[Reason, str]:
    objection = object_to(draft, min_coverage=0.0, reveal=reveal)
    assert objection is not None
    return objection.reason, objection.told


def test_a_right_solution_is_not_objected_to() -> None:
    """The narration itself."""
    assert object_to(drafted(), min_coverage=0.0, reveal=False) is None


def test_a_refuted_step_is_named_with_its_pass_and_not_with_the_right_value() -> None:
    """The writer is to find the value, not to copy it."""
    draft = drafted()
    wrong = replace(draft, solution=draft.solution.replace("= 12", "= 13", 1))
    assert wrong.solution != draft.solution
    reason, says = told(wrong)
    assert reason == Reason.REFUTED_CLAIM
    assert "pass 2" in says
    assert "13" in says
    assert "12" not in says
    assert "12" in told(wrong, reveal=True)[1]


def test_a_wrong_final_answer_is_told_without_the_right_one() -> None:
    """Only that it is wrong."""
    draft = drafted()
    reason, says = told(replace(draft, solution=draft.solution.replace("Answer: 42", "Answer: 41")))
    assert reason == Reason.WRONG_FINAL_ANSWER
    assert "42" not in says


def test_nothing_that_can_be_checked() -> None:
    """It is asked for calculations."""
    reason, says = told(replace(drafted(), solution="It is clear.\nAnswer: 42"))
    assert reason == Reason.NO_CLAIMS
    assert "calculation" in says


def test_coverage_that_the_recipe_demands() -> None:
    """A passing text that tells too little."""
    draft = drafted()
    brief = replace(draft, solution="5 + 7 + 9 = 21 apples. 21 * 2 = 42 coins.\nAnswer: 42", mode="provenance")
    objection = object_to(brief, min_coverage=0.99, reveal=False)
    assert objection is not None
    assert objection.reason == Reason.LOW_COVERAGE


FREE = "In all 5 + 7 + 9 = 21 apples are sold. They cost 21 * 2 = 42 coins.\nAnswer: 42"
EACH_DAY = "The days bring 5 * 2 = 10, 7 * 2 = 14 and 9 * 2 = 18 coins. That is 10 + 14 + 18 = 42 coins.\nAnswer: 42"


def test_a_solution_of_the_problem_alone_passes_by_its_provenance() -> None:
    """It need not go the way of the program; a draft of strict mode has to."""
    for solution in (FREE, EACH_DAY):
        assert object_to(replace(drafted("provenance"), solution=solution), min_coverage=0.0, reveal=False) is None
    assert object_to(replace(drafted("strict"), solution=EACH_DAY), min_coverage=0.0, reveal=False) is not None


@pytest.mark.parametrize(
    "lie",
    [
        FREE.replace("= 21 apples", "= 22 apples"), FREE.replace("42 coins", "44 coins"),
        FREE.replace("Answer: 42", "Answer: 44"), FREE.replace("5 + 7 + 9 = 21", "5 + 7 + 8 = 20").replace("21 *", "20 *"),
        "It is 84 / 2 = 42.\nAnswer: 42", "The answer is plain to see.\nAnswer: 42",
    ],
)  # fmt: skip
def test_a_lie_does_not_pass_by_its_provenance(lie: str) -> None:
    """Wrong values, right answers by wrong steps, numbers from nowhere, no steps."""
    assert object_to(replace(drafted("provenance"), solution=lie), min_coverage=0.0, reveal=False) is not None


def test_only_forward_questions_pass_by_provenance() -> None:
    """What another direction asks for is no matter of the problem's numbers alone."""
    draft = drafted("provenance")
    question = replace(draft.question, direction="backward", asked="xs", answer="[5,7,9]")
    assert check_draft(replace(draft, question=question, solution=FREE)).verdict != "pass"


APPLES = "The apples are 5 + 7 + 9 = 21, and 21 * 2 = 42 coins."


@pytest.mark.parametrize(
    "text",
    [
        "Answer: 7\n{}\nAnswer: 42", "{}\nAnswer: 21\nAnswer: 42", "{} The answer is 21.\nAnswer: 42", "{}\n\\boxed{{21}}\nAnswer: 42",
        "{} So the answer is nine.\nAnswer: 42", "{}\nAnswer: 42\nThat is all.", "Answer: 42\n{}", "{}\n#### 21\n#### 42",
    ],
)  # fmt: skip
def test_one_answer_is_stated_and_nothing_behind_it(text: str) -> None:
    """The last one is right in each of these."""
    draft = replace(drafted("provenance"), solution=text.format(APPLES))
    assert check_draft(draft).verdict == "pass"
    reason, says = told(draft)
    assert reason == Reason.WRONG_FINAL_ANSWER
    assert "last line" in says


@pytest.mark.parametrize(
    "text",
    [
        "{}\nAnswer: 42",
        "{}\n\n**Answer:** 42\n",
        "{}\n#### 42",
        "{} The answer is 42.\nAnswer: 42",
        "{}\n\\boxed{{42}}",
        "{} The answer is 42.",
    ],
)
def test_the_same_answer_may_be_stated_twice_and_in_any_form(text: str) -> None:
    """A recipe's own prompt may want another form."""
    draft = replace(drafted("provenance"), solution=text.format(APPLES))
    assert object_to(draft, min_coverage=0.0, reveal=False) is None


COLOUR = "def solution(a, b):\n    if a * 3 > b:\n        return 'red'\n    return 'blue'\n"


def test_a_solution_whose_answer_is_no_number_is_held_to_the_run() -> None:
    """True arithmetic leads to a word or a truth value no more than to its opposite."""
    execution = execution_of(COLOUR, {"a": 4, "b": 10})
    question = Question(execution.id, execution, "Red if three times 4 is above 10, else blue?", "forward", '"red"')
    right = "4 * 3 = 12, which is more than 10.\nAnswer: red"
    draft = Draft("t.0", question, right, "solved", "provenance")
    assert object_to(draft, min_coverage=0.0, reveal=False) is None
    for wrong in ("which is less than 10", "which is not more than 10"):
        lie = replace(draft, solution=right.replace("which is more than 10", wrong))
        assert object_to(lie, min_coverage=0.0, reveal=False) is not None


def test_an_answer_of_thousands_of_digits_is_no_error() -> None:
    """Python reads no such number from a text."""
    draft = drafted("provenance")
    long = replace(draft, question=replace(draft.question, answer="9" * 5000))
    assert object_to(long, min_coverage=0.0, reveal=False) is not None


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("total = 0.\nAnswer: 42", False), ("total = 0 + 5 = 5.\nAnswer: 42", False), ("Return 21 * 2 = 42.\nAnswer: 42", False),
        ("total = 0, then total = 0 + 5 = 5, total = 5 + 7 = 12, total = 12 + 9 = 21. Return 21 * 2 = 42.\nAnswer: 42", True),
    ],
)  # fmt: skip
def test_a_telling_that_leaves_out_most_of_the_run(text: str, passes: bool) -> None:
    """Its writer was shown the answer; a true step beside it is no solution."""
    narration = drafted()
    told = replace(narration, solution=text)
    assert check_draft(told).verdict == "pass"
    objection = object_to(told, narration, min_coverage=0.0, reveal=False)
    assert passes if objection is None else (objection.reason == Reason.LOW_COVERAGE and not passes)
