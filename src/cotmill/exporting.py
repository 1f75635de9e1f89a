"""Files for trainers and evaluators, made of what a run has proven.

A format is a function: an order to a file, and what there is to say of it. To add one, write it and give it a line in
`FORMATS`. A file is written beside its place and put there when it is whole, so half a file is never read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.backends.engine import Task
from cotmill.backends.engine_local import LocalEngine
from cotmill.backends.in_order import in_order
from cotmill.base.recipe import Execute, load_recipe
from cotmill.base.shards import durable_rename
from cotmill.base.stage import CotmillError
from cotmill.explain.narrate import NarrateSettings
from cotmill.prove.sentences import steps_of
from cotmill.publish.process import PROVEN, row_of
from cotmill.student.benchmarks import read_benchmark
from cotmill.student.lm_eval import write_tasks
from cotmill.student.negatives import negatives
from cotmill.student.samples import Known, known

__all__ = ["FORMATS", "Order", "export"]

TOGETHER = 32  # samples in one task


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported; a format reads of it what it needs."""

    out: Path
    run: Path | None = None
    negatives: int = 1  # attempts per sample to make a wrong solution
    seed: int = 0
    workers: int | None = None  # processes; one per core where None
    show: Callable[[str], Any] = lambda _text: None
    benchmarks: tuple[Path, ...] = ()


def export(format: str, order: Order) -> dict[str, Any]:
    """Write the file; gives what is worth saying of it. Raises CotmillError."""
    write = FORMATS.get(format)
    if write is None:
        raise CotmillError(f"no format {format!r}; there are {', '.join(sorted(FORMATS))}")
    return write(order)


def _trl(order: Order) -> dict[str, Any]:
    """Conversations for TRL's SFTTrainer: prompt and completion, so that the loss is on the completion alone."""
    samples = _known(order)
    with _whole(order.out) as write:
        for item in samples:
            prompt, *completion = ({"role": turn.role, "content": turn.content} for turn in item.sample.messages)
            write(json.dumps({"prompt": [prompt], "completion": completion, "id": item.sample.id}, ensure_ascii=False))
    return {"rows": len(samples)}


def _trl_prm(order: Order) -> dict[str, Any]:
    """Step-labelled solutions, right ones and ones with a slip, for TRL's PRMTrainer."""
    samples = _known(order)
    assert order.run is not None  # the samples are of it
    recipe = load_recipe(str(order.run / "recipe.yaml"))
    narrate = NarrateSettings(recipe.explain.max_tokens, recipe.explain.styles, recipe.seed)
    tasks = (
        Task(
            (start,), _label, (samples[start : start + TOGETHER], recipe.execute, narrate, order.negatives, order.seed)
        )
        for start in range(0, len(samples), TOGETHER)
    )
    counts: Counter[str] = Counter()
    done = 0
    with _whole(order.out) as write:
        for lines, found in in_order(LocalEngine(order.workers), tasks):
            for line in lines:
                write(line)
            counts += found
            done = min(len(samples), done + TOGETHER)
            order.show(f"labelling, {done:,} of {len(samples):,} samples, {counts['rows']:,} rows")
    left_out = {name: n for name, n in counts.most_common() if name not in ("rows", "proven", "wrong", "by-chance")}
    return {
        "rows": counts["rows"], "proven": counts["proven"], "wrong": counts["wrong"],
        "right_answer_by_wrong_steps": counts["by-chance"], "left_out": left_out,
    }  # fmt: skip


def _lm_eval(order: Order) -> dict[str, Any]:
    """Tasks of lm-evaluation-harness, a folder of them."""
    if order.run is not None:
        raise CotmillError("lm-eval tasks are made of benchmark files; a run's held-out problems: `cotmill evaluate`")
    names = write_tasks([read_benchmark(path) for path in order.benchmarks], order.out)
    return {"rows": sum(names.values()), "tasks": names}


FORMATS: dict[str, Callable[[Order], dict[str, Any]]] = {"lm-eval": _lm_eval, "trl": _trl, "trl-prm": _trl_prm}


def _known(order: Order) -> list[Known]:
    if order.run is None:
        raise CotmillError("this format is made of a run; name its folder")
    return known(order.run)


@contextmanager
def _whole(path: Path) -> Iterator[Callable[[str], None]]:
    """Writes lines to a file that is in its place only when all are written. Raises CotmillError for a folder."""
    if path.is_dir():
        raise CotmillError(f"{path} is a folder; --out is the file to write")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            yield lambda line: print(line, file=stream)
        durable_rename(part, path)
    finally:
        part.unlink(missing_ok=True)


# In a worker.


def _label(
    samples: list[Known], execute: Execute, narrate: NarrateSettings, wanted: int, seed: int
) -> tuple[list[str], Counter[str]]:
    """The rows of these samples, and how many there are; also what was tried in vain, by reason."""
    counts: Counter[str] = Counter()
    lines = []
    for item in samples:
        sample = item.sample
        proven = row_of(sample.id, sample.problem, steps_of(sample.solution), -1, PROVEN, right=True)
        for row in (proven, *negatives(item, wanted, execute, narrate, seed)):
            if isinstance(row, str):
                counts[row] += 1
                continue
            counts.update(("rows", "proven" if row.first_wrong < 0 else "wrong"))
            counts["by-chance"] += row.right_answer and row.first_wrong >= 0
            lines.append(row.line())
    return lines, counts
