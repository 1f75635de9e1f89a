"""Programs without end, each with the outcome that it must have: `task(n)` is the n-th.

Honest programs carry their number into their answer, so that an outcome handed to the wrong program is seen; one in
a hundred is hostile: those of attacks/ in turn with the ones written here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cotmill.execute.sandbox import Outcome, TraceLimits
from execute.corpus import World, entries

ATTACKS = Path(__file__).with_name("attacks")
ONE_IN, AT = 101, 37  # one program in so many is hostile; an odd number, so that each of two workers meets them all
MARKER = "cotmill-soak-"  # in the name of every file that a program here tries to make


@dataclass(frozen=True)
class Task:
    """One program and what is right. None: anything."""

    name: str
    code: str
    statuses: tuple[str, ...] = ("ok",)
    output: Any = None
    input: str | None = None
    error: str | None = None  # type of the exception
    stdout: str | None = None
    trace: TraceLimits | None = None

    def problem(self, outcome: Outcome) -> str:
        """What is wrong with the outcome; empty where nothing is."""
        if outcome.status not in self.statuses:
            return f"{self.name}: status {outcome.status} ({outcome.error} {outcome.detail}), right: {self.statuses}"
        if outcome.status == "ok" and self.output is not None and not self._right(outcome):
            return f"{self.name}: answer {outcome.answer[:80]}, right: {str(self.output)[:80]}"
        if self.error is not None and outcome.error.partition(":")[0] != self.error:
            return f"{self.name}: {outcome.error}, right: {self.error}"
        if self.stdout is not None and outcome.stdout != self.stdout:
            return f"{self.name}: printed {outcome.stdout[:80]!r}, right: {self.stdout[:80]!r}"
        if self.trace is not None and not outcome.trace:
            return f"{self.name}: no trace"
        return ""

    def _right(self, outcome: Outcome) -> bool:
        if isinstance(self.output, str) and self.output.startswith("NOT:"):
            return str(outcome.output) != self.output[4:]
        return bool(outcome.output == self.output)


# --- honest ---------------------------------------------------------------------------------------------------------


def _loop(n: int) -> Task:
    code = f"total = 0\nfor k in range({n % 97}):\n    if k % 3 == 0:\n        total += k * k\noutput = [{n}, total]\n"
    return Task("loop", code, output=[n, sum(k * k for k in range(0, n % 97, 3))])


def _with_input(n: int) -> Task:
    code = (
        'input = {"n": 1, "words": []}\ndef solution(n, words):\n    return {"n": n, "longest": max(words, key=len)}\n'
    )
    given = json.dumps({"n": n, "words": ["a", "b" * (1 + n % 7), "ü"]})
    longest = max(["a", "b" * (1 + n % 7), "ü"], key=len)
    return Task("input", code + "output = solution(**input)\n", output={"n": n, "longest": longest}, input=given)


def _printing(n: int) -> Task:
    code = f"for k in range({n % 50}):\n    print(k, 'of', {n}, sep='-')\noutput = {n}\n"
    return Task("printing", code, output=n, stdout="".join(f"{k}-of-{n}\n" for k in range(n % 50)))


def _recursive(n: int) -> Task:
    code = f"def fact(k):\n    return 1 if k < 2 else k * fact(k - 1)\noutput = [{n}, fact({n % 40})]\n"
    return Task("recursion", code, output=[n, math.factorial(n % 40)])


def _classes(n: int) -> Task:
    code = (
        "from dataclasses import dataclass\n@dataclass(order=True)\nclass Point:\n    x: int\n    y: int = 0\n"
        "    def __abs__(self):\n        return abs(self.x) + abs(self.y)\n"
        f"points = sorted(Point(k * 7 % 5, k) for k in range(1 + {n} % 9))\noutput = [{n}, [abs(p) for p in points]]\n"
    )
    pairs = sorted((k * 7 % 5, k) for k in range(1 + n % 9))
    return Task("classes", code, output=[n, [x + y for x, y in pairs]])


def _counting(n: int) -> Task:
    text = f"{n:b} and {n:o} and {n:x}"
    code = f"from collections import Counter\noutput = dict(Counter({text!r})), {n}\n"
    return Task("counting", code, output=[dict(Counter(text)), n])


def _fractions(n: int) -> Task:
    code = f"from fractions import Fraction\nx = sum(Fraction(1, k) for k in range(1, {n % 20 + 2}))\n"
    x = sum((Fraction(1, k) for k in range(1, n % 20 + 2)), Fraction())
    return Task("fractions", code + f"output = [{n}, x.numerator, float(x)]\n", output=[n, x.numerator, float(x)])


def _late_import(n: int) -> Task:
    code = (
        f"def solution():\n    import colorsys\n    return [{n}, colorsys.rgb_to_hsv(0, 0, 1)]\noutput = solution()\n"
    )
    return Task("late import", code, output=[n, [2 / 3, 1.0, 1]])


def _long_answer(n: int) -> Task:
    return Task("long answer", f"output = [{n}] * {n % 2000}\n", output=[n] * (n % 2000))


def _traced(n: int) -> Task:
    code = f"a, b = 0, 1\nfor _ in range({n % 13}):\n    a, b = b, a + b\noutput = [{n}, a]\n"
    a, b = 0, 1
    for _ in range(n % 13):
        a, b = b, a + b
    return Task("traced", code, output=[n, a], trace=TraceLimits())


def _handled(n: int) -> Task:
    code = f"try:\n    {{}}[{n}]\nexcept KeyError as error:\n    output = error.args\nfinally:\n    print('done')\n"
    return Task("handled error", code, output=[n], stdout="done\n")


def _failing(n: int) -> Task:
    kinds = (
        ("ZeroDivisionError", f"print({n})\n1 / 0\n", f"{n}\n"),
        ("KeyError", f"print({n})\n{{}}['x']\n", f"{n}\n"),
        ("SyntaxError", f"print({n})\n1 +\n", ""),
        ("NameError", f"print({n})\nnobody\n", f"{n}\n"),
        ("ModuleNotFoundError", f"print({n})\nimport no_such_module\n", f"{n}\n"),
        ("RecursionError", f"print({n})\ndef f(): f()\nf()\n", f"{n}\n"),
        ("Odd", f"class Odd(Exception): pass\nprint({n})\nraise Odd({n})\n", f"{n}\n"),
    )
    kind, code, stdout = kinds[n % len(kinds)]
    return Task(f"failing: {kind}", code, ("error",), error=kind, stdout=stdout)


def _without_answer(n: int) -> Task:
    cases = (
        ("no_output", f"x = {n}\n"),
        ("bad_output", f"output = {{{n}}}\n"),
        ("bad_output", "output = float('nan')\n"),
        ("no_result", f"print({n})\nraise SystemExit({n % 3})\n"),
        ("output_limit", f"output = 'x' * ({n} + (1 << 19))\n"),
    )
    status, code = cases[n % len(cases)]
    return Task(f"without answer: {status}", code, (status,))


HONEST = (
    _loop, _with_input, _printing, _recursive, _classes, _counting, _fractions, _late_import, _long_answer, _traced,
    _handled, _failing, _without_answer,
)  # fmt: skip

# --- hostile --------------------------------------------------------------------------------------------------------

_REFUSED = ("denied", "error")
HOSTILE = (
    Task("spin", "while True:\n    pass\n", ("timeout",)),
    Task(
        "spin and ignore signals",
        "import signal\nfor s in signal.valid_signals() - {9, 19}:\n    try:\n        signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass\n",
        ("timeout",),
    ),
    Task("sleep", "import time\ntime.sleep(60)\n", ("timeout",)),
    Task("stop itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True: pass\n", ("denied", "timeout")),
    Task("slow pattern", "import re\nre.match('(a+)+$', 'a' * 40 + 'b')\n", ("timeout",)),
    Task("one large block", "x = bytearray(1 << 32)\n", ("memory",)),
    Task("ever more memory", "x = []\nwhile True:\n    x.append(bytes(1 << 20))\n", ("memory",)),
    Task("deep structure", "x = []\nfor _ in range(100000):\n    x = [x]\noutput = x\n", ("bad_output",)),
    Task("fork", "import os\nos.fork()\n", _REFUSED),
    Task("fork for ever", "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n", ("denied", "timeout")),
    Task("thread", "import threading\nthreading.Thread(target=print).start()\n", _REFUSED),
    Task("subprocess", "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'true'])\n", _REFUSED),
    Task("flood of output", "while True:\n    print('x' * 1000)\n", ("output_limit",)),
    Task("leave without a word", "import os\nos._exit(0)\n", ("no_result",)),
    Task("read from nowhere", "import ctypes\nctypes.string_at(0)\n", ("crash", "error")),
    Task("kill the parent", "import os\nos.kill(os.getppid(), 9)\n", ("denied", "killed", "error")),
    Task("kill its group", "import os\nos.killpg(0, 9)\n", ("denied", "killed")),
    Task("write a file", f"open('/tmp/{MARKER}a', 'w').write('x')\n", _REFUSED),
    Task("write to shared memory", f"open('/dev/shm/{MARKER}b', 'w').write('x')\n", _REFUSED),
    Task("temporary file", f"import tempfile\ntempfile.mkstemp(prefix={MARKER!r}, dir='/var/tmp')\n", _REFUSED),
    Task("many descriptors", "import os\nkept = []\nwhile True:\n    kept.append(os.dup(0))\n", ("error",)),
    Task("socket", "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)\n", _REFUSED),
    Task(
        "write to every descriptor",
        "import os\nfor fd in range(3, 1100):\n    try:\n        os.write(fd, b'forged')\n    except OSError:\n        pass\noutput = 1\n",
        ("tampered", "no_result"),
    ),
    Task("break the builtins", "import builtins\nbuiltins.len = builtins.repr = None\noutput = 1\n", ("tampered",)),
    Task("keep the tracer", "import sys\nsys.settrace(lambda *_: None)\noutput = 1\n", ("tampered",)),
)  # fmt: skip


def attacks(world: World) -> tuple[Task, ...]:
    """All hostile programs: those above and those of attacks/, with `world` as what they attack."""
    found = [
        Task(
            entry["name"], world.fill_in((ATTACKS / entry["file"]).read_bytes()), tuple(entry["accept"]), entry["value"]
        )
        for entry in entries(ATTACKS)
    ]
    return (*HOSTILE, *found)


def task(n: int, hostile: tuple[Task, ...]) -> Task:
    """The n-th of all; the same for every call."""
    if n % ONE_IN == AT:
        return hostile[n // ONE_IN % len(hostile)]
    return HONEST[n % len(HONEST)](n)
