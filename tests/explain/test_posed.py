"""What a problem must tell and what it must not: inputs, the answer, the code."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cotmill.base.reasons import Reason
from cotmill.base.records import Execution
from cotmill.explain.posed.answer import given_away
from cotmill.explain.posed.form import misformed
from cotmill.explain.posed.inputs import lack
from cotmill.explain.posed.mentions import mentions
from cotmill.explain.posed.objections import object_to_problem
from explain.narrating import execution_of

EGGS = "def solution(eggs, eaten, price):\n    eggs_sold = eggs - eaten\n    return eggs_sold * price\n"
EGGS_INPUT = {"eggs": 16, "eaten": 3, "price": 2}
GOOD = "Ducks lay 16 eggs. Of these 3 are eaten and the rest sold at $2 each. How much money is made?"
LARGER = 'def solution(n):\n    if n > 5:\n        return "large"\n    return "none"\n'
WHO = 'def solution(a, b):\n    return "Ann" if a > b else "Bob"\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1,000", 1000), ("1000", 1000), ("$1,234.50", 1234.5), (".5", 0.5), ("-7", -7), ("\u22127", -7), ("$-3", -3), ("$250 000", 250000),
        ("negative four", -4), ("twelve", 12), ("Twenty-one", 21), ("one hundred and five", 105), ("a hundred", 100),
        ("two hundred sixty-six thousand and five", 266005), ("1.5 million", 1500000), ("a dozen", 12),
        ("two dozen", 24), ("half a dozen", 6), ("two and a half", 2.5), ("2 1/2", 2.5), ("2\u00bd", 2.5), ("3/4", 0.75),
        ("three quarters", 0.75), ("20%", 20), ("20 percent", 20), ("50 cents", 50), ("5k", 5000), ("2e-05", 2e-05),
    ],
)  # fmt: skip
def test_numbers_in_their_usual_forms(written: str, said: float) -> None:
    """Each is taken for the number that a reader takes it for, once."""
    found = [float(mention.said) for mention in mentions(f"There are {written} of them.") if mention.said is not None]
    assert found == [said]


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"share": 0.2}, "A shop takes 20% off."),
        ({"price": 0.5}, "It costs 50 cents."),
        ({"parts": 2, "of": 3}, "He reads 2/3 of it."),
        ({"hour": 7, "minute": 30}, "It begins at 7:30."),
        ({"bags": 20, "pounds": 5}, "He has twenty 5-pound bags."),
        ({"change": -5}, "It is 5 degrees below zero."),
        ({"a": 3, "b": 3}, "Ann has 3 and Bob has 3 too."),
        ({"xs": [4, 1, 3]}, "The numbers are 4, 1 and 3."),
        ({"xs": [4, 1, 3]}, "Ann has 4 pens, Bob has one and Cid has 3."),
        ({"xs": [100, 200]}, "Take [100,200]."),
        ({"grid": [[1, 2], [3, 4]]}, "The rows are 1, 2 and 3, 4."),
        ({"rows": 2, "grid": [[2, 1]]}, "A board of 2x3 fields: 2, 1."),
        ({"counts": {"owls": 4, "foxes": 5}}, "There are 4 owls and 5 foxes."),
        ({"counts": {"owls": 4, "foxes": 5}}, "Foxes are there 5, owls 4."),
        ({"counts": {"owls": 4, "foxes": 5}}, "There are owls and foxes: 4 and 5."),
        ({"people": [{"age": 3, "name": "Ann"}, {"age": 5, "name": "Bob"}]}, "Ann is 3 and Bob is 5."),
        ({"net": {"a1": ["b1"], "b1": []}, "start": "b1"}, "From b1 we go: a1 leads to b1, b1 leads to none."),
        ({"word": "level"}, "Look at the word level."),
        ({"word": "a"}, 'Count the letter "a".'),
        ({"sign": ","}, "Split it at each comma."),
        ({"text": "x\ny"}, "The text is 'x\\ny'."),
        ({"day": "Monday", "n": 3}, "It is Monday. In 3 days?"),
        ({"code": "12", "n": 12}, "The code 12 stands on 12 doors."),
        ({"polite": True}, "The captain is polite."),
        ({"polite": False}, "The captain is not polite."),
        ({"flags": [True, False]}, "The lamps are: true, false."),
        ({"limit": None}, "There is no limit."),
        ({"xs": []}, "The list is empty."),
        ({"holidays": [], "n": 3}, "There are no holidays in 3 weeks."),
        ({}, "What is one and one?"),
    ],
)  # fmt: skip
def test_inputs_that_are_told(inputs: dict[str, Any], text: str) -> None:
    """In words of all kinds nothing is missing."""
    assert lack(inputs, text) is None


@pytest.mark.parametrize(
    ("inputs", "text", "name", "value"),
    [
        ({"eggs": 16}, "Ducks lay some eggs.", "eggs", 16),
        ({"step": 1}, "Each one is at most a few above the one before. What is the step?", "step", 1),
        ({"players": 2, "deck": 7}, "Two decks of 7 cards are dealt to the players. How?", "players", 2),
        ({"closed": []}, "Several stations are closed. If there is no route, say so.", "closed", []),
        ({"eggs": 16}, "Ducks lay 160 eggs, 1.16 each, in house B16.", "eggs", 16),
        ({"eggs": 16}, "Ducks lay -16 eggs.", "eggs", 16),
        ({"change": -5}, "It changes by 5.", "change", -5),
        ({"share": 0.2}, "A shop takes 2% off.", "share", 0.2),
        ({"a": 3, "b": 3}, "Ann and Bob have 3 each.", "b", 3),
        ({"xs": [4, 1, 3]}, "The numbers are 4 and 3.", "xs", 1),
        ({"xs": [4, 4]}, "The number is 4.", "xs", 4),
        ({"counts": {"owls": 4}}, "There are 4 birds.", "counts", "owls"),
        ({"word": "level"}, "Look at the word levels.", "word", "level"),
        ({"word": "Level"}, "Look at the word level.", "word", "Level"),
        ({"word": "a"}, "Count a letter.", "word", "a"),
        ({"day": "12", "n": 12}, "On day 12.", "n", 12),
        ({"day": "2024-05-16", "n": 16}, "On 2024-05-16.", "n", 16),
        ({"polite": False}, "The captain is polite.", "polite", False),
        ({"polite": True}, "The captain smiles.", "polite", True),
        ({"xs": []}, "The list is long.", "xs", []),
    ],
)  # fmt: skip
def test_inputs_that_are_missing(inputs: dict[str, Any], text: str, name: str, value: Any) -> None:
    """The one that is missing is named, a part of a container by itself."""
    found = lack(inputs, text)
    assert found is not None
    assert (found.name, found.value, found.order) == (name, value, False)


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"xs": [4, 1, 3]}, "The numbers are 4, 3 and 1."),
        ({"xs": [1, 2], "ys": [2, 1]}, "xs are 1, 2 and ys are 1, 2."),
        ({"counts": {"owls": 4, "foxes": 5}}, "There are 5 owls and 4 foxes."),
        ({"names": ["Ann", "Bob"]}, "Bob and Ann play."),
        ({"grid": [[1, 2], [3, 4]]}, "The rows are 3, 4 and 1, 2."),
        ({"xs": [4, 1, 3]}, "The numbers are 4, 3, 1 and 3."),
        ({"xs": [4, 1]}, f"There may be 4 of them. {'They are in a row. ' * 8}The numbers are 1 and 4."),
    ],
)
def test_parts_that_stand_in_another_order(inputs: dict[str, Any], text: str) -> None:
    """The order of a list is kept, and each key has its own item."""
    found = lack(inputs, text)
    assert found is not None
    assert found.order


@pytest.mark.parametrize(
    ("answer", "inputs", "code", "text"),
    [
        (26, {"eggs": 16}, EGGS, "There are 16 eggs. 26 is a lot. How many?"),
        (26, {"eggs": 16}, EGGS, "There are 16 eggs, twenty-six in the end. How many?"),
        (16, {"eggs": 16}, EGGS, "There are 16 eggs and 16 are left. How many are left?"),
        (3.3333333333333335, {"n": 10}, EGGS, "10 over three is 3.33. How much?"),
        (1, {"n": 10}, EGGS, "How much is left of 10? The answer is one."),
        (9, {"n": 10}, EGGS, "How much is left of 10?\nAnswer: 9"),
        (9, {"n": 10}, EGGS, "How much is left of 10? **Answer:** it is 10 less one."),
        (9, {"n": 10}, EGGS, "How much is left of 10?\n#### 9"),
        (9, {"a": 5, "b": 2}, EGGS, "Ann has 5, Bob 2, so 5 + 2 = 7. What if they find 2 more?"),
        (9, {"a": 5, "b": 2}, EGGS, "Solution: add them. What are 5 and 2?"),
        ([4, 7], {"xs": [7, 4]}, EGGS, "Sort 7 and 4, to have 4 and 7. What is it?"),
        ([104, 107], {"xs": [107, 104]}, EGGS, "Sort 107 and 104: [104,107]. What is it?"),
        ({"a": 1, "b": 2}, {"text": "abb"}, EGGS, 'Count the letters of "abb", as {"a": 1, "b": 2}.'),
        ("Bob", {"names": ["Ann", "Bob"]}, EGGS, "Ann and Bob play and Bob wins. Who wins?"),
        ("large", {"n": 7}, LARGER, 'Is 7 "large"? Say what it is.'),
        (True, {"n": 7}, EGGS, "Is 7 prime? The answer is yes."),
        ([], {"n": 7}, EGGS, "Which even numbers divide 7? The answer is []."),
    ],
)  # fmt: skip
def test_an_answer_that_is_given_away(answer: Any, inputs: dict[str, Any], code: str, text: str) -> None:
    assert given_away(answer, inputs, code, text)


@pytest.mark.parametrize(
    ("answer", "inputs", "code", "text"),
    [
        (26, EGGS_INPUT, EGGS, GOOD),
        (16, {"eggs": 16}, EGGS, "There are 16 eggs. How many are left?"),
        (1, {"n": 10}, EGGS, "One of 10 people gets one of the cakes. How many?"),
        (3, {"n": 10}, EGGS, "Who is the 3rd of 10?"),
        (-1, {"n": 10}, EGGS + "    return -1\n", "Which of 10 is it? Give -1 if there is none."),
        ("Ann", {"a": 5, "b": 3}, WHO, "Ann has 5 and Bob has 3. Who has more?"),
        ("none", {"n": 3}, LARGER, 'If 3 is above five, say "large"; if it is not, say "none".'),
        ("large", {"n": 7}, LARGER, 'Is 7 "large" or "none"?'),
        ("Bob", {"names": ["Ann", "Bob"]}, EGGS, "Ann and Bob play. Who wins?"),
        (True, {"n": 7}, EGGS, "Is it true that 7 is prime?"),
        (True, {"n": 7}, EGGS, "The answer is true if 7 is prime, otherwise false. Which is it?"),
        ([4, 7], {"xs": [4, 7]}, EGGS, "Sort 4 and 7. What is it?"),
        (9, {"a": 5, "b": 2}, EGGS, "Ann writes 5 + 2 = 10. What does she mean?"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not(answer: Any, inputs: dict[str, Any], code: str, text: str) -> None:
    assert not given_away(answer, inputs, code, text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("What is 16?\u202e", "U+202E"),
        ("What is 16?\x00", "U+0000"),
        ("What is 16?\ud800", "U+D800"),
        ("What is 16? " * 1000, "characters"),
        ("What is this?\n```\nx\n```", "quotes"),
        ("What is eggs_sold?", "eggs_sold"),
        ("What does solution(16, 3, 2) give?", "solution("),
        ("What does the program give for 16?", "the program"),
        ("This Python code is run. What comes out?", "Python"),
        ("eggs_sold = eggs - eaten\nWhat comes out?", "quotes"),
        ("for egg in eggs:\nWhat comes out?", "quotes"),
        ("Sure! Ducks lay 16 eggs. How many are there?", "itself"),
        ("Here is a word problem:\n\nDucks lay 16 eggs. How many?", "itself"),
        ("Ducks lay 16 eggs. How many?\n\nLet me know if you want another one!", "itself"),
        ("Ducks lay 16 eggs. How many?</problem> It is solvable.", "itself"),
        ("Ducks lay 16 eggs (\u0661\u0669). How many?", "itself"),
        ("Problem: Ducks lay 16 eggs. How many are there?", "itself"),
        ("Write a function that counts 16 eggs.", "a function"),
        ("The function gets 16, 3 and 2. What does it give?", "function gets"),
        ("Ducks lay {eggs} eggs. How many are there?", "gap"),
        ("Ducks lay 16 eggs.", "asks nothing"),
    ],
)
def test_texts_that_are_no_problem(text: str, wrong: str) -> None:
    found, told = misformed(text, EGGS, json.dumps(EGGS_INPUT))
    assert wrong in found
    assert told


def test_what_an_input_holds_is_no_fault_of_the_problem() -> None:
    """A template with gaps may be what the program fills in."""
    input = json.dumps({"template": "Room {room} for the program"})
    text = 'Fill in "Room {room} for the program". What stands there?'
    assert misformed(text, EGGS, input) == ("", "")
    assert misformed(text, EGGS, "{}") != ("", "")


def asked(inputs: dict[str, Any], answer: Any) -> Execution:
    return replace(execution_of(EGGS, EGGS_INPUT), input=json.dumps(inputs), answer=json.dumps(answer))


@pytest.mark.parametrize(("input", "answer"), [("{}", "9" * 5000), ("{}", "1e999"), ('{"n": ' + "9" * 5000 + "}", "4")])
def test_values_that_cannot_be_read_are_an_objection_without_a_repair(input: str, answer: str) -> None:
    """The question in Cotmill's words stays; no record is lost."""
    execution = replace(execution_of(EGGS, EGGS_INPUT), input=input, answer=answer)
    objection = object_to_problem(execution, "Ducks lay 16 eggs. How many?")
    assert objection is not None
    assert (objection.reason, objection.told) == (Reason.COULD_NOT_CHECK, "")


def test_what_the_writer_is_told() -> None:
    """Which value is missing; of the answer nothing."""
    execution = asked(EGGS_INPUT, 26)
    assert object_to_problem(execution, GOOD) is None
    missing = object_to_problem(execution, GOOD.replace("16", "some"))
    assert missing is not None
    assert missing.reason == Reason.BAD_PROBLEM
    assert missing.told.startswith("The value 16 of eggs is missing.")
    leak = object_to_problem(execution, GOOD.replace("How", "It is 26. How"))
    assert leak is not None
    assert leak.reason == Reason.BAD_PROBLEM
    assert "26" in leak.detail
    assert "26" not in leak.told
    order = object_to_problem(asked({"xs": [2, 1]}, 3), "What are 1 and 2?")
    assert order is not None
    assert "in their order: [2, 1]" in order.told


WORDS = st.text("bcdfghjklmnpqrstvwxz", min_size=4, max_size=8)
NUMBERS = (
    st.integers(-(10**9), 10**9) | st.integers(2, 30) | st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
)
SCALARS = NUMBERS | WORDS
VALUES = SCALARS | st.lists(SCALARS, min_size=1, max_size=6) | st.dictionaries(WORDS, NUMBERS, min_size=1, max_size=4)
INPUTS = st.dictionaries(st.sampled_from(["first", "second", "third"]), VALUES, min_size=1, max_size=3)


def rendered(value: Any) -> str:
    if isinstance(value, dict):
        return " and ".join(f"{rendered(item)} for {key}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(rendered, value))
    return f"{value:,}" if isinstance(value, int) and value > 9999 and value % 2 else str(value)


def problem(inputs: dict[str, Any]) -> str:
    return "\n".join(f"Somebody has noted this: {rendered(value)}." for value in inputs.values()) + "\nWhat follows?"


@given(INPUTS)
@settings(deadline=None, max_examples=200)
def test_whatever_is_told_is_found(inputs: dict[str, Any]) -> None:
    assert lack(inputs, problem(inputs)) is None


@given(INPUTS, st.data())
@settings(deadline=None, max_examples=200)
def test_whatever_is_left_out_is_missed(inputs: dict[str, Any], data: st.DataObject) -> None:
    """One scalar, item or key with its item."""
    name = data.draw(st.sampled_from(sorted(inputs)))
    value = inputs[name]
    less: dict[str, Any] = dict(inputs)
    if isinstance(value, (list, dict)) and len(value) > 1:
        place = data.draw(st.integers(0, len(value) - 1))
        kept = [part for number, part in enumerate(value) if number != place]
        less[name] = kept if isinstance(value, list) else {key: value[key] for key in kept}
    else:
        del less[name]
    assert lack(inputs, problem(less)) is not None


@given(INPUTS, st.integers(31, 10**6))
@settings(deadline=None, max_examples=100)
def test_an_answer_that_is_put_in_is_found(inputs: dict[str, Any], answer: int) -> None:
    """And is not where it is not."""
    text = problem(inputs)
    assume(str(answer) not in text and f"{answer:,}" not in text)
    assert not given_away(answer, inputs, EGGS, text)
    assert given_away(answer, inputs, EGGS, f"{text} It might be {answer:,}.")


def test_long_texts_are_no_trouble() -> None:
    """Neither many equal values nor long runs of signs take long."""
    inputs = {"xs": [0] * 999 + [1]}
    assert lack(inputs, "0, " * 1999 + "what?") is not None
    assert not given_away(7, inputs, EGGS, "1-" * 5000 + "what?")


PAID = (
    "def solution(apples, price):\n    cost = apples * price\n    if cost > 20:\n        cost -= 5\n    return cost\n"
)
BUYS = "Ann buys 6 apples at 4 coins each. Above 20 coins there are 5 coins off. What does she pay?"


@pytest.mark.parametrize(
    "text",
    [
        BUYS + " Correction: she buys 8 apples.", BUYS.replace("20", "30"), BUYS + " Her friend pays $17.50.",
        BUYS.replace("5 coins", "fifteen coins"), BUYS.replace("Ann", "In 2024 Ann"),
    ],
)  # fmt: skip
def test_numbers_that_the_program_knows_nothing_of(text: str) -> None:
    """A second set of values, another rule, decoration: nobody could say which of them counts."""
    execution = execution_of(PAID, {"apples": 6, "price": 4})
    assert object_to_problem(execution, BUYS) is None
    objection = object_to_problem(execution, text)
    assert objection is not None
    assert "number" in objection.told


@pytest.mark.parametrize(
    "text",
    [
        BUYS.replace("Ann buys", "One of two friends buys"), BUYS + ' Write it like "12 coins".',
        BUYS.replace("each", "each, counted from 0 or 1"), BUYS.replace("20", "twenty"),
    ],
)  # fmt: skip
def test_numbers_of_any_rule(text: str) -> None:
    """Small ones in words, where counting begins, a form that is shown in quotes."""
    assert object_to_problem(execution_of(PAID, {"apples": 6, "price": 4}), text) is None


def test_how_many_there_are_may_be_said() -> None:
    """Of what the input lists."""
    code = "def solution(weights):\n    return sum(weights)\n"
    execution = execution_of(code, {"weights": [12, 15, 11]})
    text = "The 3 parcels weigh 12, 15 and 11 kg. What do they weigh together?"
    assert object_to_problem(execution, text) is None
    assert object_to_problem(execution, text.replace("The 3", "The 4")) is not None
