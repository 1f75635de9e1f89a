"""A run folder of any size, made with the real shards and the real ledger, without running anything."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cotmill.base.ledger import Commit, Ledger
from cotmill.base.recipe import Collect, Recipe, Source
from cotmill.base.records import (
    Draft,
    Execution,
    Grounding,
    Lineage,
    Message,
    Program,
    Question,
    Rejected,
    Sample,
    Seed,
    Verified,
)
from cotmill.base.shards import as_json, write_shard, write_text

STAGES = (
    "01-collect.sources", "02-collect.unify", "03-execute.screen", "04-execute.run", "05-explain.problem",
    "06-explain.narrate", "07-prove.ground", "08-publish.sample", "09-publish.dedup",
)  # fmt: skip
CODE = '''def solution(xs, limit):
    """Sum of the even numbers below the limit."""
    total = 0
    for x in xs:
        if x % 2 == 0 and x < limit:
            total += x  # an even one
    return {"total": total, "label": f"{total} of {len(xs)}"}
'''
# Pair n leaves at the stage, for the reason and with the detail given by its number modulo 20; all others are samples.
LOSSES = {
    3: ("02-collect.unify", "syntax-error", "line 4: '(' was never closed"),
    7: ("04-execute.run", "timeout", "5.0 s of CPU time"),
    8: ("04-execute.run", "error", "ZeroDivisionError: division by zero"),
    13: ("07-prove.ground", "refuted-claim", "'total = 2 + 4 = 7': the trace says 6"),
    19: ("09-publish.dedup", "duplicate", "same program and input as pyedu-0000000000000000.0"),
}


@dataclass
class Made:
    """A synthetic run and what is true of it."""

    folder: Path
    pairs: int
    samples: int = 0
    rejected: dict[str, Counter[str]] = field(default_factory=dict)


def build(
    folder: Path,
    pairs: int,
    *,
    code: str = CODE,
    problem: str = "",
    detail: str = "",
    shard_pairs: int = 16,
    begun: int = len(STAGES),
    complete: bool = True,
    only_ends: bool = False,
) -> Made:
    """`begun`: stages with commits; `only_ends`: no files for the stages between seeds and samples."""
    made = Made(folder, pairs, rejected={stage: Counter() for stage in STAGES})
    sources = (
        Source(path="a.jsonl", name="pyedu", sha256="ab" * 32),
        Source(path="b.jsonl", name="pal", sha256="cd" * 32),
    )
    recipe = Recipe(name="synthetic", description="A run that never ran.", seed=7, collect=Collect(seeds=sources))
    write_text(folder / "recipe.yaml", recipe.to_yaml())
    ledger = Ledger(folder, write=True)
    shards = [range(first, min(first + shard_pairs, pairs)) for first in range(0, max(pairs, 1), shard_pairs)]
    for number, shard in enumerate(shards):
        going = list(shard)
        for stage in STAGES[:begun]:
            lost = [pair for pair in going if _loss(pair)[0] == stage]
            before, going = len(going), [pair for pair in going if pair not in set(lost)]
            written = not only_ends or stage in (STAGES[0], STAGES[-1])
            files = _write(folder, stage, number, going, code, problem) if written else {}
            reasons = Counter(_loss(pair)[1] for pair in lost)
            made.rejected[stage] += reasons
            if lost:
                files |= _write_rejects(folder, stage, number, lost, code, detail)
            facts = {"sandbox": {"layers": ["namespaces", "landlock", "seccomp"]}} if stage == STAGES[3] else {}
            ledger.commit(
                Commit(
                    stage, number, 1, before, len(going), dict(reasons), files, seconds=0.5, cpu_seconds=0.25,
                    facts=facts, last=stage == STAGES[0] and number == len(shards) - 1,
                )
            )  # fmt: skip
            made.samples += len(going) if stage == STAGES[-1] else 0
    if complete:
        _finish(folder, ledger)
    ledger.close()
    return made


def _finish(folder: Path, ledger: Ledger) -> None:
    parts = sorted((folder / STAGES[-1]).iterdir())
    for number, part in enumerate(parts):
        target = folder / "dataset" / "data" / f"train-{number:05d}-of-{len(parts):05d}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(part.read_bytes())
    stages = [
        {"stage": total.stage, "shards": total.shards, "in": total.pairs_in, "out": total.pairs_out}
        for total in ledger.totals.values()
    ]
    write_text(folder / "run.json", json.dumps({"cotmill": "0.1.0", "python": "3.11.2", "stages": stages}))


def _loss(pair: int) -> tuple[str, str, str]:
    return LOSSES.get(pair % 20, ("", "", ""))


def pair_id(pair: int) -> str:
    return f"{seed_id(pair)}.0"


def seed_id(pair: int) -> str:
    return f"{source(pair)}-{pair:016x}"


def source(pair: int) -> str:
    return "pal" if pair % 3 == 0 else "pyedu"


def _write(folder: Path, stage: str, shard: int, pairs: list[int], code: str, problem: str) -> dict[str, str]:
    path = f"{stage}/part-{shard:05d}.parquet"
    cls = {0: Seed, 1: Program, 2: Program, 3: Execution, 4: Question, 5: Draft, 6: Verified, 7: Sample, 8: Sample}
    made = cls[STAGES.index(stage)]
    return {path: write_shard(folder / path, made, [_record(made, pair, code, problem) for pair in pairs])}


def _write_rejects(folder: Path, stage: str, shard: int, pairs: list[int], code: str, detail: str) -> dict[str, str]:
    path = f"rejects/{stage}/part-{shard:05d}.parquet"
    took = (Seed, Seed, Program, Program, Execution, Question, Draft, Verified, Sample)[STAGES.index(stage)]
    rows = [
        Rejected(
            pair_id(pair), stage.partition("-")[2], reason, detail or usual, as_json(_record(took, pair, code, ""))
        )
        for pair in pairs
        for _, reason, usual in [_loss(pair)]
    ]
    return {path: write_shard(folder / path, Rejected, rows)}


def _record(cls: type, pair: int, code: str, problem: str) -> Any:
    """The record of one pair as it is after some stage; the numbers in it are true of `CODE`."""
    id, seed, xs = pair_id(pair), seed_id(pair), [(pair * 7 + 5 * step) % 23 for step in range(2 + pair % 9)]
    input, lineage = json.dumps({"limit": 20, "xs": xs}), Lineage(seed)
    total = sum(x for x in xs if x % 2 == 0 and x < 20)
    answer = json.dumps({"label": f"{total} of {len(xs)}", "total": total})
    lines = 3 + 3 * len(xs)
    problem = problem or f"The numbers {xs} are given. What is the sum of those that are even and below 20?"
    if cls is Seed:
        return Seed(seed, source(pair), "Sum of even numbers", "", code, "", (input,), (answer,))
    if cls is Program:
        return Program(seed, source(pair), "Sum of even numbers", "", code, (id,), (input,), (answer,), lineage)
    trace = _trace(lines) if cls is not Sample else ""
    execution = Execution(id, source(pair), "", "", code, input, answer, answer, trace, lineage)
    question = Question(id, execution, problem, "forward", execution.answer)
    draft = Draft(id, question, _solution(xs, total, answer), "plain")
    verified = Verified(id, draft, Grounding(2 * len(xs) + 3, 2 * len(xs) + 3, 0.9 if pair % 2 else 1.0))
    if cls is Sample:
        whole = f"{code}\n\ninput = {json.loads(input)!r}\noutput = solution(**input)\n"
        chat = (Message("user", problem), Message("assistant", draft.solution))
        return Sample(
            id, problem, draft.solution, answer, answer, whole, input, chat, "forward", "", source(pair),
            round(math.log2(1 + lines), 3), lines, 12 * len(xs) + 20, verified.grounding, lineage,
        )  # fmt: skip
    return {Execution: execution, Question: question, Draft: draft, Verified: verified}[cls]


@cache
def _trace(lines: int) -> str:
    return json.dumps({"version": 1, "lines": lines, "sites": [], "values": [], "events": [["line", 1, 1]] * lines})


def _solution(xs: list[int], total: int, answer: str) -> str:
    lines, sum_ = [f"The inputs are xs = {xs} and limit = 20.", "total = 0.", f"For each x in {xs}:"], 0
    for number, x in enumerate(xs, start=1):
        lines.append(f"  Pass {number}: x = {x}.")
        if x % 2 == 0 and x < 20:
            lines.append(f"  `x % 2 == 0 and x < limit` is true, since {x} % 2 = 0 and {x} < 20.")
            lines.append(f"    total = {sum_} + {x} = {sum_ + x}.")
            sum_ += x
        else:
            lines.append("  `x % 2 == 0 and x < limit` is false.")
    return "\n".join(
        [*lines, f"The loop ends after {len(xs)} passes.", f"Return total = {total}.", f"Answer: {answer}"]
    )
