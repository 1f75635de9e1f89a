"""What is left aside when programs are compared, and what is not."""

from __future__ import annotations

import pytest

from cotmill.compose.structure import novelty_key, shape_key

PROGRAM = "def solution(apples, pears):\n    fruit = apples - pears * 2\n    return max(fruit, 0)\n"

SAME = [
    ("names", PROGRAM.replace("apples", "cars").replace("fruit", "rest")),
    ("numbers", PROGRAM.replace("2", "7").replace("0", "1.5")),
    ("layout", PROGRAM.replace("apples - pears", "(apples   -   pears").replace("* 2", "* 2)").replace("(apples   -   pears * 2)", "apples - (pears * 2)")),
    ("docstring", PROGRAM.replace("pears):\n", "pears):\n    'What is left.'\n")),
    ("hints", PROGRAM.replace("(apples, pears)", "(apples: int, pears: int) -> int")),
]  # fmt: skip
OTHER = [
    ("operator", PROGRAM.replace("-", "+")),
    ("order of names", PROGRAM.replace("apples - pears", "pears - apples")),
    ("builtin", PROGRAM.replace("max", "min")),
    ("another step", PROGRAM.replace("    return", "    fruit += 1\n    return")),
    ("number for a text", PROGRAM.replace("0", "'none'")),
]


@pytest.mark.parametrize(("what", "code"), SAME, ids=[what for what, _ in SAME])
def test_left_aside(what, code):
    assert novelty_key(code) == novelty_key(PROGRAM)
    assert shape_key(code) == shape_key(PROGRAM)


@pytest.mark.parametrize(("what", "code"), OTHER, ids=[what for what, _ in OTHER])
def test_not_left_aside(what, code):
    assert novelty_key(code) != novelty_key(PROGRAM)


def test_a_shape_has_no_names_at_all():
    """Which name stands where is no matter of shape, how many statements there are is."""
    assert shape_key(PROGRAM.replace("apples - pears", "pears - apples").replace("max", "min")) == shape_key(PROGRAM)
    assert shape_key(PROGRAM.replace("    return", "    fruit += 1\n    return")) != shape_key(PROGRAM)
    assert shape_key("def f(a):\n    if a:\n        b()\n    c()\n") != shape_key(
        "def f(a):\n    if a:\n        b()\n        c()\n"
    )
