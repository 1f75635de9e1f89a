"""Many tasks, and their results in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cotmill.backends.engine import Done, Task, WorkerLost
from cotmill.backends.in_order import in_order


class Backward:
    """An engine that finishes what was given out last first, and fails each task as often as it is told."""

    slots = 2

    def __init__(self, failures: dict[int, list[BaseException]]) -> None:
        self.failures, self.tasks, self.most, self.closed = failures, list[Task](), 0, False

    def submit(self, task: Task) -> None:
        self.tasks.append(task)
        self.most = max(self.most, len(self.tasks))

    def wait(self) -> list[Done]:
        task = self.tasks.pop()
        failures = self.failures.get(task.key[0])
        return [Done(task, error=failures.pop())] if failures else [Done(task, result=task.call(*task.args))]

    def close(self) -> None:
        self.closed = True


def tasks(count: int) -> Iterator[Task]:
    return (Task((number,), str, (number,)) for number in range(count))


def test_results_come_in_order_and_few_wait() -> None:
    """However the engine finishes them, also where its machinery failed now and then."""
    engine = Backward({3: [WorkerLost("gone"), WorkerLost("gone")], 7: [WorkerLost("gone")]})
    assert list(in_order(engine, tasks(50))) == [str(number) for number in range(50)]
    assert engine.most <= 4 * engine.slots
    assert engine.closed


@pytest.mark.parametrize(
    ("errors", "raised"), [([WorkerLost("gone")] * 3, WorkerLost), ([ValueError("a bug")], ValueError)]
)
def test_what_keeps_failing_is_raised(errors: list[BaseException], raised: type[Exception]) -> None:
    """Machinery after three attempts, a bug at once; results before it were handed on."""
    engine, found = Backward({20: errors}), []
    with pytest.raises(raised):
        found.extend(in_order(engine, tasks(50)))
    assert engine.closed


def test_nothing_to_do_is_no_result() -> None:
    """And the engine is closed all the same."""
    engine = Backward({})
    assert list(in_order(engine, tasks(0))) == []
    assert engine.closed
