"""How many of the pairs that plain Python runs become samples.

    python benchmarks/eligible.py SEEDS RUN

SEEDS is a CodeI/O (PyEdu) or PAL file, RUN a finished `cotmill run grounded --seeds SEEDS`. Independent of Cotmill's
own executor: each pair's original code is run by plain Python in forked children of two interpreters with unlike hash
seeds, in one of them under a bare `sys.settrace` that counts line events of the program. Eligible: no error within 5 s,
the same JSON-able output both times, at most 300 line events, input and output within its limits. Reported: the
share of eligible pairs that are samples, the reasons of the rest, whether pairs in = samples + rejects by id, and how
many samples' answers differ from what plain Python gave.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cotmill.base.records import Seed
from cotmill.collect.sources import number_copies, read
from cotmill.prove.answer import equal_json

MAX_LINES, LIMIT_S, MAX_KB = 300, 5, 8


def outcome(code: str, entry: str, input: dict[str, Any], *, count: bool) -> dict[str, Any]:
    """Run in this (forked) process: output, or error; number of line events where they are counted."""
    lines = 0

    def tracer(frame: Any, event: str, _: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename != "<program>":
            return None
        lines += event == "line"
        if lines > MAX_LINES:
            raise SystemExit
        return tracer

    space: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(code, "<program>", "exec"), space)
        if count:
            sys.settrace(tracer)
        value = space[entry](**input)
        sys.settrace(None)
        text = json.dumps(value, allow_nan=False)
    except SystemExit:
        return {"lines": lines, "error": "SystemExit"}
    except BaseException as error:  # noqa: BLE001 - whatever the program does
        return {"lines": lines, "error": type(error).__name__}
    return {"lines": lines, "output": text}


def forked(code: str, entry: str, input: dict[str, Any], *, count: bool) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 1))
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        result = json.dumps(outcome(code, entry, input, count=count)).encode()
        while result:
            result = result[os.write(writer, result) :]
        os._exit(0)
    os.close(writer)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(4 * LIMIT_S)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    signal.alarm(0)
    os.waitpid(child, 0)
    return json.loads(text) if text else {"lines": 0, "error": "killed"}


def serve() -> None:
    """Child interpreter: rows on stdin, outcomes on stdout."""
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(forked(job["code"], job["entry"], job["input"], count=job["count"])), flush=True)


class Interpreter:
    def __init__(self, seed: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip

    def run(self, code: str, entry: str, input: dict[str, Any], *, count: bool = False) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"code": code, "entry": entry, "input": input, "count": count}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def pairs(seeds: Path) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(pair id, code, entry, input) of every row."""
    for row in number_copies(read(seeds, "auto", {}, source=seeds.stem, max_row_mb=4)):
        if isinstance(row, Seed):
            for pair, input in zip(row.pair_ids(), row.inputs or ("{}",), strict=True):
                yield pair, row.code, row.entry or "solution", json.loads(input)


def main() -> None:
    if len(sys.argv) < 3:
        print("nothing to do: name SEEDS and a finished RUN")
        return
    seeds, run = Path(sys.argv[1]), Path(sys.argv[2])
    answers = {
        row["id"]: row["answer"]
        for path in (run / "dataset" / "data").glob("*.parquet")
        for row in pq.read_table(path, columns=["id", "answer"]).to_pylist()
    }
    reasons = {
        row["id"]: row["reason"]
        for path in (run / "rejects").rglob("*.parquet")
        for row in pq.read_table(path, columns=["id", "reason"]).to_pylist()
    }
    one, two = Interpreter("1"), Interpreter("2")
    every: list[str] = []
    eligible, lost, wrong, cases = 0, Counter[str](), 0, []
    for pair, code, entry, input in pairs(seeds):
        every.append(pair)
        first = one.run(code, entry, input, count=True)
        if "output" not in first or first["lines"] > MAX_LINES:
            continue
        second = two.run(code, entry, input)
        if second.get("output") != first["output"] or max(len(first["output"]), len(json.dumps(input))) > MAX_KB * 1024:
            continue
        eligible += 1
        if pair not in answers:
            lost[reasons.get(pair, "missing")] += 1
            cases.append(f"{pair} {reasons.get(pair, 'missing')}")
        elif not equal_json(answers[pair], first["output"]):
            wrong += 1
            cases.append(f"{pair} differs: {answers[pair]} and {first['output']}")
    kept = eligible - sum(lost.values())
    print(f"pairs in {len(every)} = samples {len(answers)} + rejects {len(reasons)}: "
          f"{sorted(every) == sorted([*answers, *reasons])}")  # fmt: skip
    print(f"eligible {eligible}, samples of these {kept}: {kept / max(1, eligible):.2%}")
    print("the rest by reason:", dict(lost))
    print("rejects by reason, all pairs:", dict(Counter(reasons.values()).most_common()))
    print(f"samples that plain Python answers differently: {wrong}")
    if "--cases" in sys.argv:
        print("\n".join(cases))


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
