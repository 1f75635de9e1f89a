"""Evaluations: a student, or any model, on what a run held out and on benchmark files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.recipe import load_recipe
from cotmill.base.records import Execution
from cotmill.base.stage import CotmillError
from cotmill.execute.witnesses import sandbox
from cotmill.student.benchmarks import HELD_OUT, Task, held_out_tasks, read_benchmark
from cotmill.student.evaluate import Settings, Show, evaluate
from cotmill.student.grade import Execute
from cotmill.student.samples import Known, known
from cotmill.student.settings import HeldOut
from cotmill.student.split import split
from cotmill.student.writers import Writer, local, served

__all__ = ["Examination", "evaluate_model"]

CARD = "student.json"  # in a student's folder: what was kept from it
SEED = 0  # of the split for other models: that of a student's training where none is given
CALLS = "calls"  # in the folder of an evaluation: what a served model answered


@dataclass(frozen=True, slots=True)
class Examination:
    """What a model is asked."""

    run: Path | None = None  # whose held-out samples
    benchmarks: tuple[Path, ...] = ()
    fields: Mapping[str, str] | None = None  # our names of the files' columns -> theirs; None: they are known kinds
    limit: int = 0  # problems of each, its first; 0: all
    settings: Settings = field(default_factory=Settings)


def evaluate_model(
    model: str, endpoints: Sequence[str], asked: Examination, out: Path | None, show: Show
) -> tuple[Path, dict[str, Any]]:
    """The folder of the evaluation, `out` or one that is named by what is asked, and what its evaluation.json says.

    `model` is a checkpoint's folder or hub name, or with `endpoints` the name under which it is served. Raises
    CotmillError.
    """
    if asked.run is None and not asked.benchmarks:
        raise CotmillError(_nothing(model))
    _demand_names(asked.benchmarks)
    behind = {each.sample.id: each for each in _held_out(model, asked.run)} if asked.run else {}
    parts = [
        held_out_tasks([each.sample for each in behind.values()]),
        *(read_benchmark(path, asked.fields) for path in asked.benchmarks),
    ]
    tasks = [task for part in parts for task in part[: asked.limit or None]]

    def execution(task: Task) -> Execution | None:
        return behind[task.id].execution if task.sample is not None else None

    folder = out or _place(model, asked)
    with _writer(model, endpoints, folder) as writer, _sandbox(asked.run) as execute:
        return folder, evaluate(writer, tasks, asked.settings, folder, show, execution=execution, execute=execute)


def _demand_names(benchmarks: Sequence[Path]) -> None:
    """Raises CotmillError where figures of two files, or of one and the held-out samples, would become one."""
    named = {HELD_OUT}
    for path in benchmarks:
        if path.stem in named:
            raise CotmillError(f"{path}: figures are called by the files' names, and {path.stem!r} is taken; rename it")
        named.add(path.stem)


def _place(model: str, asked: Examination) -> Path:
    """The same for the same command."""
    return Path("evaluations") / f"{Path(model).resolve().name}-{content_id(model, repr(asked))[:8]}"


@contextmanager
def _writer(model: str, endpoints: Sequence[str], folder: Path) -> Iterator[Writer]:
    writer = served(endpoints, model, folder / CALLS) if endpoints else local(model)
    try:
        yield writer
    finally:
        writer.close()


@contextmanager
def _sandbox(run: Path | None) -> Iterator[Execute | None]:
    """As the run's recipe wants it."""
    if run is None:
        yield None
        return
    with sandbox(load_recipe(str(run / "recipe.yaml")).execute, 0) as box:
        yield lambda code, arguments: box.run(code, arguments).answer or None


def _nothing(model: str) -> str:
    if (Path(model) / CARD).is_file():
        return f"say what {model} is asked: --run RUN, the run that it learned from, or --benchmark FILE"
    return f"say what {model} is asked: --benchmark FILE, or --run RUN for held-out problems of a run"


def _held_out(model: str, run: Path) -> list[Known]:
    """What a student says was kept from it; of any other model what is kept from a student by default."""
    every = known(run)
    card = Path(model) / CARD
    if not card.is_file():
        kept = HeldOut()
        chosen = split([each.sample for each in every], kept.share, kept.at_most, SEED).held_out
        return _in_order(every, [sample.id for sample in chosen])
    names = json.loads(card.read_text(encoding="utf-8"))["held_out"]
    if not names:
        raise CotmillError(f"nothing was held out from {model}; leave --run out and give --benchmark FILE")
    if lost := set(names) - {each.sample.id for each in every}:
        raise CotmillError(
            f"{run} is not the run that {model} learned from: it lacks {len(lost)} of {len(names)} held-out samples"
        )
    return _in_order(every, names)


def _in_order(every: Sequence[Known], names: Sequence[str]) -> list[Known]:
    by_id = {each.sample.id: each for each in every}
    return [by_id[name] for name in names]
