"""Whether inputs drawn for a program run, and whether they show something new.

    python benchmarks/inputs.py [SEEDS] [--learn 3] [--count 10] [--part K/N] [--json]

Of every program of SEEDS (the PyEdu file in COTMILL_SEEDS, or the built-in programs) with five stored inputs or more,
the first three are learned from and ten new ones are asked for. Per program: the share of executed inputs that ran; of
the new inputs, the share whose answer no stored input has, and how many there are of ten. `at once` is what the first
ten draws do, before anything is learned from failures. `stored` is the share of a program's stored inputs whose answer
no other of them has: what its author's own inputs reach. `varied` are the programs whose stored inputs have four and
more answers; the others say yes or no, or the same always. Medians and means over the programs; CPU seconds are those
of drawing and learning alone. A run takes 200,000 line events or 0.5 s of CPU time at most.

Goals, as medians: 90 % run, 85 % give an answer that is not among the stored ones.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.records import Program, Seed
from cotmill.base.values import canonical_json
from cotmill.collect.sources import read
from cotmill.collect.unify import unify
from cotmill.compose.inputs import learn
from cotmill.compose.supply import Example, supply
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Limits, Run, Sandbox, TraceLimits

STORED = 5  # a program with fewer stored inputs is left out
VARIED = 4
LINES = TraceLimits(max_lines=200_000, max_kb=0)


@dataclass(frozen=True)
class Figures:
    """What became of one program."""

    id: str
    answers: int  # of the stored inputs, how many are different
    stored: float
    run_at_once: float
    new_at_once: float
    tried: int
    run: float
    count: int  # new inputs, of those asked for
    new: float
    cpu_s: float


def programs(seeds: Path | None) -> list[Program]:
    rows = read(seeds or Path(), "auto" if seeds else "starter", {}, source="bench", max_row_mb=4)
    found = [program for row in rows if isinstance(row, Seed) for program in unify(row) if isinstance(program, Program)]
    return [program for program in found if len(program.inputs) >= STORED]


def measure(program: Program, learned: int, count: int, box: Sandbox) -> Figures | None:
    """None where the program's own inputs do not run."""

    def execute(inputs: list[dict[str, Any]]) -> list[str | None]:
        runs = [Run(program.code + CALL, canonical_json(input), LINES) for input in inputs]
        return [outcome.answer if outcome.status == "ok" else None for outcome in box.run_all(runs)]

    stored = [json.loads(text) for text in program.inputs]
    answers = execute(stored)
    observed = [Example(input, answer) for input, answer in zip(stored, answers, strict=True) if answer is not None]
    if len(observed) < STORED:
        return None
    counts = Counter(example.answer for example in observed)
    known = set(counts)
    begin = time.process_time()
    rng = chance(0, "benchmark", program.id)
    model = learn([example.input for example in observed[:learned]], program.code)
    first = [model.draw(rng) for _ in range(count)]
    drawing = time.process_time() - begin
    at_once = [answer for answer in execute(first) if answer is not None]
    spent = 0.0

    def timed(inputs: list[dict[str, Any]]) -> list[str | None]:
        nonlocal spent
        begin = time.process_time()
        results = execute(inputs)
        spent += time.process_time() - begin
        return results

    begin = time.process_time()
    found = supply(observed[:learned], program.code, timed, count, chance(0, "benchmark", program.id))
    drawing = time.process_time() - begin - spent
    return Figures(
        program.id, len(known), _share(counts[example.answer] == 1 for example in observed),
        len(at_once) / count, _share(answer not in known for answer in at_once), found.tried,
        1 - len(found.failed) / found.tried if found.tried else 0.0, len(found.examples),
        _share(example.answer not in known for example in found.examples), drawing,
    )  # fmt: skip


def _share(facts: Any) -> float:
    facts = list(facts)
    return sum(facts) / len(facts) if facts else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", type=Path, nargs="?")
    parser.add_argument("--learn", type=int, default=3, help="stored inputs to learn from")
    parser.add_argument("--count", type=int, default=10, help="new inputs to ask for")
    parser.add_argument("--part", default="1/1", help="K/N: every N-th program, from the K-th")
    parser.add_argument("--json", action="store_true", help="print one JSON object, with a line per program")
    options = parser.parse_args()
    folder = os.environ.get("COTMILL_SEEDS")
    files = sorted(Path(folder).glob("pyedu*.jsonl")) if folder else []
    first, step = map(int, options.part.split("/"))
    chosen = programs(options.seeds or (files[0] if files else None))[first - 1 :: step]
    with Sandbox(Limits(cpu_s=0.5)) as box:
        found = [figures for program in chosen if (figures := measure(program, options.learn, options.count, box))]
    summaries: dict[str, Callable[[list[float]], float]] = {"median": statistics.median, "mean": statistics.fmean}
    names = ("stored", "run_at_once", "new_at_once", "run", "new", "count", "tried", "cpu_s")
    groups = {"all": found, "varied": [row for row in found if row.answers >= VARIED]}
    table = {
        group: {
            "programs": len(rows),
            **{
                name: {
                    kind: round(summary([getattr(row, name) for row in rows]), 4) for kind, summary in summaries.items()
                }
                for name in names
            },
        }
        for group, rows in groups.items()
        if rows
    }
    if options.json:
        print(json.dumps({**table, "rows": [asdict(row) for row in found]}))
        return
    print(f"{options.learn} inputs learned from, {options.count} asked for; medians and means over the programs")
    print(" " * 14 + "".join(f"{group + ' (' + str(rows['programs']) + ')':>18}" for group, rows in table.items()))
    for name in names:
        figures = (f"{rows[name]['median']:10.3f}{rows[name]['mean']:8.3f}" for rows in table.values())
        print(f"  {name.replace('_', ' '):12}" + "".join(figures))


if __name__ == "__main__":
    main()
