"""An evaluation in the terminal: a line for each benchmark, and for each direction of held-out problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cotmill.view.display import count, visible

__all__ = ["print_evaluation"]

Figures = dict[str, Any]
NONE = "-"


def print_evaluation(found: dict[str, Any], console: Console | None = None) -> None:
    """What evaluation.json says, as a table; what no benchmark has a figure for is left out."""
    console = console or Console()
    lines = list(_lines(found["figures"]))
    settings = found["settings"]
    how = "greedy" if not settings["temperature"] else f"temperature {settings['temperature']}"
    texts = f", {settings['samples']} texts a problem" if settings["samples"] > 1 else ""
    console.print(Text(f"{visible(found['model'])}, {how}{texts}", style="bold"), soft_wrap=True)
    most = max((int(k) for _, figures in lines for k in figures["pass_at"]), default=1)
    columns: dict[str, Callable[[Figures], str]] = {
        "problems": lambda figures: count(figures["questions"]),
        "right": lambda figures: _percent(figures["accuracy"], interval=True),
        f"pass@{most}": lambda figures: _percent(figures["pass_at"].get(str(most))) if most > 1 else NONE,
        "true\nsteps": lambda figures: _percent(figures["process"]["verified_steps"]),
        "tokens": lambda figures: _number(figures["tokens"]),
        "cut\noff": lambda figures: _percent(figures["unfinished"]),
        "said\nbefore": lambda figures: _percent(figures["repetition"]),
    }  # two lines of a head: all of it fits into 80 columns
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("", overflow="fold")
    shown = {name: cells for name, cell in columns.items() if set(cells := [cell(it) for _, it in lines]) != {NONE}}
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    for row, (of, _) in enumerate(lines):
        table.add_row(of, *(Text(cells[row]) for cells in shown.values()))
    console.print(table)


def _lines(figures: dict[str, Figures]) -> list[tuple[Text, Figures]]:
    lines = []
    for of, ours in figures.items():
        lines.append((Text(visible(of)), ours))
        directions = ours.get("directions", {})
        if len(directions) > 1:
            lines += [(Text(f"  {name}", style="dim"), part) for name, part in directions.items()]
    return lines


def _percent(figure: dict[str, float] | None, *, interval: bool = False) -> str:
    """A share as percent; with its interval as "61.3 % (55.2-67.1)"."""
    if figure is None:
        return NONE
    value, low, high = (f"{100 * figure[name]:.1f}" for name in ("value", "low", "high"))
    return f"{value} % ({low}-{high})" if interval else f"{value} %"


def _number(figure: dict[str, float] | None) -> str:
    return NONE if figure is None else count(round(figure["value"]))
