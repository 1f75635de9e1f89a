"""Figures and their intervals, against values that others published or that enumeration gives."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.student.benchmarks import Task
from cotmill.student.figures import Estimate, mean, over_seeds, paired, pass_at_k, ratio, t_quantile, wilson
from cotmill.student.grade import Grade
from cotmill.student.summary import summarise
from publish.samples import sample


@pytest.mark.parametrize(
    ("freedom", "value"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_t_quantiles_are_those_of_the_tables(freedom: int, value: float) -> None:
    """Two-sided 95 %, to the three places that tables print."""
    assert t_quantile(freedom) == pytest.approx(value, abs=5e-4)


def test_t_comes_to_the_normal_quantile() -> None:
    """For many degrees of freedom, from above."""
    assert 1.959963 < t_quantile(20_000) < 1.9602


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_as_newcombe_has_it(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    got = wilson(successes, n)
    assert (got.value, got.low, got.high) == (
        successes / n, pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5)
    )  # fmt: skip


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share_and_is_symmetric(case: tuple[int, int]) -> None:
    """In 0 to 1, and failures have the mirrored interval."""
    successes, n = case
    got, mirrored = wilson(successes, n), wilson(n - successes, n)
    assert 0 <= got.low <= got.value <= got.high <= 1
    assert got.low == pytest.approx(1 - mirrored.high)
    assert got.high > got.low


@pytest.mark.parametrize(("n", "correct", "k"), [(5, 2, 1), (5, 2, 3), (6, 0, 2), (6, 6, 2), (4, 1, 4), (7, 3, 2)])
def test_pass_at_k_is_the_share_of_draws_with_a_right_one(n: int, correct: int, k: int) -> None:
    """By enumeration of all draws."""
    draws = list(itertools.combinations([1] * correct + [0] * (n - correct), k))
    assert pass_at_k(n, correct, k) == pytest.approx(sum(any(draw) for draw in draws) / len(draws))


def test_what_is_no_share_is_an_error() -> None:
    """Not a figure."""
    for broken in (lambda: wilson(3, 2), lambda: wilson(0, 0), lambda: pass_at_k(3, 1, 4), lambda: t_quantile(0)):
        with pytest.raises(ValueError, match=r"no|at least"):
            broken()


def test_a_ratio_is_of_sums_and_its_interval_over_questions() -> None:
    """Right or wrong: Wilson. Else a bootstrap, the same at each call, near what the normal distribution gives."""
    assert ratio([1.0, 0.0, 1.0, 1.0]) == wilson(3, 4)
    assert ratio([]) is None
    assert ratio([0.0, 0.0], [0.0, 0.0]) is None
    tops, bottoms = [3.0, 1.0, 0.0, 4.0] * 50, [4.0, 4.0, 0.0, 4.0] * 50
    got = ratio(tops, bottoms)
    assert got == ratio(tops, bottoms)
    assert got is not None
    assert got.value == pytest.approx(8 / 12)
    kept = np.array([3, 1, 4] * 50) / 4
    half = 1.96 * kept.std() / np.sqrt(len(kept))
    assert (got.value - got.low, got.high - got.value) == (
        pytest.approx(half, rel=0.15), pytest.approx(half, rel=0.15)
    )  # fmt: skip


def test_seeds_and_questions_widen_the_interval() -> None:
    """Worked by hand: s = 0.05, t = 4.3027, n = 3, N = 500, p = 0.55."""
    got = over_seeds([0.5, 0.55, 0.6], 500)
    seeds, questions = 4.30265 * 0.05 / 3**0.5, 1.95996 * (0.55 * 0.45 / 500) ** 0.5
    assert got.value == pytest.approx(0.55)
    assert got.high - got.value == pytest.approx((seeds**2 + questions**2) ** 0.5, rel=0.005)
    assert over_seeds([0.55], 500).high - 0.55 == pytest.approx(questions, rel=0.01)


def test_no_accuracy_is_certain() -> None:
    """Three seeds without a right answer among 100 questions leave room for some."""
    none, every = over_seeds([0.0] * 3, 100), over_seeds([1.0] * 3, 100)
    assert none.low == 0.0
    assert 0.02 < none.high < 0.06
    assert (every.low, every.high) == (pytest.approx(1 - none.high), 1.0)


def test_pairs_cancel_what_both_arms_share() -> None:
    """An arm that solves two questions more, out of 40 of any difficulty, with all seeds."""
    hard = [float(question % 4 == 0) for question in range(40)]
    better = [1.0, 1.0, *hard[2:]]
    got = paired([better] * 3, [hard] * 3)
    assert got.value == pytest.approx(1 / 40)
    one = over_seeds([sum(better) / 40] * 3, 40)
    apart = (one.high - one.low) * 2**0.5  # of a difference of two such
    assert got.high - got.low < apart / 2
    swapped = paired([hard] * 3, [better] * 3)
    assert (swapped.value, swapped.low, swapped.high) == (-got.value, -got.high, -got.low)
    with pytest.raises(ValueError, match="same seeds and the same questions"):
        paired([hard], [better, better])
    with pytest.raises(ValueError, match="same seeds and the same questions"):
        paired([hard], [hard[1:]])


def test_a_mean_is_no_share() -> None:
    """First wrong steps that are all the first are no sign that others are not."""
    assert mean([1.0] * 30, [1.0] * 30) == Estimate(1.0, 1.0, 1.0)
    assert mean([], []) is None
    found = mean([3.0, 5.0, 4.0], [1.0, 1.0, 1.0])
    assert found is not None
    assert 3.0 <= found.low < found.value == 4.0 < found.high <= 5.0


def test_no_difference_is_certain() -> None:
    """Two questions that one arm alone answers right say little; nor do many that both answer alike say all."""
    few = paired([[1.0, 1.0]], [[0.0, 0.0]])
    assert few.low < 0 < few.value == few.high == 1.0
    alike = paired([[1.0] * 100] * 3, [[1.0] * 100] * 3)
    assert (alike.low, alike.value, alike.high) == (pytest.approx(-0.0272, abs=1e-4), 0.0, -alike.low)


def test_the_paired_interval_holds_what_it_says() -> None:
    """2,000 experiments with one seed and 30 questions, of which the arms answer few differently."""
    chance = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        ours_alone, theirs_alone = (chance.random((2, 30)) < [[0.2], [0.05]]).astype(float)
        both = ours_alone * theirs_alone
        got = paired([ours_alone - both], [theirs_alone - both])
        held += got.low <= 0.2 * 0.95 - 0.05 * 0.8 <= got.high
    assert 0.94 <= held / 2000 <= 0.99


def test_the_intervals_hold_what_they_say() -> None:
    """400 experiments with 3 seeds that differ by 0.05: about 95 % of the intervals hold the true accuracy."""
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        true = 0.6
        questions = chance.normal(0, 0.2, 200)
        seeds = chance.normal(0, 0.05, 3)
        p = np.clip(true + questions[None, :] + seeds[:, None], 0, 1)
        accuracies = (chance.random(p.shape) < p).mean(axis=1)
        got = over_seeds(accuracies.tolist(), 200)
        held += got.low <= true <= got.high
    assert 0.93 <= held / 400 <= 1.0


def a_grade(task: str, *, correct: bool, process: Any = "none", steps: Sequence[bool] = (), tokens: int = 10) -> Grade:
    return Grade(
        task, correct, "right" if correct else "wrong", "5", process, len(steps), sum(steps),
        -1 if all(steps) else list(steps).index(False), 0.1, False, tokens, True,
    )  # fmt: skip


def test_a_summary_has_each_benchmark_and_each_direction() -> None:
    """Worked by hand, and writable as JSON."""
    forward = sample("def solution(n):\n    return n * n\n", {"n": 3}, id="p.0")
    backward = dataclasses.replace(forward, id="p.1", direction="backward", asked="n")
    tasks = [
        Task("g-1", "?", "5", "g"), Task("g-2", "?", "5", "g"), Task("g-3", "?", "5", "g"),
        Task("p.0", "?", "9", "held-out", forward), Task("p.1", "?", "3", "held-out", backward),
    ]  # fmt: skip
    grades = [
        a_grade("g-1", correct=True), a_grade("g-1", correct=False), a_grade("g-2", correct=False, tokens=30),
        a_grade("g-2", correct=False), a_grade("p.0", correct=True, process="wrong", steps=(True, False, True)),
        a_grade("p.1", correct=True, process="verified", steps=(True,)),
    ]  # fmt: skip
    got = summarise(grades, tasks)
    json.dumps(got, allow_nan=False)
    assert list(got) == ["g", "held-out"]
    g = got["g"]
    assert (g["questions"], g["without_output"], g["outputs"], g["accuracy"]["value"]) == (2, 1, 4, 0.25)
    assert list(g["pass_at"]) == ["1", "2"]
    assert (g["pass_at"]["1"]["value"], g["pass_at"]["2"]["value"]) == (0.25, 0.5)
    assert (g["tokens"]["value"], g["tokens_median"]) == (15.0, 10)
    assert (g["process"]["outputs"], g["process"]["verified_steps"]) == (0, None)
    assert "directions" not in g
    held = got["held-out"]
    assert list(held["directions"]) == ["forward", "backward"]
    assert held["process"]["steps"] == 4
    assert held["process"]["verified_steps"]["value"] == 0.75
    assert held["process"]["verified_outputs"]["value"] == 0.5
    assert held["process"]["right_by_wrong_steps"]["value"] == 0.5
    assert held["process"]["first_wrong_step"]["value"] == 2.0
    assert held["directions"]["backward"]["process"]["first_wrong_step"] is None


def test_the_order_of_the_grades_changes_nothing() -> None:
    """Outputs come in the order in which servers answer."""
    tasks = [Task(f"g-{n}", "?", "5", "g") for n in range(20)]
    grades = [a_grade(f"g-{n}", correct=(n * k) % 3 == 1, tokens=n * k) for n in range(20) for k in range(4)]
    assert summarise(grades, tasks) == summarise(grades[::-1], tasks)


def test_a_grade_of_no_task_is_an_error() -> None:
    """And so are two tasks of one id."""
    tasks = [Task("g-1", "?", "5", "g")]
    with pytest.raises(ValueError, match="g-2, which is no task"):
        summarise([a_grade("g-2", correct=True)], tasks)
    with pytest.raises(ValueError, match="the same id"):
        summarise([], tasks * 2)
    assert summarise([], tasks)["g"]["accuracy"] is None


def test_no_share_of_nothing_or_all_is_certain() -> None:
    """Also with several texts for each question."""
    none, every = ratio([0.0] * 50, [4.0] * 50), ratio([4.0] * 50, [4.0] * 50)
    assert none is not None
    assert every is not None
    assert (none.value, every.value) == (0.0, 1.0)
    assert none.high > 0.05
    assert every.low < 0.95
