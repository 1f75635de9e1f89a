"""An ablation to look at: a table for the terminal and for Markdown, and a page with the plot and the curves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cotmill.base.shards import write_text
from cotmill.view.curves import Drawing, drawing
from cotmill.view.display import count

__all__ = ["Line", "Plot", "ordering", "plot", "print_ablation", "write_page"]

TEMPLATES = Path(__file__).parent / "templates"
WIDTH, LABELS, ROW, TOP = 640, 130, 34, 26  # of the plot, in SVG units
NONE = "-"
Row = dict[str, Any]


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f}"


def _interval(figure: dict[str, float]) -> str:
    return f"{_percent(figure['value'])} ({_percent(figure['low'])} to {_percent(figure['high'])})"


COLUMNS: dict[str, Callable[[Row], str]] = {
    "arm": lambda row: str(row["arm"]),
    "right, %": lambda row: _interval(row["accuracy"]),
    "true steps, %": lambda row: _percent(row["verified_steps"]),
    "by wrong steps, %": lambda row: _percent(row["right_by_wrong_steps"]),
    "tokens written": lambda row: NONE if row["output_tokens"] is None else f"{row['output_tokens']:.0f}",
    "unfinished, %": lambda row: _percent(row["unfinished"]),
    "repetition, %": lambda row: _percent(row["repetition"]),
    "samples": lambda row: count(row["learned"]) + (f" ({count(row['left_out'])} too long)" if row["left_out"] else ""),
    "steps": lambda row: count(row["steps"]),
    "epochs": lambda row: f"{row['epochs']:.1f}",
}

IN_TERMINAL = ("arm", "right, %", "true steps, %", "tokens written", "epochs")  # 80 characters; the page has them all


def ordering(found: dict[str, Any]) -> list[str]:
    """What can be said of who is better, a sentence for each pair of arms that was compared."""
    said = []
    for pair in found["order"]:
        gap = pair["difference"]
        points = f"{100 * gap['value']:+.1f} points ({100 * gap['low']:+.1f} to {100 * gap['high']:+.1f})"
        clear = "is better than" if gap["low"] > 0 else "cannot be told from"
        said.append(f"{pair['arm']} {clear} {pair['than']}: {points}")
    return said


def print_ablation(found: dict[str, Any], console: Console | None = None) -> None:
    console = console or Console()
    console.print(Text(_heading(found), style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in IN_TERMINAL:
        table.add_column(name, justify="left" if name == "arm" else "right", no_wrap=True)
    for row in found["arms"]:
        table.add_row(*(Text(COLUMNS[name](row)) for name in IN_TERMINAL))
    console.print(table)
    for sentence in ordering(found):
        console.print(Text(sentence))


def _heading(found: dict[str, Any]) -> str:
    students = f"{found['seeds']} students of {count(found['parameters'])} weights for each arm"
    budget = f", {count(found['tokens'])} tokens each" if found["tokens"] else ""
    return f"{students}{budget}, {count(found['held_out'])} held-out problems"


def markdown(found: dict[str, Any]) -> str:
    """The table for a page of documentation."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    lines += [f"| {' | '.join(cell(row) for cell in COLUMNS.values())} |" for row in found["arms"]]
    return "\n".join([_heading(found) + ":", "", *lines, "", *(f"- {sentence}" for sentence in ordering(found)), ""])


@dataclass(frozen=True, slots=True)
class Line:
    """One arm in the plot, in SVG units."""

    name: str
    y: int
    x: float  # the mean
    low: float
    high: float
    seeds: tuple[float, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Accuracies as points with their intervals, an arm in a line; 0 to a round figure above the highest."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    width: int
    height: int


def plot(rows: Sequence[Row]) -> Plot:
    highest = max(row["accuracy"]["high"] for row in rows)
    most = next(end for end in (0.1, 0.2, 0.5, 1.0) if end >= highest - 1e-9)

    def place(value: float) -> float:
        return round(LABELS + (WIDTH - LABELS - 20) * value / most, 1)

    lines = tuple(
        Line(
            row["arm"], TOP + ROW * index, place(row["accuracy"]["value"]), place(row["accuracy"]["low"]),
            place(row["accuracy"]["high"]), tuple(map(place, row["of_seeds"])),
            f"{row['arm']}: {_interval(row['accuracy'])} % right; {row['description']}",
        )
        for index, row in enumerate(rows)
    )  # fmt: skip
    ticks = tuple((place(most * step / 5), f"{100 * most * step / 5:.0f} %") for step in range(6))
    return Plot(lines, ticks, WIDTH, TOP + ROW * len(rows) + 16)


def _learning(row: Row) -> Drawing | None:
    """How an arm's students learned, a curve for each seed."""
    losses = {
        f"seed {seed}": [(float(point["tokens"]), point["loss"]) for point in curve if "loss" in point]
        for seed, curve in enumerate(row["curves"])
    }
    return drawing(row["arm"], "loss by tokens seen", "tokens", losses, logarithmic=True)


def write_page(out: Path) -> Path:
    """OUT/index.html, plot.svg and table.md from OUT/ablation.json; gives the page's path."""
    found = json.loads((out / "ablation.json").read_text(encoding="utf-8"))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    drawn = environment.get_template("ablation.svg.j2").render(plot=plot(found["arms"]), heading=_heading(found))
    page = environment.get_template("ablation.html.j2").render(
        found=found, heading=_heading(found), columns=list(COLUMNS), ordering=ordering(found), drawn=drawn,
        rows=[[cell(row) for cell in COLUMNS.values()] for row in found["arms"]],
        css=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        learning=[curves for row in found["arms"] if (curves := _learning(row)) is not None],
    )  # fmt: skip
    write_text(out / "plot.svg", drawn)
    write_text(out / "table.md", markdown(found))
    write_text(out / "index.html", page)
    return out / "index.html"
