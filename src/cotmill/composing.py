"""Composing by itself: new programs out of what a run has proven, as rows that `cotmill exec` takes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cotmill import flow
from cotmill.backends.model_tasks import PROMPTS, with_prompts
from cotmill.backends.needs import demand
from cotmill.backends.prompts import SUFFIX
from cotmill.base.recipe import Recipe, load_recipe
from cotmill.base.records import Draw, Program
from cotmill.base.shards import write_text
from cotmill.base.stage import CotmillError, Reject
from cotmill.base.unified import whole_program
from cotmill.compose.author import FOLDER
from cotmill.compose.rounds import knowledge
from cotmill.shardwork import Draws
from cotmill.training import executions_of
from cotmill.view.folder import open_run
from cotmill.view.progress import Quiet

__all__ = ["compose"]

# Where a generator is given and nothing else is said.
BY_MODEL = (
    "compose.generator.share=1", "compose.generator.endpoints=[]", "model.compose.use=false", "compose.new_inputs=0",
)  # fmt: skip


def compose(
    run: Path, out: Path, count: int, overrides: tuple[str, ...], generator: Path | None, show: Quiet
) -> Counter[str]:
    """Write up to `count` programs to `out`, a row for each input; gives rows and rejected pairs by reason.

    What a run would compose in the round behind its last one: the same for the same run, recipe and seed. Raises
    CotmillError.
    """
    open_run(run)  # says what is wrong with a folder that is none
    recipe, prompts = with_prompts(
        load_recipe(str(run / "recipe.yaml"), (*(BY_MODEL if generator else ()), *overrides))
    )
    found = Counter[str](rows=0)
    with TemporaryDirectory() as folder:
        known = _knowledge(run, recipe, Path(folder), generator)
        for task, text in prompts.items():
            write_text(Path(folder) / PROMPTS / f"{task}{SUFFIX}", text)
        step = next(step for step in flow.STEPS if step.name == "compose.draw")
        stage: Any = step.build(recipe, Path(folder))
        out.parent.mkdir(parents=True, exist_ok=True)
        with closing(stage), out.open("w", encoding="utf-8") as rows:
            for draws in _groups(Draws(known + 1, 0, count, recipe.compose.inputs), stage.few):
                stage.ahead(draws)
                for outcome in chain.from_iterable(map(stage, draws)):
                    found.update(_rows(outcome, rows))
                show.begin(f"composing, {found['rows']:,} rows")
    return found


def _rows(outcome: Program | Reject, rows: Any) -> Iterator[str]:
    if isinstance(outcome, Reject):
        yield str(outcome.reason)
        return
    for pair, input in zip(outcome.pair_ids(), outcome.inputs, strict=True):
        row = {
            "id": pair, "code": whole_program(outcome.code, input), "title": outcome.title,
            "generator": outcome.lineage.generator, "parents": list(outcome.lineage.parents),
        }  # fmt: skip
        rows.write(json.dumps(row, ensure_ascii=False) + "\n")
        yield "rows"


def _groups(draws: Draws, pairs: int) -> Iterator[list[Draw]]:
    records, few = draws.records(), max(1, pairs // draws.inputs)
    while group := [record for _, record in zip(range(few), records, strict=False)]:
        yield group


def _knowledge(run: Path, recipe: Recipe, folder: Path, generator: Path | None) -> int:
    """Lay out in `folder` what the run knows behind its last round, and give that round's number."""
    number = max((n for n in range(recipe.compose.rounds + 1) if flow.is_learned(run, n)), default=-1)
    model = generator or flow.materials_of(run, max(number, 0)) / FOLDER
    if number >= 0:
        flow.materials_of(folder, number).parent.mkdir(parents=True)
        known = flow.materials_of(folder, number)
        known.mkdir()
        for file in flow.materials_of(run, number).glob("*.*"):
            (known / file.name).symlink_to(file.resolve())
    else:
        number = 0
        flow.learn(recipe, folder, 0, (), executions_of(run))
    if not knowledge(flow.materials_of(folder, number)).pool:
        raise CotmillError(f"{run} has no executed programs yet")
    if flow.trains(recipe):
        if not (model / "codegen.json").is_file():
            raise CotmillError(
                f"there is no code generator in {model}; train one with `cotmill train codegen {run} --out MODEL` and "
                "give it with --generator MODEL, or leave it out with --set compose.generator.share=0"
            )
        demand()
        (flow.materials_of(folder, number) / FOLDER).symlink_to(model.resolve())
    return number
