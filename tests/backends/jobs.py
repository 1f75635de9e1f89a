"""What the engine tests run in workers: importable, as spawned processes need it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from cotmill.backends.engine import Task
from cotmill.backends.engine_local import LocalEngine


def square(number: int) -> int:
    return number * number


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


class TwoPart(Exception):
    """Pickles, but cannot be unpickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


class Holder(Exception):
    """Cannot be pickled."""

    def __init__(self, text: str) -> None:
        super().__init__(text, lambda: text)


def fail_oddly(kind: str) -> None:
    raise {"unpickle": TwoPart("odd", "failure"), "pickle": Holder("odd failure"), "exit": SystemExit("odd failure")}[
        kind
    ]


def whose_process(path: str) -> int:
    Path(path).touch()
    return os.getpid()


def die_once(path: str) -> str:
    """Kills its own process the first time."""
    marker = Path(path)
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "survived"


def sleep(path: str, seconds: float) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(seconds)


def hold_a_pool(folder: str) -> None:
    """A caller with two busy workers; to be killed from outside."""
    engine = LocalEngine(2)
    for number in range(2):
        engine.submit(Task((number,), sleep, (f"{folder}/{number}", 120.0)))
    engine.wait()
