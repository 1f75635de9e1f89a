"""A run while it works."""

from __future__ import annotations

import io
import re
import time
from collections import Counter

import pytest

from cotmill.base.ledger import Commit, Totals
from cotmill.view.progress import Bar, Lines, Pace, Quiet, progress

TOTALS = {
    "01-collect.sources": Totals(
        "01-collect.sources", pairs_in=100, pairs_out=98, rejected=Counter({"malformed-row": 2})
    ),
    "08-publish.sample": Totals("08-publish.sample", pairs_in=60, pairs_out=60),
    "09-publish.dedup": Totals("09-publish.dedup", pairs_in=30, pairs_out=26, rejected=Counter({"duplicate": 4})),
}


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def commit(stage: str = "04-execute.run", *, fresh: bool = True) -> Commit:
    return Commit(stage, 0, 1, 0, 0, {}, {"part": "sha"} if fresh else {}, 0.0, 0.0)


def test_the_estimate_counts_only_what_this_call_did():
    """Half was there before; two of ten took 8 s, so the last three take 12 s."""
    clock = Clock()
    pace = Pace(10, clock)
    for _ in range(5):
        pace.advance(commit(fresh=False))
    assert (pace.share, pace.left()) == (0.5, None)
    clock.now += 8
    pace.advance(commit())
    pace.advance(commit())
    assert (pace.share, pace.left()) == (0.7, pytest.approx(12.0))


def test_no_estimate_before_two_rounds_through_the_steps():
    """The first shards of quick steps say nothing about the slow ones."""
    clock = Clock()
    pace = Pace(100, clock)
    for step in ("a", "b", "c", "a", "b"):
        clock.now += 1
        pace.advance(commit(step))
        assert pace.left() is None
    clock.now += 1
    pace.advance(commit("c"))
    assert pace.left() == pytest.approx(94.0)


def work(show: Quiet, clock: Clock, seconds: float, tasks: int) -> None:
    with show:
        show.begin("reading the sources")
        show.length(tasks)
        for _ in range(tasks):
            clock.now += seconds / tasks
            show.advance(commit(), TOTALS)


def test_a_short_run_shows_nothing():
    """Shorter than two seconds: not a character."""
    clock, stream = Clock(), io.StringIO()
    work(Lines(stream, clock), clock, 1.9, 10)
    assert stream.getvalue() == ""


def test_plain_lines_come_seldom_and_say_how_far_it_is():
    """A minute of work is at most a line every five seconds, from some to all of it, and a last one."""
    clock, stream = Clock(), io.StringIO()
    work(Lines(stream, clock), clock, 60, 600)
    lines = stream.getvalue().splitlines()
    assert 10 <= len(lines) <= 14
    assert re.fullmatch("working [34] %: 0:02, about 0:5[78] left, 56 samples, 6 rejects", lines[0])
    assert re.fullmatch("done: (0:59|1:00), 56 samples, 6 rejects", lines[-1])


def test_a_long_run_writes_ever_fewer_lines():
    """A day is some 1,500 lines, not 17,000."""
    clock, stream = Clock(), io.StringIO()
    work(Lines(stream, clock), clock, 24 * 3600, 20_000)
    assert len(stream.getvalue().splitlines()) < 1_600


def test_a_line_comes_even_when_nothing_happens(monkeypatch):
    """A long first phase is named after the silent time."""
    monkeypatch.setattr("cotmill.view.progress.SILENT_S", 0.05)
    stream = io.StringIO()
    with Lines(stream, time.monotonic) as show:
        show.begin("reading the sources")
        time.sleep(0.2)
        assert stream.getvalue().startswith("reading the sources: 0:00")


def test_a_stopped_run_says_so():
    """An exception ends the lines with `stopped`, not with `done`."""
    clock, stream = Clock(), io.StringIO()
    show = Lines(stream, clock)
    with pytest.raises(KeyboardInterrupt), show:
        clock.now += 3
        raise KeyboardInterrupt
    assert stream.getvalue().startswith("stopped: ")


def test_quiet_shows_notes_only():
    """A person should still know that a worker died."""
    clock, stream = Clock(), io.StringIO()
    show = progress(quiet=True, stream=stream, clock=clock)
    show.note("a worker process died\x1b[2J")
    work(show, clock, 60, 10)
    assert stream.getvalue() == "note: a worker process died\\x1b[2J\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_a_pipe_gets_lines(monkeypatch):
    """By what the stream is; a dumb terminal gets lines."""
    monkeypatch.setenv("TERM", "xterm")
    assert type(progress(stream=io.StringIO())) is Lines
    assert type(progress(stream=Terminal())) is Bar
    monkeypatch.setenv("TERM", "dumb")
    assert type(progress(stream=Terminal())) is Lines


def test_the_bar_shows_share_time_and_counts(monkeypatch):
    """After the silent time the bar is on the screen; before it nothing is."""
    monkeypatch.setattr("cotmill.view.progress.SILENT_S", 0.1)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()
    with Bar(stream, time.monotonic) as show:
        show.length(4)
        show.advance(commit(), TOTALS)
        assert stream.getvalue() == ""
        time.sleep(0.4)
    assert "25 %" in stream.getvalue()
    assert "56 samples, 6 rejects" in stream.getvalue()
