"""What one run in the sandbox gives: small programs and the facts about them."""

from __future__ import annotations

import builtins
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cotmill.base.trace import Trace
from cotmill.execute.forkserver import ForkServer
from cotmill.execute.sandbox import Limits, Run, Sandbox, SandboxError, TraceLimits, same_outcome

PROGRAM = 'input = {"n": 3}\ndef solution(n):\n    return n * 2\noutput = solution(**input)\n'


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_s=1.0, wall_s=3.0, memory_mb=256)) as sandbox:
        yield sandbox


def test_program_with_its_own_input(box: Sandbox) -> None:
    """A whole program runs as plain Python would run it, and its `output` is the answer."""
    outcome = box.run(PROGRAM)
    assert (outcome.status, outcome.answer, outcome.output, outcome.error) == ("ok", "6", 6, "")


def test_given_input_replaces_the_literal(box: Sandbox) -> None:
    """The input given as data is used, exactly, and line numbers stay those of the source."""
    assert box.run(PROGRAM, '{"n": 21}').output == 42
    big = 12345678901234567890123
    assert box.run(PROGRAM, json.dumps({"n": big})).output == 2 * big
    assert box.run(PROGRAM, '{"n": 0.1}').answer == "0.2"
    nested = {"n": {"a": [1, None, True, {"b": "\u00e9\u4e2d\U0001f600"}]}}
    assert box.run("input = {}\noutput = input['n']", json.dumps(nested)).output == nested["n"]
    lines = box.run("input = {\n'n': 1,\n}\nimport sys\noutput = sys._getframe().f_lineno", "{}")
    assert lines.output == 5


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("1/0", "error", "ZeroDivisionError: division by zero"),
        ("raise KeyError('k')", "error", "KeyError: k"),
        ("import no_such_module_zz", "error", "ModuleNotFoundError: No module named 'no_such_module_zz'"),
        ("x = (", "error", "SyntaxError: '(' was never closed"),
        ("x = 1\0", "error", "SyntaxError: source code string cannot contain null bytes"),
        ("def f(n): return f(n + 1)\nf(0)", "error", "RecursionError: maximum recursion depth exceeded"),
        ("x = 'a' * 10**10", "memory", "MemoryError"),
        ("import sys\nsys.exit(0)", "no_result", "SystemExit: 0"),
        ("import os\nos._exit(0)", "no_result", ""),
        ("import os\nos.abort()", "crash", ""),
        ("x = 1", "no_output", ""),
        ("output = {1, 2}", "bad_output", ""),
        ("output = float('nan')", "bad_output", ""),
        ("output = []\nfor i in range(200): output = [output]", "bad_output", ""),
        ("output = list(range(10**5))", "bad_output", ""),
        ("output = 'x' * 300_000", "output_limit", ""),
        ("print('x' * 100_000, flush=True)\nwhile True: pass", "output_limit", ""),
        ("while True: pass", "timeout", ""),
        ("import time\ntime.sleep(60)", "timeout", ""),
        ("import sys\nsys.settrace(lambda *a: None)\noutput = 1", "tampered", ""),
        ("import builtins\nbuiltins.len = lambda x: 0\noutput = 1", "tampered", ""),
    ],
)
def test_verdicts(box: Sandbox, code: str, status: str, error: str) -> None:
    """Each way to end has its own status, and none of them gives an answer."""
    outcome = box.run(code)
    assert (outcome.status, outcome.answer) == (status, "")
    assert outcome.error.startswith(error)
    assert (outcome.error == "") == (error == "")


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("output = 10**3999 + 1", str(10**3999 + 1)),
        ("output = None", "null"),
        ("output = (1, [2.0, {'b': 1, 'a': True}])", '[1,[2.0,{"a":true,"b":1}]]'),
        (
            "import numpy as np\noutput = {'m': np.arange(4).reshape(2, 2), 's': np.float64(0.5)}",
            '{"m":[[0,1],[2,3]],"s":0.5}',
        ),
        ("import numpy as np\noutput = float(np.linalg.norm([3, 4]))", "5.0"),
        ("import colorsys, tomllib, zoneinfo, sqlite3\noutput = 1", "1"),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 3\noutput = P().x", "3"),
        ("if __name__ == '__main__':\n    output = 1", "1"),
        ("from __future__ import annotations\ndef f(x: nowhere): return 1\noutput = f(0)", "1"),
        ("from collections import Counter\noutput = Counter('aab')", '{"a":2,"b":1}'),
    ],
)
def test_answers(box: Sandbox, code: str, answer: str) -> None:
    """Answers arrive exactly, and any module of the standard library can be imported."""
    outcome = box.run(code)
    assert (outcome.status, outcome.answer, outcome.error) == ("ok", answer, "")


def test_print_outs_are_data(box: Sandbox) -> None:
    """What a program prints is kept beside the answer and never read as a report."""
    outcome = box.run('print(\'{"status": "ok", "output": 999}\')\noutput = 3')
    assert (outcome.output, outcome.stdout) == (3, '{"status": "ok", "output": 999}\n')
    assert box.run("import os\nos.write(1, b'\\xff\\xfe')\noutput = 3").stdout == "\ufffd\ufffd"


@pytest.mark.parametrize("text", ["", "[1]", "3", "{", '{"a": 1} x', "[" * 100_000])
def test_input_that_is_no_json_object(box: Sandbox, text: str) -> None:
    """Input that is not the text of a JSON object is invalid; the program does not run."""
    outcome = box.run("print('ran')\noutput = 1", text)
    assert (outcome.status, outcome.stdout) == ("invalid", "")


def test_exception_that_lies_about_itself(box: Sandbox) -> None:
    """The text of an exception is read without running the program's `__str__`."""
    lie = "class E(Exception):\n    def __str__(self): raise SystemExit(0)\n    __repr__ = __str__\nraise E('true', 7)"
    assert box.run(lie).error == "E: true: 7"
    long = box.run("raise ValueError('x' * 10_000_000)")
    assert long.status == "error" and len(long.error) < 600


def test_result_subclasses_are_not_asked(box: Sandbox) -> None:
    """An output whose class lies about its contents is refused, not believed."""
    for base in ("int", "str", "list", "dict"):
        code = f"class X({base}):\n    def __repr__(self): return '999'\n    __str__ = __iter__ = __len__ = __repr__\noutput = X()"
        assert box.run(code).status == "bad_output"


def test_two_variants_show_what_is_not_deterministic() -> None:
    """Hash order, clock, date and unseeded randomness differ between variants; plain arithmetic does not."""
    with Sandbox(variant=0) as a, Sandbox(variant=1) as b:
        assert same_outcome(a.run(PROGRAM), b.run(PROGRAM))
        for code in (
            "output = hash('x')",
            "output = list({'a', 'b', 'c', 'd', 'e', 'f'})",
            "import time\noutput = time.time()",
            "import datetime\noutput = str(datetime.date.today())",
            "import random\noutput = random.randint(0, 1)",
            "import random\noutput = random.choice('ab')",
            "import random\noutput = random.randint(1, 6)",
            "import random\noutput = random.random() < 0.5",
            "import numpy\noutput = float(numpy.random.rand())",
            "output = id([])",
        ):
            assert not same_outcome(a.run(code), b.run(code)), code
        again = "import random\noutput = random.random()"
        assert same_outcome(a.run(again), a.run(again))


def test_errors_of_different_types_are_different_outcomes(box: Sandbox) -> None:
    """Two runs agree only where status, answer and type of error agree."""
    assert same_outcome(box.run("1/0"), box.run("1/0"))
    assert not same_outcome(box.run("1/0"), box.run("[][0]"))
    assert not same_outcome(box.run("output = 1"), box.run("output = 1.0"))


def test_server_killed_in_the_middle_of_a_job() -> None:
    """A server that is killed while a program runs is replaced, and the caller gets that program's one outcome."""
    with Sandbox() as box:
        assert box.run(PROGRAM).output == 6
        (server,) = box._servers.values()
        killer = threading.Timer(0.2, os.killpg, (server._process.pid, signal.SIGKILL))
        killer.start()
        busy = "input = {}\nt = 0\nfor i in range(6_000_000): t += i\noutput = t\n"
        outcome = box.run(busy, "{}")
        killer.join()
        assert (outcome.status, outcome.output) == ("ok", sum(range(6_000_000)))
        assert list(box._servers.values()) != [server]
        assert box.run(PROGRAM, '{"n": 5}').output == 10


def test_machinery_failure_is_not_a_verdict() -> None:
    """An interpreter that cannot start raises SandboxError; it never gives an Outcome."""
    with Sandbox(python="/no/such/python") as box, pytest.raises(SandboxError, match="/no/such/python"):
        box.run(PROGRAM)


def test_a_job_that_always_loses_its_server_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of retries is bounded."""
    started: list[ForkServer] = []
    begin = ForkServer._begin

    def counted(self: ForkServer, settings: dict[str, Any]) -> dict[str, Any]:
        started.append(self)
        return begin(self, settings)

    monkeypatch.setattr(ForkServer, "_begin", counted)
    monkeypatch.setattr("cotmill.execute.sandbox.outcomes_of", lambda reply, tier: [])
    with Sandbox(modules=()) as box, pytest.raises(SandboxError, match="5 times"):
        box.run(PROGRAM)
    assert len(started) == 5


def test_killed_client_leaves_nothing_behind() -> None:
    """When the process that holds the sandbox is killed, server and running program die with it."""
    client, told = os.fork(), time.monotonic()
    if client == 0:
        box = Sandbox(Limits(cpu_s=60, wall_s=60), modules=())
        box.run(PROGRAM)
        box.run("import os\nwhile True: pass")
        os._exit(0)
    time.sleep(1.0)
    os.kill(client, signal.SIGKILL)
    os.waitpid(client, 0)
    while time.monotonic() < told + 10 and _workers_of(client):
        time.sleep(0.05)
    assert not _workers_of(client)


def _workers_of(client: int) -> list[str]:
    """Worker processes whose parent is this client, or that lost it."""
    found = []
    for pid in filter(str.isdigit, (path.name for path in Path("/proc").iterdir())):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"worker.py" in line and parent in (1, client):
            found.append(pid)
    return found


def test_descriptors_do_not_leak(box: Sandbox) -> None:
    """Jobs of all kinds leave the number of open descriptors as it was."""
    box.run(PROGRAM)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for code in (PROGRAM, "1/0", "import os\nos._exit(3)", "print('x' * 100_000)", "output = 'x' * 300_000") * 4:
        box.run(code)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_result_is_bound_to_its_job(box: Sandbox) -> None:
    """Bytes written to the result channel by the program are tampering, and reach no other job."""
    spray = "import os\nfor fd in range(3, 2000):\n    try: os.write(fd, b'R' * 24 + b'{}')\n    except OSError: pass\n"
    assert box.run(spray + "output = 1").status == "tampered"
    assert box.run(spray + "os._exit(0)").status == "tampered"
    assert box.run(PROGRAM).output == 6


def test_large_source_and_input(box: Sandbox) -> None:
    """Ten megabytes of source or input travel whole; a source of that size is a verdict, not a failure."""
    assert box.run("output = len(input['s'])", json.dumps({"s": "x" * 10_000_000})).output == 10_000_000
    assert box.run("#" * 10_000_000 + "\noutput = 1").output == 1
    assert box.run("x = [" + "1," * 5_000_000 + "]").status in ("memory", "timeout")


def test_source_nested_too_deeply_is_an_error(box: Sandbox) -> None:
    """CPython's parser says MemoryError for deep nesting; that is the program's error, not the memory limit."""
    assert box.run("x = " + "-" * 20_000 + "1").status == "error"
    assert box.run("x = " + "(" * 300 + ")" * 300).status == "error"


def test_traced_run_without_tracer(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tracer.py is missing, only traced runs fail, as machinery."""
    box.run(PROGRAM)
    for server in box._servers.values():
        monkeypatch.setitem(server.ready, "tracer", "tracer.py is missing")
    with pytest.raises(SandboxError, match="tracer"):
        box.run(PROGRAM, trace=TraceLimits())
    assert box.run(PROGRAM).output == 6


def test_traced_run(box: Sandbox) -> None:
    """A traced run gives the same answer and a trace; limits and a removed tracer have verdicts of their own."""
    outcome = box.run(PROGRAM, '{"n": 5}', trace=TraceLimits())
    assert (outcome.status, outcome.output, Trace.parse(outcome.trace).output) == ("ok", 10, 10)
    long = box.run("t = 0\nfor i in range(1000):\n    t += i\noutput = t", trace=TraceLimits(max_lines=100))
    assert (long.status, long.answer, long.trace) == ("trace_limit", "", "")
    assert box.run("import sys\nsys.settrace(None)\noutput = 1", trace=TraceLimits()).status == "tampered"
    assert box.run("1/0", trace=TraceLimits()).error == "ZeroDivisionError: division by zero"


COUNTED = TraceLimits(max_lines=100, max_kb=0)


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    pass",
        "def f():\n    while True:\n        try:\n            f()\n        except:\n            continue\nf()",
        "t = sum(1 for _ in iter(\n    int, 1))",
    ],
)
def test_a_counted_run_ends_at_its_line(box: Sandbox, code: str) -> None:
    """However it goes round, and past all of its handlers; nothing is kept of it."""
    outcome = box.run(code, trace=COUNTED)
    assert (outcome.status, outcome.answer, outcome.trace) == ("trace_limit", "", "")
    assert outcome.cpu_ms < 900


def test_a_counted_run_is_a_plain_run_otherwise(box: Sandbox) -> None:
    """Same answer, print-outs and errors; the lines of a library do not count; the count cannot be taken away."""
    assert box.run(PROGRAM, '{"n": 5}', trace=COUNTED).output == 10
    many = "import json\noutput = json.loads(json.dumps(list(range(5000)), indent=1))[-1]"
    assert box.run(many, trace=COUNTED).output == 4999
    assert box.run("1/0", trace=COUNTED).error == "ZeroDivisionError: division by zero"
    assert box.run("import sys\nsys.settrace(None)\noutput = 1", trace=COUNTED).status == "tampered"
    exactly = "t = 0\nfor i in range(49):\n    t += i\noutput = t"
    assert [box.run(exactly, trace=TraceLimits(limit, 0)).status for limit in (101, 100)] == ["ok", "trace_limit"]


def test_counted_runs_share_children(box: Sandbox) -> None:
    """One that is stopped costs the others nothing."""
    runs = [Run("while True:\n    pass" if number % 5 == 2 else PROGRAM, '{"n": 5}', COUNTED) for number in range(20)]
    statuses = [outcome.status for outcome in box.run_all(runs)]
    assert statuses == ["trace_limit" if number % 5 == 2 else "ok" for number in range(20)]


def test_builtins_are_those_of_plain_python(box: Sandbox) -> None:
    """Nothing of the harness or the tracer is among the builtins of an untraced program; `exit` and `quit` are."""
    names = box.run("import builtins\noutput = sorted(vars(builtins))").output
    assert isinstance(names, list)
    assert set(names) <= set(vars(builtins))
    assert {"exit", "quit", "len"} <= set(names)


def test_large_libraries_have_servers_of_their_own(box: Sandbox) -> None:
    """Only programs that mention numpy run in a process that holds it; both kinds get right answers."""
    loaded = "import sys\noutput = 'num' + 'py' in sys.modules"
    assert box.run(loaded).output is False
    assert box.run(loaded + "  # numpy").output is True
    assert box.run("import numpy\noutput = int(numpy.arange(4).sum())").output == 6
    outcomes = box.run_all([Run("output = 1"), Run("import numpy\noutput = 2"), Run("output = 3")])
    assert [outcome.output for outcome in outcomes] == [1, 2, 3]


def test_servers_are_replaced_after_many_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server gets so many children and no more; no job is lost at the change."""
    monkeypatch.setattr("cotmill.execute.sandbox.JOBS_PER_SERVER", 5)
    with Sandbox(modules=()) as box:
        seen = []
        for number in range(12):
            assert box.run(f"output = {number}").output == number
            (server,) = box._servers.values()
            seen.append(server)
    assert [seen.count(server) for server in dict.fromkeys(seen)] == [5, 5, 2]
    assert [server._process.poll() is None for server in dict.fromkeys(seen)] == [False, False, False]


def test_a_report_larger_than_the_buffers_arrives_whole(box: Sandbox) -> None:
    """More than socket and pipe hold at once: the child waits until the client reads."""
    code = "print('y' * 60_000)\noutput = 'x' * 200_000"
    outcome = box.run(code)
    assert (outcome.status, len(str(outcome.output)), len(outcome.stdout)) == ("ok", 200_000, 60_001)
    data = json.dumps({"s": ["z" * 1000] * 3000})
    traced = box.run("output = len([s + '!' for s in input['s']])", data, trace=TraceLimits(10_000, 16_000))
    assert (traced.status, traced.output) == ("ok", 3000)
