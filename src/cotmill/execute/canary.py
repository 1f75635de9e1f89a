"""Things that no program may do, tried by children of a new server: layers are believed when they are seen to hold.

Standard library only, Python 3.8+: the worker loads this file by its path, so that all it needs is imported before
the server locks itself in.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

DONE, REFUSED = 1, 2  # exit codes of a child that tried
_libc = ctypes.CDLL(None, use_errno=True)


def attempt(name: str) -> int:
    """Try it: DONE, or REFUSED; where the kernel ends the process for it, that is its answer."""
    try:
        CANARIES[name]()
    except (OSError, ValueError):  # setrlimit says ValueError
        return REFUSED
    return DONE


def _call(number: int, *arguments: Any) -> None:
    """A raw system call. Raises OSError."""
    if _libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _x32() -> None:
    if platform.machine() != "x86_64":
        raise OSError("no such calls here")
    _call(0x40000000 | 39)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _write() -> None:
    for path in ("/canary", "/tmp/canary", "/var/tmp/canary", "/dev/shm/canary"):  # noqa: S108  tried, not used
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError:
            continue
        return
    raise OSError("nowhere")


CANARIES: dict[str, Callable[[], Any]] = {
    "read /etc/passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "list /proc": lambda: os.listdir("/proc"),
    "write a file": _write,
    "open an internet socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "open a unix socket": lambda: socket.socket(socket.AF_UNIX),
    "fork": _fork,
    "run a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606  tried
    "signal the server": lambda: os.kill(os.getppid(), 0),
    "let a descriptor signal": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid()),
    "stop itself": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "lift a limit": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    "limit the server": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_AS),
    "make a pipe": os.pipe,
    "unshare": lambda: _libc.unshare(0),
    "ptrace": lambda: _libc.ptrace(16, os.getppid(), 0, 0),
    "call by x32 numbers": _x32,
    "keep memory outside its limit": lambda: _call(319 if platform.machine() == "x86_64" else 279, b"canary", 0),
}
