"""What the ground check demands of backward and variable solutions; and the confirmation of a claimed input."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from typing import Any

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Question, Sample, Verified
from cotmill.base.stage import Reject
from cotmill.execute.sandbox import Sandbox
from cotmill.prove.confirm import confirms
from cotmill.prove.directions import prove_ground
from explain.narrating import execution_of
from publish.samples import sample

EGGS = """
def solution(laid, eaten, price):
    sold = laid - eaten
    money = sold * price
    return money
"""
INPUT = {"laid": 416, "eaten": 3, "price": 250}
BACKWARD = """money = sold * 250 = 103250, so sold = 103250 / 250 = 413.
sold = laid - 3 = 413, so laid = 413 + 3 = 416.
Check with laid = 416:
sold = 416 - 3 = 413. money = 413 * 250 = 103250.
This gives 103250, as asked.
Answer: 416"""
TWICE = "def solution(x, k):\n    half = x / 2\n    return x + half - k\n"
COLLECTED = """The result is x + x / 2 - 7 = 1.5 * x - 7 = 53, so x = (53 + 7) / 1.5 = 40.
Check with x = 40:
half = 40 / 2 = 20. Return 40 + 20 - 7 = 53.
This gives 53, as asked.
Answer: 40"""
LOOP = """
def solution(xs):
    total = 0
    for x in xs:
        total += x
    return total * 2
"""
VARIABLE = """The input is xs = [5, 7, 9].
total = 0.
For each x in [5, 7, 9]:
  Pass 1: x = 5. total = 0 + 5 = 5.
  Pass 2: x = 7. total = 5 + 7 = 12.
Answer: 12"""


def asked(code: str, input: dict[str, Any], direction: str, **fields: Any) -> Question:
    execution = execution_of(code, input)
    return Question("t.0", execution, "", direction, fields.pop("answer"), **fields)


EGGS_ASKED = asked(EGGS, INPUT, "backward", answer="416", asked="laid")
TWICE_ASKED = asked(TWICE, {"x": 40, "k": 7}, "backward", answer="40", asked="x")


def loop_asked() -> Question:
    question = asked(LOOP, {"xs": [5, 7, 9]}, "variable", answer="12", asked="total")
    events = json.loads(question.execution.trace)["events"]
    begins = [place for place, event in enumerate(events) if event[0] == "pass"]
    return replace(question, moment=begins[2] - 2)  # before the loop comes back to its head


def reason(question: Question, text: str) -> Reason | str:
    """Why it is turned away; empty where it is not."""
    outcome = prove_ground(Draft("t.0", question, text, "plain"))
    return outcome.reason if isinstance(outcome, Reject) else ""


@pytest.mark.parametrize(
    ("question", "text"), [(EGGS_ASKED, BACKWARD), (TWICE_ASKED, COLLECTED), (loop_asked(), VARIABLE)]
)
def test_right_solutions_pass(question: Question, text: str) -> None:
    """All claims are counted, those of the steps backward too."""
    outcome = prove_ground(Draft("t.0", question, text, "plain"))
    assert isinstance(outcome, Verified), outcome
    assert outcome.grounding.n_claims == outcome.grounding.n_verified >= 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Answer: 416", "Answer: 413"),  # not what is asked
        ("Answer: 416", "Answer: 103250"),  # the output is not
        ("\nAnswer: 416", ""),
        ("103250 / 250 = 413", "103250 / 250 = 412"),
        ("103250 / 250 = 413", "103253 / 250 = 413"),
        ("so laid = 413 + 3 = 416", "so laid = 400 + 16 = 416"),  # from nowhere
        ("so laid = 413 + 3 = 416", "so laid = 416"),
        ("sold = laid - 3 = 413", "sold = laid - 4 = 413"),
        ("This gives 103250, as asked.\n", "This gives 103251, as asked.\n"),
        (" money = 413 * 250 = 103250.\nThis gives 103250, as asked.", ""),  # the output does not come out
        ("Check with laid = 416:", "Check with laid = 417:"),
        ("sold = 416 - 3 = 413.", "sold = 416 - 4 = 412."),
    ],
)
def test_wrong_steps_backward_do_not_pass(old: str, new: str) -> None:
    """One word or number changed."""
    assert old in BACKWARD
    assert reason(EGGS_ASKED, BACKWARD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.5 * x - 7 = 53, so x = (53 + 7) / 1.5", "2 * x - 27 = 53, so x = (53 + 27) / 2"),  # right at 40 alone
        ("1.5 * x - 7 = 53", "1.5 * x - 8 = 53"),
        ("= 1.5 * x - 7", ""),  # 1.5 comes from nowhere
        ("x + x / 2 - 7", "x + x / 4 + 3"),
        ("(53 + 7) / 1.5 = 40", "(53 + 7) / 1.5 = 41"),
    ],
)
def test_what_is_collected_must_be_the_same_whatever_the_input(old: str, new: str) -> None:
    """An equation that holds for the executed value alone proves nothing."""
    assert old in COLLECTED
    assert reason(TWICE_ASKED, COLLECTED.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Answer: 12", "Answer: 21"),
        ("Answer: 12", "Answer: 42"),  # what the program returns
        ("5 + 7 = 12", "5 + 7 = 13"),
        ("  Pass 2: x = 7. total = 5 + 7 = 12.\n", ""),  # the very change is not told
        ("= 12.\nAnswer", "= 12.\n  Pass 3: x = 9. total = 12 + 9 = 21.\nAnswer"),  # told past the moment
    ],
)
def test_wrong_tellings_of_a_variable_do_not_pass(old: str, new: str) -> None:
    """One step changed, left out or added."""
    assert old in VARIABLE
    assert reason(loop_asked(), VARIABLE.replace(old, new))


def test_a_telling_that_stops_too_early_does_not_pass() -> None:
    """Whatever its last line says."""
    code = "def solution(n):\n    more = n + 1\n    double = more * 2\n    return double - 5\n"
    question = asked(code, {"n": 4}, "variable", answer="10", asked="double")
    events = json.loads(question.execution.trace)["events"]
    change = next(place for place, event in enumerate(events) if event[0] == "set" and event[2] == "double")
    question = replace(question, moment=change)
    early = "The input is n = 4.\nmore = 4 + 1 = 5.\nAnswer: 10"
    assert not reason(question, early.replace("\nAnswer", "\ndouble = 5 * 2 = 10.\nAnswer"))
    assert reason(question, early) == Reason.UNSUPPORTED_CLAIM


@pytest.mark.parametrize(
    "question",
    [
        replace(EGGS_ASKED, answer="417"),
        replace(EGGS_ASKED, asked="money"),
        replace(EGGS_ASKED, direction="sideways"),
        replace(loop_asked(), answer="21"),
        replace(loop_asked(), asked="xss"),
        replace(loop_asked(), moment=10_000),
        replace(loop_asked(), moment=-1),
    ],
)
def test_the_question_itself_is_held_against_the_run(question: Question) -> None:
    """An answer, a name or a moment that the run does not have."""
    text = {"backward": BACKWARD, "variable": VARIABLE}.get(question.direction, BACKWARD)
    text = text.rpartition("\n")[0] + f"\nAnswer: {question.answer}"
    assert reason(question, text) in (Reason.COULD_NOT_CHECK, Reason.WRONG_FINAL_ANSWER)


def test_a_forward_answer_does_not_answer_a_backward_question() -> None:
    """The telling of the run with its own answer."""
    text = "sold = 416 - 3 = 413. money = 413 * 250 = 103250.\nAnswer: 103250"
    assert reason(EGGS_ASKED, text) == Reason.WRONG_FINAL_ANSWER


def backward_sample() -> Sample:
    made = sample("def solution(xs, k):\n    return [x for x in xs if x > k]\n", {"xs": [1, 5, 9], "k": 4})
    return dataclasses.replace(made, direction="backward", asked="k", answer="4")


@pytest.mark.parametrize(
    ("claimed", "right"),
    [
        ("4", True),
        ("1", True),  # another input that gives the output
        ("4.5", True),
        (" 2 ", True),
        ("k = 2", True),
        ("$2$", True),
        ("n = 2", False),
        ("0", False),
        ("5", False),
        ('"x"', False),  # the program raises
        ("", False),
        ("four", False),
        ("[]) or True or f([", False),  # data, never source
        ("__import__('os')", False),
        ("9" * 30_000, False),
    ],
)
def test_any_input_that_gives_the_output_is_confirmed(claimed: str, right: bool) -> None:
    """By execution, in the sandbox."""
    with Sandbox() as box:

        def execute(code: str, input: str) -> str | None:
            outcome = box.run(code, input)
            return outcome.answer if outcome.status == "ok" else None

        assert confirms(backward_sample(), claimed, execute) is right


def test_a_text_may_be_claimed_without_quotes() -> None:
    """As people write it; a Python literal is read too."""
    made = sample("def solution(text):\n    return len(text)\n", {"text": "owl"})
    hidden = dataclasses.replace(made, direction="backward", asked="text", answer='"owl"')
    assert confirms(hidden, "owl", lambda _code, _input: None)
    assert confirms(hidden, "'cat'", lambda _code, given: str(len(json.loads(given)["text"])))
    assert confirms(hidden, "fox", lambda _code, given: str(len(json.loads(given)["text"])))
    assert not confirms(hidden, "horse", lambda _code, given: str(len(json.loads(given)["text"])))


def test_only_backward_samples_are_confirmed() -> None:
    """Every other answer is compared."""
    with pytest.raises(ValueError, match="no backward problem"):
        confirms(dataclasses.replace(backward_sample(), direction="forward"), "4", lambda _code, _input: None)


def test_nothing_behind_the_answer_goes_unchecked() -> None:
    """A last line that states no answer is a step like any other."""
    assert isinstance(prove_ground(Draft("t.0", EGGS_ASKED, BACKWARD, "worked")), Verified)
    refused = prove_ground(Draft("t.0", EGGS_ASKED, f"{BACKWARD}\nsold = 77.", "worked"))
    assert isinstance(refused, Reject)
    assert refused.detail == "'sold = 77': sold is 413, not 77"
