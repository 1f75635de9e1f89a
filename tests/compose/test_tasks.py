"""Functions put into one file: nobody sees another's names, and each still does what it did."""

from __future__ import annotations

import json

import pytest

from compose.parents import answer_of, parents
from cotmill.compose.material import Case, Material
from cotmill.compose.tasks import Task, Unmovable, program, read_task
from cotmill.compose.typed import Extent, fits, type_of


def task(code: str, name: str = "n", values: tuple[int, ...] = (2, 5)) -> Task:
    cases = tuple(Case(json.dumps({name: value}), json.dumps(answer_of(code, {name: value})), 3) for value in values)
    read = read_task(Material("x", "The gadget count.", "", code, cases))
    assert read is not None
    return read


FIRST = "def twice(n):\n    return 2 * n\n\ndef solution(n):\n    '''Twice as many.'''\n    gadgets = twice(n)\n    return gadgets\n"


def test_a_function_keeps_what_it_does_under_another_name():
    """Without its docstring, which speaks of the parent, and without a name for what it returns at once."""
    code = program([(task(FIRST), "gadget_count")], "def solution(a):\n    return gadget_count(a) + 1\n")
    assert answer_of(code, {"a": 4}) == 9
    assert "Twice" not in code
    assert "gadgets" not in code


def test_a_recursive_entry_calls_itself():
    recursive = task("def solution(n):\n    return 1 if n < 2 else n * solution(n - 1)\n")
    code = program([(recursive, "product")], "def solution(a):\n    return product(a)\n")
    assert answer_of(code, {"a": 4}) == 24


def test_a_local_name_of_the_entry_is_left_alone():
    local = task("def solution(n):\n    solution = n + 1\n    return solution * 2\n")
    code = program([(local, "grown")], "def solution(a):\n    return grown(a)\n")
    assert answer_of(code, {"a": 4}) == 10


CLASHES = [
    ("def twice(n):\n    return 3 * n\n\ndef solution(n):\n    return twice(n)\n", "both define a helper"),
    ("def max(a, b):\n    return a\n\ndef solution(n):\n    return max(n, 2)\n", "a builtin is hidden"),
    ("from math import sqrt as twice\n\ndef solution(n):\n    return twice(n)\n", "imported here, defined there"),
    ("def gadget_count(n):\n    return n\n\ndef solution(n):\n    return gadget_count(n)\n", "the new name is in use"),
]


@pytest.mark.parametrize(("other", "why"), CLASHES, ids=[why for _, why in CLASHES])
def test_names_that_would_be_captured_are_refused(other, why):
    with pytest.raises(Unmovable):
        program(
            [(task(FIRST), "gadget_count"), (task(other), "other")],
            "def solution(a):\n    return other(gadget_count(a))\n",
        )


def test_an_entry_that_binds_a_helper_is_refused():
    with pytest.raises(Unmovable):
        program(
            [(task(FIRST), "gadget_count")], "def solution(a):\n    twice = 3\n    return gadget_count(a) + twice\n"
        )


def test_imports_come_first_and_once():
    root = "import math\n\ndef solution(n):\n    return math.isqrt(n)\n"
    code = program([(task(root), "root"), (task(root.replace("isqrt", "factorial")), "product")],
                   "def solution(a):\n    return root(product(a))\n")  # fmt: skip
    assert code.startswith("import math\n")
    assert code.count("import") == 1


NO_TASKS = [
    ("def solution(n):\n    print(n)\n    return n\n", (2, 5)),
    ("def solution(n=3):\n    return n\n", (3, 5)),
    ("def solution(*n):\n    return 1\n", (1, 2)),
    ("def solution(n):\n    return None\n", (None, None)),
    ("def solution(n):\n    return 'one' if n == 2 else 5\n", ("one", 5)),
    ("def solution(n):\n    return 7\n", (7, 7)),
]


@pytest.mark.parametrize(("code", "answers"), NO_TASKS)
def test_what_is_no_task(code, answers):
    cases = tuple(Case(f'{{"n": {n}}}', json.dumps(answer), 3) for n, answer in zip((2, 5), answers, strict=True))
    assert read_task(Material("x", "The gadget count.", "", code, cases)) is None


def test_tasks_are_called_by_what_they_give():
    """By what is returned, else by what is called for it; a name that the program uses gets a verb."""
    found = {material.id: read_task(material) for material in parents() if material.id.startswith("task")}
    names = [read.deed for read in found.values() if read is not None]
    assert names == [
        "find_vowel_count", "find_mirrored_text", "find_is_palindrome", "find_divisor_list", "find_digit_total",
        "find_difference_list", "letters_counted", "find_weeks_saved",
    ]  # fmt: skip


TYPES = [
    (3, "int"), (True, "bool"), (2.5, "float"), ("a", "str"), (None, "none"), ([], "list[empty]"), ([1, 2], "list[int]"),
    ([1, 2.5], "list[float]"), ([1, "a"], "list[mixed]"), ([[1], []], "list[list[int]]"), ({"a": 1}, "dict[int]"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "name"), TYPES)
def test_types(value, name):
    assert type_of(value) == name


def test_a_value_fits_what_was_seen():
    """Neither larger nor longer nor of other characters."""
    numbers, texts = Extent([[3, 9], [4, 5, 6]]), Extent(["abc", "de"])
    assert fits([4, 8], numbers)
    assert not fits([4, 10], numbers)
    assert not fits([4], numbers)
    assert fits("xy", texts)
    assert not fits("xY", texts)
    assert not fits("a b", texts)
    assert not fits("abcd", texts)
