"""Figures over many grades, each with its 95 % interval.

Intervals are over questions: several texts for one question are one draw. A share of questions that are each right or
wrong has a Wilson interval; every other ratio has the 2.5th and 97.5th percentile of a bootstrap over questions, with
fixed chance, so that the same grades give the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Estimate", "mean", "over_seeds", "paired", "pass_at_k", "ratio", "t_quantile", "wilson"]

Z = 1.959963984540054  # 97.5th percentile of the normal distribution
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(successes: int, n: int) -> Estimate:
    """A share with Wilson's score interval (J. Am. Stat. Assoc. 22, 1927); unlike p +- 1.96 s it stays in 0 to 1 and
    is not empty for no or only successes."""
    if not 0 <= successes <= n or not n:
        raise ValueError(f"{successes} of {n} is no share")
    share, spread = successes / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Estimate(
        share, max(0.0, middle - half) if successes else 0.0, min(1.0, middle + half) if successes < n else 1.0
    )


def pass_at_k(n: int, correct: int, k: int) -> float:
    """Chance that one of k texts drawn from these n is right, `1 - C(n-c, k) / C(n, k)` (Chen et al., arXiv
    2107.03374): unbiased, which `1 - (1 - c/n)**k` is not."""
    if not 0 <= correct <= n or not 1 <= k <= n:
        raise ValueError(f"no pass@{k} of {correct} right texts among {n}")
    return 1 - math.comb(n - correct, k) / math.comb(n, k)


def ratio(tops: Sequence[float], bottoms: Sequence[float] | None = None) -> Estimate | None:
    """A share: sum of `tops` over sum of `bottoms`, a pair for each question; without `bottoms` the mean of `tops`.
    None where the bottoms come to nothing."""
    top = np.asarray(tops, dtype=np.float64)
    bottom = np.ones_like(top) if bottoms is None else np.asarray(bottoms, dtype=np.float64)
    top, bottom = top[bottom > 0], bottom[bottom > 0]
    if not len(top):
        return None
    if set(bottom.tolist()) == {1.0} and set(top.tolist()) <= {0.0, 1.0}:
        return wilson(int(top.sum()), len(top))
    if not top.any() or bool((top == bottom).all()):  # a bootstrap would be certain of what it never saw otherwise
        return wilson(len(top) if top.any() else 0, len(top))
    return mean(top, bottom)


def mean(tops: Sequence[float], bottoms: Sequence[float]) -> Estimate | None:
    """The same of what is counted and no share, such as tokens."""
    top, bottom = (np.asarray(values, dtype=np.float64) for values in (tops, bottoms))
    top, bottom = top[bottom > 0], bottom[bottom > 0]
    if not len(top):
        return None
    chance = np.random.default_rng(len(top))
    draws = (chance.integers(0, len(top), len(top)) for _ in range(RESAMPLES))
    resampled = [float(top[draw].sum() / bottom[draw].sum()) for draw in draws]
    low, high = (float(np.quantile(resampled, share)) for share in (0.025, 0.975))
    return Estimate(float(top.sum() / bottom.sum()), low, high)


def t_quantile(freedom: int) -> float:
    """97.5th percentile of Student's t distribution, to nine digits."""
    if freedom < 1:
        raise ValueError("a t distribution has at least one degree of freedom")
    low, high = 0.0, 64.0
    while high - low > 1e-10:
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """Chance that a t value lies between -t and t (Abramowitz and Stegun, 26.7.3 and 26.7.4: finite sums)."""
    angle = math.atan(t / math.sqrt(freedom))
    odd = freedom % 2
    term, total = (math.cos(angle), 0.0) if odd else (1.0, 0.0)
    for step in range(1 + odd, freedom, 2):
        total += term
        term *= math.cos(angle) ** 2 * step / (step + 1)
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total


def over_seeds(accuracies: Sequence[float], questions: int) -> Estimate:
    """Mean accuracy over training seeds, all measured on the same questions, with an interval for other seeds and
    other questions alike.

    Half its width is `sqrt((t s / sqrt(n))**2 + 1.96**2 p (1 - p) / N)` for n seeds and N questions; `p` in it is drawn
    to one half by two right and two wrong answers (Agresti and Coull 1998), so that no accuracy of 0 or 1 is certain.
    One seed says nothing of how seeds differ: its interval is for other questions alone.
    """
    if not accuracies or questions < 1:
        raise ValueError("no accuracies, or no questions")
    mean = math.fsum(accuracies) / len(accuracies)
    drawn = (mean * questions + 2) / (questions + 4)
    half = math.hypot(_seed_part(accuracies, mean), Z * math.sqrt(drawn * (1 - drawn) / (questions + 4)))
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half))


def paired(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> Estimate:
    """Mean of ours minus theirs: two arms, a row for each training seed, a column for each question, 1 where the
    answer was right (or the share of right ones).

    Seeds and questions are the same for both, so what makes one seed or question easy for both cancels out. The
    interval is as in `over_seeds`, with the variance of the questions' differences (each the mean over seeds) in the
    place of p (1 - p); one question more that ours alone answers right, and one that theirs does, are counted in it and
    in its middle (Bonett and Price 2012), so that no difference is certain.
    """
    shape = {len(row) for row in (*ours, *theirs)}
    if len(ours) != len(theirs) or not ours or len(shape) != 1 or shape == {0}:
        raise ValueError("two arms that are compared need the same seeds and the same questions")
    gap = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    mean = float(gap.mean())
    by_question = np.asarray([*gap.mean(axis=0).tolist(), 1.0, -1.0], dtype=np.float64)
    questions = Z * float(by_question.std()) / math.sqrt(len(by_question))
    half = math.hypot(_seed_part(gap.mean(axis=1).tolist(), mean), questions)
    middle = float(by_question.mean())
    return Estimate(mean, max(-1.0, middle - half), min(1.0, middle + half))


def _seed_part(values: Sequence[float], mean: float) -> float:
    """Half the width of Student's interval for the mean of these."""
    n = len(values)
    if n < 2:
        return 0.0
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return t_quantile(n - 1) * math.sqrt(variance / n)
