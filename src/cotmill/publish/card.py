"""The data set's card: what is in it, how it was made, what was turned away. No time and no machine in it, so that it
is the same however often the run was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from cotmill.base.ledger import Totals
from cotmill.base.recipe import Recipe
from cotmill.base.spending import Bill, bills, money

__all__ = ["render_card"]

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the funnel."""

    stage: str
    pairs_in: int
    pairs_out: int
    rejected: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the table of models."""

    stage: str
    model: str
    bill: Bill
    cost: str


def render_card(recipe: Recipe, totals: Sequence[Totals], samples: int, version: str, *, stopped: bool = False) -> str:
    """Markdown with a YAML header as the Hugging Face hub reads it. `stopped`: the run's budget ended it."""
    rows = [
        Row(
            total.stage.partition("-")[2],
            total.pairs_in,
            total.pairs_out,
            ", ".join(f"{reason} {count}" for reason, count in sorted(total.rejected.items())),
        )
        for total in totals
    ]
    size = next((name for bound, name in SIZES if samples < bound), "n>1M")
    environment = Environment(
        loader=PackageLoader("cotmill.publish"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, not HTML
    )
    environment.filters |= {"cell": _cell, "one_line": _one_line, "yaml": _yaml}
    asked = [
        Asked(bill.stage.partition("-")[2], bill.model, bill.whole, _money(bill.whole.cost))
        for bill in bills(recipe.model, totals)
        if bill.rungs
    ]
    whole = sum((each.bill for each in asked), start=Bill())
    template = environment.get_template("card.md.j2")
    return template.render(
        recipe=recipe, rows=rows, samples=samples, size=size, version=version, stopped=stopped, asked=asked,
        whole=whole, cost=_money(whole.cost), cost_each=_money(whole.cost and whole.cost / max(1, samples)),
    )  # fmt: skip


def _money(amount: float | None) -> str:
    return "" if amount is None else money(amount)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    """A text inside a line of a Markdown table."""
    return _one_line(text).replace("|", "\\|")


def _yaml(text: str) -> str:
    """A text as a YAML value on one line; a wrong quote in the header would keep the data set from being opened."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf")).strip()
