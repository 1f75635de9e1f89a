"""What happened in one execution: the trace, as stored and as the narrator and the claim checker read it.

A trace is stored as one JSON text and holds, whole and in temporal order, what one run of
``output = solution(**input)`` did:

``{"version": 1, "lines": n, "sites": [...], "values": [...], "events": [...]}``

* ``lines``: line events of the program's own code, counted as `sys.settrace` counts them;
* ``sites``: places in the source, ``[kind, line, col, end_line, end_col]`` as in `ast` (columns in UTF-8 bytes).
  Kinds: ``expr`` (an expression whose value was recorded), ``if``, ``while``, ``ifexp``, ``assert``, ``comp``
  (the test of such a node, position of the test), ``for`` (position of the whole statement);
* ``values``: each distinct value once, in the typed encoding of `cotmill.base.values`;
* ``events``: arrays, first the kind; ``f`` is a frame number (0 is the module, each call gets the next number),
  ``s`` an index into sites, ``v`` an index into values.

============================================  =========================================================
event                                         meaning
============================================  =========================================================
``["call", f, parent, line, name, [[a, v]]]``  frame f begins; comprehensions and generator expressions
                                              are frames too, named ``<listcomp>`` and so on
``["line", f, line]``                         frame f begins to execute a line
``["value", f, s, v]``                        the expression at s was evaluated to v
``["branch", f, s, truth]``                   the test at s came out true or false
``["pass", f, s, k, v]``                      pass k (from 1) of the loop at s begins; v: the item, -1 for while
``["done", f, s, n]``                         the loop at s ran out after n passes (no event after ``break``)
``["set", f, name, v]``                       name now has the value v: assigned, or changed in place by anyone
``["del", f, name]``                          name is unbound
``["yield", f, v]`` ``["resume", f]``         a generator hands out v, goes on
``["return", f, v]``                          frame f returns v
``["raise", f, type, message]``               an exception is raised in, or arrives in, frame f
``["unwind", f]``                             frame f is left by that exception
============================================  =========================================================

The ``set`` events of a statement come after its ``value`` and ``call`` events and before the next ``line`` of its
frame. A change that a callee makes to an object of the caller appears under the callee's name when it happens and
under the caller's name as soon as the caller goes on. A name that is assigned an equal value of the same type gives no
event: the ``line`` was executed, and the state is what it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from cotmill.base.values import decode

__all__ = [
    "Branch", "Call", "Del", "Done", "Event", "Line", "Pass", "Raise", "Resume", "Return", "Set", "Site", "Trace",
    "Unwind", "Value", "Yield",
]  # fmt: skip


class Site(NamedTuple):
    """A place in the source; lines from 1, columns in UTF-8 bytes from 0, as in `ast`."""

    kind: str
    line: int
    col: int
    end_line: int
    end_col: int


class Call(NamedTuple):
    frame: int
    parent: int
    line: int
    name: str
    args: list[tuple[str, int]]


class Line(NamedTuple):
    frame: int
    line: int


class Value(NamedTuple):
    frame: int
    site: int
    value: int


class Branch(NamedTuple):
    frame: int
    site: int
    truth: bool


class Pass(NamedTuple):
    frame: int
    site: int
    number: int
    value: int


class Done(NamedTuple):
    frame: int
    site: int
    passes: int


class Set(NamedTuple):
    frame: int
    name: str
    value: int


class Del(NamedTuple):
    frame: int
    name: str


class Yield(NamedTuple):
    frame: int
    value: int


class Resume(NamedTuple):
    frame: int


class Return(NamedTuple):
    frame: int
    value: int


class Raise(NamedTuple):
    frame: int
    type: str
    message: str


class Unwind(NamedTuple):
    frame: int


Event = Call | Line | Value | Branch | Pass | Done | Set | Del | Yield | Resume | Return | Raise | Unwind

_KINDS: dict[str, Any] = {
    "call": Call, "line": Line, "value": Value, "branch": Branch, "pass": Pass, "done": Done, "set": Set, "del": Del,
    "yield": Yield, "resume": Resume, "return": Return, "raise": Raise, "unwind": Unwind,
}  # fmt: skip


# Where events have indices, by kind.
_SITE_AT = {"value": 2, "branch": 2, "pass": 2, "done": 2}
_VALUE_AT = {"value": 3, "set": 3, "yield": 2, "return": 2}


def _check_indices(events: list[Any], sites: int, values: int) -> None:
    """Raise ValueError where an event names a site or a value that the trace does not have."""
    named_sites = [event[_SITE_AT[event[0]]] for event in events if event[0] in _SITE_AT]
    named_values = [event[_VALUE_AT[event[0]]] for event in events if event[0] in _VALUE_AT]
    named_values += [event[4] for event in events if event[0] == "pass" and event[4] != -1]
    named_values += [index for event in events if event[0] == "call" for _, index in event[5]]
    for what, named, count in (("site", named_sites, sites), ("value", named_values, values)):
        if not {int}.issuperset(map(type, named)) or (named and not 0 <= min(named) <= max(named) < count):
            wrong = next(index for index in named if type(index) is not int or not 0 <= index < count)
            raise ValueError(f"not a trace: an event names {what} {wrong!r} of {count}")


@dataclass(frozen=True)
class Trace:
    """A parsed trace. `values` are inert Python values, the same object for the same index: do not change them."""

    lines: int
    sites: list[Site]
    values: list[Any]
    events: list[Event]

    @staticmethod
    def parse(text: str) -> Trace:
        """Stored JSON -> Trace. Raises ValueError where it is none of this version, or names what it does not have."""
        raw = json.loads(text)
        if not isinstance(raw, dict) or raw.get("version") != 1:
            raise ValueError("not a trace of version 1")
        _check_indices(raw["events"], len(raw["sites"]), len(raw["values"]))
        return Trace(
            lines=raw["lines"],
            sites=[Site(*site) for site in raw["sites"]],
            values=[decode(value) for value in raw["values"]],
            events=[_KINDS[event[0]](*event[1:]) for event in raw["events"]],
        )

    def upto(self, moment: int) -> Trace:
        """The run as it was when this event, given by its index, had just happened."""
        events = self.events[: moment + 1]
        return Trace(sum(isinstance(event, Line) for event in events), self.sites, self.values, events)

    def change(self, asked: str, moment: int) -> int:
        """Index of the event by which a variable of the frame of the moment's event got what it holds then.

        Where that event is the return of a function of this name, it is that one. Raises ValueError where none is.
        """
        if not 0 <= moment < len(self.events):
            raise ValueError(f"no such moment: {moment}")
        last = self.events[moment]
        if isinstance(last, Return) and any(call.frame == last.frame and call.name == asked for call in self.calls()):
            return moment
        for index in range(moment, -1, -1):
            event = self.events[index]
            if event.frame == last.frame and (
                (isinstance(event, Set) and event.name == asked)
                or (isinstance(event, Call) and asked in dict(event.args))
            ):
                return index
        raise ValueError(f"{asked} has no value at that moment")

    @cached_property
    def output(self) -> Any:
        """What `output` holds at the end. Raises ValueError where the program did not come so far."""
        for event in reversed(self.events):
            if isinstance(event, Set) and event.frame == 0 and event.name == "output":
                return self.values[event.value]
        raise ValueError("the program did not set `output`")

    def calls(self) -> Iterator[Call]:
        """Every call in order, recursive ones and comprehensions included."""
        return (event for event in self.events if isinstance(event, Call))
