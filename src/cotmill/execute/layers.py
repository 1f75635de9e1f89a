"""What stands between a program and the machine, put up once per server; the worker loads this file by its path.

Order matters: namespaces come before the imports (process 1 of a PID namespace is a child), everything else after
them, when all files that the server itself needs are open. Each layer is tried, and what the kernel refuses is
written down, not raised: `Layers.tier` says what is left, and the client decides whether that is enough.

Standard library only, Python 3.8+, Linux. Sources: namespaces(7), pivot_root(2), landlock(7), capabilities(7),
linux/landlock.h, linux/prctl.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP, PR_CAP_AMBIENT = 1, 4, 38, 24, 47
# The same numbers on every architecture, but for two
SYS_PIDFD_OPEN, SYS_MOUNT_SETATTR = 434, 442
SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
NOBODY = 61_843  # user and group of programs where Cotmill runs as root; no account has such a number by custom


class Layers:
    """Which layers are in force. `without` names layers to leave out, as a host would that refuses them."""

    def __init__(self, without: list[str]) -> None:
        self.without = frozenset(without)
        self.root = os.geteuid() == 0
        self.refused: dict[str, str] = {}  # layer: why it is not in force
        self.in_force: list[str] = []
        self.landlock_abi = 0
        self.filter = ""  # digests of the two seccomp filters

    def attempt(self, name: str, work: Any) -> bool:
        """Put up one layer; whether it is in force."""
        try:
            if name in self.without:
                raise OSError("left out on request")
            work()
        except OSError as error:
            self.refused[name] = str(error)
            return False
        self.in_force.append(name)
        return True

    @property
    def tier(self) -> str:
        """The strongest of: full, namespaces (no Landlock), landlock (no namespaces), seccomp, none."""
        has = set(self.in_force)
        if not {"seccomp", "deadline"} <= has:
            return "none"
        if {"namespaces", "root"} <= has:
            return "full" if "landlock" in has else "namespaces"
        return "landlock" if "landlock" in has else "seccomp"

    def report(self) -> dict[str, Any]:
        return {
            "tier": self.tier,
            "layers": list(self.in_force),
            "refused": dict(self.refused),
            "landlock_abi": self.landlock_abi,
            "seccomp": self.filter,
            "kernel": platform.release(),
            "machine": platform.machine(),
        }

    # --- before the imports ---------------------------------------------------------------------------------------

    def enter_namespaces(self) -> None:
        """New namespaces for everything; returns in their process 1 while the caller waits for its end outside."""
        if not self.attempt("namespaces", self._unshare if self.root else self._unshare_rehearsed):
            return
        child = os.fork()
        if child:
            _outlive(child)
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def _unshare_rehearsed(self) -> None:
        """Some hosts let a user into namespaces, refuse the maps, and there is no way back: a child goes first."""
        _rehearse(self._unshare)
        self._unshare()

    def _unshare(self) -> None:
        uid, gid = os.getuid(), os.getgid()
        if self.root:
            _check(_libc.unshare(NAMESPACES), "unshare")
            return
        _check(_libc.unshare(CLONE_NEWUSER | NAMESPACES), "unshare")
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)

    # --- after the imports ----------------------------------------------------------------------------------------

    def lock(self, paths: list[str]) -> None:
        """All other layers: from here on only `paths` can be read and nothing can be written."""
        paths = [path for path in paths if os.path.isdir(path) or os.path.isfile(path)]
        self.attempt("deadline", _watch_by_descriptor)
        self.attempt("oom", _first_for_the_oom_killer)
        if "namespaces" in self.in_force:
            self.attempt("root", lambda: _new_root(paths))
        else:
            self.refused["root"] = "needs namespaces"
        if self.root:
            self.attempt("user", lambda: _leave_root(paths))
        self.attempt("capabilities", _drop_capabilities)
        if "namespaces" in self.in_force:  # else the parent is the client, where the end of one thread would count
            _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user cleared it
        self.attempt("no_new_privs", lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1))
        self.attempt("not_dumpable", lambda: _prctl(PR_SET_DUMPABLE, 0))
        self.attempt("landlock", lambda: self._landlock(paths))

    @property
    def guards_files(self) -> bool:
        """Whether something else than seccomp keeps programs from the user's files."""
        return "root" in self.in_force or "landlock" in self.in_force

    def install(self, server_filter: Any, child_filter: Any) -> None:
        """The seccomp filter of the server. The child's is only named here."""

        def both() -> None:
            server_filter.install()
            self.filter = server_filter.digest + "+" + child_filter.digest

        self.attempt("seccomp", both)

    def _landlock(self, paths: list[str]) -> None:
        abi = _check(_libc.syscall(SYS_LANDLOCK_CREATE, None, 0, 1), "landlock")
        files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
        network = 3 if abi >= 4 else 0
        scope = 3 if abi >= 6 else 0  # abstract sockets and signals to processes outside
        silent = 1 if abi >= 7 else 0  # what programs are refused is not theirs to fill the host's audit log with
        attributes = (ctypes.c_uint64 * 3)(files, network, scope)
        size = 24 if abi >= 6 else 16 if abi >= 4 else 8
        ruleset = _check(_libc.syscall(SYS_LANDLOCK_CREATE, attributes, size, 0), "landlock_create_ruleset")
        try:
            for path in paths:
                _allow_reading(ruleset, path)
            _check(_libc.syscall(SYS_LANDLOCK_RESTRICT, ruleset, silent), "landlock_restrict_self")
        finally:
            os.close(ruleset)
        self.landlock_abi = abi


def readable_paths(library: list[str]) -> list[str]:
    """What programs may read: the interpreter's libraries, `library`, shared libraries, time zones."""
    own = os.path.join(sys.base_prefix, "lib")
    stdlib = os.path.dirname(os.path.abspath(os.__file__))
    paths = [stdlib, *library, "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"]
    paths.append("/usr/share/zoneinfo")
    if stdlib.startswith(own + "/"):
        paths.append(own)
    paths += [path for path in sys.path if path not in library]
    paths = sorted({os.path.abspath(path) for path in paths})
    return [path for path in paths if not any(path.startswith(other + "/") for other in paths)]


def _outlive(child: int) -> None:
    """Outside the namespaces: wait until the server ends, then end. Never returns."""
    os.closerange(1, 1024)
    _, status = os.waitpid(child, 0)
    os._exit(status >> 8)


def _rehearse(work: Any) -> None:
    """Do it in a child that ends then. Raises OSError as the work did."""
    near, far = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
        except OSError as error:
            os.write(far, str(error).encode())
        finally:
            os._exit(0)
    os.close(far)
    with open(near, "rb") as file:
        problem = file.read().decode()
    os.waitpid(child, 0)
    if problem:
        raise OSError(problem)


def _watch_by_descriptor() -> None:
    """How the server learns that a program ended while it watches the clock: Linux 5.3."""
    os.close(_check(_libc.syscall(SYS_PIDFD_OPEN, os.getpid(), 0), "pidfd_open"))


def _first_for_the_oom_killer() -> None:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _new_root(paths: list[str]) -> None:
    """An empty read-only file system with `paths` bound into it at their own names."""
    base = _unneeded_folder(paths)
    _mount(None, b"/", None, MS_REC | MS_PRIVATE)
    _mount(b"tmpfs", base, b"tmpfs", MS_NOSUID | MS_NODEV, b"size=1m,mode=755")
    for path in paths:
        target = base + os.fsencode(path)
        if os.path.isdir(path):
            os.makedirs(target, mode=0o755, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        _mount(os.fsencode(path), target, None, MS_BIND | MS_REC)
        _read_only(target)
    os.chdir(base)
    _check(_libc.syscall(_here(SYS_PIVOT_ROOT), b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")
    _mount(None, b"/", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _unneeded_folder(paths: list[str]) -> bytes:
    """A folder to build the new root on: mounting there must hide none of the paths that go into it."""
    for folder in ("/tmp", "/mnt", "/media", "/srv", "/run", "/proc"):  # noqa: S108 - mounted over, not written to
        if os.path.isdir(folder) and not any(f"{path}/".startswith(f"{folder}/") for path in paths):
            return folder.encode()
    raise OSError("every folder that a root could be built on holds the interpreter")


def _read_only(target: bytes) -> None:
    attributes = (ctypes.c_uint64 * 4)(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)  # the three have the same values here
    if _libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, target, AT_RECURSIVE, attributes, 32) == 0:
        return
    held = os.statvfs(target).f_flag & (MS_NOEXEC | 1024 | 2048)  # flags of the host's mount may not be taken off
    _mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | held)


def _leave_root(paths: list[str]) -> None:
    """Become a user that owns nothing; raises OSError where that user could not read the interpreter's files."""
    for path in paths:
        _check_readable_by_all(path)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _check_readable_by_all(path: str) -> None:
    while True:
        if not os.stat(path).st_mode & (0o001 if os.path.isdir(path) else 0o004):
            raise OSError(f"{path} is closed to other users")
        if path == "/":
            return
        path = os.path.dirname(path)


def _drop_capabilities() -> None:
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # past the last one, or not ours to drop: then there is none to gain either
    _libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    _check(_libc.syscall(_here(SYS_CAPSET), header, none), "capset")


def _allow_reading(ruleset: int, path: str) -> None:
    read_file, read_dir = 1 << 2, 1 << 3
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        access = read_file | (read_dir if os.path.isdir(path) else 0)
        rule = ctypes.create_string_buffer(access.to_bytes(8, sys.byteorder) + target.to_bytes(4, sys.byteorder), 12)
        _check(_libc.syscall(SYS_LANDLOCK_ADD, ruleset, 1, rule, 0), "landlock_add_rule")
    finally:
        os.close(target)


def _mount(source: bytes | None, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    where = f"mount on {os.fsdecode(target)}"
    _check(_libc.mount(source, target, kind, ctypes.c_ulong(flags), data), where)


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def _here(numbers: dict[str, int]) -> int:
    """The number of a call on this architecture. Raises OSError where none is known."""
    machine = platform.machine()
    if machine not in numbers:
        raise OSError(f"no system call table for {machine}")
    return numbers[machine]


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
