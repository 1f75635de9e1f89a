"""The rounds of a run, as its folder tells them: figures of each, and how the code generator learned behind it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.view.curves import Drawing, drawing
from cotmill.view.display import count

__all__ = ["Training", "answers", "growth", "rounds", "training_line", "trainings"]


@dataclass(frozen=True, slots=True)
class Training:
    """How the code generator of the next round was trained behind this one."""

    round: int
    curve: tuple[tuple[int, float, float | None], ...]  # step, loss, held-out loss where it was looked at
    parameters: int
    tokens: int  # that it was trained on
    steps: int
    stopped: str  # "steps": all were made; otherwise why not

    @property
    def loss(self) -> float | None:
        """At the end."""
        return self.curve[-1][1] if self.curve else None

    @property
    def held_out(self) -> float | None:
        """The lowest."""
        return min((held for _, _, held in self.curve if held is not None), default=None)

    def summary(self) -> dict[str, Any]:
        """Without the curve, as plain data."""
        names = ("round", "parameters", "tokens", "steps", "stopped", "loss", "held_out")
        return {name: getattr(self, name) for name in names}

    def drawing(self) -> Drawing | None:
        series = {
            "training": [(step, loss) for step, loss, _ in self.curve],
            "held out": [(step, held) for step, _, held in self.curve if held is not None],
        }
        return drawing(f"Code generator behind round {self.round}", "loss by step", "step", series)


def rounds(run: Path) -> list[dict[str, Any]]:
    """round.json of each finished round, round 0, the seeds, first."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(run.glob("models/round-*/round.json"))]


def trainings(run: Path) -> list[Training]:
    return [_training(path) for path in sorted(run.glob("models/round-*/codegen/training.json"))]


def growth(figures: list[dict[str, Any]]) -> Drawing | None:
    """What a run knows behind each round."""
    series = {
        "proven programs": [(each["round"], each["programs"]) for each in figures],
        "distinct structures": [(each["round"], each["all_structures"]) for each in figures],
    }
    return drawing("Growth", "known behind each round", "round", series)


def answers(figures: dict[str, Any]) -> list[tuple[str, int]]:
    """Kinds of answers with numbers of programs, the most frequent first; what lists and dicts hold is left aside."""
    kinds: Counter[str] = Counter()
    for name, programs in figures["answer_types"].items():
        kinds[name.partition("[")[0]] += programs
    return sorted(kinds.items(), key=lambda item: (-item[1], item[0]))


def training_line(summary: dict[str, Any]) -> str:
    """A summary in words."""
    parts = [
        f"code generator behind round {summary['round']}: {count(summary['parameters'])} parameters",
        f"{count(summary['tokens'])} tokens in {count(summary['steps'])} steps",
    ]
    parts += [
        f"{name} {summary[key]:.3f}"
        for name, key in (("loss", "loss"), ("held out", "held_out"))
        if summary[key] is not None
    ]
    return ", ".join(parts) + (f"; stopped early: {summary['stopped']}" if summary["stopped"] != "steps" else "")


def _training(path: Path) -> Training:
    told = json.loads(path.read_text(encoding="utf-8"))
    curve = tuple((step, loss, held_out) for step, loss, held_out in told["curve"])
    number = int(path.parent.parent.name.rpartition("-")[2])
    return Training(number, curve, told["parameters"], told["tokens"], told["steps"], told["stopped"])
