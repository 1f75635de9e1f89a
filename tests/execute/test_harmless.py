"""Programs that share a process: who may, that they do not notice, and that nothing of one is left for the next."""

from __future__ import annotations

import builtins
import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cotmill.base.records import Seed
from cotmill.collect.sources import read
from cotmill.execute import harmless
from cotmill.execute.harmless import is_harmless
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Limits, Outcome, Run, Sandbox, TraceLimits

WELL = [
    "output = sum(range(10))",
    "import math\nfrom itertools import combinations\noutput = [math.sqrt(4), len(list(combinations('abcd', 2)))]",
    "from collections import Counter\noutput = Counter('aab').most_common(1)",
    "from decimal import Decimal\noutput = str(Decimal('1.1') + 2)",
    "class Shop:\n    def __init__(self, n):\n        self.n = n\n    def __lt__(self, other):\n        return self.n < other.n\noutput = min([Shop(2), Shop(1)]).n",
    "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int = 3\noutput = P().x",
    "def g():\n    yield 1\n    yield from [2, 3]\nx = g()\ntry:\n    output = next(x)\nfinally:\n    print('late')",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    output = str(e.args)",
    "output = '{} is {name:.2f}'.format(1, name=2) + f'{3:>{5}}' + type(4).__name__",
    "import re\noutput = re.sub('a+', 'b', 'caat')",
    "import random\noutput = random.randint(1, 10**9)",
    "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\noutput = f(60)",
]
ILL = {
    "it reads and writes beyond the process": "open('/etc/passwd')",
    "a module that is not listed": "import os\nos.getpid()",
    "a member that is not listed": "import sys\nsys.modules.clear()",
    "a member of a listed module": "from functools import update_wrapper",
    "a name from a module in a module": "import collections.abc",
    "evaluation": "eval('1')",
    "an alias that is a builtin elsewhere": "def f():\n    from math import sqrt as eval\neval('1')",
    "a parameter that is a builtin elsewhere": "def f(eval):\n    pass\neval('1')",
    "one name for two members": "def f():\n    from math import sqrt as d\ndef g():\n    from dataclasses import dataclass as d\n    d(int)",
    "class internals": "output = ().__class__.__base__.__subclasses__()",
    "frames": "def g():\n    yield\noutput = g().gi_frame.f_builtins",
    "frames under an own name": "class C:\n    gi_frame = 1\ndef g():\n    yield\noutput = g().gi_frame",
    "tracebacks": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    output = e.__traceback__",
    "a format that looks into its argument": "output = '{0.__class__}'.format(1)",
    "a format that looks into its argument by a value": "output = str.format('{0.__class__}', 1)",
    "a format in a specification": "output = '{0:{1.__class__}}'.format(1, 2)",
    "a format by a mapping": "class C:\n    def format_map(self):\n        pass\noutput = '{a.__class__}'.format_map({'a': 1})",
    "getattr": "getattr(1, '__class__')",
    "a class out of nothing": "type('X', (), {'__del__': print})",
    "the type of a class": "output = type(int)('X', (), {})",
    "a type handed to an own comparison": "class C:\n    def __eq__(self, o):\n        o('X', (), {})\ntype(int) == C()",
    "a module's attribute": "import math\nmath.pi = 3",
    "a module's attribute in a loop": "import math\nfor math.pi in [3]:\n    pass",
    "a module as a value": "import math\nm = math\nm.pi = 3",
    "an attribute of a library's class": "from collections import Counter\nCounter.most_common = len",
    "a library's class in an own method": "from collections import Counter\nclass C:\n    def f(self):\n        self.x = 1\nC.f(Counter)",
    "a decorator called on another class": "from dataclasses import dataclass\nfrom collections import Counter\ndataclass(Counter)",
    "code at the end of an object": "class C:\n    def __del__(self):\n        print('x')",
    "code at the end of an object, bound": "class C:\n    __del__ = print",
    "attributes made up": "class C:\n    def __getattr__(self, name):\n        return 1",
    "a metaclass": "class C(metaclass=type):\n    pass",
    "a base of a library": "from collections import Counter\nclass C(Counter):\n    pass",
    "an own key in a library's cache": "import re\nclass C:\n    def __hash__(self):\n        return 0\nre.search('a', 'a', C())",
    "everything caught": "try:\n    pass\nexcept BaseException:\n    pass",
    "coroutines": "async def f():\n    pass",
    "a generator that acts when it is closed": "def g():\n    try:\n        yield 1\n    finally:\n        print('late')\nx = g()",
    "a generator with a context": "class C:\n    pass\ndef g():\n    with C():\n        yield 1",
    "an iterator that acts when its generator is closed": "class C:\n    def close(self):\n        print('late')\ndef g():\n    yield from C()",
    "an exception's type renamed": "try:\n    f()\nexcept ValueError as e:\n    type(e).__name__ = 'X'",
    "an exception's type changed": "from decimal import Decimal\nclass C:\n    def __enter__(self):\n        pass\n    def __exit__(self, t, v, b):\n        t.__init__ = print\nwith C():\n    Decimal('x')",
    "another module's name": "__name__ = 'math'",
    "an own look-up in a library's hands": "from copy import deepcopy\nfrom collections import namedtuple\ndeepcopy([1], namedtuple('M', 'get')(lambda k, kept: kept.append(k)))",
    "a pattern that reads attributes": "match 1:\n    case int(real=1):\n        pass",
    "builtins": "__builtins__['len'] = print",
    "another alphabet": "\uff45val('1')",
    "no Python": "output = (",
}  # fmt: skip


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_s=1.0, wall_s=5.0, memory_mb=256)) as sandbox:
        yield sandbox


def plain(outcomes: list[Outcome]) -> list[Outcome]:
    return [replace(outcome, cpu_ms=0, wall_ms=0, peak_mb=0) for outcome in outcomes]


@pytest.mark.parametrize("code", WELL)
def test_programs_that_only_compute_may_share(code: str) -> None:
    """Ordinary programs of many kinds."""
    assert is_harmless(code)


@pytest.mark.parametrize("code", ILL.values(), ids=ILL.keys())
def test_programs_that_could_leave_something_behind_may_not(code: str) -> None:
    """Each reaches, or could reach, what outlives it."""
    assert not is_harmless(code)
    assert not is_harmless(f"def f(n):\n    {code.splitlines()[0]}\n" + code if "\n" not in code else code)


def test_what_is_listed_as_closed_takes_no_attributes() -> None:
    """Members that programs with classes may use cannot be changed by them."""
    for module, names in harmless.CLOSED.items():
        for name in names:
            member = getattr(importlib.import_module(module), name)
            with pytest.raises((TypeError, AttributeError)):
                member.left_behind = 1
    for name in harmless.BUILTINS & vars(builtins).keys():
        with pytest.raises((TypeError, AttributeError)):
            getattr(builtins, name).left_behind = 1


@pytest.mark.parametrize("trace", [None, TraceLimits()], ids=["plain", "traced"])
def test_company_changes_nothing(box: Sandbox, trace: TraceLimits | None) -> None:
    """Every built-in program, and those above, in company give what they give alone, whatever came before them."""
    seeds = [seed for seed in read(Path(), "starter", {}, source="t", max_row_mb=4) if isinstance(seed, Seed)]
    runs = [Run(seed.code + CALL, seed.inputs[0], trace) for seed in seeds]
    runs += [Run(code, None, trace) for code in WELL] * 2
    runs.append(Run("print('x' * 100)\nprint('é')\noutput = 1", None, trace))
    alone = [box.run(run.code, run.input, trace=run.trace) for run in runs]
    (server,) = box._servers.values()
    before = server.jobs
    assert plain(box.run_all(runs)) == plain(alone)
    assert server.jobs - before < len(runs) / 8  # they did share


def test_a_program_that_goes_wrong_costs_its_company_nothing(box: Sandbox) -> None:
    """Endless loops, exhausted memory, floods and exits between others: each gets what it gets alone."""
    codes = [
        "output = 1", "while True: pass", "output = 2", "x = 'a' * 10**10", "output = 3", "print('x' * 10**6)",
        "raise SystemExit", "output = 4", "def f(n): return f(n + 1)\nf(0)", "output = 5", "x = (", "output = '\ud800'",
        "import os\nos._exit(3)", "output = 6", "output = {1}",
    ]  # fmt: skip
    outcomes = box.run_all([Run(code) for code in codes])
    assert [outcome.status for outcome in outcomes] == [
        "ok", "timeout", "ok", "memory", "ok", "output_limit", "no_result", "ok", "error", "ok", "error", "invalid",
        "no_result", "ok", "bad_output",
    ]  # fmt: skip
    assert [outcome.output for outcome in outcomes if outcome.status == "ok"] == [1, 2, 3, 4, 5, 6]
    assert plain(outcomes) == plain([box.run(code) for code in codes])


def test_what_takes_too_long_does_not_do_so_twice() -> None:
    """Where a program timed out on one input, its other inputs need no company to time out in first."""
    code = "while input['n'] > 2:\n    pass\noutput = 1"
    with Sandbox(Limits(cpu_s=0.2)) as box:
        outcomes = box.run_all([Run(code, json.dumps({"n": number})) for number in range(1, 7)])
        (server,) = box._servers.values()
        assert [outcome.status for outcome in outcomes] == ["ok"] * 2 + ["timeout"] * 4
        assert server.jobs == 5  # one child for company, one for each that is alone


def test_the_trace_of_one_holds_nothing_of_another(box: Sandbox) -> None:
    """Code that a suspended generator still runs when it is given up belongs to no trace but its own."""
    late = "def g():\n    try:\n        yield 1\n    finally:\n        [x for x in range(50)]\nkept = g()\noutput = next(kept)"
    runs = [
        Run(late, None, TraceLimits()),
        Run("t = 0\nfor i in range(9):\n    t += i\noutput = t", None, TraceLimits()),
    ] * 3
    alone = [box.run(run.code, trace=run.trace).trace for run in runs]
    assert [outcome.trace for outcome in box.run_all(runs)] == alone


def test_a_trace_that_grows_too_long_does_not_end_the_others(box: Sandbox) -> None:
    """The child of a trace that passes its limit ends; the programs after it are run in another."""
    long = "t = 0\nfor i in range(1000):\n    t += i\noutput = t"
    runs = [
        Run(code, None, TraceLimits(max_lines=50)) for code in ("output = 1", long, "output = 2", long, "output = 3")
    ]
    assert [outcome.status for outcome in box.run_all(runs)] == ["ok", "trace_limit", "ok", "trace_limit", "ok"]


def test_randomness_begins_anew(box: Sandbox) -> None:
    """A program that draws or seeds leaves the next one the generator that it would have alone."""
    draw = "import random\noutput = [random.random(), random.randint(0, 99)]"
    seeds = "import random\nrandom.seed(5)\noutput = random.random()"
    runs = [Run(draw), Run(seeds), Run(draw), Run(draw)]
    assert plain(box.run_all(runs)) == plain([box.run(run.code) for run in runs])


def test_company_can_be_declined(box: Sandbox) -> None:
    """`together=1` gives every program a child of its own, with the same outcomes."""
    runs = [Run(f"output = {number}") for number in range(6)]
    with Sandbox(together=1) as alone:
        outcomes = alone.run_all(runs)
        assert [server.jobs for server in alone._servers.values()] == [6]
    assert plain(outcomes) == plain(box.run_all(runs))


def test_a_server_killed_under_company_loses_and_doubles_nothing(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each program has its one outcome when the server dies with several programs in its child."""
    real = Sandbox._in_one_child
    deaths: list[int] = []

    def dying(self: Sandbox, jobs: Any) -> list[Outcome]:
        if len(jobs) > 1 and len(deaths) < 2:
            deaths.append(len(jobs))
            self._started(self._levels[0])._process.kill()
        return real(self, jobs)

    monkeypatch.setattr(Sandbox, "_in_one_child", dying)
    runs = [Run("output = input['n'] * 2", json.dumps({"n": number})) for number in range(40)]
    assert [outcome.output for outcome in box.run_all(runs)] == [2 * number for number in range(40)]
    assert deaths == [32, 32]


def test_cpu_time_is_told_for_each(box: Sandbox) -> None:
    """Each program's own, exact to far less than a millisecond."""
    work = "output = sum(range(300_000))"
    spent = [outcome.cpu_ms for outcome in box.run_all([Run("output = 1"), Run(work), Run("output = 2"), Run(work)])]
    assert all(0 < few < most for few, most in zip(spent[::2], spent[1::2], strict=True)), spent
