"""The claim check on real narrations: false alarms, corruptions found, time.

    python benchmarks/ground.py [--seeds FILE]... [--programs 150] [--jobs 2] [--examples 5] [--json]
    python benchmarks/ground.py --solutions FILE [--mode strict|provenance] [--json]

The built-in programs are used, and those of every seed file given. Each program runs in the sandbox under the tracer,
on the first of its inputs that it can be traced on; its trace is narrated in every style, and each narration that
passes is corrupted in five ways (tests/prove/corrupting.py): one value changed, one branch flipped, one pass of a loop
dropped, two neighbouring lines swapped, and one value wrong with all that follows from it while the answer stays right.
A narration that does not pass as it is counts as a false alarm. Intervals are Wilson's (1927), 95 %; narrations of one
program in several styles are not independent, so the true ones are wider.

With --solutions, the texts of others are checked, rows {kind, code, input, solution, problem?}: how many of each kind
do not pass. Of right ones these are false alarms, of wrong ones detections.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
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
from cotmill.explain.styles import STYLES
from cotmill.prove.ground import Check, Mode, check_solution
from prove.corrupting import CORRUPTIONS

CALL = "\n\noutput = solution(**input)\n"
AT_ONCE = 64  # programs whose traces are held in memory
ALARM = "false alarm"


@dataclass
class Figures:
    """Counts by (source, style, kind), a kind being ALARM or a corruption; and what to look at."""

    tried: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    turned_down: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)  # kind, what happened
    times: list[float] = field(default_factory=list)  # CPU ms per distinct narration
    programs: Counter[str] = field(default_factory=Counter)  # by source

    def add(self, other: Figures, examples: int) -> None:
        self.tried += other.tried
        self.turned_down += other.turned_down
        self.times += other.times
        self.programs += other.programs
        shown = Counter(kind for kind, _ in self.examples)
        for kind, what in other.examples:
            if shown[kind] < examples:
                shown[kind] += 1
                self.examples.append((kind, what))

    def of(self, source: str = "", style: str = "", kind: str = ALARM) -> tuple[int, int]:
        """(turned down, tried), summed over what is not named."""
        down, tried = (
            sum(
                number
                for key, number in counts.items()
                if (not source or key[0] == source) and (not style or key[1] == style) and key[2] == kind
            )
            for counts in (self.turned_down, self.tried)
        )
        return down, tried


def executions(seeds: Path | None, count: int) -> Iterator[Execution]:
    """One execution of each of `count` programs, chosen by a fixed chance."""
    found = read(seeds or Path(), "auto" if seeds else "starter", {}, source="bench", max_row_mb=4)
    chosen = [seed for seed in found if isinstance(seed, Seed)]
    random.Random(11).shuffle(chosen)
    source = seeds.stem if seeds else "starter"
    with Sandbox(Limits()) as box:
        for seed in chosen:
            if not count:
                return
            program = next(unify(seed))
            if not isinstance(program, Program):
                continue
            for pair, input in zip(program.pairs, program.inputs, strict=True):
                outcome = box.run(program.code + CALL, input, trace=TraceLimits())
                if outcome.status == "ok":
                    count -= 1
                    yield Execution(
                        pair, source, "", "", program.code, input, outcome.answer, "", outcome.trace, Lineage(seed.id)
                    )
                    break


def measure_one(execution: Execution) -> Figures:
    """All figures of one program: its narrations in every style, and each with one thing wrong."""
    figures = Figures(programs=Counter([execution.source]))
    trace = Trace.parse(execution.trace)

    @cache
    def checked(text: str) -> Check:
        return check_solution(execution.code, {}, text, trace, answer=execution.answer)

    def count(style: str, kind: str, *, down: bool) -> None:
        figures.tried[execution.source, style, kind] += 1
        figures.turned_down[execution.source, style, kind] += down

    narrated = set()
    for style in STYLES:
        told = tell_execution(execution, NarrateSettings(styles=(style,)))
        if isinstance(told, Reject):
            continue
        text = told[0]
        start = time.process_time()
        check = checked(text)
        if text not in narrated:
            figures.times.append(1000 * (time.process_time() - start))
        count(style, ALARM, down=check.verdict != "pass")
        if check.verdict != "pass":
            if text not in narrated:
                figures.examples.append((ALARM, f"{execution.id} {style}: {check.reason[:300]}"))
            narrated.add(text)
            continue
        for kind, corrupt in CORRUPTIONS.items():
            wrong = corrupt(text, random.Random(f"{execution.id} {kind}"))
            if wrong is None or wrong == text:
                continue
            found = checked(wrong).verdict != "pass"
            count(style, kind, down=found)
            if not found and text not in narrated:
                figures.examples.append((kind, f"{execution.id} {style}: {changed_lines(text, wrong)}"))
        narrated.add(text)
    return figures


def changed_lines(text: str, wrong: str) -> str:
    """The first lines in which two texts differ."""
    before, after = text.split("\n"), wrong.split("\n")
    first = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
    return f"line {first + 1}: {before[first].strip()[:160]!r} -> {after[first].strip()[:160]!r}"


def measure(sources: list[Path | None], count: int, jobs: int, examples: int) -> Figures:
    """All figures of all sources; the traces of a few programs are in memory at a time."""
    figures = Figures()
    with multiprocessing.get_context("forkserver").Pool(jobs) as pool:
        for source in sources:
            rows = executions(source, count)
            while batch := list(islice(rows, AT_ONCE)):
                for one in pool.imap(measure_one, batch, chunksize=4):
                    figures.add(one, examples)
    return figures


def interval(found: int, total: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %, in percent."""
    z = 1.96
    share, spread = found / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / total / 4)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def share(found: int, total: int) -> str:
    if not total:
        return "-"
    low, high = interval(found, total)
    return f"{found}/{total} = {100 * found / total:.2f} % ({low:.2f} to {high:.2f})"


def as_json(figures: Figures) -> dict[str, Any]:
    kinds = (ALARM, *CORRUPTIONS)
    return {
        "programs": dict(figures.programs),
        "by_source": {source: {kind: figures.of(source, kind=kind) for kind in kinds} for source in figures.programs},
        "by_style": {style: {kind: figures.of(style=style, kind=kind) for kind in kinds} for style in STYLES},
        "all": {kind: figures.of(kind=kind) for kind in kinds},
        "examples": figures.examples,
        "median_ms": round(statistics.median(figures.times), 2),
        "p95_ms": round(sorted(figures.times)[int(0.95 * len(figures.times))], 2),
    }


def tell(figures: Figures) -> None:
    told = as_json(figures)
    print(f"programs: {', '.join(f'{source} {count}' for source, count in figures.programs.items())}")
    for kind in (ALARM, *CORRUPTIONS):
        print(f"\n{kind if kind == ALARM else kind + ' found'}: {share(*told['all'][kind])}")
        for group in ("by_source", "by_style"):
            for name, counts in told[group].items():
                print(f"  {name:16} {share(*counts[kind])}")
    print(f"\nper narration: median {told['median_ms']} ms, 95 % within {told['p95_ms']} ms of CPU time")
    for kind, what in sorted(figures.examples):
        print(f"[{kind}] {what}")


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
    parser.add_argument("--seeds", type=Path, action="append", default=[], help="a file of programs; may be repeated")
    parser.add_argument("--programs", type=int, default=150, help="of each file")
    parser.add_argument("--jobs", type=int, default=2, help="processes that narrate and check")
    parser.add_argument("--examples", type=int, default=5, help="of each kind of failure, how many are listed")
    parser.add_argument("--solutions", type=Path)
    parser.add_argument("--mode", choices=("strict", "provenance"), default="strict")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if options.solutions:
        told = measure_solutions(options.solutions, options.mode)
        print(json.dumps(told)) if options.json else tell_solutions(told)
        return
    figures = measure([None, *options.seeds], options.programs, options.jobs, options.examples)
    print(json.dumps(as_json(figures))) if options.json else tell(figures)


if __name__ == "__main__":
    main()
