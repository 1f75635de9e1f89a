"""The ledger: which shards are finished, and what became of every pair in them.

One append-only JSONL file per stage, `ledger/<stage folder>.jsonl`, one line per committed shard. A line is written
after the shard's files are durable and is itself flushed to disk: the line is the commit. A line torn by a kill is
dropped at the next start and its shard is done again, to the same bytes.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from cotmill.base.stage import CotmillError, StageFault

__all__ = ["Commit", "Ledger", "RunFolderError", "Totals", "read_commits"]


class RunFolderError(CotmillError):
    """The output folder cannot be used: it holds something else, another recipe's run, or is in use."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One finished shard of one stage. Counts are pairs."""

    stage: str  # the stage's folder, "04-execute.run"
    shard: int
    version: int  # the stage's version
    pairs_in: int
    pairs_out: int
    rejected: dict[str, int]  # reason -> pairs
    files: dict[str, str]  # path in the run folder -> sha256
    seconds: float  # wall time of the work
    cpu_seconds: float  # CPU time of the work, sandboxed children included
    facts: dict[str, Any] = field(default_factory=dict)  # what the stage reports of its means: sandbox layers and so on
    counts: dict[str, int] = field(default_factory=dict)  # what the stage counts beside pairs, such as tokens
    last: bool = False  # sources only: no shard comes after this one
    made_of: str = ""  # keyed steps only: names the shards that all of this step's are made of

    def __post_init__(self) -> None:
        if self.pairs_in != self.pairs_out + sum(self.rejected.values()):
            raise StageFault(f"{self.stage} shard {self.shard}: in = out + rejected does not hold: {self}")


@dataclass(slots=True)
class Totals:
    """A stage's commits added up."""

    stage: str
    version: int = 0
    shards: int = 0
    pairs_in: int = 0
    pairs_out: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    made_of: str = ""

    def add(self, commit: Commit) -> None:
        self.version = commit.version
        self.shards += 1
        self.pairs_in += commit.pairs_in
        self.pairs_out += commit.pairs_out
        self.rejected.update(commit.rejected)
        self.seconds += commit.seconds
        self.cpu_seconds += commit.cpu_seconds
        self.facts = commit.facts or self.facts
        self.counts.update(commit.counts)
        self.made_of = commit.made_of


def read_commits(run: Path) -> Iterator[Commit]:
    """The commits of a run, each (stage, shard) once, stage by stage. Takes no lock; a torn last line is left out."""
    for path in sorted((run / "ledger").glob("*.jsonl")):
        seen: set[int] = set()
        for commit, _ in _lines(path):
            if commit.shard not in seen:
                seen.add(commit.shard)
                yield commit


def _lines(path: Path) -> Iterator[tuple[Commit, int]]:
    """Commits of one file and their lengths in bytes, up to a torn last line. Raises RunFolderError for another."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                commit = Commit(**json.loads(line))
            except (ValueError, TypeError, StageFault):
                raise RunFolderError(
                    f"{path} line {number} is damaged, or was written by another version of cotmill; delete this file, "
                    "and the same `cotmill run` does the stage again"
                ) from None
            yield commit, len(line)


class Ledger:
    """Commits of a run. Opened for writing it holds the run folder's lock; opened for reading it takes none."""

    def __init__(self, run: Path, *, write: bool = False) -> None:
        self.run, self.folder = run, run / "ledger"
        self._files: dict[str, IO[bytes]] = {}
        self._lock: IO[bytes] | None = None
        if write:
            self._lock = (run / ".lock").open("wb")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock.close()
                raise RunFolderError(f"{run} is in use by another cotmill run; wait for it or stop it") from None
        self.totals: dict[str, Totals] = {}
        self._done: dict[str, set[int]] = {}
        self._last: dict[str, int] = {}
        try:
            for path in sorted(self.folder.glob("*.jsonl")):
                self._load(path, repair=write)
        except BaseException:
            self.close()
            raise

    def _load(self, path: Path, *, repair: bool) -> None:
        whole = 0
        for commit, length in _lines(path):
            whole += length
            if not repair or self._intact(commit):
                self._count(commit)
        if repair and whole < path.stat().st_size:
            os.truncate(path, whole)

    def _intact(self, commit: Commit) -> bool:
        """Files that somebody deleted are made again; contents are checked by `cotmill status --verify`."""
        return all((self.run / file).is_file() for file in commit.files)

    def _count(self, commit: Commit) -> None:
        done = self._done.setdefault(commit.stage, set())
        if commit.shard in done:
            return
        done.add(commit.shard)
        self.totals.setdefault(commit.stage, Totals(commit.stage)).add(commit)
        if commit.last:
            self._last[commit.stage] = commit.shard

    def commit(self, commit: Commit) -> None:
        """Make a finished shard count. Its files are durable already."""
        if commit.stage not in self._files:
            self.folder.mkdir(exist_ok=True)
            self._files[commit.stage] = (self.folder / f"{commit.stage}.jsonl").open("ab")
        file = self._files[commit.stage]
        file.write(json.dumps(asdict(commit)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        self._count(commit)

    def drop(self, stage: str) -> None:
        """Forget a stage's commits, all at once; its files count no more."""
        path = self.folder / f"{stage}.jsonl"
        if path.exists():
            with path.open("r+b") as file:
                file.truncate()
                os.fsync(file.fileno())
        for known in (self.totals, self._done, self._last):
            known.pop(stage, None)

    def done(self, stage: str) -> set[int]:
        """Numbers of the stage's finished shards."""
        return self._done.get(stage, set())

    def last(self, stage: str) -> int | None:
        """Number of the stage's last shard where that is known."""
        return self._last.get(stage)

    def close(self) -> None:
        for file in self._files.values():
            with contextlib.suppress(
                OSError
            ):  # a line that a full disk did not take is torn: dropped at the next start
                file.close()
        if self._lock is not None:
            self._lock.close()
