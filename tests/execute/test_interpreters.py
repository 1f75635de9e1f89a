"""Programs are run and traced by interpreters other than the one that runs Cotmill, from Python 3.8 on.

COTMILL_PYTHONS names the interpreters (paths, separated as in PATH); without it those on PATH are taken.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cotmill.base.trace import Branch, Call, Done, Pass, Raise, Resume, Return, Set, Trace, Unwind, Value, Yield
from cotmill.execute.sandbox import Limits, Outcome, Sandbox, SandboxError, TraceLimits, same_outcome
from execute.programs import PROGRAMS
from execute.tracing import with_entry


def pythons() -> list[str]:
    named = os.environ.get("COTMILL_PYTHONS")
    if named is not None:
        return named.split(os.pathsep)
    found = (shutil.which(f"python3.{minor}") for minor in range(8, 15))
    return [path for path in found if path is not None and runs(path)]


def runs(python: str) -> bool:
    """Whether it is more than a name on PATH that a version manager keeps."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module", params=pythons() or [sys.executable])
def python(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def box(python: str) -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_s=2.0), python=python) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def own() -> Iterator[Sandbox]:
    """The interpreter of this test."""
    with Sandbox(Limits(cpu_s=2.0)) as sandbox:
        yield sandbox


def version_of(box: Sandbox) -> tuple[int, ...]:
    return tuple(int(part) for part in box.layers()["python"].split(".")[:2])


def test_it_is_held_like_any_other(box: Sandbox, own: Sandbox) -> None:
    """The tier is the same, every canary is kept, and it can trace."""
    layers = box.layers()
    assert layers["tier"] == own.layers()["tier"]
    assert layers["self_test"]
    assert all(layers["self_test"].values())
    assert layers["tracer"] == "ready"


VERDICTS = {
    "output = sum(range(10))": "ok",
    "name = 'x'\noutput = [f'{name}', {1: (2,)}, 10 ** 30]": "ok",
    "input = {'n': 3}\ndef solution(n):\n    return n\noutput = solution(**input)": "ok",
    "output = 1 / 0": "error",
    "output = = 1": "error",
    "import no_such_module": "error",
    "def f(n):\n    return f(n + 1)\noutput = f(0)": "error",
    "while True:\n    pass": "timeout",
    "output = len('x' * (1 << 33))": "memory",
    "open('/etc/passwd', 'w')": "denied",
    "import os\nos.fork()": "denied",
    "import os\nos._exit(0)": "no_result",
    "import sys\nsys.exit(0)": "no_result",
    "x = 1": "no_output",
    "output = []\nfor _ in range(100):\n    output = [output]": "bad_output",
    "output = lambda: 1": "bad_output",
    "import functools\noutput = functools.cmp_to_key(lambda a, b: 0)(1)": "bad_output",
    "print('x' * 200_000)": "output_limit",
    "output = 'x' * 300_000": "output_limit",
    "import builtins\nbuiltins.len = lambda x: 1\noutput = 1": "tampered",
    "import sys\nsys.settrace(lambda *a: None)\noutput = 1": "tampered",
    "import ctypes\nctypes.string_at(0)": "crash",
}


@pytest.mark.parametrize("code", VERDICTS)
def test_verdicts(box: Sandbox, code: str) -> None:
    """Each status, whatever the version."""
    outcome = box.run(code)
    assert outcome.status == VERDICTS[code], outcome


@pytest.mark.parametrize("last", ["", "watch.free_tool_id(3)\n"])
def test_callbacks_of_the_interpreter(box: Sandbox, last: str) -> None:
    """A callback that a program leaves with sys.monitoring is seen, also where it hides its tool."""
    code = (
        "import sys\nwatch = sys.monitoring\nwatch.use_tool_id(3, 'x')\nstart = watch.events.PY_START\n"
        f"watch.register_callback(3, start, lambda *a: None)\nwatch.set_events(3, start)\n{last}output = 1"
    )
    for limits in (None, TraceLimits()):
        assert box.run(code, trace=limits).status == ("tampered" if version_of(box) >= (3, 12) else "error")


def test_each_has_its_own_packages(python: str, own: Sandbox, tmp_path: Path) -> None:
    """A package of the named interpreter is imported; one that only another interpreter has is not seen."""
    folder = tmp_path / "venv"
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "only_here.py").write_text("answer = 42\n", encoding="utf-8")
    code = "import only_here\noutput = only_here.answer"
    with Sandbox(python=str(folder / "bin/python"), modules=("math", "no_such_module")) as box:
        assert box.layers()["missing_modules"] == ["no_such_module"]
        assert box.run(code).answer == "42"
        lacking = box.run("import pydantic")
        assert lacking.error.startswith("ModuleNotFoundError"), lacking
    assert own.run(code).error.startswith("ModuleNotFoundError")
    assert own.run("import pydantic\noutput = 1").status == "ok"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("echo '[[3, 7], []]'", "is Python 3.7; programs are run by Python 3.8 or newer"),
        ("echo '[[2, 7], []]'", "is Python 2.7; programs are run by Python 3.8 or newer"),
        ("exit 2", "cannot be run as a Python"),
        ("echo hello", "cannot be run as a Python"),
    ],
)
def test_what_cannot_run_programs_is_refused(tmp_path: Path, answer: str, message: str) -> None:
    """An interpreter that is too old, and a program that is none, at once and with one message."""
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    fake.chmod(0o755)
    for path in (fake, tmp_path / "nowhere"):
        with Sandbox(python=str(path)) as box, pytest.raises(SandboxError) as raised:
            box.run("output = 1")
        assert str(raised.value).startswith(str(path))
    with Sandbox(python=str(fake)) as box, pytest.raises(SandboxError, match=message):
        box.layers()


# Programs whose own behaviour depends on the version.
OTHERWISE = {
    "enum and dataclass and namedtuple": "attributes of the members of an enumeration",
    "weak references and destructors": "the name of the type; when a destructor runs",
    "prints to the standard output": "whether StringIO is a class with attributes",
    "one line each": "the same for a file",
    "generators": "closing a generator that has not begun runs none of it from 3.12 on",
    "generators that are closed or thrown at": "on 3.12 no event tells that a generator is dropped",
    "truth is asked once": "how often from 3.12 on",
    "metaclass and abc": "names in a class body from 3.13 on",
    "late binding": "3.13.0 crashes (docs/tracing.md)",
}  # fmt: skip
KEY_EVENTS = (Branch, Call, Done, Pass, Raise, Resume, Return, Unwind, Value, Yield)
INLINED = ("<listcomp>", "<setcomp>", "<dictcomp>")  # from 3.12 on not all of them have frames


def key_events(trace: Trace) -> list[Any]:
    """What must be the same in all versions: events without lines, places, numbers of frames, names between lines."""
    values, found = trace.values, []
    inlined = {event.frame for event in trace.events if isinstance(event, Call) and event.name in INLINED}
    for event in trace.events:
        if not isinstance(event, KEY_EVENTS):
            continue
        told: list[Any] = [type(event).__name__]
        if isinstance(event, (Call, Return)) and event.frame in inlined:
            continue
        if isinstance(event, Call):
            told += [event.name, [(name, repr(values[index])) for name, index in event.args]]
        elif isinstance(event, Pass):
            told += [event.number, repr(values[event.value]) if event.value >= 0 else None]
        elif isinstance(event, (Return, Value, Yield)):
            told.append(repr(values[event.value]))
        elif isinstance(event, Branch):
            told.append(event.truth)
        elif isinstance(event, Raise):
            told.append(event.type)
        found.append(told)
    return found


def traced(box: Sandbox, code: str, given: str) -> Outcome:
    return box.run(code, given, trace=TraceLimits(max_lines=10_000))


def test_the_same_trace_in_every_version(box: Sandbox, own: Sandbox) -> None:
    """All kinds of statements: traced as untraced, and the same events with the same values as by this interpreter."""
    compared = 0
    for name in sorted(PROGRAMS.keys() - OTHERWISE.keys()):
        code, given = with_entry(PROGRAMS[name][0]), json.dumps(PROGRAMS[name][1])
        plain, told = box.run(code, given), traced(box, code, given)
        assert same_outcome(plain, told), name
        if plain.error.startswith("SyntaxError"):
            continue  # newer than the interpreter
        expected = traced(own, code, given)
        assert bool(told.trace) == bool(expected.trace), (name, told, expected)
        if told.trace:
            assert key_events(Trace.parse(told.trace)) == key_events(Trace.parse(expected.trace)), name
            compared += 1
    assert compared >= 40


def test_comprehensions_have_frames(box: Sandbox) -> None:
    """Also where Python itself inlines them; their names are not those of the function."""
    code = with_entry(
        "def solution(xs):\n    x = 7\n    return [x * 2 for x in xs], {x for x in xs}, {x: 1 for x in xs}, x"
    )
    trace = Trace.parse(traced(box, code, '{"xs": [1, 2]}').trace)
    assert [event.name for event in trace.events if isinstance(event, Call)] == ["solution", *INLINED]
    assert [trace.values[e.value] for e in trace.events if isinstance(e, Set) and (e.frame, e.name) == (1, "x")] == [7]
