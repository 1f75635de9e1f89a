"""Word problems: what names say, which values make sense, how a story is read and written."""

from __future__ import annotations

import ast
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compose.parents import answer_of, parents
from cotmill.compose.operators.story_joins import can_feed, relations
from cotmill.compose.operators.story_rounds import steps_itself
from cotmill.compose.stories.extensions import EXTENSIONS, extended, fitting
from cotmill.compose.stories.quantities import UNKNOWN, Quantity, alike, asked_for, is_fixed, of_name, plural, singular
from cotmill.compose.stories.rehearse import Unworkable, rehearse
from cotmill.compose.stories.sense import telling, worked
from cotmill.compose.stories.story import Story, fresh, read_story, renamed

from cotmill.compose.recombine import pool_of  # isort: skip

NAMES = [
    ("price_per_egg", Quantity("money", per="egg", flow="cost")),
    ("total_earnings", Quantity("money", flow="income")),
    ("money_spent", Quantity("money", flow="cost")),
    ("eggs_sold", Quantity("count", "egg")),
    ("num_boxes", Quantity("count", "box")),
    ("cookies_per_box", Quantity("count", "cookie", per="box")),
    ("hours_worked", Quantity("time", "hour")),
    ("daily_pages", Quantity("count", "page", per="day")),
    ("discount_percent", Quantity("percent")),
    ("father_age", Quantity("age")),
    ("miles_driven", Quantity("length", "mile")),
    ("glass", UNKNOWN),
    ("blue", UNKNOWN),
]


@pytest.mark.parametrize(("name", "quantity"), NAMES)
def test_what_a_name_says(name, quantity):
    assert of_name(name) == quantity


def test_dollars_are_not_dogs():
    """Amounts are alike when kind, unit and rate agree, and never where a name says nothing."""
    assert alike(of_name("cost"), of_name("price"))
    assert alike(of_name("red_dogs"), of_name("big_dogs"))
    assert not alike(of_name("cost"), of_name("dogs"))
    assert not alike(of_name("dogs"), of_name("cats"))
    assert not alike(of_name("minutes_waited"), of_name("hours_waited"))
    assert not alike(of_name("dogs"), of_name("dogs_per_day"))
    assert not alike(UNKNOWN, UNKNOWN)


QUESTIONS = [
    ("Ana has 3 eggs. How many eggs are left?", Quantity("count", "egg")),
    ("How much does she pay in total?", Quantity("money")),
    ("How many minutes does it take?", Quantity("time", "minute")),
    ("How many bags of flour does he need?", Quantity("count", "bag")),
    ("How many chocolate bars are there?", UNKNOWN),
    ("How old is Ben?", Quantity("age")),
    ("Say what it is.", UNKNOWN),
]


@pytest.mark.parametrize(("problem", "quantity"), QUESTIONS)
def test_what_a_question_asks_for(problem, quantity):
    assert asked_for(problem) == quantity


@pytest.mark.parametrize("noun", ["box", "child", "cherry", "day", "person", "knife", "dish", "apple"])
def test_plurals_and_back(noun):
    assert singular(plural(noun)) == noun


def test_facts_of_the_world_are_not_chosen():
    assert is_fixed("days_per_week")
    assert is_fixed("days_in_march")
    assert is_fixed("inches_per_foot")
    assert not is_fixed("miles_per_hour")
    assert not is_fixed("apples_per_week")


def test_a_story_is_read_without_what_it_does_not_need():
    """Aliases, dead steps and unread parameters go; a vague result is named after what is asked for."""
    code = """def solution(trees, apples_per_tree, birds):
    nests = birds * 2
    apples = trees * apples_per_tree
    total = apples - 3
    result = total
    return result
"""
    story = read_story("x", code, "How many apples are there?")
    assert story is not None
    assert story.params == ("trees", "apples_per_tree")
    assert story.code("solution") == (
        "def solution(trees, apples_per_tree):\n    apples = trees * apples_per_tree\n    return apples - 3\n"
    )
    assert story.result == "total_apples"
    assert story.asked == Quantity("count", "apple")


NO_STORIES = [
    "def solution(n):\n    return [n]\n",
    "def solution(a, b):\n    c = a + b\n    return c\n",
    "def solution(eggs):\n    if eggs:\n        eggs = 3\n    return eggs\n",
    "def solution(eggs):\n    eggs = eggs + 1\n    return eggs\n",
    "def helper(eggs):\n    return eggs\n\ndef solution(eggs):\n    return helper(eggs)\n",
    "def solution(eggs):\n    eggs_sold = eggs * 5000000\n    return eggs_sold\n",
]


@pytest.mark.parametrize("code", NO_STORIES)
def test_what_is_no_story(code):
    assert read_story("x", code, "How many eggs are there?") is None


@given(st.dictionaries(st.sampled_from("abc"), st.integers(-50, 50), min_size=3))
def test_a_rehearsal_is_what_python_does(arguments):
    """Same answers, and an error wherever Python raises one."""
    code = """def twice(a):
    return a * 2

def solution(a, b, c):
    total = 0
    for number in [a, b, c]:
        if number > 3 and not number == c:
            total += twice(number) - b
    while total < 10:
        total += 7
    least, most = min(a, b), max(a, b)
    found = [total // c, least % 7, most / 4]
    found.append(abs(a) if a < 0 else -b)
    return {'found': found, 'sum': sum(found), 'size': len(found)}
"""
    try:
        expected = answer_of(code, arguments)
    except ZeroDivisionError:
        with pytest.raises(Unworkable):
            rehearse(ast.parse(code), arguments)
    else:
        assert rehearse(ast.parse(code), arguments)[0] == expected


REFUSED = [
    "def solution(n):\n    while True:\n        n += 1\n",
    "def solution(n):\n    return n.real\n",
    "def solution(n):\n    return __import__('os')\n",
    "def solution(n):\n    return solution(n)\n",
    "def solution(n):\n    return [n] * 10 ** 9\n",
    "def solution(n):\n    return 9 ** 9 ** 9\n",
    "def solution(n):\n    return range(10 ** 12)\n",
    "import os\ndef solution(n):\n    return n\n",
    "def solution(n):\n    return open('x')\n",
    "def solution(n):\n    pass\n",
]


@pytest.mark.parametrize("code", REFUSED)
def test_a_rehearsal_refuses_what_it_does_not_know(code):
    with pytest.raises(Unworkable):
        rehearse(ast.parse(code), {"n": 2})


SENSELESS = [("dogs", 2.5), ("dogs", -1), ("cost", 1.005), ("discount_percent", 120), ("father_age", 30.5)]


@pytest.mark.parametrize(("name", "value"), SENSELESS)
def test_senseless_values_are_found_out(name, value):
    tree = ast.parse(f"def solution({name}):\n    return {name} * 0 + 5\n")
    assert worked(tree, {name: value}, {}, UNKNOWN) is None
    assert worked(tree, {name: 20}, {}, UNKNOWN) is not None


def test_inputs_that_never_matter_are_found_out():
    tree = ast.parse("def solution(a, b):\n    return max(a, b - 1000)\n")
    assert telling(tree, [{"a": 3, "b": 4}, {"a": 5, "b": 6}]) == ()
    tree = ast.parse("def solution(a, b):\n    return a + b\n")
    assert telling(tree, [{"a": 3, "b": 4}, {"a": 4, "b": 3}]) == ({"a": 3, "b": 4},)


def stories() -> list[Story]:
    return list(pool_of(parents()).stories.all)


@given(st.integers(0, 10**6), st.sampled_from(EXTENSIONS), st.sampled_from(stories()))
def test_an_extended_story_goes_on_from_its_result(seed, row, story):
    """Its steps begin with the old ones, its inputs with the old inputs, and its cases make sense."""
    made = extended(story, row, random.Random(seed))
    if made is not None:
        assert made.steps[: len(story.steps)] == story.steps
        assert made.params[: len(story.params)] == story.params
        assert len(made.params) == len(set(made.params)) == len(story.params) + len(row.inputs)
        assert all(values is not None for values in made.worked)


def test_extensions_fit_what_they_extend():
    """Things are boxed and sold, people get seats, a difference is not priced."""
    assert "boxes" in rows("eggs_sold", Quantity("count", "egg"))
    assert "boxes" not in rows("children_total", Quantity("count", "child"))
    assert "seats" in rows("children_total", Quantity("count", "child"))
    assert "tax" in rows("total_cost", Quantity("money", flow="cost"))
    assert "tax" not in rows("total_earnings", Quantity("money", flow="income"))
    assert "pieces" in rows("rope_feet", Quantity("length", "foot"))
    assert "pieces" not in rows("father_feet", Quantity("length", "foot"))
    assert "priced" in rows("flour_pounds", Quantity("weight", "pound"))
    assert "priced" not in rows("lost_pounds", Quantity("weight", "pound"))
    assert not rows("eggs_difference", Quantity("count", "egg"))
    assert not rows("eggs_per_day", Quantity("count", "egg", per="day"))


def rows(result: str, asked: Quantity) -> set[str]:
    return {row.name for row in fitting(Story("x", ("days",), (f"{result} = days * 2",), result, asked))}


def test_what_may_feed_what():
    assert can_feed(Quantity("count", "egg"), "eggs_collected")
    assert not can_feed(Quantity("count", "egg"), "eggs_per_day")
    assert not can_feed(Quantity("count", "egg"), "hens")
    assert can_feed(Quantity("money", flow="income"), "money_initial")
    assert not can_feed(Quantity("money", flow="income"), "book_price")


def test_facts_are_no_relations_to_exchange():
    """`hours = minutes / 60` stays what it is."""
    code = "def solution(minutes_run):\n    hours_run = minutes_run / 60\n    far_hours = hours_run * 2 + 1\n    return far_hours\n"
    story = read_story("x", code, "How many hours is it?")
    assert story is not None
    assert [expression for _, _, expression in relations(story)] == ["hours_run * 2 + 1"]


def test_a_state_is_what_the_result_becomes():
    by_id = {story.id: story for story in stories()}
    assert steps_itself(by_id["story-1"]) == ["apples_initial"]
    assert steps_itself(by_id["story-5"]) == ["money_initial"]
    assert steps_itself(by_id["story-0"]) == []


def test_names_are_changed_whole():
    assert renamed("egg + eggs * egg_price", {"egg": "hen"}) == "hen + eggs * egg_price"
    assert fresh("eggs", {"eggs", "other_eggs"}) == "second_eggs"
