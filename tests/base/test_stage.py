"""Promise 3, nothing disappears: a stage comes out balanced or is at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Lineage, Program
from cotmill.base.stage import KeyedStage, Reject, Stage, StageFault

PROGRAM = Program(
    "p",
    "test",
    "",
    "",
    "def solution(n):\n    return n",
    ("p.0", "p.1"),
    ('{"n":1}', '{"n":2}'),
    ("", ""),
    Lineage("p"),
)


def stage(work: Callable[[Program], Any]) -> Stage[Program, Program]:
    return Stage("execute.screen", 1, Program, Program, work)


def keep(program: Program, *indices: int) -> Program:
    return replace(program, pairs=tuple(program.pairs[index] for index in indices))


def test_a_plain_function_is_a_stage() -> None:
    """A function that returns one record is enough."""
    assert list(stage(lambda program: program)(PROGRAM)) == [PROGRAM]


def test_a_reject_without_an_id_stands_for_every_pair() -> None:
    """A program that fails takes all its pairs along, each with its own reject."""
    outcomes = list(stage(lambda program: Reject(Reason.ERROR, "x"))(PROGRAM))
    assert [(item.reason, item.id) for item in outcomes if isinstance(item, Reject)] == [
        (Reason.ERROR, "p.0"),
        (Reason.ERROR, "p.1"),
    ]


def test_a_stage_may_split_a_record() -> None:
    """One pair goes on, the other is rejected: balanced."""

    def work(program: Program) -> Iterator[Program | Reject]:
        yield Reject(Reason.ERROR, "x", "p.1")
        yield keep(program, 0)

    assert len(list(stage(work)(PROGRAM))) == 2


@pytest.mark.parametrize(
    "work",
    [
        lambda program: [],
        lambda program: [keep(program, 0)],
        lambda program: [program, program],
        lambda program: [program, Reject(Reason.ERROR, "x", "p.0")],
        lambda program: [program, Reject(Reason.ERROR, "x", "q.0")],
    ],
    ids=["lost all", "lost one", "doubled", "kept and rejected", "invented"],
)
def test_an_unbalanced_stage_is_at_fault(work: Callable[[Program], Any]) -> None:
    """Losing, doubling or inventing a pair raises, before anything is written."""
    with pytest.raises(StageFault, match=r"execute\.screen"):
        list(stage(work)(PROGRAM))


def test_a_keyed_stage_balances_over_its_group() -> None:
    """Dropping a record of the group silently is a fault too."""
    other = replace(PROGRAM, id="q", pairs=("q.0", "q.1"))
    keyed = KeyedStage("publish.dedup", 1, Program, Program, lambda program: program.code, lambda group: group[:1])
    with pytest.raises(StageFault):
        list(keyed([PROGRAM, other]))
