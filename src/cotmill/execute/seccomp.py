"""Which system calls a program may make: two filters, assembled here as BPF and installed with prctl.

The first is an allow-list for server and children, installed once. The second lies on top of it in every child and
takes away what only the server needs. A call that no list names fails with EPERM; calls that only an attack on the
kernel makes end the process. Standard library only, Python 3.8+: the worker loads this file by its path.

Sources: seccomp(2); linux/filter.h; the tables arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl.
"""

from __future__ import annotations

import ctypes
import hashlib
import platform
import struct
from typing import NamedTuple

KILL = 0x80000000  # the process ends with SIGSYS
ALLOW = 0x7FFF0000


def errno(number: int) -> int:
    """The action that makes a call fail with this errno."""
    return 0x00050000 | number


EPERM, ENOTTY, ENOSYS = errno(1), errno(25), errno(38)

# name: (number on x86_64, number on aarch64); -1 where the architecture has no such call
NUMBERS = {
    "read": (0, 63), "write": (1, 64), "open": (2, -1), "close": (3, 57), "stat": (4, -1), "fstat": (5, 80),
    "lstat": (6, -1), "poll": (7, -1), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "ioctl": (16, 29), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "access": (21, -1),
    "select": (23, -1), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233), "dup": (32, 23),
    "dup2": (33, -1), "pause": (34, -1), "nanosleep": (35, 101), "getitimer": (36, 102), "alarm": (37, -1),
    "setitimer": (38, 103), "getpid": (39, 172), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211),
    "recvmsg": (47, 212), "socketpair": (53, 199), "clone": (56, 220), "exit": (60, 93), "wait4": (61, 260),
    "kill": (62, 129), "uname": (63, 160), "fcntl": (72, 25), "getcwd": (79, 17), "chdir": (80, 49),
    "readlink": (89, -1), "umask": (95, 166), "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165),
    "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175),
    "getegid": (108, 177), "getppid": (110, 173), "getpgrp": (111, -1), "setsid": (112, 157), "getgroups": (115, 158),
    "getresuid": (118, 148), "getresgid": (120, 150), "getpgid": (121, 155), "getsid": (124, 156),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
    "statfs": (137, 43), "fstatfs": (138, 44), "getpriority": (140, 141), "prctl": (157, 167), "arch_prctl": (158, -1),
    "gettid": (186, 178), "time": (201, -1), "futex": (202, 98), "sched_getaffinity": (204, 123),
    "getdents64": (217, 61), "set_tid_address": (218, 96), "restart_syscall": (219, 128), "fadvise64": (221, 223),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "epoll_wait": (232, -1), "epoll_ctl": (233, 21), "tgkill": (234, 131), "openat": (257, 56), "newfstatat": (262, 79),
    "readlinkat": (267, 78), "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "epoll_pwait": (281, 22), "epoll_create1": (291, 20), "dup3": (292, 24),
    "prlimit64": (302, 261), "getcpu": (309, 168), "getrandom": (318, 278), "statx": (332, 291), "rseq": (334, 293),
    "pidfd_open": (434, 434), "close_range": (436, 436), "faccessat2": (439, 439),
    "clone3": (435, 435), "openat2": (437, 437),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "bpf": (321, 280),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "mount_setattr": (442, 442), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "perf_event_open": (298, 241), "open_by_handle_at": (304, 265), "reboot": (169, 142), "modify_ldt": (154, -1),
    "iopl": (172, -1), "ioperm": (173, -1), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
}  # fmt: skip
ABSENT = ("clone3", "openat2")  # "no such call": the C library then uses the older one, whose arguments can be checked
HOSTILE = (
    "ptrace", "process_vm_readv", "process_vm_writev", "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "userfaultfd", "add_key", "request_key", "keyctl", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns",
    "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "mount_setattr", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "perf_event_open", "open_by_handle_at", "reboot", "modify_ldt",
    "iopl", "ioperm", "kcmp", "pidfd_getfd",
)  # fmt: skip
SERVER_ONLY = (
    "sendto", "recvfrom", "sendmsg", "recvmsg", "clone", "wait4", "kill", "tgkill", "setsid", "prctl", "pidfd_open",
)  # fmt: skip

WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000  # O_WRONLY O_RDWR O_CREAT O_TRUNC O_APPEND __O_TMPFILE
FORK_FLAGS = (0x1200011, 0x11)  # fork() as glibc and as musl make it: no shared memory, no new namespace, SIGCHLD
FIONBIO = 0x5421
# Not F_SETOWN and F_SETSIG, by which a descriptor sends signals, nor locks, leases and the sizes of pipes
DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC
AF_UNIX = 1


class Check(NamedTuple):
    """An argument decides: `then` where the test on the argument's low 32 bits holds, else `otherwise`."""

    argument: int
    test: str  # "in" (one of), "any" (any of these bits)
    values: tuple[int, ...]
    then: int
    otherwise: int


LOAD, JUMP, JUMP_EQUAL, JUMP_FROM, JUMP_ANY, RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16  # offsets in struct seccomp_data
X32 = 0x40000000  # system calls of the x32 ABI have this bit
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def server_actions(opens: bool) -> dict[str, int | Check]:
    """The first filter, for server and children. Without `opens` no file can be opened at all."""
    actions: dict[str, int | Check] = dict.fromkeys(NUMBERS, ALLOW)
    actions.update(dict.fromkeys(HOSTILE, KILL))
    actions.update(dict.fromkeys(ABSENT, ENOSYS))
    actions["clone"] = Check(0, "in", FORK_FLAGS, ALLOW, EPERM)
    actions["open"] = Check(1, "any", (WRITING,), EPERM, ALLOW if opens else errno(2))
    actions["openat"] = Check(2, "any", (WRITING,), EPERM, ALLOW if opens else errno(2))
    if not opens:  # links of /proc tell where processes work and what they hold open
        actions["readlink"] = actions["readlinkat"] = errno(2)
    actions["ioctl"] = Check(1, "in", (FIONBIO,), ALLOW, ENOTTY)
    actions["fcntl"] = Check(1, "in", DESCRIPTOR_COMMANDS, ALLOW, EPERM)
    actions["socketpair"] = Check(0, "in", (AF_UNIX,), ALLOW, EPERM)
    actions["prlimit64"] = Check(0, "in", (0,), ALLOW, EPERM)  # another process's limits are none of its business
    return actions


def child_actions() -> dict[str, int | Check]:
    """The second filter, on top of the first."""
    actions: dict[str, int | Check] = dict.fromkeys(SERVER_ONLY, EPERM)
    actions["prlimit64"] = Check(2, "in", (0,), ALLOW, EPERM)  # reading limits, not setting them
    return actions


def assemble(actions: dict[str, int | Check], default: int, machine: str = "") -> bytes:
    """BPF program (struct sock_filter array). Raises OSError on an architecture without a table."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        raise OSError(f"no system call table for {machine}")
    column, architecture = ARCHITECTURES[machine]
    known = sorted((NUMBERS[name][column], action) for name, action in actions.items() if NUMBERS[name][column] >= 0)
    ranges: list[tuple[int, int | Check]] = [(0, default)]  # first number, action from there on
    for number, action in known:
        if ranges[-1][0] == number:
            ranges.pop()
        ranges += [(number, action), (number + 1, default)]
    ranges = [item for index, item in enumerate(ranges) if not index or item[1] != ranges[index - 1][1]]
    program: list[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_FROM, 0, 1, X32),
        (RETURN, 0, 0, KILL),
        *_search(ranges),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _search(ranges: list[tuple[int, int | Check]]) -> list[tuple[int, int, int, int]]:
    """Binary search over the number of the call; every path ends in a RETURN."""
    if len(ranges) == 1:
        return _leaf(ranges[0][1])
    middle = len(ranges) // 2
    low, high = _search(ranges[:middle]), _search(ranges[middle:])
    if len(low) < 256:
        return [(JUMP_FROM, len(low), 0, ranges[middle][0]), *low, *high]
    return [(JUMP_FROM, 0, 1, ranges[middle][0]), (JUMP, 0, 0, len(low)), *low, *high]


def _leaf(action: int | Check) -> list[tuple[int, int, int, int]]:
    if isinstance(action, int):
        return [(RETURN, 0, 0, action)]
    low = ARGUMENTS_AT + 8 * action.argument
    code = [(LOAD, 0, 0, low)]
    if action.test == "any":
        code.append((JUMP_ANY, 0, 1, action.values[0]))
    else:
        if action.values == (0,):  # a pointer or a pid: zero in both halves
            code += [(JUMP_EQUAL, 0, 3, 0), (LOAD, 0, 0, low + 4)]
        count = len(action.values)
        for index, value in enumerate(action.values):
            code.append((JUMP_EQUAL, count - 1 - index, int(index == count - 1), value))
    return [*code, (RETURN, 0, 0, action.then), (RETURN, 0, 0, action.otherwise)]


def digest(program: bytes) -> str:
    """A short name of a filter, for the run's manifest."""
    return hashlib.sha256(program).hexdigest()[:12]


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


class Filter:
    """An assembled filter, ready to be installed without further work."""

    def __init__(self, program: bytes) -> None:
        self.digest = digest(program)
        self._program = _Program(len(program) // 8, program)
        self._prctl = ctypes.CDLL(None, use_errno=True).prctl

    def install(self) -> None:
        """From now on, for this process and its children. NO_NEW_PRIVS must be set. Raises OSError."""
        pr_set_seccomp, mode_filter = 22, 2
        if self._prctl(pr_set_seccomp, mode_filter, ctypes.byref(self._program), 0, 0):
            raise OSError(ctypes.get_errno(), "seccomp filter refused")
