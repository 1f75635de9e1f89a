"""Are two symbolic texts the same? Asked of math-verify, in a process of its own, with a limit on its CPU time.

math-verify works in a main thread only and can take for ever, so it is never loaded here. The process is started at
the first question, ends at that limit, and is started again at the next question.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from cotmill.base.stage import MachineryError
from cotmill.prove.answers.arithmetic import TooLarge, evaluate
from cotmill.prove.answers.numerals import Number, read_decimal

__all__ = ["Judgement", "askable", "judge", "shut_down"]

REPLY_SECONDS = 60.0  # the worker ends itself long before, by its CPU time: this is for one that was stopped
START_SECONDS = 60.0  # a cold disk and a busy machine: the library is large
MAX_REPLY_BYTES = 1_000_000

MAX_CHARS = 600
MAX_DEPTH = 20
MAX_EXPONENT = 1000
_LONG_NUMBER = re.compile(r"[0-9]{200}")
_LARGE_FACTORIAL = re.compile(r"[0-9]{4}\s*!|\)\s*!|!\s*!")
_OTHER_BASE = re.compile(r"[0-9)}]\s*_")  # 10_2 would be read as 10
_POWER = re.compile(r"\^\s*(?:([0-9]+)|\{)")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What math-verify says of a pair: the same or not, or not readable; and the value of each side that has one."""

    same: bool | None
    values: tuple[Number | None, Number | None]


def judge(pairs: list[tuple[str, str]]) -> list[Judgement] | None:
    """One judgement per pair of LaTeX texts, or None if they took too long: CPU_SECONDS of the worker for all together.

    Raises MachineryError if the process cannot be started.
    """
    reply = _worker.ask(json.dumps(pairs))
    if not isinstance(reply, list) or len(reply) != len(pairs):
        return None
    return [_judgement(item) for item in reply]


def askable(text: str) -> bool:
    """Whether a text is small enough to be computed with: its length, depth, exponents and factorials are bounded."""
    if len(text) > MAX_CHARS or _LONG_NUMBER.search(text) or _LARGE_FACTORIAL.search(text) or _OTHER_BASE.search(text):
        return False
    depth = deepest = 0
    for char in text:
        depth += (char in "({[") - (char in ")}]")
        deepest = max(deepest, depth)
    return deepest <= MAX_DEPTH and all(_small_exponent(text, match) for match in _POWER.finditer(text))


def _small_exponent(text: str, match: re.Match[str]) -> bool:
    digits = match.group(1)
    if digits:
        return len(digits) <= 4 and int(digits) <= MAX_EXPONENT
    end = _matching_brace(text, match.end() - 1)
    inner = text[match.end() : end]
    try:
        value = evaluate(f"({inner})")
    except TooLarge:
        return False
    if value is not None:
        return abs(value.top) <= MAX_EXPONENT * value.bottom
    return not re.search(r"[0-9]{4}", inner) and "!" not in inner and inner.count("^") < 2


def _matching_brace(text: str, at: int) -> int:
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return index
    return len(text)


def _judgement(item: dict[str, object]) -> Judgement:
    same, values = item["same"], item["values"]
    assert isinstance(values, list)
    left, right = (read_decimal(value) if isinstance(value, str) else None for value in values)
    return Judgement(
        same if isinstance(same, bool) else None,
        (left if isinstance(left, Number) else None, right if isinstance(right, Number) else None),
    )


class _Gone(Exception):
    """Nobody listened: the process had ended before it was asked."""


class _Process:
    """A running worker and its pipes."""

    def __init__(self) -> None:
        self.popen = subprocess.Popen(  # noqa: S603  (a fixed command, no shell)
            [sys.executable, "-P", str(Path(__file__).with_name("latex_worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the parent, which ends this by closing its input
        )
        self.rest = b""
        if self.read(START_SECONDS) != "ready":
            self.end()
            raise MachineryError(
                "The LaTeX comparison could not be started. Is math-verify installed for this Python?"
                f" Try: {sys.executable} -c 'import math_verify'"
            )

    def write(self, request: str) -> None:
        """Raises _Gone. A request is smaller than a pipe's buffer, so that this does not block."""
        assert self.popen.stdin is not None
        try:
            self.popen.stdin.write(request.encode() + b"\n")
        except OSError:
            raise _Gone from None

    def read(self, seconds: float) -> object:
        """One line of JSON, or None where it ends, takes too long or is too long."""
        assert self.popen.stdout is not None
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.popen.stdout, selectors.EVENT_READ)
            while b"\n" not in self.rest:
                if not selector.select(max(0.0, end - time.monotonic())):
                    return None
                chunk = os.read(self.popen.stdout.fileno(), 65536)
                if not chunk or len(self.rest) > MAX_REPLY_BYTES:
                    return None
                self.rest += chunk
        line, _, self.rest = self.rest.partition(b"\n")
        try:
            return json.loads(line)
        except ValueError:
            return None

    def end(self) -> None:
        self.popen.kill()
        self.popen.wait()
        self.close()

    def close(self) -> None:
        """Close this side's ends of the pipes."""
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                stream.close()


class _Worker:
    """The one worker of this process: started when it is needed, by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: _Process | None = None

    def ask(self, request: str) -> object:
        """The parsed reply, or None if none came in time; then the process is killed."""
        with self.lock:
            try:
                self.started().write(request)
            except _Gone:  # it was killed while it was idle
                self.stop()
                self.started().write(request)
            reply = self.started().read(REPLY_SECONDS)
            if reply is None:
                self.stop()
            return reply

    def started(self) -> _Process:
        if self.process is None:
            self.process = _Process()
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            self.process.end()
            self.process = None

    def shut_down(self) -> None:
        with self.lock:
            self.stop()

    def after_fork(self) -> None:
        """In a forked child: the worker is the parent's, so let go of its pipes and of a lock that may be held."""
        self.lock = threading.Lock()
        if self.process is not None:
            self.process.close()
            self.process.popen.returncode = 0  # it is the parent's to wait for
            self.process = None


_worker = _Worker()
shut_down = _worker.shut_down  # ends the process; the next question starts another
atexit.register(shut_down)
os.register_at_fork(after_in_child=_worker.after_fork)
