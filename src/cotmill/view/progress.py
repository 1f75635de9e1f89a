"""A run while it works: a bar on a terminal, a line now and then elsewhere, nothing for the first two seconds.

All of it goes to stderr, so that a command's output stays clean. `progress()` gives what fits; it is a context manager
and the `Show` that the runner talks to.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from cotmill.base.ledger import Commit, Totals
from cotmill.view.display import clock_time, count, visible

__all__ = ["Bar", "Lines", "Pace", "Quiet", "progress"]

SILENT_S = 2.0  # a run shorter than this shows nothing
LINE_S, SPARSE_LINE_S = 5.0, 60.0  # time between two lines: at the beginning, in a long run
Clock = Callable[[], float]


def progress(*, quiet: bool = False, stream: TextIO | None = None, clock: Clock = time.monotonic) -> Quiet:
    """What shows a run's progress on this stream (stderr): `Bar` on a terminal, else `Lines`; `Quiet` when asked."""
    stream = stream or sys.stderr
    if quiet:
        return Quiet(stream, clock)
    terminal = stream.isatty() and os.environ.get("TERM") not in (None, "", "dumb")
    return Bar(stream, clock) if terminal else Lines(stream, clock)


class Pace:
    """How far a phase is and how long it will still take.

    Steps are worked depth first, so the share of finished shard-steps is the share of the work. What an earlier call
    finished counts as done and tells nothing about the speed.
    """

    def __init__(self, tasks: int, clock: Clock) -> None:
        self.tasks, self.done = tasks, 0
        self._clock, self._began = clock, clock()
        self._fresh = 0
        self._stages: set[str] = set()

    def advance(self, commit: Commit) -> None:
        self.done += 1
        if commit.files:  # none: finished by an earlier call
            self._fresh += 1
            self._stages.add(commit.stage)

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.tasks) if self.tasks else 1.0

    def left(self) -> float | None:
        """Seconds; None until two rounds through the steps seen so far show what a round costs."""
        if not self._fresh or self._fresh < 2 * len(self._stages):
            return None
        return (self._clock() - self._began) / self._fresh * max(0, self.tasks - self.done)


class Quiet:
    """Keeps count and shows only what a person should know."""

    def __init__(self, stream: TextIO, clock: Clock) -> None:
        self._stream, self._clock, self._began = stream, clock, clock()
        self._lock = threading.RLock()  # the timer that ends the silent time is another thread
        self._text = "starting"
        self._pace: Pace | None = None
        self._samples = self._rejects = 0

    def begin(self, text: str) -> None:
        with self._lock:
            self._text, self._pace = text, None
            self._changed()

    def length(self, tasks: int) -> None:
        with self._lock:
            self._text, self._pace = "working", Pace(tasks, self._clock)
            self._changed()

    def advance(self, commit: Commit, totals: dict[str, Totals]) -> None:
        with self._lock:
            if self._pace is not None:
                self._pace.advance(commit)
            self._samples = _samples(totals)
            self._rejects = sum(total.rejected.total() for total in totals.values())
            self._changed()

    def note(self, text: str) -> None:
        with self._lock:
            self._write(f"note: {text}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        return None

    def _changed(self) -> None:
        """Called with the lock held after every change."""

    def _write(self, line: str) -> None:
        print(visible(line), file=self._stream, flush=True)

    def _elapsed(self) -> float:
        return self._clock() - self._began

    def _state(self, *, over: bool = False) -> str:
        """Elapsed time, time left where it is known, samples and rejects."""
        left = self._pace.left() if self._pace is not None and not over else None
        parts = [clock_time(self._elapsed())]
        if left is not None:
            parts.append(f"about {clock_time(left)} left")
        if self._pace is not None:
            parts.append(f"{count(self._samples)} samples, {count(self._rejects)} rejects")
        return ", ".join(parts)


class Lines(Quiet):
    """For logs and pipes: a line every few seconds, ever more rarely in a long run."""

    def __init__(self, stream: TextIO, clock: Clock) -> None:
        super().__init__(stream, clock)
        self._last: float | None = None  # when the last line was written
        self._timer = threading.Timer(SILENT_S, self._first)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            if self._elapsed() >= SILENT_S:
                self._write(f"{'done' if kind is None else 'stopped'}: {self._state(over=True)}")

    def _first(self) -> None:
        """So that something is said even where nothing happens for long."""
        with self._lock:
            if self._last is None:
                self._line()

    def _changed(self) -> None:
        elapsed = self._elapsed()
        since = elapsed if self._last is None else elapsed - self._last
        if since >= (SILENT_S if self._last is None else min(SPARSE_LINE_S, max(LINE_S, elapsed / 20))):
            self._line()

    def _line(self) -> None:
        self._last = self._elapsed()
        share = f" {100 * self._pace.share:.0f} %" if self._pace is not None else ""
        self._write(f"{self._text}{share}: {self._state()}")


class Bar(Quiet):
    """For a terminal: one bar, gone when the run ends."""

    def __init__(self, stream: TextIO, clock: Clock) -> None:
        super().__init__(stream, clock)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[state]}", markup=False),
            console=Console(file=stream),
            transient=True,
            expand=True,
            get_time=clock,
        )
        self._task = self._bar.add_task(self._text, total=None, state="")
        self._timer = threading.Timer(SILENT_S, self._appear)
        self._timer.daemon = True
        self._over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
        self._bar.stop()

    def _appear(self) -> None:
        with self._lock:
            if not self._over:
                self._changed()
                self._bar.start()

    def _changed(self) -> None:
        pace = self._pace
        self._bar.update(
            self._task,
            description=visible(self._text) if pace is None else f"{100 * pace.share:3.0f} %",
            total=None if pace is None else max(1, pace.tasks),
            completed=0 if pace is None else pace.done,
            state=self._state(),
        )

    def _write(self, line: str) -> None:
        self._bar.console.print(Text(visible(line)))


def _samples(totals: dict[str, Totals]) -> int:
    """Samples so far: what publish was given, less what it has turned away since."""
    publish = [totals[folder] for folder in sorted(totals) if folder.partition("-")[2].startswith("publish.")]
    return publish[0].pairs_out - sum(total.rejected.total() for total in publish[1:]) if publish else 0
