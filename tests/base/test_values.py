"""The typed encoding, read on the trusted side."""

from __future__ import annotations

import json
import math
from collections import Counter, deque
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.values import NotJson, Opaque, Record, answer_json, canonical_json, decode, parse_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        ({"$tuple": [1, {"$set": [2]}]}, (1, {2})),
        ({"$int": "-0xff"}, -255),
        ({"$float": "-inf"}, -math.inf),
        ({"$dict": [[1, "a"], ["1", "b"]]}, {1: "a", "1": "b"}),
        ({"$Counter": [["a", 2]]}, Counter("aa")),
        ({"$deque": [1, 2]}, deque([1, 2])),
        ({"$range": [0, 6, 2]}, range(0, 6, 2)),
        ({"$Fraction": "1/3"}, Fraction(1, 3)),
        ({"$bytes": "00ff"}, b"\x00\xff"),
        ({"$object": "Node", "attrs": {"x": 1}}, Record("Node", {"x": 1})),
        ({"$function": "f"}, Opaque("function", "f")),
        ({"plain": [1.0, True, None]}, {"plain": [1.0, True, None]}),
    ],
)
def test_decode_gives_inert_values_of_the_right_type(encoded: object, value: object) -> None:
    """Each tag becomes the Python value that it stands for, with its type."""
    decoded = decode(encoded)
    assert decoded == value
    assert type(decoded) is type(value)


def test_an_unknown_tag_is_refused() -> None:
    """What this version does not know is never guessed."""
    with pytest.raises(ValueError, match="unknown tag"):
        decode({"$pickle": "x"})


@given(json_values)
def test_canonical_json_says_the_same_value(value: object) -> None:
    """Parsing the canonical text gives the value back, and the text of that is the same text."""
    try:
        text = canonical_json(value)
    except NotJson as error:
        assert "surrogate" in str(error)
        return
    assert parse_json(text) == value
    assert canonical_json(parse_json(text)) == text


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3), st.integers(), max_size=5))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    """Two dicts that are equal have one text."""
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ({1, 2}, "set"),
        (b"x", "bytes"),
        (Record("Node", {}), "Node"),
        ({(1, 2): 3}, "tuple"),
        ({1: "a", "1": "b"}, "both '1'"),
        ("\ud800", "surrogate"),
        (1 << 20_000, "digits"),
    ],
    ids=["nan", "inf", "set", "bytes", "object", "tuple key", "key clash", "surrogate", "big int"],
)
def test_what_has_no_faithful_json_form_is_refused(value: object, why: str) -> None:
    """The refusal names the cause."""
    with pytest.raises(NotJson, match=why):
        canonical_json(value)


def test_a_value_nested_too_deep_is_refused() -> None:
    """Depth is bounded, so that no reader of the data overflows its stack."""
    value: list[object] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(NotJson, match="deeper"):
        canonical_json(value)


def test_answers_keep_what_json_keeps() -> None:
    """Tuples become arrays; 1, 1.0 and true stay apart; int keys become text as json.dumps writes them."""
    assert answer_json({"$tuple": [1, 1.0, True]}) == "[1,1.0,true]"
    assert answer_json({"$dict": [[2, "b"], [1, "a"]]}) == '{"1":"a","2":"b"}'


def test_parse_json_refuses_what_is_not_json() -> None:
    """NaN is an extension of Python's, not JSON."""
    with pytest.raises(ValueError, match="NaN"):
        parse_json("[NaN]")
    assert json.loads("[1]") == parse_json("[1]")


@pytest.mark.parametrize("tag", ["$set", "$frozenset"])
def test_a_set_that_would_take_for_ever_to_build_is_refused(tag: str) -> None:
    """Multiples of 2**61 - 1 all have the hash 0; a forger can send two hundred thousand of them."""
    with pytest.raises(ValueError, match="share a hash"):
        decode({tag: [number * (2**61 - 1) for number in range(2000)]})
    assert len(decode({tag: list(range(2000))})) == 2000


def test_a_dict_that_would_take_for_ever_to_build_is_refused() -> None:
    """As for sets."""
    with pytest.raises(ValueError, match="share a hash"):
        decode({"$dict": [[number * (2**61 - 1), 0] for number in range(2000)]})
