"""What models cost and where a budget stopped a run, in words and cells for the terminal and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cotmill.base.spending import money
from cotmill.view.display import count, duration, percent

__all__ = ["Line", "each_sample", "lines", "not_taken", "rungs", "stop_line", "taken_by"]

UNITS = {"samples": " samples", "tokens": " tokens", "money": "", "hours": " hours"}


@dataclass(frozen=True, slots=True)
class Line:
    """What one stage, one rung of it, or the whole run took, ready to be shown; empty where nothing is to be said."""

    stage: str
    name: str  # of the model or the rung
    calls: str
    passed: str  # answers that were taken
    share: str  # of the answers
    read: str  # tokens
    written: str  # tokens
    seconds: str
    cost: str


def lines(facts: dict[str, Any]) -> list[Line]:
    """One for each stage that asked a model and one in all, out of what `status` gives."""
    asked = [stage for stage in facts["stages"] if "model" in stage]
    found = [_line(stage["stage"], stage["model"]["model"], stage["model"]) for stage in asked]
    return [*found, _line("in all", "", facts["model"])] if len(found) > 1 else found


def rungs(stage: dict[str, Any]) -> list[Line]:
    """The ladder of one stage: what each rung was asked and gave, then what was taken below it."""
    found = [_line("", name, bill) for name, bill in stage["model"]["rungs"].items()]
    return found + [
        Line("", name, "", count(taken), "", "", "", "", "") for name, taken in stage["model"]["below"].items()
    ]


def taken_by(stage: dict[str, Any]) -> str:
    """Answers that each rung gave of those that it was asked for: `first 31 of 45, repair 1 14 of 14`."""
    return ", ".join(f"{rung.name} {rung.passed}" + f" of {rung.calls}" * bool(rung.calls) for rung in rungs(stage))


def not_taken(stage: dict[str, Any]) -> str:
    """Why answers were not taken, the most frequent reason first; empty where all were."""
    return ", ".join(f"{reason} {count(answers)}" for reason, answers in stage["model"]["objections"].items())


def each_sample(model: dict[str, Any]) -> str:
    """Tokens and money per accepted sample, and what is not known."""
    parts = []
    if model["tokens_per_sample"] is not None:
        cost = "" if model["cost_per_sample"] is None else f", which cost {money(model['cost_per_sample'])}"
        parts.append(f"{count(round(model['tokens_per_sample']))} tokens per sample{cost}")
    if model["uncounted"]:
        parts.append(f"calls for which the server told no tokens: {count(model['uncounted'])}")
    return "; ".join(parts)


def stop_line(stopped: dict[str, Any]) -> str:
    """Where a budget stopped a run, and how to go on."""
    name, limit, spent = stopped["by"], stopped["limit"], stopped["spent"]
    budget = f"its budget of {_amount(name, limit)}{UNITS[name]}"
    over = f" ({_amount(name, spent)} spent)" if name != "samples" else ""
    return f"stopped by {budget}{over}; the same command with a higher budget.{name} goes on"


def _amount(name: str, amount: float) -> str:
    if name == "money":
        return money(amount)
    return f"{amount:.3g}" if name == "hours" else count(round(amount))


def _line(stage: str, name: str, bill: dict[str, Any]) -> Line:
    return Line(
        stage, name, count(bill["calls"]), count(bill["passed"]), percent(bill["passed"], bill["calls"]),
        count(bill["prompt_tokens"]), count(bill["completion_tokens"]), duration(bill["seconds"]),
        "" if bill["cost"] is None else money(bill["cost"]),
    )  # fmt: skip
