"""Runs with one wrong value: the true run up to there, the wrong value there, and what follows from it after."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cotmill.base.literal import literal
from cotmill.base.records import Execution, Lineage
from cotmill.base.trace import Branch, Set, Trace
from cotmill.execute.faults import Place, faulty_run, objection, places
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Outcome, Run, Sandbox, TraceLimits
from cotmill.execute.slips import SLIPS, slip

TOTALS = """
def solution(xs, k):
    total = 0
    seen = {}
    for x in xs:
        if x % k == 0:
            total += x
            seen[x] = total
            seen[x] += 1
    return [total, seen]
"""
PROGRAMS = {
    "totals": (TOTALS, {"xs": [1, 2, 4, 6], "k": 2}),
    "recursion": (
        (
            "def fact(n):\n    if n <= 1:\n        return 1\n    return n * fact(n - 1)\n\n"
            "def solution(n):\n    return fact(n)\n"
        ),
        {"n": 4},
    ),
    "comprehensions": (
        (
            "def solution(words):\n    longest = max(len(word) for word in words)\n"
            "    padded = [word + '.' * (longest - len(word)) for word in words if word[0] != 'x']\n"
            "    return {word: word.count('.') for word in sorted(padded)}\n"
        ),
        {"words": ["ab", "xy", "abcd"]},
    ),
    "while, several lines, a tuple": (
        (
            "def solution(a, b):\n    steps = 0\n    while b:\n        a, b = b, (\n            a %\n            b\n        )\n"
            "        steps += 1\n    best = a\n    return best, steps, not steps\n"
        ),
        {"a": 12, "b": 18},
    ),
    "objects, generators, closures": (
        (
            "class Box:\n    def __init__(self, n):\n        self.n = n\n\n    def more(self):\n        self.n += 1\n"
            "        return self.n\n\n"
            "def numbers(box, k):\n    for _ in range(k):\n        yield box.more() * 2\n\n"
            "def solution(k):\n    box = Box(k)\n    count = 0\n\n    def add(n):\n        nonlocal count\n"
            "        count += n\n        return count\n\n    return [add(n) for n in numbers(box, k)]\n"
        ),
        {"k": 3},
    ),
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def execution_of(box: Sandbox, code: str, input: dict[str, Any]) -> Execution:
    outcome = box.run(code + CALL, json.dumps(input), trace=TraceLimits())
    assert outcome.status == "ok", outcome
    return Execution("x", "test", "", "", code, json.dumps(input), outcome.answer, "", outcome.trace, Lineage(""))


def with_fault(box: Sandbox, execution: Execution, place: Place, wrong: object) -> Outcome:
    run = faulty_run(execution, place, wrong, TraceLimits())
    return box.run_all([run])[0]


def all_places(execution: Execution) -> tuple[Trace, list[Place]]:
    trace = Trace.parse(execution.trace)
    return trace, places(trace, execution.code)


def told(trace: str) -> list[Any]:
    """The events with their values in place of numbers; the table of values may be in another order."""
    raw = json.loads(trace)
    at = {"value": 3, "set": 3, "yield": 2, "return": 2, "pass": 4}
    for event in raw["events"]:
        if event[0] == "call":
            event[5] = [(name, raw["values"][value]) for name, value in event[5]]
        elif event[0] in at and event[at[event[0]]] >= 0:
            event[at[event[0]]] = raw["values"][event[at[event[0]]]]
    return [raw["lines"], raw["sites"], raw["events"]]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_right_value_in_its_own_place_changes_nothing(box: Sandbox, name: str) -> None:
    """Not one event of the trace: what a fault is put in with leaves no mark of its own."""
    execution = execution_of(box, *PROGRAMS[name])
    _, found = all_places(execution)
    assert len(found) > 5
    for place in found:
        outcome = with_fault(box, execution, place, place.right)
        assert outcome.answer == execution.answer
        assert told(outcome.trace) == told(execution.trace), place


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_wrong_value_stands_in_its_place_and_nothing_before_it_changes(box: Sandbox, name: str) -> None:
    """At every place of every program; runs that break later are no traces to look at."""
    execution = execution_of(box, *PROGRAMS[name])
    trace, found = all_places(execution)
    seen = 0
    for place in found:
        made = slip(place.right, place.near, random.Random(1))
        if made is None:
            continue
        outcome = with_fault(box, execution, place, made[1])
        if outcome.status == "ok":
            seen += 1
            assert objection(trace, Trace.parse(outcome.trace), place, made[1]) == "", (place, made)
            assert outcome.answer
    assert seen > len(found) // 2


def test_all_that_follows_is_executed_with_the_wrong_value(box: Sandbox) -> None:
    """4 read as 5 is no longer even, so it is not added, and the running total lacks it in the later element."""
    execution = execution_of(box, *PROGRAMS["totals"])
    _trace, found = all_places(execution)
    remainder = next(place for place in found if place.at == (6, 11, 6, 16) and place.near[0] == 4)
    assert (remainder.right, remainder.stored) == (0, False)
    outcome = with_fault(box, execution, remainder, 1)
    assert json.loads(execution.answer) == [12, {"2": 3, "4": 7, "6": 13}]
    assert json.loads(outcome.answer) == [8, {"2": 3, "6": 9}]
    branches = [event.truth for event in Trace.parse(outcome.trace).events if isinstance(event, Branch)]
    assert branches == [False, True, False, True]


def test_a_wrong_sum_is_stored_and_used(box: Sandbox) -> None:
    """`total += x` has no value event: what it stores is replaced; so is what it stores in an element."""
    execution = execution_of(box, *PROGRAMS["totals"])
    _, found = all_places(execution)
    total = next(place for place in found if place.stored and place.right == 6)
    assert (total.at, total.held) == ((7, 12, 7, 17), 2)
    assert json.loads(with_fault(box, execution, total, 60).answer) == [66, {"2": 3, "4": 61, "6": 67}]
    element = next(place for place in found if place.at == (9, 12, 9, 19) and place.right == 7)
    assert json.loads(with_fault(box, execution, element, 0).answer) == [12, {"2": 3, "4": 0, "6": 13}]


def test_what_is_not_updated_is_a_fault_without_an_event(box: Sandbox) -> None:
    """The sum that stays what it was: no change to tell, and still the fault that was asked for."""
    execution = execution_of(box, *PROGRAMS["totals"])
    trace, found = all_places(execution)
    total = next(place for place in found if place.stored and place.right == 6)
    faulty = Trace.parse(with_fault(box, execution, total, total.held).trace)
    assert not isinstance(faulty.events[total.moment], Set)
    assert objection(trace, faulty, total, total.held) == ""
    assert faulty.output == [8, {2: 3, 4: 3, 6: 9}]


def test_another_trace_than_the_one_with_the_fault_is_objected_to(box: Sandbox) -> None:
    """The true trace, one with another wrong value, one with another fault before, one that ends too early."""
    execution = execution_of(box, *PROGRAMS["totals"])
    trace, found = all_places(execution)
    for place in (found[1], found[-1], next(place for place in found if place.stored and place.right == 6)):
        wrong = place.right + 5
        assert objection(trace, trace, place, wrong)
        if not place.stored:
            assert objection(trace, Trace.parse(with_fault(box, execution, place, wrong + 1).trace), place, wrong)
        assert objection(trace, trace.upto(place.moment - 1), place, wrong)
    early = Trace.parse(with_fault(box, execution, found[1], 17).trace)
    assert objection(trace, early, found[-1], 17)


def test_a_run_that_breaks_is_an_outcome(box: Sandbox) -> None:
    """A wrong index is an error of the program, a wrong condition an endless loop: neither of the machinery."""
    code = "def solution(xs):\n    at = len(xs) - 1\n    while at > 0:\n        at -= 1\n    return xs[at]\n"
    execution = execution_of(box, code, {"xs": [1, 2]})
    _, found = all_places(execution)
    last = next(place for place in found if place.at == (2, 9, 2, 20))
    assert with_fault(box, execution, last, -9).status == "error"
    down = next(place for place in found if place.stored)
    endless = replace(execution, code=code.replace("at -= 1", "at += 0"))
    assert down.at == (4, 8, 4, 10)
    assert with_fault(box, endless, replace(down, moment=9999), 1).status == "trace_limit"


def test_a_place_that_the_program_does_not_have_breaks_the_run_closed(box: Sandbox) -> None:
    """Better no row than one about something else."""
    execution = execution_of(box, *PROGRAMS["totals"])
    place = replace(all_places(execution)[1][1], at=(1, 2, 3, 4))
    assert with_fault(box, execution, place, 1).status == "error"


def test_a_fault_needs_a_trace(box: Sandbox) -> None:
    """Without one nobody could see that it happened."""
    with pytest.raises(ValueError, match="traced"):
        box.run_all([Run("output = 1\n", None, None, "{}")])


VALUES = st.one_of(
    st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.lists(st.integers(-9, 9), max_size=5), st.sets(st.integers(-9, 9), max_size=5),
    st.dictionaries(st.text(max_size=3), st.integers(-9, 9), max_size=4), st.tuples(st.integers(), st.booleans()),
)  # fmt: skip


@given(VALUES, st.lists(VALUES, max_size=3), st.integers(0, 99))
@example(0, [], 0)
@example(1000, [], 3)
@example(-0.0, [0.0], 1)
@example("", [], 1)
def test_a_slip_is_a_value_of_the_same_type_that_is_not_the_right_one(right: Any, near: list[Any], seed: int) -> None:
    """And one that a program text can state."""
    made = slip(right, tuple(near), random.Random(seed))
    if made is None:
        return
    kind, wrong = made
    assert kind in SLIPS
    assert type(wrong) is type(right)
    assert wrong != right
    assert ast.literal_eval(literal(wrong)) == wrong
    assert slip(right, tuple(near), random.Random(seed)) == made


def test_every_slip_can_happen() -> None:
    """A kind that no value ever gets would be a promise of the docs that nobody keeps."""
    rights: list[Any] = [12, -3, 2.5, True, "hello", [3, 1, 2], (1, 2), {1, 2}, {"a": 1}]
    found = {
        made[0]
        for right in rights
        for seed in range(60)
        if (made := slip(right, (40, 7, "other"), random.Random(seed))) is not None
    }
    assert found == set(SLIPS)


def test_a_sign_is_lost_only_where_there_is_a_minus_or_a_difference() -> None:
    """A count of 4 that becomes -4 is no slip of a person."""
    kinds = {slip(4, (1, 2), random.Random(seed))[0] for seed in range(60)}  # type: ignore[index]
    assert "sign" not in kinds
    assert "sign" in {slip(-4, (), random.Random(seed))[0] for seed in range(60)}  # type: ignore[index]
