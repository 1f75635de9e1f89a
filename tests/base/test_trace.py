"""Stored traces are read, or turned down with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cotmill.base.trace import Trace

WHOLE: list[list[Any]] = [
    ["call", 1, 0, 1, "f", [["x", 0]]],
    ["line", 1, 2],
    ["branch", 1, 0, True],
    ["pass", 1, 0, 1, -1],
    ["pass", 1, 0, 1, 1],
    ["done", 1, 0, 2],
    ["value", 1, 0, 1],
    ["set", 1, "y", 1],
    ["yield", 1, 0],
    ["resume", 1],
    ["return", 1, 1],
    ["raise", 0, "ValueError", "no"],
    ["del", 0, "y"],
    ["unwind", 0],
]


def stored(events: list[list[Any]]) -> str:
    return json.dumps({"version": 1, "lines": 1, "sites": [["if", 2, 0, 2, 3]], "values": [3, 4], "events": events})


def test_a_whole_trace_is_read() -> None:
    """Every kind of event, the pass of a while loop without an item among them."""
    told = json.loads(json.dumps(Trace.parse(stored(WHOLE)).events))
    assert told == [event[1:] for event in WHOLE]


@pytest.mark.parametrize("wrong", [-1, 2, True, "0", 1.0, None])
@pytest.mark.parametrize(
    ("event", "what"),
    [
        (["value", 1, 0, ...], "value"),
        (["set", 1, "y", ...], "value"),
        (["yield", 1, ...], "value"),
        (["return", 1, ...], "value"),
        (["call", 1, 0, 1, "f", [["x", 0], ["y", ...]]], "value"),
        (["value", 1, ..., 0], "site"),
        (["branch", 1, ..., True], "site"),
        (["pass", 1, ..., 1, -1], "site"),
        (["done", 1, ..., 1], "site"),
    ],
)
def test_an_index_of_nothing_is_an_error(event: list[Any], what: str, wrong: Any) -> None:
    """What an event names must be in the tables; a negative index would read from their end."""
    told = json.loads(json.dumps(event, default=lambda _: wrong))
    with pytest.raises(ValueError, match=f"not a trace: an event names {what} "):
        Trace.parse(stored([*WHOLE, told]))


def test_the_item_of_a_pass_is_in_the_table_too() -> None:
    with pytest.raises(ValueError, match="names value 2 of 2"):
        Trace.parse(stored([["pass", 1, 0, 1, 2]]))
