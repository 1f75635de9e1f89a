"""An evaluation in the terminal."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from cotmill.view.evaluation import print_evaluation


def share(value: float) -> dict[str, float]:
    return {"value": value, "low": max(0.0, value - 0.061), "high": min(1.0, value + 0.058)}


def figures(*, steps: bool, k: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "questions": 1319, "accuracy": share(0.613), "pass_at": {"1": share(0.613), str(k): share(0.8)},
        "unfinished": share(0.042), "tokens": share(1234.4), "repetition": share(0.031),
        "process": {"verified_steps": share(0.987) if steps else None}, **more,
    }  # fmt: skip


def shown(found: dict[str, Any], k: int = 1) -> list[str]:
    console = Console(file=io.StringIO(), width=80)
    settings = {"samples": k, "temperature": 0.7 if k > 1 else 0.0}
    print_evaluation({"model": "student@12", "settings": settings, "figures": found}, console)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_a_line_for_each_benchmark_and_direction() -> None:
    """In 80 columns nothing is cut; a benchmark without traces has no true steps."""
    parts = {name: figures(steps=True, k=8) for name in ("forward", "backward", "variable")}
    lines = shown({"held-out": figures(steps=True, k=8, directions=parts), "math500": figures(steps=False, k=8)}, 8)
    assert lines[0] == "student@12, temperature 0.7, 8 texts a problem"
    assert [line[:10].rstrip() for line in lines[3:]] == [
        "held-out",
        "  forward",
        "  backward",
        "  variable",
        "math500",
    ]
    assert " ".join(lines[3].split()) == "held-out 1,319 61.3 % (55.2-67.1) 80.0 % 98.7 % 1,234 4.2 % 3.1 %"
    assert " ".join(lines[-1].split()) == "math500 1,319 61.3 % (55.2-67.1) 80.0 % - 1,234 4.2 % 3.1 %"
    assert not any("\u2026" in line for line in lines)


def test_what_no_benchmark_has_is_left_out() -> None:
    """One direction is no list of directions, one text no pass@k."""
    lines = shown({"held-out": figures(steps=False, directions={"forward": figures(steps=False)})})
    assert lines[0] == "student@12, greedy"
    assert " ".join(lines[-1].split()) == "held-out 1,319 61.3 % (55.2-67.1) 1,234 4.2 % 3.1 %"
    assert "pass@" not in "".join(lines)
