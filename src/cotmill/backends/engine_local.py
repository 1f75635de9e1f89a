"""Engine on one machine: worker processes.

Workers are started by `spawn`, so they share nothing with the caller; they leave Ctrl-C to the caller and end by
themselves when the caller is gone, however it went.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_any
from typing import Any

from cotmill.backends.engine import Done, Task, WorkerLost

__all__ = ["LocalEngine"]


class LocalEngine:
    """`slots` worker processes of this machine (default: one per core)."""

    def __init__(self, slots: int | None = None) -> None:
        self.slots = slots or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._running: dict[Future[Any], Task] = {}

    def submit(self, task: Task) -> None:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.slots, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker
            )
        try:
            future = self._pool.submit(_call, task)
        except BrokenProcessPool:
            future = Future()  # a worker died since the last wait; this task did not start
            future.set_exception(WorkerLost("a worker process died"))
        self._running[future] = task

    def wait(self) -> list[Done]:
        finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
        done = [_done(self._running.pop(future), future) for future in finished]
        if any(isinstance(item.error, WorkerLost) for item in done):
            done += [_done(task, future) for future, task in self._running.items()]  # a broken pool fails them all
            self._running.clear()
            self.close()
        return done

    def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if self._running:  # idle workers end by themselves and close what they hold
            for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way to stop a call
                process.kill()
        self._running.clear()
        pool.shutdown(wait=True, cancel_futures=True)


def _done(task: Task, future: Future[Any]) -> Done:
    try:
        return Done(task, result=future.result())
    except BrokenProcessPool:
        return Done(task, error=WorkerLost("a worker process died; the kernel may have run out of memory"))
    except Exception as error:  # noqa: BLE001 - handed on, not swallowed
        return Done(task, error=error)


def _call(task: Task) -> Any:
    """In a worker: the task's result. An exception that would not arrive whole is replaced by its traceback."""
    try:
        return task.call(*task.args)
    except BaseException as error:
        if not (isinstance(error, Exception) and _travels(error)):  # SystemExit would end the caller
            raise RuntimeError("".join(traceback.format_exception(error))) from None
        raise


def _travels(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made in the same line
    except Exception:  # noqa: BLE001 - an exception's own code runs here
        return False
    return True


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # this runs in a worker only
    wait_for_any([parent.sentinel])
    os._exit(1)
