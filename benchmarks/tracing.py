"""What a trace costs, against snoop: in whole runs, and per line event in one process.

    python benchmarks/tracing.py [--programs 40] [--rounds 3] [--json]

**Runs.** EGR's way writes a script for every input, decorates the program's entry with snoop and starts a Python for
it; Cotmill runs it traced in its sandbox, a child each. Figures are traced inputs per second of CPU time, of
everything together (this process, servers, children), on programs of COTMILL_SEEDS (or built-in ones) within 300
line events. Goal: at least 30 times as many.

**Line events.** Both tracers in this process, on programs of 301 to 2,000 line events (the longest, where none is so
long): microseconds per line event above the program run plainly, the least of the rounds for each program; over all of
them, and of the median program (a few that keep large object graphs hold most of the time). An empty trace function
shows the floor. Goal: at most 5 microseconds, and at least 10 times less than snoop. Parsing and compiling are left out
on both sides; the recorder's trace is whole, and its JSON text is in the figure.

snoop comes with the extra `bench`; without it the comparison is left out with a word.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import importlib.util
import io
import json
import linecache
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from _pairs import Pair, sample
from sandbox import cost, in_sandbox

from cotmill.execute.encode import encode
from cotmill.execute.sandbox import Sandbox, TraceLimits
from cotmill.execute.tracer import Recorder

SNOOP = importlib.util.find_spec("snoop") is not None
SHORT, LONG = 300, 2_000  # line events
MAX_BYTES = 1 << 24
LIMIT_S = 30
DEPTH = 10  # of calls that snoop follows
Ready = Callable[[], None]


class TooLong(BaseException):
    """The recorder passed a limit. No exception that a program catches."""


def entry(code: str) -> str:
    """The name of the function that the program's last line calls."""
    call: Any = ast.parse(code).body[-1]
    return str(call.value.func.id)


# --- runs -------------------------------------------------------------------------------------------------------------


def by_snoop(pairs: list[Pair]) -> list[str]:
    """The trace of each input from an interpreter of its own; empty where there is none."""
    return [_from_interpreter(pair) for pair in pairs]


def _from_interpreter(pair: Pair) -> str:
    body, _, call = pair.code.rstrip().rpartition("\n")
    name = entry(pair.code)
    lines = (
        "import json, snoop", f"input = json.loads({pair.input!r})", body,
        f"{name} = snoop.snoop(depth={DEPTH})({name})", call,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "program.py")
        script.write_text("\n".join(lines))
        try:
            done = subprocess.run(
                [sys.executable, str(script)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LIMIT_S,
                check=True,
            )
        except subprocess.SubprocessError:
            return ""
        return done.stderr.decode(errors="replace")


def runs(programs: list[Pair], rounds: int) -> dict[str, float]:
    """Traced inputs per CPU second."""
    traced = functools.partial(in_sandbox, trace=TraceLimits(SHORT))
    found: dict[str, list[float]] = {"Cotmill": [], "snoop": []}
    for _ in range(rounds):
        start, _, _ = cost(traced, [])
        spent, _, answers = cost(traced, programs * 5)
        found["Cotmill"].append(sum(map(bool, answers)) / (spent - start) * 1000)
        if SNOOP:
            spent, _, texts = cost(by_snoop, programs)
            found["snoop"].append(sum(map(bool, texts)) / spent * 1000)
    return {name: statistics.median(speeds) for name, speeds in found.items() if speeds}


# --- line events ------------------------------------------------------------------------------------------------------


def plainly(pair: Pair) -> Ready:
    code = compile(pair.code, "<program>", "exec", dont_inherit=True)
    return functools.partial(exec, code, names(pair))


def recorded(pair: Pair) -> Ready:
    recorder = Recorder(ast.parse(pair.code), pair.code, LONG, MAX_BYTES, encode, _too_long)
    code, space = recorder.compile(), names(pair)

    def run() -> None:
        recorder.start()
        try:
            exec(code, space)
        finally:
            recorder.stop()
        recorder.dump()

    return run


def counted(pair: Pair) -> Ready:
    """A trace function that does nothing: what `sys.settrace` costs by itself."""

    def trace(_frame: Any, _event: str, _arg: Any) -> Any:
        return trace

    return _under(trace, compile(pair.code, "<program>", "exec", dont_inherit=True), names(pair))


def _under(trace: Any, code: CodeType, space: dict[str, Any]) -> Ready:
    def run() -> None:
        sys.settrace(trace)
        try:
            exec(code, space)
        finally:
            sys.settrace(None)

    return run


def snooped(pair: Pair) -> Ready:
    from snoop.configuration import Config  # noqa: PLC0415 - need not be installed

    name = f"<snooped {pair.id}>"
    linecache.cache[name] = len(pair.code), None, pair.code.splitlines(keepends=True), name
    snoop = Config(out=io.StringIO()).snoop
    *body, call = ast.parse(pair.code).body
    space = names(pair)
    exec(compile(ast.Module(body, []), name, "exec", dont_inherit=True), space)
    space[entry(pair.code)] = snoop(depth=DEPTH)(space[entry(pair.code)])
    return functools.partial(exec, compile(ast.Module([call], []), name, "exec", dont_inherit=True), space)


def names(pair: Pair) -> dict[str, Any]:
    return {"__name__": "__main__", "input": json.loads(pair.input)}


def _too_long(detail: str) -> None:
    sys.settrace(None)
    raise TooLong(detail)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        gc.enable()


def seconds(way: Callable[[Pair], Ready], pair: Pair) -> float:
    random.seed(0)
    ready = way(pair)
    with quietly():
        begun = time.process_time_ns()
        ready()
        return (time.process_time_ns() - begun) / 1e9


WAYS: dict[str, Callable[[Pair], Ready]] = {
    "empty trace function": counted,
    "Cotmill": recorded,
    **({"snoop": snooped} if SNOOP else {}),
}


def line_events(programs: list[tuple[Pair, int]], rounds: int) -> dict[str, dict[str, float]]:
    """Microseconds per line event."""
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    for pair, _ in programs:
        bare = min(seconds(plainly, pair) for _ in range(rounds))
        for name, way in WAYS.items():
            spent[name].append(min(seconds(way, pair) for _ in range(rounds)) - bare)
    counts = [count for _, count in programs]
    found = {}
    for name, times in spent.items():
        each = statistics.median(time / count for time, count in zip(times, counts, strict=True))
        found[name] = {"all": 1e6 * sum(times) / sum(counts), "median": 1e6 * each}
    return found


# --- programs ---------------------------------------------------------------------------------------------------------


def sorted_by_length(count: int) -> tuple[list[Pair], list[tuple[Pair, int]]]:
    """Up to `count` short ones that the sandbox can trace, and `count` long ones (the longest, where none is long)."""
    short: list[tuple[Pair, int]] = []
    long: list[tuple[Pair, int]] = []
    candidates = sample(40 * count)
    random.Random(1).shuffle(candidates)
    with Sandbox() as box:
        for pair in candidates:
            limits = TraceLimits(LONG)
            outcome = box.run(pair.code, pair.input, trace=limits)
            if outcome.status != "ok" or outcome.cpu_ms > 500:
                continue
            lines = int(json.loads(outcome.trace)["lines"])
            if lines <= SHORT and len(short) < count:
                short.append((pair, lines))
            elif lines > SHORT and len(long) < count:
                long.append((pair, lines))
            if len(short) == len(long) == count:
                break
    return [pair for pair, _ in short], long or sorted(short, key=lambda item: -item[1])[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    short, long = sorted_by_length(options.programs)
    figures: dict[str, Any] = {
        "programs": {"runs": len(short), "line events": len(long)},
        "runs": runs(short, options.rounds),
        "line events": line_events(long, options.rounds),
    }
    if options.json:
        print(json.dumps(figures))
        return
    if not SNOOP:
        print("without snoop, which the extra `bench` installs")
    print(f"traced inputs per CPU second, {len(short)} programs")
    for way, speed in figures["runs"].items():
        print(f"  {way:24}{speed:10.1f}{figures['runs']['Cotmill'] / speed:8.1f} x")
    print(f"microseconds per line event, {len(long)} programs{'all':>20}{'median':>10}")
    for way, times in figures["line events"].items():
        print(f"  {way:52}{times['all']:10.2f}{times['median']:10.2f}")


if __name__ == "__main__":
    main()
