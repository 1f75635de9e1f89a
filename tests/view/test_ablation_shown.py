"""An ablation in the terminal, as Markdown and as a page."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from rich.console import Console

from cotmill.view.ablation import markdown, ordering, plot, print_ablation, write_page


def row(arm: str, value: float, half: float) -> dict[str, Any]:
    return {
        "arm": arm, "description": f"what {arm} <is>", "learned": 1200, "tokens": 3000, "epochs": 1.5, "questions": 100,
        "steps": 400, "left_out": 3,
        "accuracy": {"value": value, "low": value - half, "high": value + half},
        "of_seeds": [value - 0.01, value, value + 0.01], "output_tokens": 80.0, "unfinished": 0.0, "repetition": 0.1,
        "looping": 0.0, "verified_steps": None if arm == "answer" else 0.9, "right_by_wrong_steps": None,
        "first_wrong_step": None, "curves": [[{"tokens": 10, "loss": 2.0}, {"tokens": 20, "loss": 1.0}]],
    }  # fmt: skip


def found(low: float = 0.6) -> dict[str, Any]:
    return {
        "description": "what <teaches>", "seeds": 3, "parameters": 478080, "tokens": 3000000, "samples": 10, "held_out": 100,
        "dropped": 2, "arms": [row("narrated", 0.88, 0.05), row("answer", 0.16, 0.04)],
        "order": [{"arm": "narrated", "than": "answer", "difference": {"value": 0.72, "low": low, "high": 0.8}}],
    }  # fmt: skip


def test_the_order_is_stated_only_where_the_interval_has_no_zero() -> None:
    assert ordering(found()) == ["narrated is better than answer: +72.0 points (+60.0 to +80.0)"]
    assert ordering(found(-0.1)) == ["narrated cannot be told from answer: +72.0 points (-10.0 to +80.0)"]


def test_the_table_fits_a_terminal() -> None:
    stream = io.StringIO()
    print_ablation(found(), Console(file=stream, width=80))
    shown = stream.getvalue()
    assert "88.0 (83.0 to 93.0)" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "…" not in shown


def test_points_stand_where_their_figures_are() -> None:
    drawn = plot(found()["arms"])
    best, worst = drawn.lines
    assert worst.low < worst.x < worst.high < best.low < best.x < best.high
    places = {label: x for x, label in drawn.ticks}
    assert places["80 %"] < best.x < places["100 %"]
    assert best.y < worst.y


def test_small_figures_fill_the_plot() -> None:
    drawn = plot([row("answer", 0.06, 0.02)])
    assert drawn.ticks[-1][1] == "10 %"


def test_a_page_a_plot_and_a_table_are_written(tmp_path: Path) -> None:
    (tmp_path / "ablation.json").write_text(json.dumps(found()))
    page = write_page(tmp_path).read_text()
    assert "what &lt;teaches&gt;" in page
    assert "<is>" not in page
    assert "narrated is better than answer" in page
    assert page.count("loss by tokens seen") == 2
    assert "1,200 (3 too long)" in page
    ET.fromstring((tmp_path / "plot.svg").read_text())
    table = (tmp_path / "table.md").read_text()
    assert table == markdown(found())
    assert "| narrated | 88.0 (83.0 to 93.0) | 90.0 |" in table
