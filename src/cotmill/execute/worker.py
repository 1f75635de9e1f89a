"""The fork server of the sandbox: a program of its own, started as `python -s -S worker.py FD` by forkserver.py.

It imports the modules that programs use, freezes its heap, and then forks one child per job. A job's code, input
and output travel between the client and the child over a socket of the job's own, whose far end comes here as a
descriptor: this process never sees them, so nothing of one job can be found in the next one's memory.

    client --(control: job number + 2 descriptors)--> server --fork--> child
    client <====== job socket: code and input in, one frame out ======> child
    client <------ pipe: what the program prints ---------------------- child

Standard library only, Python 3.8+, Linux. All functions that the child needs after the program ran are bound at
import, so that a program that replaces them in their modules changes nothing here.
"""

import array
import ast
import builtins
import ctypes
import fcntl
import gc
import importlib.util
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
import types

HEADER = struct.Struct("<IIII")  # lengths of: code, input + 1 (0 where there is none), max_lines, max_bytes of a trace
FRAME = struct.Struct("<16sII")  # nonce, length of the report, length of the trace
NONCE = 16
SPOILED = 70  # exit code: the program left the harness unable to report
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SYS_PIDFD_OPEN = 434  # the same number on every architecture
EPERM, EACCES = 1, 13

_libc = ctypes.CDLL(None, use_errno=True)
_read, _write, _exit = os.read, os.write, os._exit
_mask, _block, _signals = signal.pthread_sigmask, signal.SIG_BLOCK, signal.valid_signals()
_gettrace, _settrace, _getprofile, _setprofile = sys.gettrace, sys.settrace, sys.getprofile, sys.setprofile
_dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":")).encode
_BUILTINS = dict(vars(builtins))
_STDOUT, _FLUSH = sys.stdout, type(sys.stdout).flush
_ARGS = BaseException.__dict__["args"].__get__


# --- the server ---------------------------------------------------------------------------------------------------


class Server:
    """What is decided once: the settings that the client sent and what was imported for the children."""

    def __init__(self, control, settings):
        self.control = control
        self.limits = settings["limits"]
        self.seed = settings["seed"]
        self.encode = load_sibling("encode")
        self.tracer = load_sibling("tracer")
        self.child = 0
        self.pid = os.getpid()
        missing = import_all(settings["modules"])
        self.ready = {"missing": missing, "python": sys.version.split()[0], "tracer": self.tracer is not None}

    def warm_up(self):
        """Run what every child runs once here, so that children find it done, and put the heap out of the GC's way."""
        add_site_builtins()
        tree = ast.parse("output = [str(1.5), {}]", "<program>")
        run_program(compile(tree, "<program>", "exec"), {})
        _dumps([self.encode.encode([1, 2.5, "x", {"a": (1, {2})}])])
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed(self.seed)
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
        sys.argv = ["program"]
        gc.collect()
        gc.freeze()
        gc.disable()

    def serve(self):
        """One job after the other until the client closes the control socket."""
        memory = address_space() + self.limits["memory_mb"] * (1 << 20)
        while True:
            message, descriptors = receive(self.control)
            if not message:
                return
            if len(descriptors) != 2:
                continue  # a late request to end a job that had ended
            job, out = descriptors
            started = time.monotonic()
            self.child = os.fork()
            if self.child == 0:
                try:
                    Child(self, job, out, memory).work()
                finally:
                    _exit(SPOILED)
            os.close(job)
            os.close(out)
            end = self.watch(started)
            end["job"] = int(message)
            self.control.send(_dumps(end).encode())

    def watch(self, started):
        """Wait for the child, hold it to its limits, end all that it left. Gives what is known about its end."""
        cause = self.wait_or_kill(started)
        _, status, usage = os.wait4(self.child, 0)
        self.child = 0
        end_descendants()
        return {
            "signal": status & 0x7F,
            "code": status >> 8,
            "cause": cause,
            "cpu": usage.ru_utime + usage.ru_stime,
            "wall": time.monotonic() - started,
            "rss_kb": usage.ru_maxrss,
        }

    def wait_or_kill(self, started):
        """Until the child has ended by itself or by us; gives the reason for the latter: cpu, wall, client."""
        pidfd = _libc.syscall(SYS_PIDFD_OPEN, self.child, 0)
        if pidfd < 0:
            raise OSError(ctypes.get_errno(), "pidfd_open failed")
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        clock = (~self.child << 3) | 2  # the child's own CPU clock (clock_getcpuclockid(3))
        cpu_s, wall_s = self.limits["cpu_s"], self.limits["wall_s"]
        cause = ""
        try:
            while True:
                wall_left = started + wall_s - time.monotonic()
                cpu_left = cpu_s - time.clock_gettime(clock)
                if min(wall_left, cpu_left) <= 0:
                    cause = "wall" if wall_left <= 0 else "cpu"
                    break
                ready = poll.poll(1 + 1000 * min(wall_left, cpu_left))
                if any(fd == pidfd for fd, _ in ready):
                    return cause
                if ready:  # the client wants this job to end, or is gone
                    cause = "client"
                    break
        finally:
            os.close(pidfd)
        os.kill(self.child, signal.SIGKILL)
        if cause == "client" and not self.control.recv(64):
            sys.exit(0)
        return cause


def load_sibling(name):
    """The module in the file beside this one, or None where there is no such file."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    if not os.path.exists(path):
        return None
    spec = importlib.util.spec_from_file_location("_cotmill_" + name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def import_all(names):
    """Import these modules; gives the names of those that are not there."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def add_site_builtins():
    """`exit`, `quit` and `help`, which the `site` module adds to every plain Python."""
    import site

    site.setquit()
    site.sethelper()
    _BUILTINS.update(vars(builtins))


def address_space():
    """Bytes of address space that this process has; a child begins with as much."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def receive(control):
    """The next control message and the descriptors that came with it."""
    room = array.array("i")
    message, ancillary, _, _ = control.recvmsg(64, socket.CMSG_SPACE(2 * room.itemsize))
    for _, _, data in ancillary:
        room.frombytes(data[: len(data) - len(data) % room.itemsize])
    return message, list(room)


def end_descendants():
    """Kill and reap what a child left behind; as subreaper this process inherits all of it."""
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


# --- the child ----------------------------------------------------------------------------------------------------


class Child:
    """One job. Made in the forked child; nothing of the job is stored in it while the program runs but its socket."""

    def __init__(self, server, job, out, memory):
        self.seed = server.seed
        self.encode = server.encode
        self.tracer = server.tracer
        self.limits = server.limits
        self.socket = self.settle(server, job, out, memory)

    def settle(self, server, job, out, memory):
        """Own session, own descriptors, limits. Gives the number of the job's socket."""
        os.setsid()
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != server.pid:
            _exit(SPOILED)
        os.dup2(out, 1)
        server.control.close()
        # far above the numbers that opened files get, and elsewhere in every job: not found by counting
        hidden = fcntl.fcntl(job, fcntl.F_DUPFD_CLOEXEC, 64 + struct.unpack("<H", os.urandom(2))[0] % 900)
        os.close(job)
        os.close(out)
        limits = self.limits
        stack = limits["stack_mb"] * (1 << 20)
        cpu = int(limits["cpu_s"]) + 1  # a backstop in whole seconds; the server watches the exact clock
        for what, soft, hard in (
            (resource.RLIMIT_AS, memory, memory),
            (resource.RLIMIT_CPU, cpu, cpu + 1),
            (resource.RLIMIT_FSIZE, 0, 0),
            (resource.RLIMIT_NPROC, 0, 0),
            (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
            (resource.RLIMIT_STACK, stack, stack),
            (resource.RLIMIT_CORE, 0, 0),
        ):
            resource.setrlimit(what, (soft, hard))
        return hidden

    def work(self):
        """The whole job: never returns."""
        code_size, input_size, max_lines, max_bytes = HEADER.unpack(self.receive(HEADER.size))
        code = self.receive(code_size)
        given = self.receive(input_size - 1) if input_size else None
        _write(self.socket, b"S")  # from here on what happens is the program's doing
        if "random" in sys.modules:
            sys.modules["random"].seed(self.seed)
        gc.enable()
        report, trace = self.perform(code, given, max_lines, max_bytes)
        self.send(report, trace)

    def perform(self, code, given, max_lines, max_bytes):
        """Parse, run, read the output. Gives the report and, where asked for, the trace."""
        try:
            source = code.decode("utf-8")
            tree = ast.parse(source, "<program>")
            names = {} if given is None else {"input": parse_input(given)}
        except BadInput as error:
            return {"status": "invalid", "error": str(error)}, ""
        except MemoryError:
            # CPython says MemoryError also where the source is nested too deeply for its parser
            full = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > self.limits["memory_mb"] * 512
            return {"status": "memory" if full else "error", "error": "MemoryError: the source is too deeply nested"}, ""
        except (SyntaxError, ValueError, RecursionError) as error:
            return {"status": "error", "error": describe(error)}, ""
        if given is not None:
            drop_input(tree)
        recorder = None
        if max_lines:
            recorder = self.tracer.Recorder(tree, source, max_lines, max_bytes, self.encode.encode, self.overflow)
            names.update(recorder.names())
        namespace = main_module(names)
        try:
            program = recorder.compile() if recorder is not None else compile(tree, "<program>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError) as error:
            return {"status": "error", "error": describe(error)}, ""
        raised, fair = run_program(program, namespace, recorder)
        if not (seal() and fair):
            return {"status": "tampered", "detail": "the program left a tracer or changed builtins"}, ""
        trace = recorder.dump() if recorder is not None else ""
        return self.report(namespace, raised), trace

    def overflow(self, detail):
        """The recorder calls this when a trace passes its limit: the job ends here, past all handlers."""
        self.send({"status": "trace_limit", "detail": detail}, "")

    def report(self, namespace, error):
        if error is not None:
            return outcome_of(error)
        if "output" not in namespace:
            return {"status": "no_output"}
        try:
            return {"status": "ok", "output": self.encode.encode(namespace["output"])}
        except self.encode.TooLarge as problem:
            return {"status": "bad_output", "detail": str(problem)}

    def receive(self, size):
        parts = []
        while size:
            part = _read(self.socket, min(size, 1 << 20))
            if not part:
                _exit(SPOILED)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def send(self, report, trace):
        """Write the one frame and leave at once. The nonce is read only now: no program finds it in memory before."""
        try:
            body, trace = _dumps(report).encode(), trace.encode("utf-8", "surrogatepass")
            if len(body) > self.limits["output_kb"] * 1024:
                body, trace = b'{"status":"output_limit","detail":"the encoded output"}', b""
            frame = FRAME.pack(self.receive(NONCE), len(body), len(trace)) + body + trace
            while frame:
                frame = frame[_write(self.socket, frame) :]
        except BaseException:
            _exit(SPOILED)
        _exit(0)


def seal():
    """Take the process back from the program: no signal, no collector, no full stack. Whether builtins are untouched."""
    _mask(_block, _signals)
    kept = restore_builtins()
    gc.disable()
    sys.setrecursionlimit(1000)
    try:
        _FLUSH(_STDOUT)
    except (ValueError, OSError):
        pass  # the program closed its standard output
    return kept


def restore_builtins():
    """Put the builtins back, which the harness needs too. Whether they were untouched."""
    now = vars(builtins)
    changed = False
    for name, value in _BUILTINS.items():
        if name not in now or now[name] is not value:
            now[name] = value
            changed = True
    return not changed


class BadInput(Exception):
    """The job's input is not the text of a JSON object."""


def parse_input(text):
    """JSON object, integers of any length included. Raises BadInput."""
    unlimited = getattr(sys, "set_int_max_str_digits", lambda digits: None)
    unlimited(0)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("the input is not JSON: " + describe(error)) from None
    finally:
        unlimited(4300)
    if type(value) is not dict:
        raise BadInput("the input is not a JSON object")
    return value


def drop_input(tree):
    """Replace top-level assignments to `input` by `pass` at the same place, so that lines keep their numbers."""
    for index, node in enumerate(tree.body):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id == "input":
            tree.body[index] = ast.copy_location(ast.Pass(), node)


def run_program(code, namespace, recorder=None):
    """Run a module's code. Gives the exception that left it, or None, and whether it left the tracer alone."""
    error = tracing = None
    try:
        if recorder is not None:
            recorder.start()
            tracing = _gettrace()
        exec(code, namespace)
    except BaseException as raised:
        error = raised
    fair = _gettrace() is tracing and _getprofile() is None
    if recorder is not None:
        recorder.stop()
    _settrace(None)
    _setprofile(None)
    return error, fair


def main_module(names):
    """A new `__main__` with these names; gives its namespace."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__["__file__"] = "<program>"
    module.__dict__.update(names)
    return module.__dict__


def outcome_of(error):
    """An exception that left the program -> report."""
    kind = type(error)
    report = {"status": "error", "error": describe(error)}
    if kind is MemoryError:
        report["status"] = "memory"
    elif kind is SystemExit:
        report["status"] = "no_result"
    elif kind is PermissionError and error.errno in (EPERM, EACCES):
        report["status"] = "denied"
    return report


def describe(error):
    """"TypeName: message", at most 500 characters, from the exception's args; its own methods are never called."""
    name = str(type.__dict__["__name__"].__get__(type(error)))[:100]
    parts = []
    for arg in _ARGS(error)[:2]:
        if type(arg) is str:
            parts.append(arg[:400])
        elif type(arg) in (int, float, bool, type(None)):
            parts.append(repr(arg) if type(arg) is not int or arg.bit_length() < 10_000 else "a large int")
    message = ": ".join(parts)[:400].encode("utf-8", "replace").decode()
    return f"{name}: {message}" if message else name


def main():
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(control.recv(1 << 17))
    sys.path[:] = sys.path[1:] + settings["path"]  # the first entry is this file's own folder
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    server = Server(control, settings)
    server.warm_up()
    control.send(_dumps(server.ready).encode())
    server.serve()


if __name__ == "__main__":
    main()
