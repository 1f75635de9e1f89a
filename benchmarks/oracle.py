"""Whether the recorder's traces say what the slow reference of tests/execute/oracle.py sees, event by event.

    python benchmarks/oracle.py [SEEDS ...] [--part K/N] [--lines 300] [--cases] [--json]

Every (program, input) pair of SEEDS (all seed files of COTMILL_SEEDS and the built-in programs by default) is run
three times, each in a fresh child: traced, under the oracle, and plainly. Calls, lines, returns, yields, exceptions and
changes of names of the first two must be the same, and the outcomes of all three: output, exception, printed text.
Programs without a trace (past a limit, or with a value that no trace can hold) are counted by their reason; one whose
plain outcome differs from itself is no deterministic program and is counted apart. The status is 1 where pairs differ.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import importlib
import io
import itertools
import json
import os
import random
import re
import resource
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from _pairs import Pair, pairs, seed_files

from cotmill.execute.encode import encode
from cotmill.execute.tracer import Recorder
from execute.oracle import Oracle, happenings, in_groups, text

MAX_BYTES = 1 << 20
WRONG = ("events", "outcome", "no oracle")
CPU_S = 60  # the oracle encodes every value at every event
MEMORY = 4 << 30
Told = dict[str, Any]  # what a child says; `missing` alone where it has nothing to compare
Tell = Callable[[Told], NoReturn]


def apart(work: Callable[[Tell], Told]) -> Told:
    """What `work` returns or tells, in a child of its own."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        tell = functools.partial(_tell, sender)
        _limit()
        try:
            tell(work(tell))
        except BaseException as error:  # noqa: BLE001 - a fault of ours is told like everything else
            tell({"missing": f"fault: {type(error).__name__}: {error}"})
    os.close(sender)
    with os.fdopen(receiver, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(answer)) if answer else {"missing": "the child ended early"}


def _tell(sender: int, told: Told) -> NoReturn:
    data = json.dumps(told).encode()
    while data:
        data = data[os.write(sender, data) :]
    os._exit(0)


def _limit() -> None:
    for what, most in (("CPU", CPU_S), ("AS", MEMORY), ("FSIZE", 0)):
        resource.setrlimit(getattr(resource, "RLIMIT_" + what), (most, most))
    for descriptor in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)


def run(program: Callable[[dict[str, Any]], BaseException | None], pair: Pair) -> Told:
    """The outcome of running `program(namespace)`: output, exception, printed text."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    namespace = module.__dict__
    namespace["input"] = json.loads(pair.input)
    random.seed(0)
    if "numpy" in pair.code:
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy.random").seed(0)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        error = program(namespace)
    problem = f"{type(error).__name__} {text(error.args)}" if error is not None else ""
    return {"outcome": [text(namespace.get("output")), problem, out.getvalue()]}


def execute(code: types.CodeType, namespace: dict[str, Any]) -> BaseException | None:
    try:
        exec(code, namespace)
    except BaseException as raised:  # noqa: BLE001 - whatever the program raises
        return raised
    return None


def plainly(pair: Pair, _tell: Tell) -> Told:
    return run(functools.partial(execute, compile(pair.code, "<program>", "exec", dont_inherit=True)), pair)


def under_oracle(pair: Pair, _tell: Tell) -> Told:
    oracle = Oracle(pair.code)
    told = run(oracle.run, pair)
    return {**told, "events": in_groups(oracle.events)}


def traced(max_lines: int, pair: Pair, tell: Tell) -> Told:
    def overflow(detail: str) -> None:
        sys.settrace(None)
        tell({"missing": detail})

    recorder = Recorder(ast.parse(pair.code), pair.code, max_lines, MAX_BYTES, encode, overflow)
    code = recorder.compile()

    def program(namespace: dict[str, Any]) -> BaseException | None:
        recorder.start()
        try:
            return execute(code, namespace)
        finally:
            recorder.stop()

    told = run(program, pair)
    return {**told, "events": in_groups(happenings(recorder.dump())), "lines": recorder.lines}


def difference(pair: Pair, max_lines: int) -> tuple[str, int]:
    """What is wrong with the pair's trace, or why there is none; and how many events were compared."""
    ours = apart(functools.partial(traced, max_lines, pair))
    if "missing" in ours:
        return "no trace: " + re.sub(r"\d+", "N", ours["missing"]), 0
    plain = apart(functools.partial(plainly, pair))
    theirs = apart(functools.partial(under_oracle, pair))
    count = sum(map(len, theirs.get("events", ())))
    if ours.get("events") == theirs.get("events") and ours["outcome"] == theirs["outcome"] == plain["outcome"]:
        return "", count
    if "missing" in theirs:
        return "no oracle", 0
    if apart(functools.partial(plainly, pair)) != plain or apart(functools.partial(under_oracle, pair)) != theirs:
        return "differs from itself", count
    return ("events" if ours["outcome"] == plain["outcome"] == theirs["outcome"] else "outcome"), count


def compare(given: list[Pair], max_lines: int) -> dict[str, Any]:
    kinds: dict[str, list[str]] = {}
    events = 0
    for pair in given:
        kind, count = difference(pair, max_lines)
        events += count
        kinds.setdefault(kind or "agree", []).append(pair.id)
    return {"pairs": len(given), "events": events, "kinds": kinds}


def first_difference(pair: Pair, max_lines: int) -> str:
    """For a person: where the traces of a pair part."""
    ours, theirs = apart(functools.partial(traced, max_lines, pair)), apart(functools.partial(under_oracle, pair))
    for one, other in itertools.zip_longest(ours.get("events", ()), theirs.get("events", ())):
        if one != other:
            return f"    recorder: {str(one)[:300]}\n    oracle:   {str(other)[:300]}"
    return f"    recorder: {ours['outcome']}\n    oracle:   {theirs['outcome']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", type=Path, nargs="*")
    parser.add_argument("--part", default="1/1", help="K/N: every N-th pair, from the K-th")
    parser.add_argument("--lines", type=int, default=300, help="a program's most line events")
    parser.add_argument("--cases", action="store_true", help="name every pair, and show where it differs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    first, step = map(int, options.part.split("/"))
    files: list[Path | None] = options.seeds or [None, *seed_files()]
    given = [pair for path in files for pair in pairs(path)][first - 1 :: step]
    figures = compare(given, options.lines)
    wrong = [name for kind in WRONG for name in figures["kinds"].get(kind, ())]
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['pairs']} pairs, {figures['events']} events compared")
        for kind, ids in sorted(figures["kinds"].items(), key=lambda item: -len(item[1])):
            print(f"  {len(ids):5}  {kind}: {' '.join(ids if options.cases and kind != 'agree' else ids[:1])}")
        for pair in given if options.cases else ():
            if pair.id in wrong:
                print(pair.id, first_difference(pair, options.lines), sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
