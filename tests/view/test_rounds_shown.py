"""Rounds of composing, on the page and in the terminal."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cotmill.view.charts import AXIS, WIDTH
from cotmill.view.curves import drawing
from cotmill.view.folder import open_run, status
from cotmill.view.report import write_report
from cotmill.view.rounds import answers, trainings
from cotmill.view.terminal import print_funnel
from view.synthetic import build

points = st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 10**6)), max_size=300)


def round_figures(number: int) -> dict[str, Any]:
    programs = 100 * (number + 1)
    return {
        "round": number, "candidates": 300, "composed": 290, "proven": 200, "novel": 150, "structures": 140,
        "operations": 90 + number, "answer_types": {"int": 20, "list[int]": 15, "list[str]": 15, "str": 1},
        "difficulty": 5.25, "bands": {"easy": 50, "middle": 120, "hard": 30},
        "new_operations": ["<b>", "zip"], "all_operations": [], "programs": programs, "all_structures": programs - 7,
    }  # fmt: skip


def with_rounds(folder: Path, *, training: dict[str, Any] | None = None) -> Path:
    made = build(folder, 20).folder
    for number in range(3):
        behind = made / "models" / f"round-{number:02d}"
        (behind / "codegen").mkdir(parents=True)
        (behind / "round.json").write_text(json.dumps(round_figures(number)))
    if training is not None:
        (made / "models" / "round-01" / "codegen" / "training.json").write_text(json.dumps(training))
    return made


def trained(steps: int = 300) -> dict[str, Any]:
    """As cotmill.compose.codegen.train writes it."""
    curve = [
        {"step": step, "loss": 5 - step / 100} | ({"held_out_loss": 5.5 - step / 100} if step % 50 == 0 else {})
        for step in range(1, steps + 1)
    ]
    sizes = {"parameters": 471_000, "programs": 1_651, "tokens": 1_200_000, "steps": steps}
    return sizes | {"curve": curve, "stopped": "steps"}


def printed(folder: Path, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_funnel(open_run(folder), console)
    return console.file.getvalue()


@given(st.dictionaries(st.sampled_from("ab"), points), st.booleans())
def test_no_curve_leaves_the_drawing(series: dict[str, list[tuple[float, float]]], logarithmic: bool) -> None:
    found = drawing("t", "u", "x", series, logarithmic=logarithmic)
    if found is None:
        assert all(len(points) < 2 for points in series.values())
        return
    assert [curve.name for curve in found.curves] == [name for name, points in series.items() if len(points) > 1]
    for curve in found.curves:
        places = [tuple(map(float, place.split(","))) for place in curve.points.split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= AXIS for x, y in places)
        assert len(places) <= 241
    assert all(0 <= x <= WIDTH for x, _ in found.ticks)
    assert all(0 <= y < AXIS for y, _ in found.levels)


def test_higher_values_are_drawn_higher_and_labels_say_what_they_are() -> None:
    found = drawing("t", "u", "round", {"programs": [(0, 10), (1, 20), (2, 40)]})
    assert found is not None
    (curve,) = found.curves
    heights = [float(place.split(",")[1]) for place in curve.points.split()]
    assert heights == sorted(heights, reverse=True)
    assert [label for _, _, label in curve.dots] == [
        f"round {n}, programs: {v}" for n, v in ((0, 10), (1, 20), (2, 40))
    ]
    assert [label for _, label in found.ticks] == ["0", "1", "2"]
    assert [label for _, label in found.levels] == ["10", "20", "30", "40"]
    assert found.summary == "programs: 10 to 40"


def test_a_logarithmic_ordinate_has_a_level_for_each_power_of_ten() -> None:
    """As far from 2 to 0.2 as from 0.2 to 0.02; what has no logarithm lies on the axis."""
    found = drawing("t", "u", "step", {"loss": [(0, 2), (1, 0.2), (2, 0.02), (3, 0)]}, logarithmic=True)
    assert found is not None
    first, second, third, last = (float(place.split(",")[1]) for place in found.curves[0].points.split())
    assert second - first == pytest.approx(third - second, abs=0.11)
    assert last == AXIS
    assert [label for _, label in found.levels] == ["0.01", "0.1", "1"]


def test_a_round_is_a_line_of_the_page(tmp_path: Path) -> None:
    page = write_report(with_rounds(tmp_path / "run")).read_text()
    section = page.split('<section id="rounds">')[1].split("</section>")[0]
    lines = re.findall(r"<tr><th scope=\"row\".*?</tr>", section, re.DOTALL)
    cells = [" ".join(re.sub(r"<[^>]*>", " ", line).split()) for line in lines]
    assert cells[2] == "2 300 290 200 150 140 92 +2 5.25 25 % 60 % 15 % 300 list 30, int 20, str 1"
    assert cells[0].startswith("0 200 ")  # seeds are not drawn
    assert 'title="&lt;b&gt;, zip"' in section
    assert "round 2, distinct structures: 293" in section
    assert "Code generator" not in section


def test_a_training_is_a_curve_and_a_line(tmp_path: Path) -> None:
    folder = with_rounds(tmp_path / "run", training=trained())
    section = write_report(folder).read_text().split('<section id="rounds">')[1].split("</section>")[0]
    assert "Code generator behind round 1" in section
    assert "learned: 4.99 to 2; held out: 5 to 2.5" in section
    line = (
        "code generator behind round 1: 471,000 parameters, 1,651 programs, 1,200,000 tokens in 300 steps, "
        "loss 2.000, held out 2.500"
    )
    assert line in section
    assert line in printed(folder, 200)
    assert status(open_run(folder))["training"] == [
        {
            "round": 1,
            "parameters": 471_000,
            "programs": 1_651,
            "tokens": 1_200_000,
            "steps": 300,
            "stopped": "steps",
            "loss": 2.0,
            "held_out_loss": 2.5,
        }
    ]


def test_a_training_that_never_looked_at_held_out_programs(tmp_path: Path) -> None:
    folder = with_rounds(tmp_path / "run", training=trained(1) | {"stopped": "held-out loss"})
    write_report(folder)
    (training,) = trainings(folder)
    assert training.held_out == ()
    assert "in 1 steps, loss 4.990; stopped early: held-out loss" in printed(folder, 200)


def test_a_run_without_rounds_has_no_such_section(tmp_path: Path) -> None:
    folder = build(tmp_path / "run", 20).folder
    assert 'id="rounds"' not in write_report(folder).read_text()
    assert "structures" not in printed(folder)


@pytest.mark.parametrize("width", [80, 120])
def test_rounds_fit_the_terminal(tmp_path: Path, width: int) -> None:
    lines = printed(with_rounds(tmp_path / "run"), width).splitlines()
    assert all(len(line) <= width for line in lines)
    place = next(number for number, line in enumerate(lines) if line.startswith("round"))
    assert lines[place + 3].split() == ["2", "300", "290", "200", "150", "140", "92", "+2", "5.2", "15", "%", "300"]


def test_answers_by_their_outermost_kind() -> None:
    assert answers(round_figures(1)) == [("list", 30), ("int", 20), ("str", 1)]
