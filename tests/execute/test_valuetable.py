"""The texts that the value table writes in one step are those of encode.py."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict, defaultdict, deque
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.execute import tracer
from cotmill.execute.encode import TooLarge, encode


class Box:
    def __init__(self, inside: Any) -> None:
        self.inside = inside


class Other(Box):
    pass


class Slotted:
    __slots__ = ("inside",)

    def __init__(self, inside: Any) -> None:
        self.inside = inside


class Overflow(Exception):
    """Told instead of a text."""


def overflow(detail: str) -> None:
    raise Overflow(detail)


def written(value: Any) -> str:
    """The text of a value that a table gets as its first."""
    table = tracer._valuetable.ValueTable(encode, overflow)
    table.prepare("", set())
    return str(table.texts[table.index(value)])


def expected(value: Any) -> str:
    return json.dumps(encode(value), separators=(",", ":"))


ATOMS = st.one_of(
    st.integers(), st.booleans(), st.none(), st.floats(), st.text(max_size=5), st.just("$list"), st.just(1 << 70),
    st.binary(max_size=3), st.fractions(),
)  # fmt: skip
KEYS = st.one_of(ATOMS, st.tuples(ATOMS, ATOMS), st.frozensets(st.integers(0, 12)))
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.lists(inner, max_size=3).map(deque),
        st.dictionaries(KEYS, inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3).map(lambda pairs: defaultdict(list, pairs)),
        st.dictionaries(KEYS, inner, max_size=3).map(OrderedDict),
        st.sets(KEYS, max_size=5),
        st.sets(st.tuples(st.integers(-12, 12), st.text(max_size=2)), max_size=5),
        st.sets(st.integers(-120, 120), max_size=8),
        st.lists(st.text(max_size=2)).map(Counter),
        inner.map(Box),
        inner.map(Slotted),
    ),
    max_leaves=12,
)


@given(VALUES)
def test_texts_are_those_of_encode(value: Any) -> None:
    """Whichever way a value is written, its text is the one of encode.py."""
    assert written(value) == expected(value)


@given(VALUES, VALUES)
def test_fingerprints_differ_where_the_texts_do(one: Any, other: Any) -> None:
    """Two values have one place in the table exactly if their texts are the same; in graphs of objects too."""
    table = tracer._valuetable.ValueTable(encode, overflow)
    table.prepare("", set())
    for wrapped, again in ((one, other), (Box(one), Box(other)), ([Box(one)], [Box(other)])):
        table.new_moment()
        assert (table.index(wrapped) == table.index(again)) == (expected(wrapped) == expected(again))


PARTS = st.one_of(st.integers(0, 2), st.just(1.0), st.just(True), st.just(1000), st.builds(list), st.builds(dict))
STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "add", "link", "key", "del", "type", "clear", "turn"]), st.integers(0, 3), PARTS)
)


@given(STEPS)
def test_every_change_of_a_graph_is_seen(steps: list[tuple[str, int, Any]]) -> None:
    """Step by step the place of a graph in the table has the text that encode.py makes of it now."""
    boxes = [Box([n]) for n in range(4)]
    boxes[0].inside += boxes[1:]
    line = deque(boxes)
    table = tracer._valuetable.ValueTable(encode, overflow)
    table.prepare("", set())
    for step, at, part in steps:
        box: Any = boxes[at]
        names = vars(box)
        if step == "set":
            box.other = part
        elif step == "add":
            box.inside.append(part)
        elif step == "link":
            box.inside[0] = boxes[at - 1]
        elif step == "key":
            names.setdefault("table", {})[at] = part
        elif step == "del" and "other" in names:
            del box.other
        elif step == "type":
            box.__class__ = Other
        elif step == "clear":
            box.inside[1:] = []
        elif step == "turn":
            line.rotate(at)
        for root in (boxes[0], boxes, line):
            table.new_moment()
            assert table.texts[table.index(root)] == expected(root)


def test_cycles_and_parts_in_common() -> None:
    """What contains itself ends; what is there twice is written twice."""
    box, common = Box([1]), [Box(2)]
    box.inside.append(box)
    assert written(box) == expected(box)
    assert written([common, common]) == expected([common, common])


@pytest.mark.parametrize("value", [[Box(0)] * 30_000, Box("x" * (1 << 23))])
def test_limits_are_those_of_encode(value: Any) -> None:
    with pytest.raises(TooLarge):
        encode(value)
    with pytest.raises(Overflow):
        written(value)


def deep(levels: int) -> Any:
    """A value within others."""
    value: Any = Fraction(1, 2)
    for _ in range(levels):
        value = Box([value])
    return value


def test_depth_is_that_of_encode() -> None:
    assert written(deep(30)) == expected(deep(30))
    with pytest.raises(Overflow):
        written(deep(40))
