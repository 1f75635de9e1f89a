"""The encoder tells apart what Python tells apart, and never calls the program's classes."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import enum
import fractions
import itertools
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.values import Opaque, Record, answer_json, decode
from cotmill.execute import encode as module
from cotmill.execute.encode import TooLarge, encode

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.fractions(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        | st.frozensets(st.integers() | st.text(), max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_decode_gives_back_what_was_encoded(value: Any) -> None:
    """encode -> JSON text -> decode is the identity, types included."""
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value
    assert repr(back) == repr(value) or isinstance(value, (frozenset, dict, list, tuple))


@pytest.mark.parametrize(
    "value",
    [
        float("inf"), 10**3999, -(10**3999), collections.Counter("aab"), collections.deque([1, (2,)]),
        collections.OrderedDict(b=1, a=2), fractions.Fraction(-1, 3), decimal.Decimal("1.10"), range(1, 9, 2), 1 + 2j,
        bytearray(b"ab"), dt.date(2024, 2, 29), dt.time(1, 2, 3), dt.datetime(2024, 2, 29, 1, 2, 3),  # noqa: DTZ001  as programs make them

        dt.timedelta(-1, 5), {"$x": 1}, {1: 2, "1": 3}, {True: 0}, (1,), (), set(), {1, 1.5, "x"},
    ],
)  # fmt: skip
def test_values_of_well_known_types(value: Any) -> None:
    """Every documented type comes back as itself."""
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value
    assert type(back) is type(value)


def test_kinds_that_compare_equal_stay_apart() -> None:
    """1, 1.0 and True are equal in Python and different here."""
    assert [json.dumps(encode(value)) for value in (1, 1.0, True, (1,), [1])] == [
        "1", "1.0", "true", '{"$tuple": [1]}', "[1]",
    ]  # fmt: skip


def test_int_beyond_4000_digits_travels_in_hexadecimal() -> None:
    """No decimal text of more than 4,000 digits is ever made; the limit is the one of cotmill.base.values."""
    assert encode(10**4100) == {"$int": hex(10**4100)}
    assert encode((1 << module.MAX_INT_BITS) - 1) == (1 << module.MAX_INT_BITS) - 1
    assert answer_json(encode(10**3999)) == str(10**3999)


def test_numpy_values_become_their_python_twins() -> None:
    """Arrays become nested lists, scalars plain numbers; numpy's module is not imported for it."""
    assert encode(np.array([[1, 2], [3, 4]])) == {"$array": [[1, 2], [3, 4]]}
    assert [encode(v) for v in (np.int64(3), np.float32(0.5), np.bool_(True), np.str_("x"))] == [3, 0.5, True, "x"]
    with pytest.raises(TooLarge):
        encode(np.zeros((1000, 1000)))
    code = "import sys; import cotmill.execute.encode as e; e.encode([1, object()]); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def _explode(*_: Any) -> Any:
    raise AssertionError("a method of the program was called")


class Slots:
    __slots__ = ("a", "b")


class Point:
    def __init__(self) -> None:
        self.x, self.y = 1, (2,)

    __repr__ = __str__ = __eq__ = __hash__ = __iter__ = __len__ = __bool__ = _explode  # type: ignore[assignment]  # all explode
    __getattribute__ = __reduce__ = __getstate__ = _explode  # type: ignore[assignment]  # all explode
    __class__ = property(_explode)  # type: ignore[assignment]  # explodes where isinstance() asks


class Liar(list):  # type: ignore[type-arg]  # a subclass as programs write it
    __iter__ = __len__ = __repr__ = __getitem__ = __eq__ = _explode  # type: ignore[assignment]  # all explode
    __hash__ = _explode  # type: ignore[assignment]  # explodes


class Whole(int):
    __int__ = __index__ = __repr__ = __str__ = __format__ = _explode  # type: ignore[assignment]  # all explode


class Colour(enum.Enum):
    RED = 1


def test_objects_are_read_without_calling_them() -> None:
    """Attributes, slots and the items of container subclasses are read past every method of the class."""
    assert decode(encode(Point())) == Record("Point", {"x": 1, "y": (2,)})
    thing = Slots()
    thing.a = [1]  # type: ignore[attr-defined]  # mypy does not see attributes of bare slots
    assert decode(encode(thing)) == Record("Slots", {"a": [1]})
    assert decode(encode(Liar([1, 2]))) == Record("Liar", {}, [1, 2])
    assert decode(encode(Whole(3))) == Record("Whole", {}, 3)
    assert decode(encode(Colour.RED)).attrs["_name_"] == "RED"


def test_iterators_are_not_consumed() -> None:
    """Iterators, functions, classes and modules are named, never asked."""
    numbers = itertools.count()
    assert decode(encode(numbers)) == Opaque("opaque", "count")
    assert next(numbers) == 0
    assert [decode(encode(v)) for v in (len, int, json, test_iterators_are_not_consumed, [].append)] == [
        Opaque("function", "len"), Opaque("class", "int"), Opaque("module", "json"),
        Opaque("function", "test_iterators_are_not_consumed"), Opaque("function", "append"),
    ]  # fmt: skip


def test_cycles_are_marked() -> None:
    """A container inside itself is a mark that says how many levels up it is; shared parts are written twice."""
    rows: list[Any] = [1]
    rows.append({"me": rows})
    assert encode(rows) == [1, {"me": {"$cycle": 2}}]
    shared = [1]
    assert encode([shared, shared]) == [[1], [1]]


def test_limits() -> None:
    """Too many nodes, levels or bytes raise TooLarge, and a billion aliased elements do so at once."""
    laughs: Any = [1]
    for _ in range(9):
        laughs = [laughs] * 10
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for value in (laughs, deep, list(range(20_001)), "x" * (5 << 20), b"x" * (5 << 20)):
        with pytest.raises(TooLarge):
            encode(value)
    assert len(encode(list(range(19_000)))) == 19_000
    with pytest.raises(TooLarge):
        encode([[1]], max_depth=1)


def test_set_order_does_not_depend_on_hashes() -> None:
    """Elements of sets are in a fixed order."""
    words = ["pear", "fig", "apple", "plum"]
    assert encode(set(words)) == {"$set": ["apple", "fig", "pear", "plum"]}
    assert encode({2, 1.5, "a", (1,)}) == encode({(1,), "a", 1.5, 2})


class _Meta(type):
    """A metaclass that would pass its classes off as list."""

    def __hash__(cls) -> int:
        return hash(list)

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("the encoder compared a class of the program")


def test_no_metaclass_is_asked() -> None:
    """Types are told apart by identity: a metaclass has a say in hashing and comparing."""
    plain: Any = _Meta("Plain", (), {})
    child: Any = _Meta("Child", (list,), {})
    assert encode(plain()) == {"$object": "Plain", "attrs": {}}
    assert encode(child([1])) == {"$object": "Child", "attrs": {}, "items": [1]}


def test_values_that_a_program_broke() -> None:
    """Parts of a Fraction can be set to anything; an array without dimensions can hold itself."""
    unset, zero, itself = object.__new__(fractions.Fraction), fractions.Fraction(1, 2), np.empty((), dtype=object)
    zero._denominator = 0  # type: ignore[attr-defined]
    itself[()] = itself
    assert encode([unset, zero]) == [{"$opaque": "Fraction"}] * 2
    assert encode(itself) == {"$cycle": 1}


def test_an_array_without_dimensions_is_its_item() -> None:
    """As every other scalar of numpy, so that it decodes."""
    assert answer_json(encode([np.array(5), np.array([5])])) == "[5,[5]]"


@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_long_bytes_are_refused_before_they_are_written_out(kind: Any) -> None:
    """In hexadecimal they are twice as long, which may be more memory than there is."""
    with pytest.raises(TooLarge):
        encode(kind(1000), max_bytes=1999)
    assert decode(encode(kind(1000), max_bytes=2000)) == kind(1000)
