"""The one abstraction: a stage takes a record and gives records or rejects.

    Stage("execute.screen", 1, takes=Program, gives=Program, work=screen)

`work` is a plain function (or an object with `__call__`, where it holds a sandbox) that returns one outcome or
yields several. Engines, shards, ledger and resume are around a stage, never inside it. `Stage.__call__` holds the
balance: every pair that went in comes out exactly once, in a record or in a reject, or the stage is at fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from cotmill.base.reasons import Reason

__all__ = ["ORIGINS", "CotmillError", "KeyedStage", "MachineryError", "Record", "Reject", "Stage", "StageFault"]


ORIGINS = ("collect.sources", "compose.draw")  # the stages into which pairs come from outside, not from a stage before


class CotmillError(Exception):
    """The user can do something about it: shown as one message, without a traceback.

    CotmillError
    |-- RecipeError      (base.settings_file)  a recipe or other settings that cannot be used
    |-- RunFolderError   (base.ledger)  an output folder that holds something else, or is in use
    |-- SeedsError       (collect)      seeds that cannot be read at all
    `-- MachineryError                  the machine failed, not the program: retried, then the run stops
        `-- SandboxError (execute)      the sandbox cannot be started or died
    """


class MachineryError(CotmillError):
    """What Cotmill stands on failed (sandbox, disk, worker). Never a verdict on a record."""


class StageFault(Exception):
    """A stage broke its contract: a bug in the stage, shown with its traceback."""


class Record(Protocol):
    """What every record has."""

    @property
    def id(self) -> str: ...

    def pair_ids(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Reject:
    """A pair that goes no further. An empty `id` stands for all pairs of the record that the stage was given."""

    reason: Reason
    detail: str  # for a person: which value, which line, which limit
    id: str = ""


In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)
Outcome = Record | Reject


def _nothing() -> None:
    return None


def _no_preparation(_records: Sequence[Any]) -> None:
    return None


def _no_facts() -> dict[str, Any]:
    return {}


def _no_time() -> float:
    return 0.0


def _no_counts() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True)
class Stage(Generic[In, Out]):
    """Record in, records or rejects out."""

    name: str  # "<folder>.<module>", as in the listing
    version: int  # raised when the same input can give another outcome
    takes: type[In]
    gives: type[Out]
    work: Callable[[In], Out | Reject | Iterable[Out | Reject]]
    ahead: Callable[[Sequence[In]], None] = _no_preparation  # hears of the next few records, before work on the first
    few: int = 32  # pairs of these records, about
    close: Callable[[], None] = _nothing
    facts: Callable[[], dict[str, Any]] = _no_facts  # what run.json should say of its means
    cpu_seconds: Callable[[], float] = _no_time  # CPU time so far outside this process, in sandboxed children
    counts: Callable[[], Mapping[str, int]] = _no_counts  # what else adds up, such as tokens, so far

    def __call__(self, record: In) -> Iterator[Out | Reject]:
        """Outcomes of one record, rejects with their pair's id filled in. Raises StageFault if they do not balance."""
        done: Any = self.work(record)
        outcomes = [done] if isinstance(done, (self.gives, Reject)) else list(done)
        yield from _balanced(self.name, record.pair_ids(), outcomes)


@dataclass(frozen=True)
class KeyedStage(Generic[In, Out]):
    """A stage that sees all records with the same key together, in the order of their ids."""

    name: str
    version: int
    takes: type[In]
    gives: type[Out]
    key: Callable[[In], str]
    work: Callable[[list[In]], Iterable[Out | Reject]]
    close: Callable[[], None] = _nothing
    facts: Callable[[], dict[str, Any]] = _no_facts
    cpu_seconds: Callable[[], float] = _no_time
    counts: Callable[[], Mapping[str, int]] = _no_counts

    def __call__(self, group: list[In]) -> Iterator[Out | Reject]:
        """Outcomes of one group. Raises StageFault if they do not balance."""
        yield from _balanced(self.name, tuple(i for record in group for i in record.pair_ids()), list(self.work(group)))


def _balanced(name: str, pairs: tuple[str, ...], outcomes: list[Any]) -> Iterator[Any]:
    settled: list[Any] = []
    for outcome in outcomes:
        if isinstance(outcome, Reject) and not outcome.id:
            settled += [Reject(outcome.reason, outcome.detail, pair) for pair in pairs]
        else:
            settled.append(outcome)
    out = Counter(i for item in settled for i in ((item.id,) if isinstance(item, Reject) else item.pair_ids()))
    if out != Counter(pairs):
        odd = sorted((out - Counter(pairs)) + (Counter(pairs) - out))[:3]
        raise StageFault(f"stage {name} lost, doubled or invented pairs, for example {odd}")
    return iter(settled)
