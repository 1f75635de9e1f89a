"""What recombination takes and gives: proven programs, candidates, and which ways of making them have paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cotmill.base.difficulty import difficulty
from cotmill.base.records import Execution
from cotmill.base.trace import Trace

__all__ = ["LEAST", "Candidate", "Case", "Material", "Survival", "Weights", "materials", "weights"]

LEAST = 0.1  # of a parent's chance is left to it, whatever became of its children


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a proven program."""

    input: str  # canonical JSON object of keyword arguments
    answer: str  # canonical JSON of the output
    lines: int  # line events, where it was traced; 0 where not
    difficulty: float = 0.0  # cotmill.base.difficulty, likewise


@dataclass(frozen=True, slots=True)
class Material:
    """A proven program and what was observed of it."""

    id: str
    title: str
    problem: str
    code: str  # unified form: definitions with one entry `solution(...)`
    cases: tuple[Case, ...]  # at least one

    @property
    def difficulty(self) -> float:
        """Mean over its cases."""
        return sum(case.difficulty for case in self.cases) / len(self.cases)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A new program that nobody has run."""

    title: str  # one line that says what it is about
    code: str  # unified form
    inputs: tuple[str, ...]  # canonical JSON objects of keyword arguments, at least one
    parents: tuple[str, ...]  # ids of the materials it was made of
    operator: str


@dataclass(frozen=True, slots=True)
class Survival:
    """What became of one candidate."""

    operator: str
    parents: tuple[str, ...]
    survived: bool
    difficulty: float = 0.0  # where it survived, mean over its runs


@dataclass(frozen=True, slots=True)
class Weights:
    """How often operators and parents are chosen, relative to each other; 1 where nothing is known."""

    operators: Mapping[str, float] = field(default_factory=dict)
    parents: Mapping[str, float] = field(default_factory=dict)  # at most 1


def materials(executions: Iterable[Execution]) -> list[Material]:
    """The executions' programs, each once, with all of its cases, in the order in which they come."""
    found: dict[str, list[Execution]] = {}
    for execution in executions:
        found.setdefault(execution.code, []).append(execution)
    return [
        Material(
            first.id.rpartition(".")[0], first.title, first.problem, code,
            tuple(map(_case, (first, *others))),
        )
        for code, (first, *others) in found.items()
    ]  # fmt: skip


def _case(execution: Execution) -> Case:
    if not execution.trace:
        return Case(execution.input, execution.answer, 0)
    trace = Trace.parse(execution.trace)
    return Case(execution.input, execution.answer, trace.lines, difficulty(trace, execution.code))


def weights(survivals: Iterable[Survival]) -> Weights:
    """From what became of earlier candidates: the share that survived, counted as if two of three had done so before.

    A parent is never forgotten altogether.
    """
    operators: dict[str, list[bool]] = {}
    parents: dict[str, list[bool]] = {}
    for survival in survivals:
        operators.setdefault(survival.operator, []).append(survival.survived)
        for parent in survival.parents:
            parents.setdefault(parent, []).append(survival.survived)
    return Weights(
        {name: 1.5 * _share(seen) for name, seen in sorted(operators.items())},
        {name: max(LEAST, min(1.0, 1.5 * _share(seen))) for name, seen in sorted(parents.items())},
    )


def _share(seen: list[bool]) -> float:
    return (sum(seen) + 2) / (len(seen) + 3)
