"""Many tasks through an engine, and their results one after the other in the tasks' order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cotmill.backends.engine import Engine, Task
from cotmill.base.stage import MachineryError

__all__ = ["in_order"]

ATTEMPTS = 3  # of a task, where the machinery failed


def in_order(engine: Engine, tasks: Iterable[Task]) -> Iterator[Any]:
    """Results in the order of the tasks. Memory is bounded: tasks are taken as results are.

    Raises what a task raised; a MachineryError when the task has failed so three times. Closes the engine in the end.
    """
    waiting = iter(tasks)
    order: list[Task] = []  # given out, the result not handed on yet
    results: dict[Task, Any] = {}
    attempts: dict[Task, int] = {}
    try:
        while True:
            while len(order) < 4 * engine.slots and (task := next(waiting, None)) is not None:
                engine.submit(task)
                order.append(task)
            if not order:
                return
            while order[0] not in results:
                for done in engine.wait():
                    if done.error is None:
                        results[done.task] = done.result
                        continue
                    attempts[done.task] = attempts.get(done.task, 0) + 1
                    if not isinstance(done.error, MachineryError) or attempts[done.task] == ATTEMPTS:
                        raise done.error
                    engine.submit(done.task)
            yield results.pop(order.pop(0))
    finally:
        engine.close()
