"""What models cost: the counts of a run's stages and the recipe's prices -> figures.

A stage that asks a model counts `model.<rung>.<what>` (backends/ladder.py): calls, those that passed, tokens, time. A
rung without calls is what stands below the ladder, such as the narration: only how often it was taken is counted.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cotmill.base.ledger import Totals
from cotmill.base.model_settings import TASKS, ModelSettings, ModelTask, Served
from cotmill.base.reasons import Reason

__all__ = ["Bill", "StageBill", "bills", "has_prices", "in_all", "money", "per_sample"]

PREFIX = "model."
RUNG = re.compile(r"first|(?:sample (\d+))? ?(?:repair (\d+))?")
REASONS = frozenset(map(str, Reason))
TASK_OF = {"draw": "compose"}  # where the stage is not called like its task


@dataclass(frozen=True, slots=True)
class Bill:
    """What calls took and what came of them."""

    calls: int = 0
    passed: int = 0  # answers that were taken
    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0  # calls for which the server told no tokens
    seconds: float = 0.0  # summed over calls, many of which run at a time
    cost: float | None = None  # None: no price is known

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Bill) -> Bill:
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Bill(
            self.calls + other.calls, self.passed + other.passed, self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens, self.uncounted + other.uncounted,
            self.seconds + other.seconds, sum(costs) if costs else None,
        )  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "calls": self.calls, "passed": self.passed, "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens, "uncounted": self.uncounted,
            "seconds": round(self.seconds, 3), "cost": self.cost if self.cost is None else round(self.cost, 9),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageBill:
    """What one stage asked of its model, rung by rung in the order of asking."""

    stage: str  # the stage's folder
    model: str
    rungs: dict[str, Bill] = field(default_factory=dict)  # where a model was asked
    below: dict[str, int] = field(default_factory=dict)  # what was taken without a model's answer, and how often
    objections: dict[str, int] = field(default_factory=dict)  # reason -> answers that were not taken for it

    @property
    def whole(self) -> Bill:
        return sum(self.rungs.values(), start=Bill())

    def summary(self) -> dict[str, Any]:
        """As plain data."""
        rungs = {name: bill.summary() for name, bill in self.rungs.items()}
        return {
            "model": self.model,
            **self.whole.summary(),
            "rungs": rungs,
            "below": self.below,
            "objections": self.objections,
        }


def bills(settings: ModelSettings, totals: Iterable[Totals]) -> list[StageBill]:
    """One for each stage that counts what a model did, in the stages' order."""
    return [
        _bill(total, served(settings, total.stage))
        for total in totals
        if any(n.startswith(PREFIX) for n in total.counts)
    ]


def in_all(billed: Iterable[StageBill]) -> Bill:
    return sum((bill.whole for bill in billed), start=Bill())


def per_sample(bill: Bill, samples: int) -> dict[str, Any]:
    """A bill as plain data, with what each accepted sample took of it; null where there is none."""
    cost = None if bill.cost is None or not samples else round(bill.cost / samples, 9)
    tokens = round(bill.tokens / samples, 1) if samples else None
    return {**bill.summary(), "tokens_per_sample": tokens, "cost_per_sample": cost}


def served(settings: ModelSettings, stage: str) -> Served:
    """Who answers a stage, given by its folder or name."""
    name = stage.rpartition(".")[2].removesuffix("_llm")
    name = TASK_OF.get(name, name)
    task: ModelTask = getattr(settings, name) if name in TASKS else ModelTask()
    return settings.served(task)


def has_prices(settings: ModelSettings) -> bool:
    """Whether any model in use costs anything."""
    return any(_priced(settings.served(task)) for _, task in settings.tasks())


def money(amount: float) -> str:
    """At least two digits behind the point, and two that say something: 12.40, 0.31, 0.00052."""
    digits = 2 if amount <= 0 else max(2, 1 - math.floor(math.log10(amount)))
    return f"{amount:,.{digits}f}"


def _bill(total: Totals, by: Served) -> StageBill:
    counted: dict[str, dict[str, int]] = {}
    objections = Counter[str]()
    for name, number in total.counts.items():
        if name.startswith(PREFIX):
            rung, _, what = name.removeprefix(PREFIX).rpartition(".")
            counted.setdefault(rung, {})[what] = number
            if what in REASONS:
                objections[what] += number
    ordered = {rung: counted[rung] for rung in sorted(counted, key=_place)}
    return StageBill(
        total.stage, by.name,
        {rung: _of_rung(counts, by) for rung, counts in ordered.items() if counts.get("calls")},
        {rung: counts.get("passed", 0) for rung, counts in ordered.items() if not counts.get("calls")},
        dict(sorted(objections.items(), key=lambda item: (-item[1], item[0]))),
    )  # fmt: skip


def _of_rung(counts: Mapping[str, int], by: Served) -> Bill:
    read, written = counts.get("prompt_tokens", 0), counts.get("completion_tokens", 0)
    cost = (read * by.prompt_price + written * by.completion_price) / 1e6 if _priced(by) else None
    uncounted, seconds = counts.get("uncounted", 0), counts.get("ms", 0) / 1000
    return Bill(counts["calls"], counts.get("passed", 0), read, written, uncounted, seconds, cost)


def _priced(by: Served) -> bool:
    return by.prompt_price > 0 or by.completion_price > 0


def _place(rung: str) -> tuple[bool, int, int, str]:
    """Rungs in the order of asking, then whatever stands below."""
    match = RUNG.fullmatch(rung)
    return (False, int(match[1] or 1), int(match[2] or 0), "") if match else (True, 0, 0, rung)
