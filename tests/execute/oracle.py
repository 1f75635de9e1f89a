"""A slow and simple second tracer, to hold the real one against.

`sys.settrace` on the untouched program and nothing else: at every event all names of the frame are encoded whole and
compared as texts. It knows no hooks, no fingerprints and no shortcuts, and sees no values, branches or passes.
"""

from __future__ import annotations

import ast
import dis
import functools
import itertools
import json
import sys
import types
import typing
from dataclasses import dataclass, field
from typing import Any

from cotmill.execute.encode import encode

FILENAME = "<oracle>"
UNREPORTED = (
    '{"$function"',
    '{"$class"',
    '{"$module"',
    '{"$object": "_lru_cache_wrapper"',
    '{"$opaque": "staticmethod"',
)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
YIELD = "RESUME" if sys.version_info >= (3, 13) else "YIELD_VALUE"  # where a generator that waits stands
ATOMS = (int, str, bool, float, type(None))
Happening = tuple[Any, ...]


def text(value: Any) -> str:
    return json.dumps(encode(value))


@functools.cache
def operation_at(code: types.CodeType, offset: int) -> str:
    return [item.opname for item in dis.get_instructions(code) if item.offset <= offset][-1]


@dataclass
class State:
    number: int
    frame: types.FrameType
    last: dict[str, str] = field(default_factory=dict)


class Oracle:
    """`events` of one run: the kinds call, line, return, yield, resume, raise, unwind, set and del."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.code = compile(source, FILENAME, "exec")
        self.namespace: dict[str, Any] = {}
        self.events: list[Happening] = []
        self.stack: list[State] = []
        self.states: dict[types.FrameType, State] = {}
        self.defining = {line for node in ast.walk(self.tree) for line in self.lines_of(node)}
        self.def_lines = {
            (node.decorator_list[0].lineno, node.name): node.lineno
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list
        }
        self.declared = {name for node in ast.walk(self.tree) if isinstance(node, ast.Global) for name in node.names}
        self.imported = {
            alias.asname or alias.name.split(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        self.given: set[str] = set()

    def lines_of(self, node: ast.AST) -> range:
        """The lines of a definition or a docstring."""
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return range(node.lineno, node.end_lineno + 1)
        if not isinstance(node, DEFINITIONS):
            return range(0)
        return range(min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]), node.end_lineno + 1)

    def run(self, namespace: dict[str, Any]) -> BaseException | None:
        error: BaseException | None = None
        self.namespace = namespace
        exec("pass", namespace)  # puts __builtins__ there
        self.given = set(self.namespace)
        sys.settrace(self.on_call)
        try:
            exec(self.code, self.namespace)
        except BaseException as raised:  # noqa: BLE001 - whatever the program raises
            error = raised
        finally:
            sys.settrace(None)
        return error

    def lines(self) -> list[tuple[int, int]]:
        return [(event[1], event[2]) for event in self.events if event[0] == "line"]

    def add(self, *event: Any) -> None:
        self.events.append(event)

    def on_call(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code.co_filename != FILENAME:
            return None
        if code.co_name == "<module>":
            self.push(frame, 0)
            return self.on_event
        if not code.co_flags & 0x1:  # the body of a class
            return None
        self.compare(self.stack[-1])
        if frame in self.states:
            state = self.states[frame]
            self.stack.append(state)
            self.add("resume", state.number)
            return self.on_event
        state = State(1 + max(state.number for state in self.states.values()), frame)
        line = self.def_lines.get((code.co_firstlineno, code.co_name), code.co_firstlineno)
        count = code.co_argcount + code.co_kwonlyargcount + sum(bool(code.co_flags & flag) for flag in (4, 8))
        args = [(name, text(frame.f_locals[name])) for name in code.co_varnames[:count] if name != ".0"]
        self.add("call", state.number, self.stack[-1].number, line, code.co_name, args)
        state.last.update(args)
        self.push(frame, state.number, state)
        self.compare(state)
        return self.on_event

    def push(self, frame: types.FrameType, number: int, state: State | None = None) -> None:
        self.states[frame] = state or State(number, frame)
        self.stack.append(self.states[frame])

    def on_event(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        state = self.stack[-1]
        assert state.frame is frame
        operation = operation_at(frame.f_code, frame.f_lasti)
        if event == "line":
            if state.number or frame.f_lineno not in self.defining:
                self.compare(state)
                self.add("line", state.number, frame.f_lineno)
        elif event == "exception":
            if not (issubclass(arg[0], StopIteration) and operation in ("FOR_ITER", "SEND", "END_SEND")):
                self.compare(state)
                self.add("raise", state.number, arg[0].__name__)
        elif event == "return":
            self.compare(state)
            self.on_exit(state, operation, arg)
        return self.on_event

    def on_exit(self, state: State, operation: str, value: Any) -> None:
        number = state.number
        mine = [
            event for event in self.events if event[0] in ("line", "raise", "resume", "call") and event[1] == number
        ]
        raised_here = bool(mine) and mine[-1][0] == "raise"
        if operation in ("RETURN_VALUE", "RETURN_CONST"):
            if number:
                self.add("return", number, text(value))
        elif operation == YIELD and not raised_here:
            self.add("yield", number, text(value))
        elif self.events[-2:] == [("resume", number), ("raise", number, "GeneratorExit")]:
            del self.events[-2:]
        else:
            self.add("unwind", number)
        self.stack.pop()
        if self.stack:
            self.compare(self.stack[-1])

    def compare(self, state: State) -> None:
        module = self.stack[0]
        if state is module:
            self.compare_names(module, dict(self.namespace))
            return
        self.compare_names(state, dict(state.frame.f_locals))
        changeable = {
            name: value
            for name, value in self.namespace.items()
            if name in self.declared or (name in module.last and type(value) not in ATOMS)
        }
        self.compare_names(module, changeable, partly=True)

    def is_imported(self, name: str) -> bool:
        return name in self.imported or ("*" in self.imported and hasattr(typing, name))

    def compare_names(self, state: State, names: dict[str, Any], partly: bool = False) -> None:
        if state.number == 0:
            names = {name: value for name, value in names.items() if name not in self.given and name[:2] != "__"}
            names = {k: v for k, v in names.items() if type(v) in ATOMS or not self.is_imported(k)}
        for name, value in names.items():
            new = "" if name == ".0" else text(value)
            if new == "" or (new.startswith(UNREPORTED) and name not in state.last):
                continue
            if state.last.get(name) != new:
                state.last[name] = new
                self.add("set", state.number, name, new)
        if not partly:
            for name in [name for name in state.last if name not in names]:
                del state.last[name]
                self.add("del", state.number, name)


def happenings(trace_json: str) -> list[Happening]:
    """The events of a stored trace that the oracle can see too, in its form."""
    raw = json.loads(trace_json)
    values = [json.dumps(value) for value in raw["values"]]
    found: list[Happening] = []
    for kind, frame, *rest in raw["events"]:
        if kind == "call":
            parent, line, name, args = rest
            found.append((kind, frame, parent, line, name, [(arg, values[index]) for arg, index in args]))
        elif kind in ("return", "yield"):
            found.append((kind, frame, values[rest[0]]))
        elif kind == "set":
            found.append((kind, frame, rest[0], values[rest[1]]))
        elif kind == "raise":
            found.append((kind, frame, rest[0]))
        elif kind in ("line", "del", "resume", "unwind"):
            found.append((kind, frame, *rest))
    return found


def in_groups(events: list[Happening]) -> list[Any]:
    """Changes of names that follow each other, as one group: the recorder can know more about their order."""
    return [
        sorted(group) if kind else list(group)
        for kind, group in itertools.groupby(events, key=lambda event: event[0] == "set")
    ]
