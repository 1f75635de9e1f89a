"""Run programs that nobody vouches for: `with Sandbox() as box: box.run(code)`.

A sandbox holds one warm fork server (worker.py) and runs one program at a time in a forked child of it.
docs/sandbox.md says what that protects against, what it does not, and how each claim is tested.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cotmill.base.stage import MachineryError
from cotmill.execute.forkserver import ForkServer, Job, ServerLost
from cotmill.execute.harmless import is_harmless
from cotmill.execute.isolation import LAYERS, SAFE_TIERS, TIERS, objection
from cotmill.execute.verdict import Outcome, outcomes_of

__all__ = [
    "MODULES", "SAFE_TIERS", "Limits", "Outcome", "Run", "Sandbox", "SandboxError", "TraceLimits", "same_outcome",
]  # fmt: skip

MODULES = (
    "abc", "bisect", "calendar", "cmath", "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "hashlib", "heapq", "io", "itertools", "json", "math", "numbers", "operator",
    "os", "random", "re", "statistics", "string", "sys", "textwrap", "time", "types", "typing", "queue",
    "numpy", "numpy.random", "scipy", "sympy", "networkx", "pandas",
)  # fmt: skip
# Large libraries take long to import, and make every child of a process that holds them dearer: servers of their own
# have them, for the programs that mention one or what is built on it.
LARGE, LARGEST = ("numpy",), ("scipy", "sympy", "networkx", "pandas", "sklearn")
OLDEST = (3, 8)  # Python that can run programs
ATTEMPTS = 5  # servers that a job may lose before the sandbox gives up
TOGETHER = 32  # programs in one child, where a screen proves them harmless: from here on a child's own cost is small
JOBS_PER_SERVER = 20_000  # then another takes its place, so that no leak, in whatever library, can grow for ever

# Variants differ in their hash seed. An even and an odd one agree on nothing that a deterministic program may depend
# on: hash seed, local date (the zones are 26 hours apart), and the seed of `random`, chosen so that the first draws of
# the two differ even where there are only two possible values.
_VARIANTS = (("UTC+12", 1), ("UTC-14", 6447))


class SandboxError(MachineryError):
    """The sandbox cannot be started, or its servers keep dying. Never a verdict on a program."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use. All limits hold against programs that ignore signals."""

    cpu_s: float = 5.0  # of the child's own CPU clock: a busy machine does not count
    wall_s: float = 30.0  # for programs that wait; generous, so that a busy machine does not fail good ones
    memory_mb: int = 512  # address space beyond that of an idle child
    stdout_kb: int = 64
    output_kb: int = 256  # the encoded answer
    open_files: int = 16
    stack_mb: int = 16


@dataclass(frozen=True, slots=True)
class TraceLimits:
    """How long a trace may become; a longer one ends the run with status trace_limit."""

    max_lines: int = 300
    max_kb: int = 4096  # 0: line events are counted, and no trace is kept


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program."""

    code: str
    input: str | None = None  # text of a JSON object, in place of the program's own top-level `input = ...`
    trace: TraceLimits | None = None  # None runs without a tracer
    fault: str = ""  # JSON of the one value to replace in a traced run (faults.py)


class Sandbox:
    """Warm servers, started when they are needed. Not thread-safe: one sandbox per thread or process.

    `variant` chooses hash seed, time zone and random seed; running a program in two variants shows whether its
    answer depends on them. `modules` are imported once in a server, where they exist. `accept` names the tiers of
    isolation that are enough, `demand` layers that must be in force besides; `without` leaves layers out, as a host
    would that refuses them. `together` is how many programs may share a child in `run_all`.
    """

    def __init__(
        self,
        limits: Limits = Limits(),
        *,
        python: str | None = None,
        variant: int = 0,
        modules: tuple[str, ...] = MODULES,
        accept: tuple[str, ...] = SAFE_TIERS,
        demand: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        together: int = TOGETHER,
    ) -> None:
        if unknown := {*accept, *demand, *without} - {*TIERS, *LAYERS}:
            raise ValueError(f"neither a tier nor a layer of the sandbox: {', '.join(sorted(unknown))}")
        self._limits = limits
        self._python = python or sys.executable
        self._variant = variant
        self._accept = accept
        self._demand = demand
        self.tier = ""  # of every server so far; empty before the first
        self._without = without
        self._together = together
        self._levels = tuple(
            tuple(name for name in modules if not name.startswith(left_out))
            for left_out in (LARGEST + LARGE, LARGEST, ())
        )  # the modules of the servers: for ordinary programs, for those that mention a large library, and a larger one
        self._servers: dict[tuple[str, ...], ForkServer] = {}  # by the modules that they have imported
        self._owner = 0  # the process that started them

    def run(self, code: str, input: str | None = None, *, trace: TraceLimits | None = None) -> Outcome:
        """Run a whole program, alone in its child, and give its `output`.

        `input` is the text of a JSON object; it replaces the program's own top-level `input = ...`.
        Raises SandboxError where the machine failed; a program never causes it.
        """
        job = _job(Run(code, input, trace))
        return job if isinstance(job, Outcome) else self._alone(job)

    def run_all(self, runs: Sequence[Run]) -> list[Outcome]:
        """The outcome of each, as `run` gives it, in their order.

        Programs that `is_harmless` shows to leave nothing behind share children; one that does not simply run there is
        run again by itself, and so are those after it that its end took along. Raises SandboxError.
        """
        outcomes: dict[int, Outcome] = {}
        jobs: dict[int, Job] = {}
        for index, job in enumerate(map(_job, runs)):
            if isinstance(job, Outcome):
                outcomes[index] = job
            else:
                jobs[index] = job
        waiting = [index for index in jobs if self._together > 1 and is_harmless(runs[index].code)]
        slow: set[str] = set()
        while len(waiting) > 1:
            group = waiting[: self._together]
            settled = self._company([jobs[index] for index in group])
            outcomes.update(zip(group, settled, strict=False))
            if len(settled) < len(group):
                misfit = group[len(settled)]
                outcomes[misfit] = self._alone(jobs[misfit])
                if outcomes[misfit].status == "timeout":  # so may the others: what takes long should not run twice
                    slow.add(runs[misfit].code)
            waiting = [index for index in waiting if index not in outcomes and runs[index].code not in slow]
        for index, job in jobs.items():
            if index not in outcomes:
                outcomes[index] = self._alone(job)
        return [outcomes[index] for index in range(len(runs))]

    def _alone(self, job: Job) -> Outcome:
        problem = "the child ended before the program began"
        for _ in range(ATTEMPTS):
            try:
                for outcome in self._in_one_child([job]):
                    return outcome
            except ServerLost as error:
                problem = str(error)
            self.close()
        raise SandboxError(f"the sandbox failed {ATTEMPTS} times: {problem}")

    def _company(self, jobs: list[Job]) -> list[Outcome]:
        """Of as many of them as simply ran."""
        try:
            return self._in_one_child(jobs)
        except ServerLost:
            self.close()
            return []

    def _in_one_child(self, jobs: list[Job]) -> list[Outcome]:
        try:
            level = max(_level(job.code) for job in jobs)
            server = self._started(self._levels[level])
            if any(job.max_trace for job in jobs) and server.ready["tracer"] != "ready":
                raise SandboxError(f"cannot trace with {self._python}: {server.ready['tracer']}")
            report = sum(self._limits.output_kb * 1024 + job.max_trace + 1024 for job in jobs)
            return outcomes_of(server.run(jobs, report, self._limits.stdout_kb * 1024), self.tier)
        except ServerLost:
            raise
        except BaseException:  # whatever is under way there ends with it
            self.close()
            raise

    def layers(self) -> dict[str, Any]:
        """What protects the machine from programs, as the server found it at its start."""
        try:
            return dict(self._started(self._levels[0]).ready)
        except ServerLost as error:
            raise SandboxError(str(error)) from None

    def close(self) -> None:
        """End the servers. The next run starts others."""
        servers, self._servers = self._servers, {}
        if self._owner == os.getpid():
            for server in servers.values():
                server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _started(self, modules: tuple[str, ...]) -> ForkServer:
        """The server that has imported these."""
        if self._owner != os.getpid():  # this process is a fork of the one that started the servers
            self._servers, self._owner = {}, os.getpid()
        server = self._servers.get(modules)
        if server is not None and server.jobs >= JOBS_PER_SERVER:
            del self._servers[modules]
            server.close()
            server = None
        if server is None:
            zone, number = _VARIANTS[self._variant % 2]
            seed = str(101 * (1 + self._variant))
            number += 7919 * (self._variant // 2)
            settings = {
                "limits": asdict(self._limits),
                "modules": list(modules),
                "path": _library_path(self._python),
                "seed": number,
                "without": list(self._without),
            }
            server = self._servers[modules] = ForkServer(self._python, _environment(seed, zone), settings)
            self._judge(server.ready)
        return server

    def _judge(self, ready: dict[str, Any]) -> None:
        """Raise SandboxError where the host does not hold programs as it must, or no longer as it did."""
        problem = objection(ready, self._accept, self._demand)
        if not problem and self.tier not in ("", ready["tier"]):
            problem = f"a new server has isolation tier {ready['tier']!r} where the one before had {self.tier!r}"
        if problem:
            self.close()
            raise SandboxError(problem)
        self.tier = ready["tier"]


def _level(code: bytes) -> int:
    """0 for an ordinary program, 1 for one that mentions a large library, 2 for a larger one."""
    if any(name.encode() in code for name in LARGEST):
        return 2
    return int(any(name.encode() in code for name in LARGE))


def _job(run: Run) -> Job | Outcome:
    """What goes to the child, or the outcome of what cannot go there."""
    try:
        code, input = run.code.encode(), None if run.input is None else run.input.encode()
    except UnicodeEncodeError:
        return Outcome("invalid", detail="the source or the input is not text: a lone surrogate")
    limits = run.trace or TraceLimits(0, 0)
    if run.fault and not limits.max_kb:
        raise ValueError("a fault is put into a traced run")
    return Job(code, input, limits.max_lines, limits.max_kb * 1024, run.fault.encode())


def same_outcome(a: Outcome, b: Outcome) -> bool:
    """Whether two runs of one program agree in status, answer, type of error, and in what they left of randomness.

    A program that seeds its generator leaves the same state in every variant, one that draws unseeded never does.
    """
    return _agreed(a) == _agreed(b)


def _agreed(outcome: Outcome) -> tuple[str, ...]:
    return outcome.status, outcome.answer, outcome.error.partition(":")[0], outcome.chance


def _environment(seed: str, zone: str) -> dict[str, str]:
    """All that a server finds in its environment, nothing of the caller's; programs find the same but LD_BIND_NOW."""
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    variant = {"PYTHONHASHSEED": seed, "TZ": zone}
    return {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "LD_BIND_NOW": "1", **variant, **dict.fromkeys(threads, "1")}


@functools.cache
def _library_path(python: str) -> list[str]:
    """Folders with the interpreter's installed packages, which `-S` leaves out. Raises SandboxError."""
    command = [python, "-c", "import json, sys; print(json.dumps([sys.version_info[:2], sys.path]))"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(  # noqa: S603  the interpreter that the recipe names
            command, capture_output=True, check=True, timeout=60, cwd="/", env=environment
        )
        version, entries = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SandboxError(f"{python} cannot be run as a Python: {error}") from None
    if tuple(version) < OLDEST:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
        raise SandboxError(f"{python} is Python {found}; programs are run by Python {needed} or newer")
    return [entry for entry in entries if Path(entry).name in ("site-packages", "dist-packages")]
