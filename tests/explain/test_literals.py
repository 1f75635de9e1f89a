"""What a text shows whole, and how it speaks of the rest."""

from __future__ import annotations

from cotmill.base.values import Opaque, Record
from cotmill.explain.literals import describe, is_shown, size


def test_what_cannot_be_shown() -> None:
    """Iterators, cycles, objects of foreign classes and monstrous numbers are not shown whole."""
    node = Record("Node", {"next": Opaque("cycle", "1")})
    assert not is_shown(node, {"Node"})
    assert not is_shown([Opaque("opaque", "zip")], ())
    assert not is_shown(Record("matrix", {}), {"Node"})
    assert not is_shown(10**5000, ())
    assert is_shown(Record("Node", {"next": None}), {"Node"})


def test_descriptions() -> None:
    """A long value is told by its kind and size, an object by its simple attributes."""
    assert describe([0] * 25, ()) == "a list of 25 elements"
    assert describe({"a": 1}, ()) == "a dict of 1 entry"
    assert describe("x" * 500, ()) == "a text of 500 characters"
    assert describe(10**90, ()) == "a number of 91 digits"
    assert describe(Opaque("opaque", "zip"), ()) == "a zip"
    assert describe(Record("Node", {"data": 3, "next": [1]}), {"Node"}) == "a Node with data 3"
    assert size(3) == ""
