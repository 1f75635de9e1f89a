"""The unified form as one text, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.unified import split_program, whole_program
from cotmill.base.values import NotJson, canonical_json

CODE = 'def solution(n, m=2):\n    """Add.\n\n    Twice."""\n    return n + m\n'
END = "output = solution(**input)\n"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=values)
def test_what_was_put_together_comes_apart(value: Any) -> None:
    """Code and input, whatever the input holds."""
    try:
        input = canonical_json({"n": value})
    except NotJson:  # half of a surrogate pair
        return
    assert split_program(whole_program(CODE, input)) == (CODE, input)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not end"),
        ("def solution(n:\n", "no Python"),
        ("def solution(n):\n    return n\n\0", "null"),
        (f"{CODE}input = {{'n': 1}}\n", "does not end"),
        (f"{CODE}input = {{'n': 1}}\n{END}print(output)\n", "does not end"),
        (f"{CODE}{END}", "no input"),
        (f"{CODE}input = dict(n=1)\n{END}", "no input"),
        (f"{CODE}input = {{'n': f(1)}}\n{END}", "malformed"),
        (f"{CODE}input = {{'n': {{1, 2}}}}\n{END}", "not JSON"),
        (f"{CODE}input = {{[]: 1}}\n{END}", "unhashable"),
        (f"{CODE}input = {{'k': 1}}\n{END}", "no value for the parameter n"),
        (f"{CODE}input = {{'n': 1, 'k': 1}}\n{END}", "no parameter named k"),
        (f"{CODE}LIMIT = 3; input = {{'n': 1}}\n{END}", "shares its line"),
        (f"def other(n):\n    return n\ninput = {{'n': 1}}\n{END}", "no function solution"),
        (f"{CODE}input = {{'n': {'[' * 400}{']' * 400}}}\n{END}", "."),
        (f"{CODE}input = {{'n': {'9' * 5000}}}\n{END}", "."),
        (f"{CODE}input = {{'n': {'-' * 20000}1}}\n{END}", "."),
    ],
)
def test_a_text_that_is_no_program_is_refused(text: str, says: str) -> None:
    """With one reason, and never with another error."""
    with pytest.raises(ValueError, match=says):
        split_program(text)


@given(text=st.text(alphabet="def solutn(n):\n\t =input{}'*1\\;", max_size=60))
def test_any_text_is_a_program_or_refused(text: str) -> None:
    """What a model writes can be anything."""
    try:
        code, _ = split_program(text)
    except ValueError:
        return
    assert "solution" in code


def test_lines_end_in_any_way() -> None:
    """As Python reads them."""
    text = whole_program(CODE, '{"n":1}').replace("\n", "\r\n")
    assert split_program(text) == (CODE, '{"n":1}')
