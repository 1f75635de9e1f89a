"""Engines: one suite for every engine behind the Protocol."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backends import jobs
from cotmill.backends.engine import Done, Engine, Task, WorkerLost
from cotmill.backends.engine_local import LocalEngine


@pytest.fixture(params=[LocalEngine])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = request.param(2)
    yield made
    made.close()


def collect(engine: Engine, count: int) -> list[Done]:
    done: list[Done] = []
    while len(done) < count:
        done += engine.wait()
    return done


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_every_task_comes_back_once(engine: Engine) -> None:
    """More tasks than slots, results in any order, each handed over once."""
    for number in range(10):
        engine.submit(Task((number,), jobs.square, (number,)))
    done = collect(engine, 10)
    assert sorted((item.task.key[0], item.result) for item in done) == [(n, n * n) for n in range(10)]


def test_an_exception_is_a_result(engine: Engine) -> None:
    """It comes back with its task; the engine goes on."""
    engine.submit(Task((0,), jobs.fail, (7,)))
    (done,) = collect(engine, 1)
    assert isinstance(done.error, ValueError)
    engine.submit(Task((1,), jobs.square, (3,)))
    assert collect(engine, 1)[0].result == 9


@pytest.mark.parametrize("kind", ["unpickle", "pickle", "exit"])
def test_an_exception_that_cannot_travel_is_told_and_costs_no_worker(engine: Engine, kind: str) -> None:
    """Its traceback comes back in an error that can; the caller does not exit, and no worker counts as lost."""
    engine.submit(Task((0,), jobs.fail_oddly, (kind,)))
    (done,) = collect(engine, 1)
    assert isinstance(done.error, RuntimeError)
    assert "odd failure" in str(done.error) and "fail_oddly" in str(done.error)
    engine.submit(Task((1,), jobs.square, (3,)))
    assert collect(engine, 1)[0].result == 9


def test_a_lost_worker_is_told_and_replaced(engine: Engine, tmp_path: Path) -> None:
    """A killed worker gives WorkerLost for what it may have held; the same task succeeds when given out again."""
    task = Task((0,), jobs.die_once, (str(tmp_path / "marker"),))
    engine.submit(task)
    (done,) = collect(engine, 1)
    assert isinstance(done.error, WorkerLost)
    engine.submit(task)
    assert collect(engine, 1)[0].result == "survived"


def test_close_stops_running_tasks(engine: Engine, tmp_path: Path) -> None:
    """No worker outlives its engine, even in the middle of a task."""
    engine.submit(Task((0,), jobs.sleep, (str(tmp_path / "pid"), 120.0)))
    assert wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    pid = int((tmp_path / "pid").read_text())
    engine.close()
    assert wait_until(lambda: not alive(pid))


def test_workers_end_when_their_caller_is_killed(tmp_path: Path) -> None:
    """SIGKILL to the caller leaves no worker behind."""
    caller = multiprocessing.get_context("spawn").Process(target=jobs.hold_a_pool, args=(str(tmp_path),))
    caller.start()
    files = [tmp_path / "0", tmp_path / "1"]
    assert wait_until(lambda: all(file.exists() and file.read_text() for file in files))
    pids = [int(file.read_text()) for file in files]
    caller.kill()
    caller.join()
    assert wait_until(lambda: not any(alive(pid) for pid in pids))
    assert os.getpid() not in pids
