"""The fork server of the sandbox: a program of its own, started as `python -s -S worker.py FD` by forkserver.py.

It imports the modules that programs use, locks itself in (layers.py, seccomp.py), and then forks one child per job
(child.py). A job's code, input and output travel between the client and the child over a socket of the job's own,
whose far end comes here as a descriptor: this process never sees them, so nothing of one job can be found in the
next one's memory.

    client --(control: job number + 2 descriptors)--> server --fork--> child
    client <====== job socket: code and input in, one frame out ======> child
    client <------ pipe: what the program prints ---------------------- child

Standard library only, Python 3.8+, Linux 5.3+.
"""

from __future__ import annotations

import array
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import platform
import resource
import select
import signal
import socket
import struct
import sys
import time
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
SYS_PIDFD_OPEN = 434  # the same number on every architecture
SPOILED = 70  # exit code of a child that could not report
SAMPLE = "input = {'n': 2}\ndef solution(n):\n    return [str(n / 2), {}]\noutput = solution(**input)\n"

SYS_CLONE = {"x86_64": 56, "aarch64": 220}.get(platform.machine())
END = struct.Struct("<QiiBddI")  # job, signal, exit code, cause, CPU seconds, wall seconds, peak KiB
ENDED, CPU, WALL, CLIENT = range(4)  # causes: by itself, or by us for this

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = ctypes.PyDLL(None, use_errno=True).syscall  # keeps the interpreter's lock during a call
_syscall.argtypes, _syscall.restype = [ctypes.c_long] * 6, ctypes.c_long


def load_sibling(name: str) -> Any:
    """The module in the file beside this one, or None where there is no such file."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    if not os.path.exists(path):
        return None
    spec = importlib.util.spec_from_file_location("_cotmill_" + name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Server:
    """Everything that is decided once: settings, imports, layers. Children inherit it and read from it."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control = control
        self.limits = settings["limits"]
        self.seed = settings["seed"]
        barriers = load_sibling("layers")
        self.layers = barriers.Layers(settings["without"])
        self.paths = barriers.readable_paths(settings["path"])
        self.layers.enter_namespaces()  # from here on in process 1 of a PID namespace, where there may be one
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.pid = os.getpid()
        self.seccomp, self.canary = load_sibling("seccomp"), load_sibling("canary")
        self.encode, self.child = load_sibling("encode"), load_sibling("child")
        self.tracer, self.tracer_problem = load_tracer()
        self.child_filter: Any = None
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.missing = import_all(settings["modules"])
        self.memory = address_space() + self.limits["memory_mb"] * (1 << 20)

    def prepare(self) -> None:
        """Run what every child runs, so that children find it done; lock; put the heap out of the collector's way."""
        add_site_builtins()
        self.child.warm_up(self, SAMPLE)
        self.child.seed_generators(self.seed)
        sys.argv = ["program"]
        self.modules = dict(sys.modules)  # a program that empties sys.modules must not take them from the harness
        self.chance = self.child.chance_states()
        self.ballast = stand_apart(self.seed)
        self.lock()
        self.set_limits()
        gc.collect()
        gc.freeze()
        gc.disable()

    def set_limits(self) -> None:
        """Limits of server and children alike; the others are each child's own."""
        stack = self.limits["stack_mb"] * (1 << 20)
        for what, most in (
            (resource.RLIMIT_AS, self.memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_STACK, stack),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (most, most))

    def lock(self) -> None:
        """All layers, for ever."""
        self.layers.lock(self.paths)
        opens = self.layers.guards_files  # where nothing else keeps files from programs, no file is opened any more
        if not opens:
            sys.path.clear()  # so that a module which was not imported before is one that is not there
        actions, assemble, make = self.seccomp, self.seccomp.assemble, self.seccomp.Filter
        try:
            server = make(assemble(actions.server_actions(opens), actions.EPERM))
            child = make(assemble(actions.child_actions(), actions.ALLOW))
        except OSError as error:
            self.layers.refused["seccomp"] = str(error)
            return
        self.layers.install(server, child)
        if "seccomp" in self.layers.in_force:
            self.child_filter = child

    def report(self) -> dict[str, Any]:
        """What the client is told once: versions, layers, and what came of the tries of the canaries."""
        report: dict[str, Any] = self.layers.report()
        report["python"] = sys.version.split()[0]
        report["missing_modules"] = self.missing
        report["tracer"] = self.tracer_problem or "ready"
        report["self_test"] = {}
        if "seccomp" in self.layers.in_force:
            for name in self.canary.CANARIES:
                report["self_test"][name] = self.try_canary(name)
        return report

    def try_canary(self, name: str) -> bool:
        """Whether a child like any other is kept from this."""
        near, far = socket.socketpair()
        pid = fork()
        if pid == 0:
            try:
                self.child.Child(self, os.dup(far.fileno()), os.dup(0))
                os._exit(self.canary.attempt(name))
            finally:
                os._exit(self.canary.DONE)
        near.close()
        far.close()
        _, status = os.waitpid(pid, 0)
        return bool(status == self.canary.REFUSED << 8 or status == signal.SIGSYS)

    def serve(self) -> None:
        """One job after the other until the client closes the control socket."""
        while True:
            message, descriptors = receive(self.control)
            if not message:
                return
            if len(descriptors) != 2:
                continue  # a late request to end a job that had ended
            job, out = descriptors
            started = time.monotonic()
            pid = fork()
            if pid == 0:
                try:
                    self.child.Child(self, job, out).work()
                finally:
                    os._exit(SPOILED)
            os.close(job)
            os.close(out)
            cause = self.wait_or_kill(pid, started)
            _, status, usage = os.wait4(pid, 0)
            self.end_descendants()
            cpu, wall = usage.ru_utime + usage.ru_stime, time.monotonic() - started
            end = END.pack(int(message), status & 0x7F, status >> 8, cause, cpu, wall, usage.ru_maxrss)
            self.control.send(end)

    def wait_or_kill(self, pid: int, started: float) -> int:
        """Hold the child to its limits until it has ended, by itself or by us; gives the cause."""
        pidfd = _libc.syscall(SYS_PIDFD_OPEN, pid, 0)
        if pidfd < 0:
            raise OSError(ctypes.get_errno(), "pidfd_open failed")
        self.poll.register(pidfd, select.POLLIN)
        clock = (~pid << 3) | 2  # the child's own CPU clock, as clock_getcpuclockid(3) makes it
        try:
            while True:
                wall_left = started + self.limits["wall_s"] - time.monotonic()
                cpu_left = self.limits["cpu_s"] - time.clock_gettime(clock)
                if wall_left <= 0 or cpu_left <= 0:
                    cause = CPU if cpu_left <= 0 else WALL
                    break
                ready = self.poll.poll(1 + 1000 * min(wall_left, cpu_left))
                if any(fd == pidfd for fd, _ in ready):
                    return ENDED
                if ready:  # the client wants this job to end, or is gone
                    cause = CLIENT
                    break
        finally:
            self.poll.unregister(pidfd)
            os.close(pidfd)
        os.kill(pid, signal.SIGKILL)
        if cause == CLIENT and not self.control.recv(64):
            os._exit(0)
        return cause

    def end_descendants(self) -> None:
        """Kill and reap what a child left behind."""
        if self.pid == 1:
            if _libc.kill(-1, signal.SIGKILL) == 0:  # all of the PID namespace but this process
                reap_all()
        elif self.child_filter is None:  # else no child could fork
            kill_children()


def fork() -> int:
    """fork(2) without the hooks that Python and C libraries run around it; they serve processes with threads.

    The hooks write to some hundred pages, each of which is then copied, and one of them seeds `random` anew.
    """
    if SYS_CLONE is None:
        raise OSError(f"no system call table for {platform.machine()}")
    pid = _syscall(SYS_CLONE, signal.SIGCHLD, 0, 0, 0, 0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), "fork failed")
    return int(pid)


def load_tracer() -> tuple[Any, str]:
    """The tracer, or None and the reason: only traced jobs need it."""
    try:
        tracer = load_sibling("tracer")
    except Exception as error:  # noqa: BLE001  on this version of Python, say
        return None, f"{type(error).__name__}: {error}"
    return tracer, "" if tracer is not None else "tracer.py is missing"


def import_all(names: list[str]) -> list[str]:
    """Import these modules; gives the names of those that are not there."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def stand_apart(seed: int) -> list[bytes]:
    """Process numbers and addresses unlike those of a server with another seed, though both serve the same jobs.

    Gives what has to be kept: it moves all that is allocated after it.
    """
    for _ in range(seed % 8):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return [bytes(size) for size in range(0, 512, 16) for _ in range(seed % 7)]


def add_site_builtins() -> None:
    """`exit`, `quit` and `help`, which the `site` module adds to every plain Python."""
    import site  # noqa: PLC0415  with -S it is not run at start; here it only lends its parts

    site.setquit()
    site.sethelper()


def address_space() -> int:
    """Bytes of address space that this process has; a child begins with as much."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """The next control message and the descriptors that came with it."""
    room = array.array("i")
    message, ancillary, _, _ = control.recvmsg(64, socket.CMSG_SPACE(2 * room.itemsize))
    for _, _, data in ancillary:
        room.frombytes(data[: len(data) - len(data) % room.itemsize])
    return message, list(room)


def reap_all() -> None:
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def kill_children() -> None:
    """Where there is no PID namespace: as subreaper this process inherits what its children leave behind."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            with open(f"/proc/self/task/{os.getpid()}/children") as children:
                for child in children.read().split():
                    os.kill(int(child), signal.SIGKILL)
            os.waitpid(-1, 0)


def main() -> None:
    os.environ.pop("LD_BIND_NOW", None)  # was for the linker: else every child would look up the same C functions anew
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(control.recv(1 << 17))
    sys.path[:] = sys.path[1:] + settings["path"]  # the first entry is this file's own folder
    sys.modules["_cotmill_worker"] = sys.modules["__main__"]
    server = Server(control, settings)
    server.prepare()
    report = json.dumps(server.report()).encode()
    os.dup2(0, 2)  # the client reads no more of what is said here, and children say nothing
    control.send(report)
    server.serve()
    os._exit(0)  # nothing to take down: the kernel does it at once


if __name__ == "__main__":
    main()
