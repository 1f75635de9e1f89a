"""Recombination: of candidates made of proven programs, how many run, pass the rules, are new, and how fast.

    python benchmarks/recombine.py [SEEDS...] [--candidates 300] [--seed 0] [--rounds 1] [--show N] [--json]

SEEDS are seed files; without any, those of $COTMILL_SEEDS, where it names a folder, and the built-in programs always.
The seeds' programs are executed first and are the pool. Candidates go through the sandbox in batches, with all rules of
the `demo` recipe. In further rounds the survivors join the pool, and operators are weighted by what survived.

* caco: runs within 10 s, at least 6 effective lines, inputs used in the code, an output that is not empty
* ours: all rules, on at least one of the candidate's inputs
* novel: of those that run, not equal to the pool or an earlier candidate after renaming names and numbers
* shapes: different syntax trees without names and literals among all candidates
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cotmill.base.chance import chance
from cotmill.base.recipe import Execute, load_recipe
from cotmill.base.records import Execution, Lineage, Program
from cotmill.base.stage import Reject
from cotmill.collect.sources import read
from cotmill.collect.unify import unify
from cotmill.compose.recombine import Candidate, Survival, Weights, materials, pool_of, recombine, weights
from cotmill.compose.structure import novelty_key, shape_key
from cotmill.execute.rules import screen
from cotmill.execute.run import Executor
from cotmill.prove.answer import equal_json

BATCH = 64


@dataclass
class Tally:
    """Counts of one operator."""

    made: int = 0
    caco: int = 0
    ours: int = 0
    novel: int = 0
    rejects: Counter[str] = field(default_factory=Counter)


def seed_programs(files: list[Path]) -> Iterator[Program]:
    for path in [*files, None]:
        source = load_recipe("demo", seeds=(path,) if path else ()).collect.seeds[0]
        name = path.stem if path else "starter"
        for row in read(Path(source.path), source.format, {}, source=name, max_row_mb=4):
            if hasattr(row, "code"):
                yield from (made for made in unify(row) if isinstance(made, Program))


def execute(programs: list[Program], settings: Execute, executor: Executor) -> Iterator[list[Execution | Reject]]:
    """What becomes of each program, in order."""
    for begin in range(0, len(programs), BATCH):
        screened = [list(screen(program, settings)) for program in programs[begin : begin + BATCH]]
        executor.ahead([part for parts in screened for part in parts if isinstance(part, Program)])
        for parts in screened:
            yield [
                item for part in parts for item in (executor(part) if isinstance(part, Program) else (part,))
            ]  # fmt: skip


def as_program(candidate: Candidate, number: int) -> Program:
    id = f"recombine-{number:06d}"
    pairs = tuple(f"{id}.{index}" for index in range(len(candidate.inputs)))
    lineage = Lineage("", candidate.parents, candidate.operator)
    return Program(
        id, "recombine", candidate.title, "", candidate.code, pairs, candidate.inputs, ("",) * len(pairs), lineage
    )


def uses_inputs(code: str) -> bool:
    """Every parameter of the entry is read in it: the paper's rule."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef) and node.name == "solution":
            read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            return all(arg.arg in read for arg in node.args.args)
    return False


FOUND_AFTER_A_RUN = {"constant-output", "unused-input", "nondeterministic", "trace-too-long", "output-too-large"}


def caco(candidate: Candidate, results: list[Execution | Reject]) -> bool:
    """A run that came to an end with an output, by the paper's rules; ours may object to it still."""
    ran = any(isinstance(item, Execution) or item.reason in FOUND_AFTER_A_RUN for item in results)
    return ran and uses_inputs(candidate.code)


def one_round(
    executions: list[Execution], known: Weights, seen: set[str], arguments: argparse.Namespace, number: int
) -> tuple[dict[str, object], list[Execution], Weights, list[Candidate]]:
    settings = load_recipe("demo").execute
    began = os.times()
    pool = pool_of(materials(executions))
    ready = os.times()
    rng = chance(arguments.seed, "benchmark", str(number))
    candidates: list[Candidate] = []
    told = set[str]()
    for _ in range(arguments.candidates):
        candidate = recombine(pool, rng, known, told)
        if candidate is not None:
            candidates.append(candidate)
            told.add(novelty_key(candidate.code))
    composed = os.times()
    executor = Executor(settings, equal_json)
    programs = [as_program(candidate, 100_000 * number + index) for index, candidate in enumerate(candidates)]
    results = list(execute(programs, settings, executor))
    executor.close()
    done = os.times()
    tallies: dict[str, Tally] = {}
    survivors: list[Execution] = []
    accepted: list[Candidate] = []
    survivals: list[Survival] = []
    ran = new = 0
    for candidate, outcome in zip(candidates, results, strict=True):
        tally = tallies.setdefault(candidate.operator, Tally())
        tally.made += 1
        good = [item for item in outcome if isinstance(item, Execution)]
        passed = caco(candidate, outcome)
        key = novelty_key(candidate.code)
        novel = key not in seen
        seen.add(key)
        ran += passed
        new += passed and novel
        tally.caco += passed
        tally.ours += bool(good)
        tally.novel += bool(good) and novel
        survivals.append(Survival(candidate.operator, candidate.parents, bool(good) and novel))
        if good and novel:
            accepted.append(candidate)
            survivors += good
        elif not good:
            tally.rejects.update([str(outcome[0].reason) if isinstance(outcome[0], Reject) else ""])
    cpu = lambda a, b: sum(b[:4]) - sum(a[:4])  # noqa: E731  user and system time, children included
    report: dict[str, object] = {
        "pool": len({execution.code for execution in executions}),
        "stories": len(pool.stories.all), "tasks": len(pool.tasks.all),
        "candidates": len(candidates), "caco": ran, "ours": sum(tally.ours for tally in tallies.values()),
        "novel": new, "accepted": len(accepted),
        "shapes": len({shape_key(candidate.code) for candidate in candidates}),
        "cpu_s": {"pool": round(cpu(began, ready), 2), "compose": round(cpu(ready, composed), 2),
                  "execute": round(cpu(composed, done), 2)},
        "accepted_per_cpu_minute": round(60 * len(accepted) / cpu(began, done)),
        "operators": {name: {"made": tally.made, "caco": tally.caco, "ours": tally.ours, "novel": tally.novel,
                             "rejects": dict(tally.rejects.most_common())}
                      for name, tally in sorted(tallies.items())},
    }  # fmt: skip
    return report, survivors, weights(survivals), accepted


def table(report: dict[str, object]) -> Iterable[str]:
    whole = {name: value for name, value in report.items() if name != "operators"}
    yield from (f"{name:26} {value}" for name, value in whole.items())
    yield f"\n{'operator':16} {'made':>5} {'caco':>5} {'ours':>5} {'novel':>5}  rejects"
    operators = report["operators"]
    assert isinstance(operators, dict)
    for name, row in operators.items():
        rejects = ", ".join(f"{reason} {count}" for reason, count in row["rejects"].items())
        yield f"{name:16} {row['made']:5} {row['caco']:5} {row['ours']:5} {row['novel']:5}  {rejects}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seeds", nargs="*", type=Path)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="accepted programs to print")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    folder = os.environ.get("COTMILL_SEEDS")
    files = arguments.seeds or (sorted(Path(folder).glob("*.jsonl")) if folder else [])
    settings = load_recipe("demo").execute
    lenient = settings.model_copy(update={"rules": tuple(
        rule for rule in settings.rules if rule not in ("too-few-lines", "unused-input", "constant-output")
    )})  # fmt: skip
    executor = Executor(lenient, equal_json)  # a short program with one input may be part of a longer one
    outcomes = execute(list(seed_programs(files)), lenient, executor)
    executions = [item for outcome in outcomes for item in outcome if isinstance(item, Execution)]
    executor.close()
    seen = {novelty_key(execution.code) for execution in executions}
    known, reports = Weights(), []
    for number in range(1, arguments.rounds + 1):
        began = time.perf_counter()
        report, survivors, known, accepted = one_round(executions, known, seen, arguments, number)
        reports.append(report)
        executions += survivors
        if not arguments.json:
            print(f"round {number}, {time.perf_counter() - began:.1f} s", *table(report), "", sep="\n")
        for candidate in random.Random(arguments.seed).sample(accepted, min(arguments.show, len(accepted))):
            print(f"## {candidate.operator}: {candidate.title}\n{candidate.code}{candidate.inputs[0]}\n")
    if arguments.json:
        print(json.dumps(reports, indent=1))


if __name__ == "__main__":
    main()
