"""Programs behave the same traced and untraced, and the trace agrees with the oracle's."""

from __future__ import annotations

import contextlib
import io
import sys
import types
from typing import Any

import pytest

from execute.oracle import Oracle, happenings, in_groups, text
from execute.programs import PROGRAMS
from execute.tracing import trace_text, with_entry

Outcome = tuple[str, str, str]


def outcome(namespace: dict[str, Any], error: BaseException | None, printed: str) -> Outcome:
    return text(namespace.get("output")), f"{type(error).__name__} {getattr(error, 'args', '')}", printed


def run_plainly(code: str, given: dict[str, Any]) -> Outcome:
    namespace = vars(types.ModuleType("__main__"))
    namespace["input"] = given
    error: BaseException | None = None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(compile(with_entry(code), "<program>", "exec"), namespace)
        except Exception as raised:  # noqa: BLE001 - whatever the program raises
            error = raised
    return outcome(namespace, error, out.getvalue())


@pytest.mark.parametrize("name", PROGRAMS)
def test_traced_and_untraced_runs_are_the_same(name: str) -> None:
    """Output, exception and everything printed, in order, are those of plain Python."""
    code, given = PROGRAMS[name]
    namespace: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        _, error = trace_text(code, copy_of(given), namespace=namespace)
    assert outcome(namespace, error, out.getvalue()) == run_plainly(code, copy_of(given))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a plain settrace sees no frames of comprehensions")
@pytest.mark.parametrize("name", [name for name in PROGRAMS if "destructors" not in name])  # the oracle keeps frames
def test_the_trace_agrees_with_the_oracle(name: str) -> None:
    """Calls, lines, returns, yields, exceptions and changes of names are what a plain settrace sees, in order."""
    code, given = PROGRAMS[name]
    namespace: dict[str, Any] = {"input": copy_of(given), "__name__": "__main__"}
    oracle = Oracle(with_entry(code))
    with contextlib.redirect_stdout(io.StringIO()):
        error = oracle.run(namespace)
        trace, traced_error = trace_text(code, copy_of(given))
    assert type(traced_error) is type(error)
    assert in_groups(happenings(trace)) == in_groups(oracle.events)


def copy_of(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, (list, dict)) else value for name, value in given.items()}


def test_the_list_is_long_enough() -> None:
    """There are at least 40 programs, and tracing is off after them."""
    assert len(PROGRAMS) >= 40
    assert sys.gettrace() is None
