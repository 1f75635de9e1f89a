"""Many candidates through compose -> execute -> rules: rate, memory, where the time goes, and what became of each.

    python benchmarks/candidates.py [RUN] [--candidates 50000] [--inputs 1] [--parts 10] [--json]

RUN is the folder of a run with at least one round's knowledge; without it, one is made of the built-in programs. Draws
go through the stages of a run as a worker sends them, a shard at a time. Each tenth is compared with the first: rates
that fall, or memory that grows, show as a ratio. Every pair is counted in and out; the program says so if one is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from cotmill import flow
from cotmill.backends.engine_local import LocalEngine
from cotmill.base.recipe import load_recipe
from cotmill.base.stage import Reject
from cotmill.runner import run
from cotmill.shardwork import Draws
from cotmill.view.progress import progress

STAGES = ("compose.draw", "execute.screen", "execute.run")


def resident_mb() -> float:
    """This process and the sandbox servers below it; the children of the servers come and go."""
    pids, total = {os.getpid()}, 0
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent in pids:
            pids.add(int(stat.parent.name))
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, nargs="?")
    parser.add_argument("--candidates", type=int, default=50_000)
    parser.add_argument("--inputs", type=int, default=1)
    parser.add_argument("--parts", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.run or Path(folder) / "run"
        if options.run is None:
            recipe = load_recipe("caco", ("compose.rounds=1", "compose.candidates=300"))
            with progress(quiet=True) as show, closing(LocalEngine(2)) as engine:
                run(recipe, path, engine, show)
        report = measure(path, options.candidates, options.inputs, options.parts)
    print(json.dumps(report) if options.json else report["text"])


def measure(path: Path, candidates: int, inputs: int, parts: int) -> dict[str, object]:
    recipe = load_recipe(str(path / "recipe.yaml"))
    known = max(n for n in range(recipe.compose.rounds + 1) if flow.is_learned(path, n))
    stages = [step.build(recipe, path) for step in flow.plan(recipe) if step.name in STAGES]
    seconds, outcomes, lines = Counter[str](), Counter[str](), list[str]()
    lost, accepted, rates, sizes = 0, 0, list[float](), list[float]()
    shard = max(1, recipe.shard_pairs // inputs)
    try:
        for number in range(parts):
            began, cpu = time.perf_counter(), time.process_time() + sum(stage.cpu_seconds() for stage in stages)
            first, last = number * candidates // parts, (number + 1) * candidates // parts
            for begin in range(first, last, shard):
                draws = Draws(known + 1, begin, min(shard, last - begin), inputs)
                records = list(draws.records())
                pairs = inputs * len(records)
                for stage in stages:
                    spent = time.process_time() + stage.cpu_seconds()
                    records, rejects = through(stage, records)
                    seconds[stage.name] += time.process_time() + stage.cpu_seconds() - spent
                    outcomes.update(str(reject.reason) for reject in rejects)
                    pairs -= len(rejects)
                accepted += len({record.id.rpartition(".")[0] for record in records})
                lost += pairs - sum(len(record.pair_ids()) for record in records)
            used = time.process_time() + sum(stage.cpu_seconds() for stage in stages) - cpu
            rates.append((last - first) / used)
            sizes.append(resident_mb())
            wall = time.perf_counter() - began
            lines.append(f"{last:8,}  {rates[-1]:6.1f} candidates/CPU s  {wall:6.1f} s wall  {sizes[-1]:6.1f} MB")
            print(lines[-1], flush=True)
    finally:
        for stage in stages:
            stage.close()
    share = {name: round(spent / sum(seconds.values()), 3) for name, spent in seconds.items()}
    lines += [
        f"accepted programs {accepted:,} of {candidates:,}; pairs lost {lost}",
        f"rate of the last part / the second {rates[-1] / rates[1]:.2f}",
        f"memory after the last part / after the second {sizes[-1] / sizes[1]:.2f}",
        "CPU " + ", ".join(f"{name} {part:.0%}" for name, part in share.items()),
        "rejected " + ", ".join(f"{reason} {count:,}" for reason, count in outcomes.most_common()),
    ]
    return {
        "accepted": accepted, "lost": lost, "rates": rates, "mb": sizes, "share": share, "rejects": dict(outcomes),
        "text": "\n".join(lines[parts:]),
    }  # fmt: skip


def through(stage: object, records: list[object]) -> tuple[list[object], list[Reject]]:
    """All records of a shard through one stage, as a worker does it."""
    kept: list[object] = []
    rejects: list[Reject] = []
    few: list[object] = []
    pairs = 0
    for place, record in enumerate(records):
        few.append(record)
        pairs += len(record.pair_ids())
        if pairs >= stage.few or place + 1 == len(records):
            stage.ahead(few)
            for item in few:
                for outcome in stage(item):
                    (rejects if isinstance(outcome, Reject) else kept).append(outcome)
            few, pairs = [], 0
    return kept, rejects


if __name__ == "__main__":
    main()
