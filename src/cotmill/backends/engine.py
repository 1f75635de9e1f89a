"""The Protocol behind which work runs somewhere: processes here, a cluster elsewhere.

An engine knows nothing of records, shards or the ledger: it takes calls of module-level functions with picklable
arguments and hands back their results in any order. Resume is the runner's business, retry too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from cotmill.base.stage import MachineryError

__all__ = ["Done", "Engine", "Task", "WorkerLost"]


class WorkerLost(MachineryError):
    """The process that worked on a task is gone (killed, out of memory); the task may be given out again."""


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """A call to make: `call(*args)`. Tasks are told apart, and put in order, by their key."""

    key: tuple[int, ...]
    call: Callable[..., Any] = field(compare=False)
    args: tuple[Any, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Done:
    """A finished task: its result, or the exception that the call raised."""

    task: Task
    result: Any = None
    error: BaseException | None = None


class Engine(Protocol):
    """Give out tasks, collect results. Used from one thread."""

    slots: int  # tasks that run at the same time

    def submit(self, task: Task) -> None:
        """Queue a task. Does not block."""

    def wait(self) -> list[Done]:
        """Block until at least one task has finished; every finished task is handed over once."""

    def close(self) -> None:
        """Stop all workers now, running tasks included."""
