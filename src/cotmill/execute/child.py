"""One job of the sandbox, from the inside: what a forked child of worker.py does.

Everything that is needed after the program ran is bound at import, so that a program that replaces functions in
their modules changes nothing here; builtins are put back before anything else is done. What the program can reach
in this process it can still forge: its own answer, as by printing a lie, and nothing else.

Standard library only, Python 3.8+: the worker loads this file by its path.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import fcntl
import functools
import gc
import io
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
import time
import types
from contextlib import suppress
from typing import Any

HEADER = struct.Struct("<IIIIII")  # lengths of code, input + 1 (0: none) and fault, max_lines, a trace's max_bytes,
# programs that follow on the same socket
FRAME = struct.Struct("<16sII")  # nonce, length of the report, length of the trace
NONCE = 16
SPOILED = 70  # exit code: the harness could not report
REHEARSALS = 20
FILENAME = "<program>"
PR_SET_PDEATHSIG = 1
EPERM, ENOMEM, EACCES = 1, 12, 13

_libc = ctypes.CDLL(None, use_errno=True)
_read, _write, _exit = os.read, os.write, os._exit
_mask: Any = sys.modules["_signal"].pthread_sigmask  # without the Python around it
_block, _signals = signal.SIG_BLOCK, frozenset(map(int, signal.valid_signals()))
_gettrace, _settrace, _getprofile, _setprofile = sys.gettrace, sys.settrace, sys.getprofile, sys.setprofile
_monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
_callbacks: Any = _monitoring and [  # to take away what a program registered, and see it
    functools.partial(_monitoring.register_callback, tool, event, None)
    for tool in range(6)
    for event in vars(_monitoring.events).values()
    if type(event) is int and event
]
_limit_recursion, _collect_no_more, _collect = sys.setrecursionlimit, gc.disable, gc.collect
_clock = time.thread_time  # that of the process ticks in milliseconds where CPU time is limited
_setrlimit, _string_at = resource.setrlimit, ctypes.string_at
_dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":")).encode
_BUILTINS: dict[str, Any] = {}
# PEP 509: a number that any change of the dictionary changes. To compare the values one by one writes to the reference
# count of each, and so copies a hundred pages; from 3.12 on most of them have no count, and the number is gone.
_builtins_version = ctypes.c_uint64.from_address(id(builtins.__dict__) + 24) if sys.version_info < (3, 12) else None
_builtins_untouched = -1  # what it is before a program runs
_GENERATORS: list[Any] = []  # a generator that all callers share, where its state lies in memory, how many bytes it has
_may_bind_input = re.compile(r"\binput\b[\s\\)]*[:=]").search
_MRO = type.__dict__["__mro__"].__get__
_NAME = type.__dict__["__name__"].__get__
_FILENAME = OSError.__dict__["filename"].__get__
_ARGS = BaseException.__dict__["args"].__get__


class BadInput(Exception):
    """The job's input is not the text of a JSON object."""


class LineCount:
    """Stands where a recorder would, ends the run after so many line events, and keeps nothing of them."""

    def __init__(self, most: int, overflow: Any) -> None:
        left = most
        self.overflow, self.intact = overflow, False

        def on_line(_frame: Any, event: str, _argument: Any) -> Any:
            nonlocal left
            if event == "line":
                left -= 1
                if left < 0:
                    overflow(f"more than {most} line events")
            return on_line

        def on_call(frame: Any, _event: str, _argument: Any) -> Any:
            return on_line if frame.f_code.co_filename == FILENAME else None

        self.trace = on_call

    def start(self) -> None:
        _settrace(self.trace)

    def stop(self) -> None:
        self.intact = _gettrace() is self.trace
        _settrace(None)

    def dump(self) -> str:
        if not self.intact:
            self.overflow("counting ended before the program did")
        return ""


class Child:
    """One job. Nothing of it is stored here while the program runs; its result's nonce is not even in the process."""

    def __init__(self, server: Any, job: int, out: int) -> None:
        """Own session, own descriptors, limits, and the filter that only children have."""
        self.seed, self.limits, self.untouched = server.seed, server.limits, server.chance
        self.encode, self.tracer = server.encode, server.tracer
        self.together = False  # whether this child runs more than one program
        self.began = 0.0
        os.setsid()
        if server.pid != 1:  # the end of process 1 is the end of its PID namespace
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != server.pid:
                _exit(SPOILED)
        os.dup2(out, 1)
        # far above the numbers that opened files get, and elsewhere in every job: not found by counting
        self.socket = fcntl.fcntl(job, fcntl.F_DUPFD_CLOEXEC, 64 + int.from_bytes(os.urandom(2), "little") % 900)
        for descriptor in (server.control.fileno(), job, out):
            os.close(descriptor)
        set_limits(self.limits)
        if server.child_filter is not None:
            server.child_filter.install()

    def work(self) -> None:
        """The whole job, one program after the other: never returns."""
        following = 1
        while following:
            *sizes, following = HEADER.unpack(self.receive(HEADER.size))
            self.together = self.together or following > 0
            self.work_on(*sizes)
            if following:
                self.begin_anew()
        _exit(0)

    def work_on(self, code_size: int, input_size: int, fault_size: int, max_lines: int, max_bytes: int) -> None:
        code = self.receive(code_size)
        given = self.receive(input_size - 1) if input_size else None
        fault = self.receive(fault_size)
        _write(self.socket, b"S")  # from here on what happens is the program's doing
        if self.together:
            sys.stdout, self.began = io.TextIOWrapper(io.BytesIO(), "utf-8", "strict"), _clock()
        gc.enable()
        self.send(*self.perform(code, given, fault, max_lines, max_bytes))

    def begin_anew(self) -> None:
        """Nothing of a program is left for the next one; harmless.py holds them to what this can undo."""
        sys.modules["__main__"].__dict__.clear()
        for name in set(builtins.__dict__) - set(_BUILTINS):
            del builtins.__dict__[name]  # a traced program's hooks
        if chance_states() != self.untouched:
            seed_generators(self.seed)
        _collect()

    def perform(
        self, code: bytes, given: bytes | None, fault: bytes, max_lines: int, max_bytes: int
    ) -> tuple[dict[str, Any], str]:
        """Parse, run, read the output. Gives the report and, where asked for, the trace."""
        recorder = None
        try:
            source = code.decode("utf-8")
            names = {} if given is None else {"input": parse_input(given)}
            program: Any = source
            if max_bytes or (names and may_bind_input(source)):
                program = ast.parse(source, FILENAME)
                if names:
                    drop_input(program)
            if max_bytes:
                encode = self.encode.encode
                make = self.tracer.faulty(json.loads(fault)) if fault else self.tracer.Recorder
                recorder = make(program, source, max_lines, max_bytes, encode, self.overflow)
                program = recorder.compile()
            else:
                recorder = LineCount(max_lines, self.overflow) if max_lines else None
                program = compile(program, FILENAME, "exec", dont_inherit=True)
        except BadInput as error:
            return {"status": "invalid", "detail": str(error)}, ""
        except MemoryError:
            return self.out_of_memory_or_depth(), ""
        except (SyntaxError, ValueError, RecursionError) as error:
            return {"status": "error", "error": describe(error)}, ""
        namespace = main_module(names)
        raised, fair = run_program(program, namespace, recorder)
        if not (seal() and fair):
            return {"status": "tampered", "detail": "the program left a tracer or changed builtins"}, ""
        trace = recorder.dump() if recorder is not None else ""
        return self.report(namespace, raised), trace

    def out_of_memory_or_depth(self) -> dict[str, Any]:
        """CPython says MemoryError also where a source is nested too deeply for its parser."""
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > self.limits["memory_mb"] * 512:
            return {"status": "memory", "error": "MemoryError", "detail": "the source is too large"}
        return {"status": "error", "error": "MemoryError: the source is nested too deeply"}

    def overflow(self, detail: str) -> None:
        """The recorder calls this when a trace passes its limit: the job ends here, past all handlers."""
        seal()
        self.send({"status": "trace_limit", "detail": detail}, "")
        _exit(0)

    def report(self, namespace: dict[str, Any], error: BaseException | None) -> dict[str, Any]:
        if error is not None:
            return judge(error)
        # not by look-up: a key of the program's own class would be asked whether it is equal
        outputs = [value for name, value in dict.items(namespace) if type(name) is str and name == "output"]
        if not outputs:
            return {"status": "no_output"}
        try:
            output = self.encode.encode(outputs[0])
            return {"status": "ok", "output": output, "chance": drawn_since(self.untouched)}
        except self.encode.TooLarge as problem:
            return {"status": "bad_output", "detail": str(problem)}
        except MemoryError:
            return {"status": "memory", "error": "MemoryError", "detail": "while the output was read"}
        except Exception as problem:  # noqa: BLE001  a value that the program broke: no reader is prepared for all
            return {"status": "bad_output", "detail": "the output cannot be read: " + describe(problem)}

    def receive(self, size: int) -> bytes:
        parts = []
        while size:
            part = _read(self.socket, min(size, 1 << 20))
            if not part:
                _exit(SPOILED)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def send(self, report: dict[str, Any], trace: str) -> None:
        """Write the program's one frame. The nonce is read only now: no program finds it in memory before."""
        try:
            if self.together:
                report = self.with_print_outs(report)
            body, text = _dumps(report).encode(), trace.encode("utf-8", "surrogatepass")
            if len(body) > self.limits["output_kb"] * 1024:
                body, text = b'{"status":"output_limit","detail":"the answer is larger than allowed"}', b""
            frame = FRAME.pack(self.receive(NONCE), len(body), len(text)) + body + text
            while frame:
                frame = frame[_write(self.socket, frame) :]
        except BaseException:  # noqa: BLE001  whatever the program left behind: no report
            _exit(SPOILED)

    def with_print_outs(self, report: dict[str, Any]) -> dict[str, Any]:
        """What one of several programs printed and used travels in its report."""
        stream: Any = sys.stdout
        stream.flush()
        printed = stream.buffer.getvalue()
        if len(printed) > self.limits["stdout_kb"] * 1024:
            return {"status": "output_limit"}
        return {**report, "cpu": _clock() - self.began, "stdout": printed.decode()}


def find_generators() -> None:
    """Where the generators that all callers of random and numpy share keep their state: it is read without them.

    Both are a Mersenne Twister: `random` has it in its object, behind what every object has; numpy says where it is.
    """
    if "random" in sys.modules:
        inner, head = sys.modules["_random"].Random, object.__basicsize__
        shared = sys.modules["random"]._inst  # noqa: SLF001  the module has no other name for it
        _GENERATORS.append((shared, id(shared) + head, inner.__basicsize__ - head))
    if "numpy.random" in sys.modules:
        bits = sys.modules["numpy.random"].mtrand._rand._bit_generator  # noqa: SLF001  as above
        _GENERATORS.append((bits, bits.ctypes.state_address, 625 * 4))


def seed_generators(seed: int) -> None:
    for name in ("random", "numpy.random"):
        if name in sys.modules:
            sys.modules[name].seed(seed)


def chance_states() -> list[bytes]:
    """The state of each shared generator; it changes when somebody draws or seeds."""
    return [_string_at(address, size) for _, address, size in _GENERATORS]


def drawn_since(before: list[bytes]) -> str:
    """The states of the generators that changed, as a number; empty where none did."""
    now = chance_states()
    if now == before:
        return ""
    changed = [state if state != old else b"" for state, old in zip(now, before)]  # noqa: B905  strict= is not in 3.8
    return str(int.from_bytes(b"|".join(changed), "little") % (2**61 - 1))


def set_limits(limits: dict[str, Any]) -> None:
    """The limits that the server itself could not live with; the others it has set for both."""
    cpu = int(limits["cpu_s"]) + 1  # a backstop in whole seconds; the server watches the exact clock
    files = limits["open_files"]
    _setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    _setrlimit(resource.RLIMIT_NPROC, (0, 0))
    _setrlimit(resource.RLIMIT_NOFILE, (files, files))


def may_bind_input(source: str) -> bool:
    """Whether a statement may assign to `input`: never False where one does. Other alphabets can spell it too."""
    return not source.isascii() or _may_bind_input(source) is not None


def parse_input(text: bytes) -> Any:
    """JSON object, integers of any length included. Raises BadInput."""
    limit = getattr(sys, "set_int_max_str_digits", None)
    if limit is not None:
        limit(0)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("the input is not JSON: " + describe(error)) from None
    finally:
        if limit is not None:
            limit(sys.int_info.default_max_str_digits)
    if type(value) is not dict:
        raise BadInput("the input is not a JSON object")
    return value


def drop_input(tree: ast.Module) -> None:
    """Replace top-level assignments to `input` by `pass` at the same place, so that lines keep their numbers."""
    for index, node in enumerate(tree.body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and len(targets) == 1:
            target = targets[0]
            if isinstance(target, ast.Name) and target.id == "input":
                tree.body[index] = ast.copy_location(ast.Pass(), node)


def main_module(names: dict[str, Any]) -> dict[str, Any]:
    """A new `__main__` with these names; gives its namespace."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__["__file__"] = FILENAME
    module.__dict__.update(names)
    return module.__dict__


def run_program(
    code: types.CodeType, namespace: dict[str, Any], recorder: Any = None
) -> tuple[BaseException | None, bool]:
    """Run a module's code. Gives the exception that left it, or None, and whether it left the tracer alone."""
    error = tracing = None
    try:
        if recorder is not None:
            recorder.start()
            tracing = _gettrace()
        try:
            exec(code, namespace)  # noqa: S102  what this process is for
        finally:
            _mask(_block, _signals)  # no handler of the program runs from here on; what one raises now is its error
    except BaseException as raised:  # noqa: BLE001  whatever leaves a program is its outcome
        error = raised
    fair = _gettrace() is tracing and _getprofile() is None and not monitored()
    if recorder is not None:
        recorder.stop()
    _settrace(None)
    _setprofile(None)
    return error, fair


def monitored() -> bool:
    """Whether the program left callbacks with the interpreter; none is left now."""
    found = False
    for take in _callbacks or ():
        found = take() is not None or found
    return found


def seal() -> bool:
    """Take the process back: no signals, no collector, a whole stack. Whether builtins are as they were."""
    _mask(_block, _signals)  # again, where a handler came in between
    untouched = restore_builtins()
    _collect_no_more()
    _limit_recursion(1000)
    with suppress(ValueError, OSError):  # where the program closed its standard output
        _FLUSH(_STDOUT)
    return untouched


def restore_builtins() -> bool:
    """Put the builtins back, which the harness needs too. Whether they were untouched."""
    if _builtins_version is not None and _builtins_version.value == _builtins_untouched:
        return True
    now = builtins.__dict__
    untouched = True
    for name, value in _BUILTINS.items():
        if name not in now or now[name] is not value:
            now[name] = value
            untouched = False
    return untouched


def judge(error: BaseException) -> dict[str, Any]:
    """An exception that left the program -> report."""
    kind = type(error)
    number = getattr(error, "errno", None) if kind is OSError or kind is PermissionError else None
    status = "error"
    if descends(kind, MemoryError) or number == ENOMEM:  # numpy has a MemoryError of its own
        status = "memory"
    elif descends(kind, SystemExit):
        status = "no_result"
    elif kind is PermissionError and number in (EPERM, EACCES):
        status = "denied"
    return {"status": status, "error": describe(error)}


def descends(kind: type, base: type) -> bool:
    """issubclass by identity: to compare classes may call their metaclass."""
    return any(one is base for one in _MRO(kind))


def describe(error: BaseException) -> str:
    """`TypeName: message`, at most 500 characters, from the exception's args; its own methods are never called."""
    kind, parts = type(error), []
    for arg in _ARGS(error)[:2]:
        if type(arg) is str:
            parts.append(arg[:400])
        elif any(type(arg) is plain for plain in (int, float, bool, type(None))):
            parts.append("a large int" if type(arg) is int and arg.bit_length() > 1000 else repr(arg))
    message = ": ".join(parts)
    if descends(kind, OSError) and len(parts) > 1 and type(_FILENAME(error)) is str:
        message += f": {_FILENAME(error)!r}"
    return f"{str.__str__(_NAME(kind))[:100]}: {message[:400]}" if message else str.__str__(_NAME(kind))[:100]


_STDOUT, _FLUSH = sys.stdout, type(sys.stdout).flush


def warm_up(server: Any, sample: str) -> None:
    """In the server, once: all that children do, so often that the interpreter has settled on the instructions for it.

    What is done for the first time, or not often enough, writes to pages that each child would have to copy.
    """
    _BUILTINS.update(builtins.__dict__)
    find_generators()
    stream: Any = sys.stdout
    stream.reconfigure(encoding="utf-8", errors="strict")
    main = sys.modules["__main__"]
    rehearse(server, sample, 0, 0)
    rehearse(server, sample, 100, 0)
    if server.tracer is not None:
        try:
            rehearse(server, sample, 100, 1 << 20)
        except Exception as error:  # noqa: BLE001  only traced jobs need it
            server.tracer, server.tracer_problem = None, describe(error)
    drop_input(ast.parse(sample))
    describe(ValueError("x", 1))
    sys.modules["__main__"] = main
    for name in set(builtins.__dict__) - set(_BUILTINS):
        del builtins.__dict__[name]  # hooks are for traced jobs alone
    global _builtins_untouched  # noqa: PLW0603  known from here on
    _builtins_untouched = _builtins_version.value if _builtins_version is not None else -1


def rehearse(server: Any, sample: str, max_lines: int, max_bytes: int) -> None:
    """Whole jobs, in a process that stays. Raises where the tracer cannot be used."""
    near, far = socket.socketpair()
    child = Child.__new__(Child)
    child.limits, child.untouched, child.together = server.limits, chance_states(), False
    child.encode, child.tracer, child.socket = server.encode, server.tracer, far.fileno()
    code, given = sample.encode(), b'{"n": 2}'
    job = HEADER.pack(len(code), len(given) + 1, 0, max_lines, max_bytes, 0) + code + given + b"." * NONCE
    with near, far:
        for _ in range(REHEARSALS):
            near.sendall(job)
            *sizes, _ = HEADER.unpack(child.receive(HEADER.size))
            child.work_on(*sizes)
            near.recv(1 << 16)
            _mask(signal.SIG_UNBLOCK, _signals)
