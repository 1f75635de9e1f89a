"""A run's budget: asked before each shard and each round is begun; what was begun is gone through to its end.

A budget of samples is exact and follows from recipe and seeds alone: shards are counted in order, whichever was
finished first, up to the one in which the last sample wanted is found. Of tokens, money and hours a run may take more
than it has, by what the shards take that are under way; which shards these are depends on the workers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable
from typing import Any

from cotmill.base.ledger import Ledger
from cotmill.base.recipe import Recipe
from cotmill.base.spending import bills, in_all

__all__ = ["Enough", "Keys", "Purse"]

Keys = Callable[[int], Iterable[tuple[str, str]]]  # a shard -> (id, key) of its samples; one of each key is released


class Enough:
    """Counts samples that differ, shard by shard in order, until there are as many as wanted.

    It holds their keys, about 100 bytes for each sample.
    """

    def __init__(self, wanted: int, keys: Keys) -> None:
        self._wanted, self._keys = wanted, keys
        self._seen: set[str] = set()
        self.shards = 0  # so many from the first on were counted
        self.over: list[str] = []  # ids in the last of them that are too many

    def reached(self, done: Container[int]) -> bool:
        """Whether the shards that are done hold as many, without a gap before the last one that is needed."""
        while len(self._seen) < self._wanted and self.shards in done:
            for id, key in self._keys(self.shards):
                if len(self._seen) < self._wanted:
                    self._seen.add(key)
                elif key not in self._seen:
                    self.over.append(id)
            self.shards += 1
        return len(self._seen) >= self._wanted


class Purse:
    """What is left to a run. `samples` is the folder of the step whose records are released, as far as they differ;
    `began`: when this call did, by the clock."""

    def __init__(
        self, recipe: Recipe, ledger: Ledger, samples: str, keys: Keys, *, began: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._recipe, self._budget, self._ledger, self._samples = recipe, recipe.budget, ledger, samples
        self._clock, self._began = clock, began
        self._enough = Enough(self._budget.samples, keys)
        self._stopped_by = ""

    def spent(self) -> str:
        """The key of a budget that is spent; empty: there is something left of each."""
        if self.enough():
            return "samples"
        limits = {name: getattr(self._budget, name) for name in ("tokens", "money", "hours")}
        return next((name for name, limit in limits.items() if limit and self._taken(name) >= limit), "")

    def enough(self) -> bool:
        """Whether a budget of samples is reached."""
        return bool(self._budget.samples) and self._enough.reached(self._ledger.done(self._samples))

    def stop(self) -> bool:
        """Whether to begin nothing further; if so, the run counts as stopped."""
        self._stopped_by = self._stopped_by or self.spent()
        return bool(self._stopped_by)

    def released(self, shards: range) -> tuple[list[int], list[str]]:
        """The shards of which the data set is made, and ids of samples in them that are over the budget."""
        done = self._ledger.done(self._samples)
        if not self.enough():
            return [shard for shard in shards if shard in done], []
        if self._enough.over or self._enough.shards < len(shards) or self._stopped_by:
            self._stopped_by = "samples"
        return list(range(self._enough.shards)), self._enough.over

    def stopped(self) -> dict[str, Any] | None:
        """What stopped the run before its end: the key of the budget, its limit, what was spent of it."""
        name = self._stopped_by
        if not name:
            return None
        return {"by": name, "limit": getattr(self._budget, name), "spent": round(self._taken(name), 6)}

    def unseen(self) -> int:
        """Calls that a budget of tokens or money should count and cannot: the server told no tokens."""
        counted = self._budget.tokens or self._budget.money
        return in_all(bills(self._recipe.model, self._ledger.totals.values())).uncounted if counted else 0

    def _taken(self, name: str) -> float:
        if name == "samples":
            return self._budget.samples
        if name == "hours":
            return (self._clock() - self._began) / 3600
        bill = in_all(bills(self._recipe.model, self._ledger.totals.values()))
        return bill.tokens if name == "tokens" else bill.cost or 0.0
