"""Problem and program on other inputs."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.backends.model import REFUSED, Completion, Request
from cotmill.base.chance import chance
from cotmill.base.model_settings import CounterfactualTask
from cotmill.base.reasons import Reason
from cotmill.base.records import Verified
from cotmill.base.stage import Reject
from cotmill.prove.changed import changes, find
from cotmill.prove.counterfactual import counterfactual
from prove.talking import Model, answers, ladder_of, settled, verified

SUM = "def solution(a, b):\n    return a + b\n"
PRODUCT = "def solution(a, b):\n    return a * b\n"
FRUITS = "Tom has 2 apples and 2 pears. How many fruits has he?"


def adder(request: Request) -> str:
    """Solves the problem of the fruits, whatever the numbers."""
    apples, pears = re.search(r"has (\d+) apples and (\d+) pears", request.prompt[-1].content).groups()  # type: ignore[union-attr]
    return f"{apples} + {pears} fruits.\nAnswer: {int(apples) + int(pears)}"


def tried(
    code: str, input: dict[str, Any], problem: str, model: Model = adder, prompts: str = "unify-1-x", **settings: int
):  # type: ignore[no-untyped-def]
    """What becomes of a sample, what was asked, and the counts."""
    task = CounterfactualTask(use=True, **settings)
    ladder = ladder_of("counterfactual", task)
    talk = counterfactual(ladder, 7, task.cases, answers)(verified(code, input, problem, prompts=prompts))
    outcome, requests = settled(talk, model)
    return outcome, requests, ladder.counts


def test_who_agrees_by_luck_does_not_pass() -> None:
    """2 * 2 is 2 + 2, and no other number is so: the reject has both answers and the changed inputs."""
    outcome, requests, _ = tried(PRODUCT, {"a": 2, "b": 2}, FRUITS)
    assert isinstance(outcome, Reject) and outcome.reason is Reason.COUNTERFACTUAL
    number = int(re.search(r'"a":\s*(\d+)', outcome.detail)[1])  # type: ignore[index]
    assert number > 2
    assert f"gives {number * number}," in outcome.detail and outcome.detail.endswith(f" {2 * number}")
    assert len(requests) == 2  # best of two


def test_who_is_right_passes() -> None:
    """Unchanged; the changed problem is the old one but for the numbers, wherever they stand."""
    outcome, requests, counts = tried(SUM, {"a": 2, "b": 2}, FRUITS, cases=3)
    assert outcome == verified(SUM, {"a": 2, "b": 2}, FRUITS)
    asked = [request.prompt[-1].content for request in requests]
    assert len(set(asked)) == len({request.key for request in requests}) == 3
    for text in asked:
        new = re.search(r"has (\d+) apples", text)[1]  # type: ignore[index]
        assert f"Tom has {new} apples and {new} pears. How many fruits has he?" in text
        assert f"a = {new}" in text and "2" not in re.findall(r"\d+", text)
    assert counts["model.unasked.passed"] == 0


def test_one_case_of_several_that_disagrees_rejects() -> None:
    """A solver that is right on every problem but one."""
    asked: list[str] = []

    def model(request: Request) -> str:
        asked.append(request.prompt[-1].content)
        return adder(request) if asked[0] == asked[-1] else "Answer: -1"

    outcome, _, _ = tried(SUM, {"a": 2, "b": 2}, FRUITS, model, cases=2)
    assert isinstance(outcome, Reject) and outcome.reason is Reason.COUNTERFACTUAL


def test_the_best_of_n_counts() -> None:
    """A slip of the solver costs a sample, not the record."""
    replies = iter(["Answer: -1"])
    outcome, requests, counts = tried(SUM, {"a": 2, "b": 2}, FRUITS, lambda request: next(replies, adder(request)))
    assert isinstance(outcome, Verified) and len(requests) == 2
    assert len({request.sampling.seed for request in requests}) == 2
    assert counts["model.sample 2.passed"] == 1


@pytest.mark.parametrize(
    "reply", [Completion("Answer: 4", "length", None), Completion("too long", REFUSED, None), "Fruits.", ""]
)
def test_without_an_answer_nothing_is_checked(reply: str | Completion) -> None:
    """Refused, cut off, empty or without a final answer: it fails closed, and under another reason."""
    outcome, _, _ = tried(SUM, {"a": 2, "b": 2}, FRUITS, lambda request: reply, repairs=1)
    assert isinstance(outcome, Reject) and outcome.reason is Reason.COULD_NOT_CHECK
    assert outcome.detail.startswith("counterfactual: ")


@pytest.mark.parametrize(
    ("code", "input", "problem", "prompts"),
    [
        (SUM, {"a": 2, "b": 2}, FRUITS, ""),
        (SUM, {"a": 2, "b": 2}, FRUITS, "solve-1-x"),
        (SUM, {"a": 2, "b": 2}, "", "problem-1-x"),
        (SUM, {"a": 2, "b": 3}, "Tom has 2 apples, 3 pears and 2 friends, who have 3 pears. How many?", "problem-1-x"),
        (SUM, {"a": 1, "b": 0}, "Tom has 1 apple and 0 pears. How many fruits?", "unify-1-x"),
        ("def solution(a):\n    return a > 1\n", {"a": 9}, "Are 9 apples more than one?", "unify-1-x"),
    ],
    ids=["no-model", "solved-only", "shows-the-program", "unclear", "nothing-to-change", "no-other-answer"],
)
def test_where_it_does_not_apply_it_passes_unasked(
    code: str, input: dict[str, Any], problem: str, prompts: str
) -> None:
    """And is counted."""
    outcome, requests, counts = tried(code, input, problem, prompts=prompts)
    assert isinstance(outcome, Verified)
    assert not requests and counts == {"model.unasked.passed": 1}


def test_a_problem_made_of_the_program_is_not_asked() -> None:
    """It cannot say anything else, whoever wrote the program."""
    sample = verified(SUM, {"a": 2, "b": 2}, prompts="compose-1-x")
    question = replace(sample.draft.question, problem=FRUITS)
    sample = replace(sample, draft=replace(sample.draft, question=question))
    ladder = ladder_of("counterfactual", CounterfactualTask(use=True))
    assert settled(counterfactual(ladder, 7, 1, answers)(sample), adder) == (sample, [])


@pytest.mark.parametrize("direction", ["backward", "variable"])
def test_only_forward_questions_are_asked(direction: str) -> None:
    """The others are made of the program, and have other answers."""
    sample = verified(SUM, {"a": 2, "b": 2}, FRUITS)
    question = replace(sample.draft.question, direction=direction)
    sample = replace(sample, draft=replace(sample.draft, question=question))
    ladder = ladder_of("counterfactual", CounterfactualTask(use=True))
    assert settled(counterfactual(ladder, 7, 1, answers)(sample), adder) == (sample, [])


def test_a_change_that_the_program_cannot_take_is_not_asked() -> None:
    """Nor one that gives another kind of answer: a fraction of a child, a negative number of pears."""
    code = "def solution(cakes, children):\n    if cakes < children:\n        raise ValueError\n    return cakes / children\n"
    seen: list[float] = []

    def model(request: Request) -> str:
        cakes, children = map(int, re.search(r"(\d+) cakes among (\d+)", request.prompt[-1].content).groups())  # type: ignore[union-attr]
        seen.append(cakes / children)
        return f"Answer: {cakes / children}"

    problem = "Share 12 cakes among 4 children. How many does each get?"
    outcome, _, _ = tried(code, {"cakes": 12, "children": 4}, problem, model, prompts="problem-1-x", cases=5)
    assert isinstance(outcome, Verified)
    assert len(seen) >= 2 and all(number == int(number) != 3 for number in seen)


def test_an_answer_of_another_kind_is_not_asked_for() -> None:
    """What is left of the pears is never less than nothing."""
    code = "def solution(pears, eaten, given):\n    return pears - eaten - given\n"
    left: list[int] = []

    def model(request: Request) -> str:
        pears, eaten, given = map(int, re.findall(r"\d+", request.prompt[-1].content)[:3])
        left.append(pears - eaten - given)
        return f"Answer: {left[-1]}"

    problem = "Ann has 12 pears, eats 5 and gives 4 away. How many are left?"
    outcome, _, _ = tried(code, {"pears": 12, "eaten": 5, "given": 4}, problem, model, cases=16)
    assert isinstance(outcome, Verified)
    assert len(left) >= 5 and min(left) > 0 and 3 not in left


def test_chance_is_of_seed_and_id() -> None:
    """The same record is asked the same in another run."""
    one, other = (tried(SUM, {"a": 2, "b": 3}, "Tom has 2 apples and 3 pears. How many?")[1] for _ in range(2))
    assert one == other


CLEAR = [
    ({"a": 12, "b": 3}, "Ann has 12 pears, gives 3 away.", {12, 3}),
    ({"a": 12, "b": 3}, "Ann has 12 pears, gives 3 away.\n\nLet a = 12 and b = 3.", {12, 3}),
    ({"a": 12, "b": 3}, "Ann has 12 pears, gives three away.\n\nLet a = 12 and b = 3.", {12}),
    ({"a": 12, "b": 3}, "Ann has 12 pears, gives 3 away on the 3rd.", {12}),
    ({"a": 12, "b": 3}, "Ann has 12 pears, gives 3 away; Bob has 12.", {3}),
    ({"eggs": 12, "b": 3}, "Ann has a dozen eggs, sells 3.\n\nLet eggs = 12 and b = 3.", {3}),
    ({"rate": 0.02, "b": 30}, "Lend 30 at 2% interest.\n\nLet rate = 0.02 and b = 30.", {30}),
    ({"eggs": 49, "b": 3}, "Ann has forty-nine eggs, sells 3; Bob has 49.", {3}),
    ({"pay": 58, "days": 7}, "He earns 58 a day for a week.\n\nLet pay = 58 and days = 7.", {58}),
    ({"xs": [5, 7], "k": 4}, "Count what is larger than k.\n\nUse the inputs xs = [5, 7] and k = 4.", {5, 7, 4}),
    ({"xs": [5, 7], "k": 4}, "Count what is larger than k, modulo 9.\n\nUse the inputs xs = [5, 7] and k = 4.", set()),
    ({"d": {"3": 5}, "k": 3}, "Look k up.\n\nLet d = {'3': 5} and k = 3.", {5}),
    ({"n_eggs": 16}, "Use the input n eggs = 16.", {16}),
    ({"a": 3}, "In room x3, at 3.5 or 0.3 or 13 or 30 degrees, there are 3 of us.", {3}),
    ({"a": 1200.0}, "It costs $1,200.00 today.", {1200}),
    ({"a": 5}, "Chapter 05: take 5.", set()),
    ({"a": -4}, "It is -4 degrees.", {-4}),
    ({"a": 4}, "It is -4 degrees.", set()),
    ({"a": 4}, "From 2-4 o'clock.", {4}),
    ({"a": 0.25}, "A tax of 0.25 is due.", {0.25}),
    ({"xs": [7, 5], "k": 5}, "xs = [7, 5], k = 5", {7, 5}),
    ({"xs": [7, 5], "k": 5}, "Of 7 and 5 choose the first.", {7}),
    ({"flag": True, "a": 1, "b": 0, "c": None}, "1 of 0", set()),
    ({"a": 10**40}, f"Take {10**40}.", set()),
]


@pytest.mark.parametrize(("input", "text", "values"), CLEAR)
def test_which_numbers_a_text_holds(input: dict[str, Any], text: str, values: set[float]) -> None:
    """Only those of which it is clear what each mention means."""
    found = find(input, text)
    assert {float(item.value) for item in found.found} == values if found else not values


@pytest.mark.parametrize(
    ("input", "text", "found"),
    [
        ({"w": "banana"}, "How often is a in 'banana'?", True),
        ({"w": "banana"}, "How often is a in banana?", False),
        ({"w": "banana"}, "A banana is a 'banana'.", False),
        ({"w": ""}, "How long is ''?", False),
        ({"w": "to be or not"}, 'Count the words of "to be or not".', True),
    ],
)
def test_texts_stand_in_quotes(input: dict[str, Any], text: str, found: bool) -> None:
    """Else they may be words of the sentence."""
    problem = find(input, text)
    assert (problem is not None) == found
    for new, written in changes(problem, chance(0, "test", ""), 5) if problem else ():
        assert new["w"] != input["w"] and len(new["w"].split()) == len(input["w"].split())
        assert f"'{new['w']}'" in written or f'"{new["w"]}"' in written


NUMBERS = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.integers())
def test_a_changed_text_says_the_changed_input(numbers: list[float], seed: int) -> None:
    """New numbers are of the kind and about the size of the old, in the text as in the input; the rest stays."""
    input = {f"p{'abcd'[place]}": number for place, number in enumerate(numbers)}
    text = " ".join(f"The {name} is {number}." for name, number in input.items())
    problem = find(input, text)
    for new, written in changes(problem, chance(seed, "test", ""), 5) if problem else ():
        assert new != input and written == " ".join(f"The {name} is {number}." for name, number in _as_said(new, input))
        for old, number in zip(input.values(), new.values(), strict=True):
            assert type(number) is type(old)
            assert number == old or math.copysign(1, number) == math.copysign(1, old)
            assert number == old or (number != 0 and number not in ((1, -1) if isinstance(old, int) else ()))
            assert abs(old) / 2 - 1e-9 <= abs(number) <= 2 * abs(old) + 1
    if problem is None:
        assert all(number in (0, 1, -1) or numbers.count(number) > 1 or "e" in repr(number) for number in numbers)


def _as_said(new: dict[str, float], old: dict[str, float]) -> list[tuple[str, str]]:
    """Numbers with as many decimals as the old ones have."""
    places = {name: len(str(value).partition(".")[2]) for name, value in old.items()}
    return [(name, f"{value:.{places[name]}f}") for name, value in new.items()]


def test_what_relates_numbers_is_kept_first() -> None:
    """What could be shared out can be again."""
    problem = find({"cakes": 12, "children": 4}, "12 cakes, 4 children")
    assert problem is not None
    found = changes(problem, chance(0, "test", ""), 6)
    assert len(found) == 6 and all(new["cakes"] % new["children"] == 0 for new, _ in found)


def test_a_share_stays_a_share() -> None:
    """A chance of 1.4 is none."""
    problem = find({"chance": 0.9}, "It rains with a chance of 0.9.")
    assert problem is not None
    assert all(0 < new["chance"] < 1 for new, _ in changes(problem, chance(0, "test", ""), 20))


def test_a_change_changes() -> None:
    """However few values there are; texts stay where numbers can be changed."""
    problem = find({"word": "banana", "count": 2}, "Write 'banana' 2 times.")
    assert problem is not None
    found = changes(problem, chance(0, "test", ""), 10)
    assert {new["count"] for new, _ in found} == {3, 4, 5}
    assert {new["word"] for new, _ in found} == {"banana"}


def test_lists_are_changed_item_by_item() -> None:
    """In the text as in the input, sorted ones stay sorted."""
    problem = find({"xs": [2, 5, 9], "k": 30}, "Insert 30 into [2, 5, 9].")
    assert problem is not None
    for new, text in changes(problem, chance(0, "test", ""), 10):
        assert text == f"Insert {new['k']} into {json.dumps(new['xs'])}."
        assert new["xs"] == sorted(new["xs"])
