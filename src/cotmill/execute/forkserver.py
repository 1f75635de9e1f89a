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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.execute.cgroup import Group

__all__ = ["END_GRACE_S", "ForkServer", "Job", "Reply", "ServerLost"]

WORKER = Path(__file__).with_name("worker.py")
HEADER = struct.Struct("<IIII")  # as in worker.py
START_S = 60.0  # a server that is not ready by then is given up
CLOSE_S = 2.0
END_GRACE_S = 15.0  # how much longer than a job's wall limit the server may take to say that it ended


class ServerLost(Exception):
    """The server could not be started, died, or broke the protocol. Says nothing about the program."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the child reads from its socket, and how much it may send."""

    code: bytes
    input: bytes | None
    max_lines: int  # of a trace; 0 runs without one
    max_trace: int  # bytes
    max_report: int  # bytes of the socket in all
    max_stdout: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `frame` and `stdout` are the program's to forge; `end` is the server's word."""

    nonce: bytes
    frame: bytes  # all that was written to the job's socket, the start mark included
    stdout: bytes
    flood: str  # "stdout" or "report" where the job was ended because it wrote too much there
    end: dict[str, Any]  # signal, code, cause, cpu, wall, rss_kb


class ForkServer:
    """One worker process. `ready` is what it reported at its start."""

    def __init__(self, python: str, environment: dict[str, str], settings: dict[str, Any]) -> None:
        """Start it and wait until it is ready. Raises ServerLost."""
        self._wall_s = float(settings["limits"]["wall_s"])
        self._number = 0
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

    def run(self, job: Job) -> Reply:
        """One job, start to end. Raises ServerLost."""
        near, far = socket.socketpair()
        out, out_far = os.pipe()
        try:
            return self._exchange(job, near, far, out, out_far)
        except OSError as error:
            raise ServerLost(f"the sandbox server cannot be reached: {error}") from None
        finally:
            near.close()
            os.close(out)

    def _exchange(self, job: Job, near: socket.socket, far: socket.socket, out: int, out_far: int) -> Reply:
        try:
            nonce = os.urandom(16)
            size = 0 if job.input is None else len(job.input) + 1
            head = HEADER.pack(len(job.code), size, job.max_lines, job.max_trace)
            near.setblocking(False)
            os.set_blocking(out, False)
            unsent = memoryview(head + job.code + (job.input or b"") + nonce)
            unsent = unsent[_send(near, unsent) :]  # most jobs fit into the socket: the child finds them there
            self._number += 1
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [far.fileno(), out_far]))]
            self._control.sendmsg([str(self._number).encode()], rights)
        finally:
            far.close()
            os.close(out_far)
        return _Exchange(self._control, self._number, near, out, unsent, job, nonce).finish(self._wall_s)

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
    """The traffic of one job: code out, report and print-outs in, until the server says that the job ended."""

    def __init__(
        self,
        control: socket.socket,
        number: int,
        near: socket.socket,
        out: int,
        unsent: memoryview,
        job: Job,
        nonce: bytes,
    ) -> None:
        self._control, self._number, self._near, self._out = control, number, near, out
        self._unsent, self._job, self._nonce = unsent, job, nonce
        self._frame, self._stdout = bytearray(), bytearray()
        self._flood = ""

    def finish(self, wall_s: float) -> Reply:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
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
                    return self._end()
                if fd == near and event & select.POLLOUT:
                    self._unsent = self._unsent[_send(self._near, self._unsent) :]
                    if not self._unsent:
                        poll.modify(near, select.POLLIN)
                elif not self._take(fd):
                    poll.unregister(fd)

    def _take(self, fd: int) -> bool:
        """Read once. False at the end of the stream, or where more came than is allowed."""
        into, limit, name = (self._stdout, self._job.max_stdout, "stdout")
        if fd != self._out:
            into, limit, name = (self._frame, self._job.max_report, "report")
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

    def _end(self) -> Reply:
        message = self._control.recv(4096)
        if not message:
            raise ServerLost("the sandbox server died")
        end = json.loads(message)
        if end.get("job") != self._number:
            raise ServerLost("the sandbox server answered another job")
        for fd in (self._near.fileno(), self._out):
            self._drain(fd)
        return Reply(self._nonce, bytes(self._frame), bytes(self._stdout), self._flood, end)

    def _drain(self, fd: int) -> None:
        """What is still in the buffer of a dead child's socket or pipe."""
        if self._flood:
            return
        while True:
            before = len(self._frame) + len(self._stdout)
            if not self._take(fd) or before == len(self._frame) + len(self._stdout):
                return


def _send(near: socket.socket, data: memoryview) -> int:
    """Bytes sent without waiting; all of them where the child is gone."""
    try:
        return near.send(data)
    except BlockingIOError:
        return 0
    except (BrokenPipeError, ConnectionResetError):
        return len(data)
