"""The end of a run: the data set from the shards that are through, and run.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cotmill import flow
from cotmill.base.ledger import Ledger, Totals, read_commits
from cotmill.base.recipe import Recipe
from cotmill.base.shards import write_text
from cotmill.base.spending import bills, in_all, per_sample
from cotmill.publish.card import render_card
from cotmill.publish.dataset import write_dataset
from cotmill.shardwork import part

__all__ = ["publish", "totals_over"]


def totals_over(folder: Path, recipe: Recipe, released: Sequence[int]) -> list[Totals]:
    """Each step's totals over the shards that the data set is made of."""
    folders, chosen = flow.folders(recipe), set(released)
    totals = {name: Totals(name) for name in folders}
    keyed = folders[flow.first_keyed(recipe) :]
    for commit in read_commits(folder):
        if commit.stage in totals and (commit.stage in keyed or commit.shard in chosen):
            totals[commit.stage].add(commit)
    return list(totals.values())


def publish(
    folder: Path, recipe: Recipe, ledger: Ledger, released: list[Totals], *, stopped: dict[str, Any] | None,
    seconds: float, version: str,
) -> dict[str, Any]:  # fmt: skip
    """dataset/, whose card tells of what was `released`, and run.json, which tells of all; gives the latter. `version`
    is Cotmill's."""
    folders = flow.folders(recipe)
    totals = [ledger.totals.get(name, Totals(name)) for name in folders]  # a step that no shard came to
    parts = [folder / part(folders[-1], shard) for shard in sorted(ledger.done(folders[-1]))]
    samples = totals[-1].pairs_out
    card = render_card(recipe, released, samples, version, stopped=stopped is not None)
    write_dataset(folder, parts, card)
    billed = bills(recipe.model, totals)
    asked = {bill.stage: {"model": bill.summary()} for bill in billed}
    summary = {
        "cotmill": version,
        "python": sys.version.split()[0],
        "recipe": recipe.name,
        "fingerprint": recipe.fingerprint(),
        "samples": samples,
        "stopped": stopped,
        "seconds": round(seconds, 3),
        "model": per_sample(in_all(billed), samples) if billed else None,
        "stages": [
            {
                "stage": total.stage, "version": total.version, "shards": total.shards, "in": total.pairs_in,
                "out": total.pairs_out, "rejected": dict(sorted(total.rejected.items())),
                "seconds": round(total.seconds, 3), "cpu_seconds": round(total.cpu_seconds, 3),
                **asked.get(total.stage, {}), **total.facts,
            }
            for total in totals
        ],
        "rounds": _rounds(folder, recipe),
    }  # fmt: skip
    write_text(folder / "run.json", json.dumps(summary, indent=2) + "\n")
    return summary


def _rounds(folder: Path, recipe: Recipe) -> list[dict[str, Any]]:
    """Figures of the rounds of composing, round 0, the seeds, first; none where nothing was composed."""
    numbers = range(recipe.compose.rounds + 1) if recipe.compose.rounds else ()
    files = (flow.materials_of(folder, number) / "round.json" for number in numbers)
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]
