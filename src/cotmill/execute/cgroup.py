"""One cgroup v2 group per server, where the host lets its user make one: bounds for the server as a whole.

Address space is limited per child; a group also counts what is nobody's address space (buffers of pipes and sockets,
page tables), and more children than there should be. It is never required.

The client makes it, not the worker: the server has to be inside before it does anything, loses sight of the cgroup
file system when it locks itself in, and cannot remove a group that it is in. Where the client is killed, the group
is left behind empty, and the next client removes it. Where memory and pids are not delegated there is no group: what
`cgroup.kill` would end, the PID namespace and the ban on forking end already.

Sources: cgroups(7), Documentation/admin-guide/cgroup-v2.rst, systemd's CGROUP_DELEGATION.md.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from pathlib import Path
from typing import Any

__all__ = ["Group"]

NEEDED = ("memory", "pids")
MARGIN = 64 << 20  # bytes of buffers and page tables; no program comes near, so that none costs the server
PROCESSES = 32  # outer process, server, its child; the rest is for libraries that keep threads
END_S = 1.0  # a killed process leaves its group a moment later
PREFIX = "cotmill-"

_numbers = itertools.count()


class Group:
    """A group with one server in it, or `problem`: why there is none."""

    def __init__(self, pid: int, without: list[str], proc: Path = Path("/proc")) -> None:
        self.problem = "left out on request" if "cgroup" in without else ""
        self._path: Path | None = None
        if self.problem:
            return
        problems = []
        try:
            for parent in _candidates(proc / "self"):
                try:
                    self._path = _make(parent, proc)
                    _write(self._path / "cgroup.procs", str(pid))
                except OSError as error:
                    problems.append(str(error))
                    self.end()
                else:
                    return
        except OSError as error:
            problems.append(str(error))
        self.problem = "; ".join(problems)

    def limit(self, program: int) -> None:
        """From now on: the server twice, as a child may write to every page that it shares, and one program's bytes."""
        if self._path is None:
            return
        try:
            used = int((self._path / "memory.current").read_text())
            _write(self._path / "memory.max", str(2 * used + program + MARGIN))
        except (OSError, ValueError) as error:
            self.problem = str(error)

    def report(self, ready: dict[str, Any]) -> None:
        """Add this layer to what the server found."""
        if self.problem:
            ready["refused"]["cgroup"] = self.problem
        else:
            ready["layers"].append("cgroup")

    def end(self) -> None:
        """Kill what is inside, and remove it."""
        path, self._path = self._path, None
        if path is None:
            return
        with contextlib.suppress(OSError):  # cgroup.kill: Linux 5.14
            _write(path / "cgroup.kill", "1")
        deadline = time.monotonic() + END_S
        while not _remove(path) and time.monotonic() < deadline:
            time.sleep(0.005)


def _candidates(proc: Path) -> list[Path]:
    """The own group and the one above it. Raises OSError where there is no cgroup v2."""
    groups = [line[3:] for line in (proc / "cgroup").read_text().splitlines() if line.startswith("0::")]
    for line in (proc / "mountinfo").read_text().splitlines():
        fields, _, kind = line.partition(" - ")
        root, mounted = (_unescaped(field) for field in fields.split()[3:5])
        for group in groups:
            if kind.startswith("cgroup2 ") and (group + "/").startswith(root.rstrip("/") + "/"):
                top = Path(mounted)
                own = top / os.path.relpath(group, root)
                return [own] if own == top else [own, own.parent]
    raise OSError("no cgroup v2 hierarchy that this process is in")


def _unescaped(field: str) -> str:
    for character in " \t\n\\":
        field = field.replace(f"\\{ord(character):03o}", character)
    return field


def _make(parent: Path, proc: Path) -> Path:
    """A new group with limits; nothing is left where that fails. Raises OSError."""
    offered = (parent / "cgroup.controllers").read_text().split()
    absent = [name for name in NEEDED if name not in offered]
    if absent:
        raise OSError(f"{parent} has no controllers {' and '.join(absent)}")
    if not set(NEEDED) <= set((parent / "cgroup.subtree_control").read_text().split()):
        _write(parent / "cgroup.subtree_control", " ".join(f"+{name}" for name in NEEDED))
    _sweep(parent, proc)
    path = parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
    path.mkdir()
    try:
        if NEEDED:
            _write(path / "pids.max", str(PROCESSES))
            _write(path / "memory.max", "max")  # tried here, set when the server's size is known
            if (path / "memory.swap.max").exists():
                _write(path / "memory.swap.max", "0")
    except OSError:
        _remove(path)
        raise
    return path


def _sweep(parent: Path, proc: Path) -> None:
    """Remove empty groups of clients that are no more."""
    for path in parent.glob(f"{PREFIX}*-*"):
        owner = path.name[len(PREFIX) :].partition("-")[0]
        if not (proc / owner).exists():
            _remove(path)


def _remove(path: Path) -> bool:
    try:
        path.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _write(path: Path, text: str) -> None:
    """To a file that is there: the kernel makes no others."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror}") from None
