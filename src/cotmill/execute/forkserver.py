"""The client's side of one fork server: start the worker process, run one job on it, end it.

Whatever goes wrong here is the machine's fault and raises ServerLost; the sandbox starts another server then.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cotmill.execute.cgroup import Group

__all__ = ["CLIENT", "CPU", "ENDED", "END_GRACE_S", "WALL", "End", "ForkServer", "Job", "Reply", "ServerLost"]

WORKER = Path(__file__).with_name("worker.py")
HEADER = struct.Struct("<IIIIII")  # as in child.py
END = struct.Struct("<QiiBddI")  # as in worker.py
ENDED, CPU, WALL, CLIENT = range(4)  # causes of an end, as in worker.py
START_S = 60.0  # a server that is not ready by then is given up
CLOSE_S = 2.0
PATIENCE_MS = 5  # most children end before that, and all they said fits into the buffers: one wake-up instead of four
END_GRACE_S = 15.0  # how much longer than a job's wall limit the server may take to say that it ended


class ServerLost(Exception):
    """The server could not be started, died, or broke the protocol. Says nothing about the program."""


@dataclass(frozen=True, slots=True)
class Job:
    """One program: what the child reads from its socket."""

    code: bytes
    input: bytes | None
    max_lines: int  # after which the run ends; 0: after none
    max_trace: int  # bytes; 0: no trace is kept
    fault: bytes = b""  # JSON, as faulty.py reads it; empty: none


class End(NamedTuple):
    """The server's word on how a child ended."""

    signal: int
    code: int
    cause: int  # ENDED, CPU, WALL, CLIENT
    cpu: float  # seconds
    wall: float  # seconds
    rss_kb: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one child. `frames` and `stdout` are the programs' to forge; `end` is not."""

    nonces: tuple[bytes, ...]  # one per program
    frames: bytes  # all that was written to the job's socket, the start marks included
    stdout: bytes
    flood: str  # "stdout" or "report" where the child was ended because it wrote too much there
    end: End


class ForkServer:
    """One worker process. `ready` is what it reported at its start."""

    def __init__(self, python: str, environment: dict[str, str], settings: dict[str, Any]) -> None:
        """Start it and wait until it is ready. Raises ServerLost."""
        self._wall_s = float(settings["limits"]["wall_s"])
        self.jobs = 0  # so far
        self._control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [python, "-s", "-S", "-B", str(WORKER), str(far.fileno())]
        with far:
            try:
                self._process = subprocess.Popen(  # noqa: S603  the interpreter that the recipe names
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                    cwd="/", env=environment, pass_fds=[far.fileno()], start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                self._control.close()
                raise ServerLost(f"cannot start {python}: {error}") from None
        self._group = Group(self._process.pid, settings["without"])
        try:
            self.ready = self._begin(settings)
            self._group.limit(settings["limits"]["memory_mb"] << 20)
            self._group.report(self.ready)
        except BaseException:
            self.close()
            raise

    def _begin(self, settings: dict[str, Any]) -> dict[str, Any]:
        self._control.settimeout(START_S)
        try:
            self._control.send(json.dumps(settings).encode())
            message = self._control.recv(1 << 17)
        except OSError as error:
            raise ServerLost(f"the sandbox server did not start: {error}{self._last_words()}") from None
        if not message:
            raise ServerLost(f"the sandbox server did not start{self._last_words()}")
        ready = json.loads(message)
        if "fault" in ready:
            raise ServerLost(str(ready["fault"]))
        return dict(ready)

    def _last_words(self) -> str:
        """The end of what the server wrote to its stderr."""
        self._process.kill()
        assert self._process.stderr is not None
        text = self._process.stderr.read()[-2000:].decode("utf-8", "replace").strip()
        return f": {text}" if text else ""

    def run(self, jobs: Sequence[Job], max_report: int, max_stdout: int) -> Reply:
        """These programs in one child, one after the other. Raises ServerLost.

        `max_report` and `max_stdout` are bytes that the child may send and print in all.
        """
        near, far = socket.socketpair()
        out, out_far = os.pipe()
        try:
            exchange = _Exchange(self._control, near, out, max_report, max_stdout)
            self._hand_over(exchange, jobs, far, out_far)
            return exchange.finish(self.jobs, self._wall_s)
        except OSError as error:
            raise ServerLost(f"the sandbox server cannot be reached: {error}") from None
        finally:
            near.close()
            os.close(out)

    def _hand_over(self, exchange: _Exchange, jobs: Sequence[Job], far: socket.socket, out_far: int) -> None:
        try:
            exchange.send(jobs)  # most jobs fit into the socket: the child finds them there
            self.jobs += 1
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [far.fileno(), out_far]))]
            self._control.sendmsg([str(self.jobs).encode()], rights)
        finally:
            far.close()
            os.close(out_far)

    def close(self) -> None:
        """End the server and everything in it; it ends by itself when its control socket closes, or is killed."""
        self._control.close()
        try:
            self._process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._group.end()


class _Exchange:
    """The traffic of one child: code out, reports and print-outs in, until the server says that it ended."""

    def __init__(self, control: socket.socket, near: socket.socket, out: int, max_report: int, max_stdout: int) -> None:
        self._control, self._near, self._out = control, near, out
        self._max_report, self._max_stdout = max_report, max_stdout
        self._nonces: tuple[bytes, ...] = ()
        self._unsent = memoryview(b"")
        self._frames, self._stdout = bytearray(), bytearray()
        self._flood = ""
        near.setblocking(False)
        os.set_blocking(out, False)

    def send(self, jobs: Sequence[Job]) -> None:
        """As much as the socket takes; the rest goes while `finish` waits."""
        self._nonces = tuple(os.urandom(16) for _ in jobs)
        parts = []
        for following, (job, nonce) in enumerate(zip(reversed(jobs), reversed(self._nonces), strict=True)):
            size = 0 if job.input is None else len(job.input) + 1
            head = HEADER.pack(len(job.code), size, len(job.fault), job.max_lines, job.max_trace, following)
            parts.append(head + job.code + (job.input or b"") + job.fault + nonce)
        self._unsent = memoryview(b"".join(reversed(parts)))
        self._send()

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[self._near.send(self._unsent) :]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):  # the child is gone: the server will say how
            self._unsent = memoryview(b"")

    def finish(self, number: int, wall_s: float) -> Reply:
        """Until the server has said how job `number` ended."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        if not self._unsent and poll.poll(PATIENCE_MS):
            return self._end(number)
        poll.register(self._out, select.POLLIN)
        poll.register(self._near, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        deadline = time.monotonic() + wall_s + END_GRACE_S
        control, near = self._control.fileno(), self._near.fileno()
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ServerLost("the sandbox server does not answer")
            for fd, event in poll.poll(left * 1000):
                if fd == control:
                    return self._end(number)
                if fd == near and event & select.POLLOUT:
                    self._send()
                    if not self._unsent:
                        poll.modify(near, select.POLLIN)
                elif not self._take(fd):
                    poll.unregister(fd)

    def _take(self, fd: int) -> bool:
        """Read once. False at the end of the stream, or where more came than is allowed."""
        into, limit, name = (self._stdout, self._max_stdout, "stdout")
        if fd != self._out:
            into, limit, name = (self._frames, self._max_report, "report")
        try:
            part = os.read(fd, 1 << 16)
        except BlockingIOError:
            return True
        except ConnectionResetError:  # the child ended and left some of its input unread
            return False
        into += part
        if len(into) > limit:
            del into[limit:]
            if not self._flood:
                self._flood = name
                self._control.send(b"end")
            return False
        return bool(part)

    def _end(self, number: int) -> Reply:
        message = self._control.recv(256)
        if len(message) != END.size:
            raise ServerLost("the sandbox server died")
        job, *end = END.unpack(message)
        if job != number:
            raise ServerLost("the sandbox server answered another job")
        for fd in (self._near.fileno(), self._out):
            self._drain(fd)
        return Reply(self._nonces, bytes(self._frames), bytes(self._stdout), self._flood, End(*end))

    def _drain(self, fd: int) -> None:
        """What is still in the buffer of a dead child's socket or pipe."""
        if self._flood:
            return
        while True:
            before = len(self._frames) + len(self._stdout)
            if not self._take(fd) or before == len(self._frames) + len(self._stdout):
                return
