"""Records what one run of a program does, as the trace of cotmill.base.trace.

Two means stand behind one recorder. `sys.settrace` gives calls, lines, returns, exceptions, generators going to
sleep and waking up, and the frames themselves, whose names are compared at each event with what was last recorded
(frames.py). Hooks woven into the syntax tree (instrument.py) give what it cannot see: values of expressions,
outcomes of tests, passes of loops.

Values are encoded when they are seen, before anything can change them (valuetable.py); none is kept alive.
No code of the program is called, except what a test or a loop of the program would have called anyway.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["FILENAME", "Recorder", "faulty"]


def _sibling(name: str) -> Any:
    """The module in the file beside this one; there is no package to import it from in the sandbox."""
    path = Path(__file__).resolve().with_name(name + ".py")
    spec = importlib.util.spec_from_file_location("_cotmill_" + name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_instrument, _frames, _valuetable = _sibling("instrument"), _sibling("frames"), _sibling("valuetable")
_quiet, _faulty = _sibling("quiet"), _sibling("faulty")
_Frame, _Module, _Code, _Passes = _frames.Frame, _frames.Module, _frames.Code, _frames.Passes

_KEYED_BY_VALUE = _valuetable.KEYED_BY_VALUE

_gettrace, _settrace = sys.gettrace, sys.settrace
FILENAME = "<program>"
_FUNCTION = 0x1  # CO_OPTIMIZED: the code of functions has it, that of modules and class bodies does not
_MARGIN = 250  # levels of recursion below the interpreter's limit that the recorder wants for itself
_EVENT_BYTES = 14  # at least so many JSON characters per event


class Recorder:
    """One trace in the making. `overflow(detail)` is called when a limit is passed; it must not return."""

    def __init__(
        self,
        tree: ast.Module,
        source: str,
        max_lines: int,
        max_bytes: int,
        encode: Callable[[Any], Any],
        overflow: Callable[[str], Any],
    ) -> None:
        self.overflow = overflow
        self.values = _valuetable.ValueTable(encode, overflow)
        self.indices, self.definitions = self.values.indices, self.values.definitions
        self.events: list[tuple[Any, ...]] = []
        self.lines = 0
        self.current: Any = None  # the frame that runs
        self.module: Any = None  # frame 0
        self.plan: Any = None
        self.changes = 0  # how often something can have changed in place
        self._tree, self._source = tree, source
        self._max_lines, self._max_bytes = max_lines, max_bytes
        self._extra = 0  # JSON characters of names and messages in events
        self._frames = 0
        self._codes: dict[int, Any] = {}
        self._intact = False  # whether the program left the trace function in place
        self.trace = self.on_call  # one object, so that `sys.gettrace()` can be compared with it

    def compile(self) -> types.CodeType:
        """Instrument the tree (in place) and compile it. Raises what `compile` raises."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit * 10)  # weaving takes a few levels of Python where the compiler takes one of C
        try:
            self.plan = self.weave(self._tree)
        finally:
            sys.setrecursionlimit(limit)
        self.values.prepare(self._source, self.plan.imports)
        return compile(self._tree, FILENAME, "exec", dont_inherit=True)

    def weave(self, tree: ast.Module) -> Any:
        """Put the hooks into the tree, in place; gives where they are."""
        return _instrument.instrument(tree, _quiet.Look())

    def start(self) -> None:
        """Put the hooks among the builtins and begin to trace."""
        vars(builtins).update(
            {
                _instrument.VALUE: self.on_value,
                _instrument.TEST: self.on_test,
                _instrument.WHILE: self.on_while,
                _instrument.LOOP: self.on_loop,
            }
        )
        _settrace(self.trace)

    def stop(self) -> None:
        """End tracing. The hooks stay for what the program left behind; they only hand on what they get."""
        self._intact = _gettrace() is self.trace
        _settrace(None)

    def dump(self) -> str:
        """The trace as JSON text (cotmill.base.trace)."""
        if not self._intact:
            self.overflow("tracing ended before the program did")
        dumps = _valuetable.dumps
        sites, events, values = dumps(self.plan.sites), dumps(self.events), ",".join(self.values.texts)
        text = f'{{"version":1,"lines":{self.lines},"sites":{sites},"values":[{values}],"events":{events}}}'
        if len(text) > self._max_bytes:
            self.overflow(f"more than {self._max_bytes} bytes")
        return text

    # --- limits -------------------------------------------------------------------------------------------------

    def count_line(self) -> None:
        self.lines += 1
        if self.lines > self._max_lines:
            self.overflow(f"more than {self._max_lines} line events")
        if not self.lines & 15:
            self.spend(0)

    def spend(self, size: int) -> None:
        """Count characters; values and events are counted by themselves."""
        self._extra += size
        if self._extra + self.values.size + _EVENT_BYTES * len(self.events) > self._max_bytes:
            self.overflow(f"more than {self._max_bytes} bytes")

    # --- hooks --------------------------------------------------------------------------------------------------
    # They record with tracing off: CPython runs traced code several times slower, every instruction of it. Where
    # tracing is off already, the program did it, and the trace is lost.

    def on_value(self, site: int, value: Any) -> Any:
        """An expression was evaluated."""
        if _gettrace() is self.trace:
            _settrace(None)
            kind = type(value)
            if id(kind) not in self.definitions:
                index = self.indices.get((kind, value)) if id(kind) in _KEYED_BY_VALUE else None
                if index is None:
                    self.values.new_moment()
                    index = self.values.index(value)
                frame = self.current
                if frame.about.binds_early:
                    self.values.new_moment()
                    frame.compare()
                self.events.append(("value", frame.number, site, index))
            _settrace(self.trace)
        return value

    def on_test(self, site: int, outcomes: tuple[bool | None, bool | None], value: Any) -> bool:
        """An operand of a test was evaluated; outcomes: what it decides if it is false, if it is true."""
        truth = True if value else False  # noqa: SIM210 - bool can have been replaced by the program
        outcome = outcomes[truth]
        if outcome is not None and _gettrace() is self.trace:
            _settrace(None)
            frame = self.current
            if frame.about.binds_early:
                self.values.new_moment()
                frame.compare()
            self.events.append(("branch", frame.number, site, outcome))
            _settrace(self.trace)
        return truth

    def on_while(self, site: int, outcomes: tuple[bool | None, bool | None], value: Any) -> bool:
        """The same for the test of a while loop."""
        truth = True if value else False  # noqa: SIM210 - bool can have been replaced by the program
        outcome = outcomes[truth]
        if outcome is not None and _gettrace() is self.trace:
            _settrace(None)
            frame = self.current
            self.events.append(("branch", frame.number, site, outcome))
            if outcome:
                frame.next_pass(site)
            else:
                self.events.append(("done", frame.number, site, frame.passes.pop(site, 0)))
            _settrace(self.trace)
        return truth

    def on_loop(self, site: int, iterable: Any) -> Any:
        """A for loop begins."""
        return _Passes(self, site, iterable)

    # --- sys.settrace -------------------------------------------------------------------------------------------

    def on_call(self, frame: types.FrameType, _event: str, _arg: Any) -> Any:
        """The global trace function: a frame begins, or a generator's frame goes on."""
        code = frame.f_code
        if code.co_filename != FILENAME:
            return None
        caller = self.current
        if caller is None:
            self.current = self.module = _Module(self, self._about(code), frame)
            return self.module
        if not code.co_flags & _FUNCTION:
            return None  # the body of a class
        self.values.new_moment()
        caller.compare()
        state: Any = frame.f_trace
        if state is None:
            state = self._enter(frame, code)
        else:
            state.resume(caller, frame)
            self.current = state
        return state

    def _enter(self, frame: types.FrameType, code: types.CodeType) -> Any:
        caller, about = self.current, self._about(code)
        self._frames += 1
        state = _Frame(self, caller, about, self._frames, frame)
        if state.depth > 500 and state.depth > sys.getrecursionlimit() - _MARGIN:
            self.overflow("calls as deep as the interpreter allows, which tracing makes less deep")
        names = frame.f_locals
        args = [(name, state.learn(name, names[name])) for name in about.params]
        self.events.append(("call", state.number, caller.number, about.line, about.name, args))
        self.spend(len(about.name) + sum(map(len, about.params)))
        self.current = state
        state.compare()
        return state

    def _about(self, code: types.CodeType) -> Any:
        about = self._codes.get(id(code))
        if about is None:
            line = self.plan.def_lines.get((code.co_firstlineno, code.co_name), code.co_firstlineno)
            about = self._codes[id(code)] = _Code(code, line, self.plan.quiet)
        return about


def faulty(fault: dict[str, Any]) -> type[Recorder]:
    """Recorders of runs in which the one value that the fault names is another (faulty.py)."""
    return type("FaultyRecorder", (_faulty.Faulty, Recorder), {"fault": fault})
