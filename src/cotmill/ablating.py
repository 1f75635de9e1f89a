"""Ablations: from programs, or a finished run, to a table of what teaches how well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cotmill import runner
from cotmill.backends.engine import Task
from cotmill.backends.engine_local import LocalEngine
from cotmill.backends.in_order import in_order
from cotmill.backends.needs import demand
from cotmill.base.alone import alone
from cotmill.base.recipe import Recipe, load_recipe
from cotmill.base.shards import write_text
from cotmill.collect.drills import drills
from cotmill.student.ablate import demand_room, figures, lay_out, studies, study
from cotmill.student.ablation_plan import AblationPlan
from cotmill.student.samples import known
from cotmill.view.ablation import write_page

__all__ = ["ablate"]

RUN, DRILLS = "run", "drills.jsonl"
ON_A_GPU = 4  # students at a time: one of less than a billion weights does not fill it


def ablate(
    plan: AblationPlan, run: Path | None, out: Path, workers: int | None, show: runner.Show
) -> tuple[dict[str, Any], Path]:
    """What ablation.json says, and the page; goes on where an earlier call was stopped.

    Without `run` one is made of the plan's drills, in `out`. Raises CotmillError.
    """
    demand()
    demand_room(plan, out)  # before a run is made in it
    with alone(out):
        made = run or _drilled(plan, out, workers, show)
        recipe = load_recipe(str(made / "recipe.yaml"))
        show.begin("reading the samples")
        counts = lay_out(known(made), plan, out, recipe.seed, LocalEngine(workers), show.begin)
        _study_all(plan, out, recipe, workers, show.begin)
        return figures(plan, out, counts), write_page(out)


def _drilled(plan: AblationPlan, out: Path, workers: int | None, show: runner.Show) -> Path:
    """A run over the drills."""
    wanted = plan.drills
    recipe = load_recipe(wanted.recipe, wanted.settings)
    lines = (wanted.fewest, wanted.most)
    rows = drills(wanted.families, wanted.programs, inputs=wanted.inputs, lines=lines, seed=recipe.seed)
    seeds = out / DRILLS
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if not seeds.is_file() or seeds.read_text(encoding="utf-8") != text:
        write_text(seeds, text)
    runner.run(load_recipe(wanted.recipe, wanted.settings, seeds=(seeds,)), out / RUN, LocalEngine(workers), show)
    return out / RUN


def _study_all(plan: AblationPlan, out: Path, recipe: Recipe, workers: int | None, say: Callable[[str], None]) -> None:
    """Each student in a process of its own, as many at a time as there is room for."""
    from cotmill.backends.extra import torch

    cores = LocalEngine().slots
    engine = LocalEngine(workers or (ON_A_GPU if torch.cuda.is_available() else cores))
    every = list(studies(plan, out, recipe.execute))
    threads = max(1, cores // min(engine.slots, len(every)))
    say(f"students: 0 of {len(every)} done")
    tasks = (Task((number,), study, (one, threads)) for number, one in enumerate(every))
    for done, _ in enumerate(in_order(engine, tasks), 1):
        say(f"students: {done} of {len(every)} done")
