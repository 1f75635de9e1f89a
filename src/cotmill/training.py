"""Trainings by themselves, on what a run has proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cotmill import flow
from cotmill.backends.needs import demand
from cotmill.base.recipe import load_recipe
from cotmill.base.records import Execution
from cotmill.base.shards import read_shard
from cotmill.base.stage import CotmillError
from cotmill.compose.material import Material, materials
from cotmill.student.samples import samples_of
from cotmill.student.settings import load_student
from cotmill.student.split import split
from cotmill.view.folder import open_run

__all__ = ["executions_of", "programs_of", "train_codegen", "train_student"]


def train_codegen(
    run: Path, target: Path, overrides: tuple[str, ...], show: Callable[[int, int, float], None]
) -> dict[str, Any]:
    """Train a code generator on a run's programs, as its recipe says; gives what training.json says."""
    programs = programs_of(run)
    return flow.train(load_recipe(str(run / "recipe.yaml"), overrides), programs, target, show)


def train_student(
    run: Path,
    target: Path,
    student: str,
    overrides: tuple[str, ...],
    seed: int,
    show: Callable[[int, int, float], None],
) -> dict[str, Any]:
    """Train a student on a run's data set, less what is held out to examine it; gives what training.json says.

    `student` names built-in settings or a file. Raises CotmillError.
    """
    settings = load_student(student, overrides)
    demand()
    samples, held_out = list(samples_of(run).values()), settings.held_out
    examined = []
    if held_out.share and held_out.at_most:
        parts = split(samples, held_out.share, held_out.at_most, seed)
        samples, examined = parts.train, parts.held_out
    from cotmill.student.train import train

    return train(settings, samples, examined, target, seed, show)


def programs_of(run: Path) -> list[Material]:
    """The pool behind the last round; of a run that composes nothing, the programs that were executed."""
    executed = executions_of(run)
    pools = sorted((run / "models").glob("round-*/pool.parquet"), key=lambda path: int(path.parent.name[6:]))
    if pools:
        return list(read_shard(pools[-1], Material))
    found = materials(executed)
    if not found:
        raise CotmillError(f"{run} has no executed programs yet")
    return found


def executions_of(run: Path) -> Iterator[Execution]:
    """All that a run has executed so far. Raises CotmillError at once where `run` is none."""
    parts = open_run(run).parts
    executed = [path for stage, paths in parts.items() if stage.endswith("-execute.run") for path in paths]
    return (execution for path in executed for execution in read_shard(path, Execution))
