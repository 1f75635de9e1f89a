"""A folder of finished calls: appended to by several processes at once, found again by name, whole after any kill.

Files are `calls-0000.jsonl`, `calls-0001.jsonl`, ... A process that writes holds one of them locked; a file whose
writer is gone is taken over by the next one, which first cuts off what that writer did not finish. A line is ASCII:

    {"sum":"5d41402a","call":"<32 hexadecimal digits>","key":"...","model":"...","text":"...", ...}

`sum` is the CRC-32 of all that follows its closing quote, `call` names what was asked. Both stand at fixed places, so
that opening a folder parses no JSON. A line with another sum is no answer, wherever it stands.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import time
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.base.stage import MachineryError

__all__ = ["CallFolder", "every_line"]

NAMES = "calls-*.jsonl"
BLOCK = 1 << 20  # bytes that are read at a time
SYNC_S = 1.0  # a machine that loses power loses at most so many seconds of a batch that is under way
OFFSET_BITS = 40  # of a place; the bits above them number the file
HEAD = b'{"sum":"'
BODY = len(HEAD) + 9  # where the part begins whose sum stands in the head
CALL = b',"call":"'


@dataclass(slots=True)
class _File:
    path: Path
    handle: int
    end: int = 0  # behind the last whole line that was read or written


class CallFolder:
    """Finds and keeps; usable from several threads. Opening reads every file once, and makes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _Index()
        self._files: list[_File] = []
        self._own: _File | None = None  # what this process appends to
        self._synced = 0.0  # by the monotonic clock
        self._failed = ""  # why nothing can be kept any more
        self._lock = threading.RLock()
        self.refresh()

    def refresh(self) -> None:
        """Read what other processes have written since. Raises MachineryError where it cannot be read."""
        with self._lock:
            try:
                self._read()
            except OSError as error:
                raise MachineryError(f"{self._folder}: kept answers cannot be read ({error.strerror})") from None

    def find(self, call: bytes) -> dict[str, Any] | None:
        """What was kept under this name."""
        with self._lock:
            for place in self._index.places(call):
                file = self._files[place >> OFFSET_BITS]
                _, line = next(_lines(file.handle, place & ((1 << OFFSET_BITS) - 1), block=4096), (0, b""))
                if _call_of(line) == call:
                    found: dict[str, Any] = json.loads(line)
                    return found
            return None

    def claim(self) -> None:
        """Make sure that something can be kept. Raises MachineryError where it cannot."""
        with self._lock:
            if self._failed:
                raise MachineryError(self._failed)
            if self._own is None:
                try:
                    self._own = self._take()
                except OSError as error:
                    raise self._fail(error) from None

    def append(self, call: bytes, fields: Mapping[str, Any]) -> None:
        """Kept, whatever becomes of this process. Raises MachineryError where it cannot be, now or any more."""
        body = b"," + json.dumps({"call": call.hex(), **fields}, separators=(",", ":"))[1:].encode()
        line = HEAD + b'%08x"' % zlib.crc32(body) + body + b"\n"
        with self._lock:
            self.claim()
            own = self._own
            assert own is not None  # claimed
            place = os.fstat(own.handle).st_size
            try:
                _write(own.handle, line)
            except BaseException as error:
                with contextlib.suppress(OSError):  # if this fails as well, whoever takes the file over does it
                    os.ftruncate(own.handle, place)
                if isinstance(error, OSError):
                    raise self._fail(error) from None
                raise
            self._index.add(call, self._files.index(own) << OFFSET_BITS | place)
            own.end = place + len(line)
            due = time.monotonic() - self._synced > SYNC_S
            if due:
                self._synced = time.monotonic()
        if due:
            self.sync()

    def sync(self) -> None:
        """Kept, whatever becomes of this machine. Raises MachineryError where that cannot be said."""
        if (own := self._own) is None:
            return
        try:
            os.fsync(own.handle)  # without the lock, so that others may write in the meantime
        except OSError as error:  # what had been written may be gone, and a second call would not say so
            raise self._fail(error) from None
        self._synced = time.monotonic()

    def close(self) -> None:
        """Another process may go on with this one's file."""
        with self._lock:
            try:
                if not self._failed:
                    self.sync()
            finally:
                self._failed = self._failed or f"{self._folder} is closed"
                for file in self._files:
                    os.close(file.handle)
                self._files, self._own = [], None
                self._index = _Index()

    def _read(self) -> None:
        known = {file.path for file in self._files}
        for path in sorted(self._folder.glob(NAMES)):
            if path not in known:
                self._files.append(_File(path, os.open(path, os.O_RDONLY)))
        for number, file in enumerate(self._files):
            for place, line in _lines(file.handle, file.end):
                if (call := _call_of(line)) is not None:
                    self._index.add(call, number << OFFSET_BITS | place)
                file.end = place + len(line) + 1

    def _take(self) -> _File:
        """A file that nobody writes, or a new one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:
            path = self._folder / NAMES.replace("*", f"{number:04d}")
            handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                os.close(handle)
            number += 1
        self.refresh()  # its last writer may have gone on until a moment ago
        own = next(file for file in self._files if file.path == path)
        os.close(own.handle)
        own.handle = handle
        os.ftruncate(handle, own.end)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return own

    def _fail(self, error: OSError) -> MachineryError:
        self._failed = (
            f"{self._folder}: answers of the model can no longer be kept ({error.strerror}); make room and run the "
            "same again: what was kept before is used"
        )
        return MachineryError(self._failed)


class _Index:
    """Names of calls -> places, by open addressing: 24 to 48 bytes a call, where a dict takes about 170."""

    def __init__(self) -> None:
        self._count = 0
        self._names = array("Q", bytes(8 * 1024))  # 64 bits of each name; 0 is a free slot
        self._places = array("Q", bytes(8 * 1024))

    def add(self, call: bytes, place: int) -> None:
        if 3 * self._count >= 2 * len(self._names):
            old = zip(self._names, self._places, strict=True)
            self._names, self._places = (array("Q", bytes(16 * len(self._names))) for _ in range(2))
            for name, at in old:
                if name:
                    self._put(name, at)
        self._put(_short(call), place)
        self._count += 1

    def places(self, call: bytes) -> Iterator[int]:
        """Where it may stand: names are told apart by 64 of their bits here."""
        wanted, last = _short(call), len(self._names) - 1
        slot = wanted & last
        while found := self._names[slot]:
            if found == wanted:
                yield self._places[slot]
            slot = (slot + 1) & last

    def _put(self, name: int, place: int) -> None:
        last = len(self._names) - 1
        slot = name & last
        while self._names[slot]:
            slot = (slot + 1) & last
        self._names[slot], self._places[slot] = name, place


def every_line(folder: Path) -> Iterator[dict[str, Any]]:
    """What was kept here and in folders below, file by file, in the order of its keeping."""
    for path in sorted(folder.rglob(NAMES)):
        handle = os.open(path, os.O_RDONLY)
        try:
            yield from (json.loads(line) for _, line in _lines(handle, 0) if _call_of(line) is not None)
        finally:
            os.close(handle)


def _lines(handle: int, place: int, block: int = BLOCK) -> Iterator[tuple[int, bytes]]:
    """Lines that have an end, from a place on, each with its own place."""
    rest = b""
    while read := os.pread(handle, block, place + len(rest)):
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            yield place, line
            place += len(line) + 1


def _call_of(line: bytes) -> bytes | None:
    """The name of what was asked; None for a line that is not as it was written."""
    body = line[BODY:]
    if line[:BODY] != HEAD + b'%08x"' % zlib.crc32(body) or not body.startswith(CALL):
        return None
    return bytes.fromhex(body[len(CALL) : len(CALL) + 32].decode())


def _short(call: bytes) -> int:
    return int.from_bytes(call[:8], "big") or 1


def _write(handle: int, data: bytes) -> None:
    """All of it: a disk that fills up takes a part first."""
    while data:
        data = data[os.write(handle, data) :]
