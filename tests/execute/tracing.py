"""Runs a trusted test program under the recorder, in this process."""

from __future__ import annotations

import ast
import sys
from typing import Any

from cotmill.base.trace import Trace
from cotmill.execute.encode import encode
from cotmill.execute.tracer import Recorder


class Overflow(BaseException):
    """The recorder passed one of its limits; the message says which."""


def _overflow(detail: str) -> None:
    raise Overflow(detail)


def with_entry(code: str) -> str:
    """The program with its `output = solution(**input)`, where it has none yet."""
    return code if "\noutput = " in code else code.rstrip("\n") + "\noutput = solution(**input)\n"


def trace_in_process(code: str, input: dict[str, Any], max_lines: int = 10_000, max_bytes: int = 1 << 24) -> Trace:
    """The trace of a program that ends without an exception. Raises Overflow, and what the program raises."""
    text, error = trace_text(code, input, max_lines, max_bytes)
    if error is not None:
        raise error
    return Trace.parse(text)


def trace_text(
    code: str,
    input: dict[str, Any],
    max_lines: int = 10_000,
    max_bytes: int = 1 << 24,
    namespace: dict[str, Any] | None = None,
) -> tuple[str, BaseException | None]:
    """The stored form of the trace, and the exception that left the program."""
    source = with_entry(code)
    recorder = Recorder(ast.parse(source), source, max_lines, max_bytes, encode, _overflow)
    namespace = {} if namespace is None else namespace
    namespace.update(input=input, __name__="__main__")
    program = recorder.compile()
    error: BaseException | None = None
    tracer = sys.gettrace()  # a debugger's or a coverage tool's
    recorder.start()
    try:
        exec(program, namespace)
    except Exception as raised:  # noqa: BLE001 - whatever the program raises
        error = raised
    finally:
        recorder.stop()
        sys.settrace(tracer)
    return recorder.dump(), error


def show(trace: Trace) -> str:
    """A trace for people who read a failing test."""
    lines = []
    for event in trace.events:
        fields = [
            repr(trace.values[part]) if name == "value" and isinstance(part, int) and part >= 0 else str(part)
            for name, part in zip(event._fields, event, strict=True)
        ]
        lines.append(f"{type(event).__name__.lower():7} " + " ".join(fields))
    return "\n".join(lines)
