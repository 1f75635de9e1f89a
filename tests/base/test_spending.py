"""From a run's counts and prices to what its models cost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.ledger import Totals
from cotmill.base.model_settings import ModelSettings
from cotmill.base.spending import bills, has_prices, in_all, money, per_sample, served

RUNGS = ("first", "repair 1", "repair 2", "sample 2", "sample 2 repair 1", "sample 2 repair 2", "sample 10")
WHAT = ("calls", "passed", "prompt_tokens", "completion_tokens", "uncounted", "ms")


def stage(name: str, counts: dict[str, int]) -> Totals:
    return Totals(name, counts=Counter(counts))


def counted(rung: str, *numbers: int) -> dict[str, int]:
    return {f"model.{rung}.{what}": number for what, number in zip(WHAT, numbers, strict=False)}


PRICED = ModelSettings.model_validate({
    "name": "large", "prompt_price": 0.5, "completion_price": 2,
    "judge": {"use": True, "name": "small", "completion_price": 0.1}, "solve": {"use": True},
    "problem": {"name": "own", "base_url": "http://here/v1"},
})  # fmt: skip


def test_each_rung_has_its_yield_and_its_cost() -> None:
    """A million tokens cost the price; what stands below the ladder costs nothing and is counted apart."""
    counts = counted("first", 10, 6, 4_000_000, 1_000_000, 1, 2500) | counted(
        "repair 1", 4, 3, 2_000_000, 500_000, 0, 800
    )
    why = {"model.first.no-claims": 1, "model.first.refuted-claim": 3, "model.repair 1.no-claims": 1}
    (bill,) = bills(PRICED, [stage("07-explain.solve_llm", {**counts, **why, "model.narration.passed": 1})])
    assert list(bill.objections.items()) == [("refuted-claim", 3), ("no-claims", 2)]
    assert (bill.model, list(bill.rungs), bill.below) == ("large", ["first", "repair 1"], {"narration": 1})
    assert bill.rungs["first"].cost == pytest.approx(0.5 * 4 + 2 * 1)
    assert bill.rungs["repair 1"].cost == pytest.approx(0.5 * 2 + 2 * 0.5)
    whole = bill.whole
    assert (whole.calls, whole.passed, whole.tokens, whole.uncounted) == (14, 9, 7_500_000, 1)
    assert whole.seconds == pytest.approx(3.3)
    assert whole.cost == pytest.approx(6.0)
    assert per_sample(whole, 9)["cost_per_sample"] == pytest.approx(6 / 9)
    assert per_sample(whole, 0)["cost_per_sample"] is per_sample(whole, 0)["tokens_per_sample"] is None


def test_a_task_has_the_prices_of_the_model_that_does_it() -> None:
    """Its own where it names one, the section's otherwise; a stage is known by its task, with or without `_llm`."""
    found = {name: (by.name, by.prompt_price, by.completion_price) for name in ("08-prove.judge", "collect.unify_llm", "compose.draw", "explain.problem_llm") for by in [served(PRICED, name)]}  # fmt: skip
    assert found == {
        "08-prove.judge": ("small", 0, 0.1), "collect.unify_llm": ("large", 0.5, 2), "compose.draw": ("large", 0.5, 2),
        "explain.problem_llm": ("own", 0, 0),
    }  # fmt: skip


def test_no_price_is_no_cost_at_all() -> None:
    """Not 0; and a model without a price adds nothing to one that has one."""
    counts = counted("first", 1, 1, 1_000_000, 1_000_000)
    unpriced = bills(ModelSettings(name="m"), [stage("07-explain.solve_llm", counts)])
    assert in_all(unpriced).cost is None
    assert per_sample(in_all(unpriced), 1)["cost"] is None
    mixed = bills(PRICED, [stage("07-explain.solve_llm", counts), stage("05-explain.problem_llm", counts)])
    assert [bill.whole.cost for bill in mixed] == [2.5, None]
    assert in_all(mixed).cost == 2.5
    assert has_prices(PRICED)
    assert not has_prices(ModelSettings.model_validate({"name": "m", "prompt_price": 1}))  # nothing is asked of it
    assert not bills(PRICED, [stage("04-execute.run", {"other": 3})])


@given(st.permutations(RUNGS))
def test_rungs_come_in_the_order_of_asking(names: list[str]) -> None:
    """Whatever worker counted which first; what stands below comes last."""
    counts = {"model.template.passed": 1, "model.unasked.passed": 2}
    for name in names:
        counts |= counted(name, 1)
    (bill,) = bills(PRICED, [stage("07-explain.solve_llm", counts)])
    assert tuple(bill.rungs) == RUNGS
    assert bill.below == {"template": 1, "unasked": 2}


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0.00"), (12.4, "12.40"), (1234567.891, "1,234,567.89"), (0.31, "0.31"), (0.05, "0.050"), (0.00052, "0.00052"),
     (0.000611207, "0.00061"), (1e-9, "0.0000000010")],
)  # fmt: skip
def test_money_says_something(amount: float, text: str) -> None:
    """However little it is."""
    assert money(amount) == text
