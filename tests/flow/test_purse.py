"""When a budget is spent, and which shards make so many samples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.ledger import Commit, Ledger
from cotmill.base.recipe import Recipe
from cotmill.budget import Enough, Purse

SAMPLES = "03-publish.sample"
Shards = st.lists(st.lists(st.integers(0, 12), max_size=5), max_size=8)  # the keys of each shard's records


def keys_in(shards: list[list[int]]) -> Any:
    def keys(shard: int) -> Iterator[tuple[str, str]]:
        return ((f"{shard}.{place}", str(key)) for place, key in enumerate(shards[shard]))

    return keys


@given(Shards, st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_first_shards_that_hold_as_many(shards: list[list[int]], wanted: int, chance: Any) -> None:
    """In whatever order they are finished: no shard less, what is over has keys that none before it has, N remain."""
    order, done, enough = list(range(len(shards))), set[int](), Enough(wanted, keys_in(shards))
    chance.shuffle(order)
    for shard in order:
        done.add(shard)
        reached = enough.reached(done)
    distinct = [len({key for shard in shards[:number] for key in shard}) for number in range(len(shards) + 1)]
    if not shards or distinct[-1] < wanted:
        assert not enough.over
        assert not shards or not reached
        return
    assert reached
    assert enough.shards == next(number for number, found in enumerate(distinct) if found >= wanted)
    left = {
        key for number, shard in enumerate(shards[: enough.shards]) for place, key in enumerate(shard)
        if f"{number}.{place}" not in enough.over
    }  # fmt: skip
    over = {shards[int(id.partition(".")[0])][int(id.partition(".")[2])] for id in enough.over}
    assert len(left) == wanted
    assert not left & over


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path, write=True)
    yield made
    made.close()


def purse(ledger: Ledger, shards: list[list[int]], clock: Clock | None = None, **budget: float) -> Purse:
    prices = {"name": "m", "prompt_price": 1, "completion_price": 3, "solve": {"use": True}}
    recipe = Recipe.model_validate({"budget": budget, "model": prices})
    return Purse(recipe, ledger, SAMPLES, keys_in(shards), began=0.0, clock=clock or Clock())


def commit(ledger: Ledger, shard: int, read: int = 0, written: int = 0) -> None:
    counts = {"model.first.calls": 1, "model.first.prompt_tokens": read, "model.repair 1.completion_tokens": written}
    counts["model.repair 1.calls"] = 1
    ledger.commit(Commit("02-explain.solve_llm", shard, 1, 0, 0, {}, {}, 0.0, 0.0, counts=counts))
    ledger.commit(Commit(SAMPLES, shard, 1, 0, 0, {}, {}, 0.0, 0.0))


@pytest.mark.parametrize(
    ("budget", "spent"), [({"tokens": 300}, 300), ({"money": 0.0005}, 0.0005), ({"tokens": 299, "money": 9}, 300)]
)
def test_what_is_committed_counts(ledger: Ledger, budget: dict[str, float], spent: float) -> None:
    """Tokens read and written, on all rungs; a budget is spent when it is reached."""
    held = purse(ledger, [], **budget)
    commit(ledger, 0, 100, 50)
    assert not held.stop()
    assert held.stopped() is None
    commit(ledger, 1, 100, 50)
    name, limit = next(iter(budget.items()))
    assert held.stop()
    assert held.stopped() == {"by": name, "limit": limit, "spent": pytest.approx(spent)}
    assert held.released(range(3)) == ([0, 1], [])


def test_calls_that_no_budget_sees(ledger: Ledger) -> None:
    """Are counted where a budget would have to: of tokens and money, not of samples and time."""
    ledger.commit(Commit("02-explain.solve_llm", 0, 1, 0, 0, {}, {}, 0, 0, counts={"model.first.calls": 3, "model.first.uncounted": 2}))  # fmt: skip
    assert [purse(ledger, [], **{name: 5}).unseen() for name in ("samples", "tokens", "money", "hours")] == [0, 2, 2, 0]


def test_time_is_this_call_s(ledger: Ledger) -> None:
    """In hours."""
    clock = Clock()
    held = purse(ledger, [], clock, hours=0.5)
    clock.now = 1799.0
    assert not held.stop()
    clock.now = 1801.0
    assert held.stop()
    assert held.stopped() == {"by": "hours", "limit": 0.5, "spent": pytest.approx(1801 / 3600, abs=1e-6)}


def test_samples_come_before_what_else_was_spent(ledger: Ledger) -> None:
    """Shards under way may bring as many as are wanted after the tokens were spent: then exactly so many are there."""
    held = purse(ledger, [[1], [2, 3], [4]], samples=2, tokens=10)
    commit(ledger, 0, 20)
    assert held.stop()
    assert held.stopped()["by"] == "tokens"  # type: ignore[index]
    commit(ledger, 1)
    assert held.released(range(3)) == ([0, 1], ["1.1"])
    assert held.stopped() == {"by": "samples", "limit": 2, "spent": 2}


def test_no_budget_is_never_spent(ledger: Ledger) -> None:
    """However much was taken."""
    clock = Clock()
    held = purse(ledger, [[1], [2]], clock)
    commit(ledger, 0, 10**9, 10**9)
    commit(ledger, 1)
    clock.now = 1e9
    assert not held.stop()
    assert held.released(range(2)) == ([0, 1], [])
    assert held.stopped() is None
