"""The claim check on real narrations: false alarms, corruptions found, time.

    python benchmarks/ground.py [--seeds FILE --format pyedu|pal|jsonl] [--programs 150] [--json]
    python benchmarks/ground.py --solutions FILE [--mode strict|provenance] [--json]

Without --seeds the built-in programs are used. Programs run in the sandbox under the tracer, their traces are narrated,
and each narration that passes is corrupted in five ways (tests/prove/corrupting.py): one value changed, one branch
flipped, one pass of a loop dropped, two neighbouring lines swapped, and one value wrong with all that follows from it
while the answer stays right. A narration that does not pass as it is counts as a false alarm.

With --solutions, the texts of others are checked, rows {kind, code, input, solution, problem?}: how many of each kind
do not pass. Of right ones these are false alarms, of wrong ones detections.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cotmill.base.records import Execution, Lineage, Program, Seed
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.collect.sources import read
from cotmill.collect.unify import unify
from cotmill.execute.sandbox import Limits, Sandbox, TraceLimits
from cotmill.explain.narrate import NarrateSettings, tell_execution
from cotmill.prove.ground import Mode, check_solution
from prove.corrupting import CORRUPTIONS

CALL = "\n\noutput = solution(**input)\n"


def executions(seeds: Path | None, format: str, count: int) -> Iterator[Execution]:
    """One execution of each of `count` programs, chosen by a fixed chance."""
    found = read(seeds or Path(), format if seeds else "starter", {}, source="bench", max_row_mb=4)
    chosen = [seed for seed in found if isinstance(seed, Seed)]
    random.Random(11).shuffle(chosen)
    with Sandbox(Limits()) as box:
        for seed in chosen:
            if not count:
                return
            program = next(unify(seed))
            if not isinstance(program, Program):
                continue
            outcome = box.run(program.code + CALL, program.inputs[0], trace=TraceLimits())
            if outcome.status == "ok":
                count -= 1
                yield Execution(
                    program.pairs[0], program.source, "", "", program.code, program.inputs[0], outcome.answer, "",
                    outcome.trace, Lineage(seed.id),
                )  # fmt: skip


def measure(seeds: Path | None, format: str, count: int) -> dict[str, Any]:
    """All figures of one set of programs."""
    alarms: list[str] = []
    times: list[float] = []
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    narrated = 0
    for execution in executions(seeds, format, count):
        told = tell_execution(execution, NarrateSettings())
        if isinstance(told, Reject):
            continue
        narrated += 1
        text = told[0]
        trace = Trace.parse(execution.trace)
        start = time.process_time()
        check = check_solution(execution.code, {}, text, trace, answer=execution.answer)
        times.append(1000 * (time.process_time() - start))
        if check.verdict != "pass":
            alarms.append(f"{execution.id}: {check.reason[:160]}")
            continue
        for kind, corrupt in CORRUPTIONS.items():
            wrong = corrupt(text, random.Random(f"{execution.id} {kind}"))
            if wrong is not None and wrong != text:
                total[kind] += 1
                again = check_solution(execution.code, {}, wrong, trace, answer=execution.answer)
                found[kind] += again.verdict != "pass"
    return {
        "narrations": narrated,
        "false_alarms": len(alarms),
        "alarms": alarms,
        "detected": {kind: [found[kind], total[kind]] for kind in CORRUPTIONS},
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(sorted(times)[int(0.95 * len(times))], 2),
    }


def measure_solutions(path: Path, mode: Mode) -> dict[str, Any]:
    """Of each kind of solution in the file, how many do not pass; and the time of a check, its trace parsed already."""
    turned_down: Counter[str] = Counter()
    total: Counter[str] = Counter()
    traces: dict[tuple[str, str], Trace] = {}
    times: list[float] = []
    with Sandbox(Limits()) as box:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            code, given = row["code"], json.dumps(row["input"])
            if (code, given) not in traces:
                called = code if "\noutput = " in code else code + CALL
                outcome = box.run(called, given, trace=TraceLimits(max_lines=10_000, max_kb=16_384))
                if outcome.status != "ok":
                    raise SystemExit(f"{row.get('id')} ended in {outcome.status}: {outcome.error or outcome.detail}")
                traces[code, given] = Trace.parse(outcome.trace)
            start = time.process_time()
            check = check_solution(
                code, row["input"], row["solution"], traces[code, given], mode=mode, problem=row.get("problem", "")
            )
            times.append(1000 * (time.process_time() - start))
            total[row["kind"]] += 1
            turned_down[row["kind"]] += check.verdict != "pass"
    return {
        "solutions": len(times),
        "turned_down": {kind: [turned_down[kind], total[kind]] for kind in total},
        "per_cpu_second": round(1000 * len(times) / sum(times)),
    }


def tell_solutions(figures: dict[str, Any]) -> None:
    for kind, (count, total) in figures["turned_down"].items():
        print(f"{kind:14} {count}/{total} turned down ({100 * count / total:.1f} %)")
    print(f"{figures['solutions']} solutions, {figures['per_cpu_second']} a second of CPU time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--format", default="pyedu")
    parser.add_argument("--programs", type=int, default=150)
    parser.add_argument("--solutions", type=Path)
    parser.add_argument("--mode", choices=("strict", "provenance"), default="strict")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if options.solutions:
        told = measure_solutions(options.solutions, options.mode)
        print(json.dumps(told)) if options.json else tell_solutions(told)
        return
    figures = measure(options.seeds, options.format, options.programs)
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{figures['narrations']} narrations, {figures['false_alarms']} false alarms")
    for alarm in figures["alarms"]:
        print(f"  {alarm}")
    for kind, (found, total) in figures["detected"].items():
        print(f"{kind:12} {found}/{total} found" + (f" ({100 * found / total:.1f} %)" if total else ""))
    print(f"per narration: median {figures['median_ms']} ms, 95 % within {figures['p95_ms']} ms of CPU time")


if __name__ == "__main__":
    main()
