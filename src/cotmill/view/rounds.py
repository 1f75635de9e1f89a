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
    learned: tuple[tuple[int, float], ...]  # step, loss on what is learned
    held_out: tuple[tuple[int, float], ...]  # step, loss on what is held out
    parameters: int
    programs: int  # that it learned
    tokens: int  # of them, as often as they were seen
    steps: int
    stopped: str  # "steps": all were made; otherwise why not

    def summary(self) -> dict[str, Any]:
        """Without the curves, as plain data: the last loss, and the lowest of what is held out."""
        names = ("round", "parameters", "programs", "tokens", "steps", "stopped")
        return {name: getattr(self, name) for name in names} | {
            "loss": self.learned[-1][1] if self.learned else None,
            "held_out_loss": min((loss for _, loss in self.held_out), default=None),
        }

    def drawing(self) -> Drawing | None:
        series = {"learned": self.learned, "held out": self.held_out}
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
        f"{count(summary['programs'])} programs",
        f"{count(summary['tokens'])} tokens in {count(summary['steps'])} steps",
    ]
    parts += [
        f"{name} {summary[key]:.3f}"
        for name, key in (("loss", "loss"), ("held out", "held_out_loss"))
        if summary[key] is not None
    ]
    return ", ".join(parts) + (f"; stopped early: {summary['stopped']}" if summary["stopped"] != "steps" else "")


def _training(path: Path) -> Training:
    told = json.loads(path.read_text(encoding="utf-8"))
    learned, held_out = (
        tuple((at["step"], at[name]) for at in told["curve"] if name in at) for name in ("loss", "held_out_loss")
    )
    number = int(path.parent.parent.name.rpartition("-")[2])
    names = ("parameters", "programs", "tokens", "steps", "stopped")
    return Training(number, learned, held_out, *(told[name] for name in names))
