"""Values as Python literals."""

from __future__ import annotations

import ast
import math
from collections import Counter, deque
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.literal import literal
from cotmill.base.values import Opaque, Record

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
@settings(max_examples=60)
def test_a_literal_reads_back_as_its_value(value: Any) -> None:
    """What a text shows of a plain value is the whole value."""
    assert ast.literal_eval(literal(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1,), "(1,)"),
        (set(), "set()"),
        ({"b", "a"}, "{'a', 'b'}"),
        ({10, 9}, "{9, 10}"),
        (frozenset({1}), "frozenset({1})"),
        (Counter("aab"), "{'a': 2, 'b': 1}"),
        (deque([1, 2]), "deque([1, 2])"),
        (Fraction(1, 3), "Fraction(1, 3)"),
        (range(4), "range(4)"),
        (math.inf, "inf"),
        (Record("Node", {"data": 3, "next": None}), "Node(data=3, next=None)"),
        (Opaque("function", "gcd"), "gcd"),
    ],
)
def test_literals_of_other_types(value: Any, text: str) -> None:
    """Sets have one order, dicts of all classes look alike, objects show their attributes."""
    assert literal(value) == text


def test_a_monstrous_number_is_named_by_its_kind() -> None:
    """Python refuses to write out more than 4,300 digits."""
    assert literal(10**5000) == "<int>"


def test_a_member_of_an_enumeration_has_its_name() -> None:
    """``Suit.CLUBS``, not what the class keeps of it."""
    assert literal(Record("Suit", {"_value_": 1, "_name_": "CLUBS", "_sort_order_": 0})) == "Suit.CLUBS"
