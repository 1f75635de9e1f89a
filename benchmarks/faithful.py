"""Whether the sandbox says of a program what plain Python says.

    python benchmarks/faithful.py [SEEDS] [--limit N] [--busy N] [--shared] [--cases] [--json]

Every (program, input) pair of SEEDS (COTMILL_SEEDS' PyEdu file or the built-in programs by default) is run in the
sandbox and by `python program.py`, and status, answer, type of error and printed text are compared. The reference is a
fresh process per pair, so that no pair sees what another left, and nothing of ours stands around the program: it is the
main script of its interpreter, at its usual depth of the stack. A `sitecustomize` forks before the script begins, once
per input of the program (an interpreter's start for each would cost ten times as much and change nothing), binds
`input`, and writes `output` by `json` when the script has ended. It has the CPU limit, the stack and the recursion
limit of the sandbox, 2 GB of address space where the sandbox gives 512 MB, and an ordinary user's file system.

Where the two differ, the reference is run again under other hash seeds and some time later: what differs from itself
is no deterministic program and is counted apart. What remains is listed by kind, and the status is 1. With --busy, so
many processes spin beside the sandbox: a good program that times out then is a difference like any other.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _pairs import Pair, pairs, seed_files

from cotmill.base.values import NotJson, canonical_json
from cotmill.execute.sandbox import Limits, Outcome, Run, Sandbox

LIMITS = Limits()
MORE_SEEDS = (
    "7",
    "2024",
    "31337",
)  # of hashes, after the first run under 0: the usual order of sets of small ints stays
SITE = """
import atexit, json, os, resource, signal, sys, time

def prepare():
    '''Return in one child per input; this process itself only waits for them, and ends.'''
    folder = os.environ.pop("REFERENCE_FOLDER")
    with open(f"{folder}/inputs") as file:
        inputs = json.load(file)
    limits = json.loads(os.environ.pop("REFERENCE_LIMITS"))
    for number, text in enumerate(inputs):
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            return run(f"{folder}/{number}", json.loads(text), limits)
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() - begun > 60:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.0005)
        with open(f"{folder}/{number}.status", "w") as file:
            file.write(str(os.waitstatus_to_exitcode(ended[1])))
    os._exit(0)

def run(name, input, limits):
    main, report = sys.modules["__main__"], {}
    main.input = input
    os.dup2(os.open(name + ".printed", os.O_WRONLY | os.O_CREAT), 1)
    descriptor = os.open(name + ".report", os.O_WRONLY | os.O_CREAT)
    write, dumps, deepest = os.write, json.dumps, sys.setrecursionlimit

    def note(kind, error, traceback):
        report["error"] = kind.__name__

    def finish():
        deepest(1000)
        if "error" not in report and "output" in main.__dict__:
            try:
                report["output"] = dumps(main.output, allow_nan=False)
            except Exception as error:
                report["unfit"] = type(error).__name__
        write(descriptor, dumps(report).encode())

    sys.excepthook = note
    atexit.register(finish)
    for what, most in limits.items():
        resource.setrlimit(getattr(resource, what), (most, most))

prepare()
"""


@dataclass(frozen=True)
class Result:
    """What was seen of one run, in words that both sides have."""

    status: str  # ok, error, unfit (an output without JSON form), none (no output), timeout, died
    told: str = ""  # the answer, or the type of the error
    stdout: bytes = b""


class Reference:
    """`python program.py` in a folder of its own, one fresh process per input."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.site.mkdir()
        (self.site / "sitecustomize.py").write_text(SITE)
        self.limits = {
            "RLIMIT_CPU": int(LIMITS.cpu_s),
            "RLIMIT_AS": 2 << 30,
            "RLIMIT_STACK": LIMITS.stack_mb << 20,
            "RLIMIT_FSIZE": 10 << 20,
        }

    def run(self, code: str, inputs: list[str], seed: str = "0") -> list[Result]:
        """One program on each of its inputs."""
        for left in self.folder.glob("[0-9]*"):
            left.unlink()
        program = self.folder / "program.py"
        program.write_text(code, encoding="utf-8", errors="surrogatepass")
        (self.folder / "inputs").write_text(json.dumps(inputs))
        environment = {
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": seed, "PYTHONPATH": str(self.site),
            "PYTHONDONTWRITEBYTECODE": "1", "REFERENCE_FOLDER": str(self.folder),
            "REFERENCE_LIMITS": json.dumps(self.limits),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, str(program)], check=True, env=environment, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return [self._result(number) for number in range(len(inputs))]

    def _result(self, number: int) -> Result:
        code = int((self.folder / f"{number}.status").read_text())
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Result("timeout")
        report = (self.folder / f"{number}.report").read_text()
        printed = (self.folder / f"{number}.printed").read_bytes()
        if not report:
            return Result("died" if code < 0 else "none", "", printed)
        return _reference_result(json.loads(report), printed)


def _reference_result(report: dict[str, Any], stdout: bytes) -> Result:
    if "error" in report:
        return Result("error", report["error"], stdout)
    if "unfit" in report or "output" not in report:
        return Result("unfit" if "unfit" in report else "none", "", stdout)
    try:
        return Result("ok", canonical_json(json.loads(report["output"])), stdout)
    except NotJson:  # too deep, too long a number: JSON, but past the bounds of an answer
        return Result("unfit", "", stdout)


def in_sandbox(given: list[Pair], *, shared: bool) -> list[Result]:
    with Sandbox(LIMITS) as box:
        if shared:
            return [_result(outcome) for outcome in box.run_all([Run(pair.code, pair.input) for pair in given])]
        return [_result(box.run(pair.code, pair.input)) for pair in given]


def _result(outcome: Outcome) -> Result:
    stdout = outcome.stdout.encode()
    kind = outcome.error.partition(":")[0]
    if outcome.status == "ok":
        return Result("ok", outcome.answer, stdout)
    if outcome.status == "error" or (outcome.status == "memory" and kind):
        return Result("error", kind, stdout)
    words = {"bad_output": "unfit", "no_output": "none", "no_result": "none", "timeout": "timeout", "crash": "died"}
    return Result(words.get(outcome.status, outcome.status), "", b"" if outcome.status == "timeout" else stdout)


def difference(sandbox: Result, plain: Result) -> str:
    """In what the two differ; empty where they agree."""
    if (sandbox.status, sandbox.told) == (plain.status, plain.told):
        return "" if sandbox.stdout == plain.stdout else "printed text"
    if sandbox.status == plain.status == "ok":
        return "answer"
    names = (
        f"{result.status} {result.told if result.status == 'error' else ''}".strip() for result in (sandbox, plain)
    )
    return "sandbox: {}, plain Python: {}".format(*names)


def compare(given: list[Pair], busy: int = 0, *, shared: bool = False) -> dict[str, Any]:
    """All figures. Differences by kind, each with the pairs where it was seen."""
    with _spinning(busy):
        ours = in_sandbox(given, shared=shared)
    kinds: dict[str, list[str]] = {}
    varying: list[str] = []
    good = 0
    with tempfile.TemporaryDirectory() as folder:
        reference = Reference(Path(folder))
        for code, group in itertools.groupby(zip(given, ours, strict=True), key=lambda both: both[0].code):
            members = list(group)
            plain = reference.run(code, [pair.input for pair, _ in members])
            good += sum(result.status == "ok" for result in plain)
            for (pair, result), right in zip(members, plain, strict=True):
                if found := difference(result, right):
                    if any(reference.run(code, [pair.input], seed) != [right] for seed in MORE_SEEDS):
                        varying.append(pair.id)
                    else:
                        kinds.setdefault(found, []).append(pair.id)
    return {
        "pairs": len(given),
        "ok_in_plain_python": good,
        "nondeterministic": len(varying),
        "different": sum(map(len, kinds.values())),
        "kinds": kinds,
        "varying": varying,
    }


@contextlib.contextmanager
def _spinning(count: int) -> Iterator[None]:
    """So many processes that do nothing but burn time, until the block ends."""
    processes = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _spin() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        sum(range(100_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, help="at most so many pairs")
    parser.add_argument("--busy", type=int, default=0, help="processes that spin beside the sandbox")
    parser.add_argument("--shared", action="store_true", help="programs that the screen passes share children")
    parser.add_argument("--cases", action="store_true", help="name every pair that differs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    files = [options.seeds] if options.seeds else [path for path in seed_files() if path.stem.startswith("pyedu")]
    given = [pair for path in files or [None] for pair in pairs(path)][: options.limit]
    begun = time.monotonic()
    figures = compare(given, options.busy, shared=options.shared)
    if options.json:
        print(json.dumps(figures))
    else:
        for name in ("pairs", "ok_in_plain_python", "nondeterministic", "different"):
            print(f"{name:24} {figures[name]}")
        for kind, ids in sorted(figures["kinds"].items(), key=lambda item: -len(item[1])):
            print(f"  {len(ids):5}  {kind}: {' '.join(ids if options.cases else ids[:1])}")
        if options.cases:
            print("nondeterministic:", *figures["varying"])
        print(f"{'seconds':24} {time.monotonic() - begun:.0f}")
    sys.exit(bool(figures["kinds"]))


if __name__ == "__main__":
    main()
