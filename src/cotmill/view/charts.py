"""Counts of values -> the geometry of a histogram; the page draws it as SVG."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from cotmill.view.display import count

__all__ = ["AXIS", "WIDTH", "Bar", "Histogram", "Tally", "figure", "histogram", "round_step"]

WIDTH, HEIGHT = 360, 150  # of the drawing, in SVG units; text below the axis included
AXIS = 126  # where the axis stands
BARS = 24  # about
EPSILON = 1e-9  # 0.3 / 0.1 is a little less than 3
WIDEST = 30  # of a bar, where there are few


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str  # for a tooltip: "120 to 140: 53"


@dataclass(frozen=True, slots=True)
class Histogram:
    """What the page draws: bars and ticks in SVG units, and the same in words."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    summary: str  # "median 12, mean 13.1, 95 % up to 40, largest 90"
    tallest: int


class Tally:
    """Counts values. Large ones are rounded to three digits, so that memory does not grow with the data."""

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.number, self.sum, self.largest = 0, 0.0, 0.0

    def add(self, value: float) -> None:
        self.number += 1
        self.sum += value
        self.largest = max(self.largest, value)
        self.counts[value if value < 1000 else float(f"{value:.3g}")] += 1

    def quantile(self, share: float) -> float:
        """The smallest value that at least this share of all values does not exceed; 0 where there are none."""
        seen = 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= share * self.number:
                return value
        return 0.0


def histogram(title: str, unit: str, tally: Tally, *, whole: bool = True) -> Histogram | None:
    """Bars of one width up to the 99th percentile; the last one takes what is beyond. None where nothing is counted."""
    if not tally.number:
        return None
    low, high = min(tally.counts), tally.quantile(0.99)
    step = round_step((high - low) / BARS, whole=whole)
    first = math.floor(low / step + EPSILON)
    number = max(1, math.floor(high / step + EPSILON) - first + 1)
    heights: Counter[int] = Counter()
    for value, times in tally.counts.items():
        heights[min(number - 1, math.floor(value / step + EPSILON) - first)] += times
    tallest, width = max(heights.values()), min(WIDEST, WIDTH / number)
    overflows = tally.largest >= (first + number) * step
    bars = tuple(
        Bar(
            round(index * width + 0.5, 2),
            round(AXIS - max(1.5, (AXIS - 8) * times / tallest), 2),
            round(max(1.0, width - 1), 2),
            round(max(1.5, (AXIS - 8) * times / tallest), 2),
            _label((first + index) * step, step, tally, times, whole=whole, open_end=overflows and index == number - 1),
        )
        for index, times in sorted(heights.items())
    )
    return Histogram(title, unit, bars, _ticks(first, number, step, width), _summary(tally), tallest)


def round_step(wanted: float, *, whole: bool) -> float:
    """The next round number: 1, 2 or 5 times a power of ten."""
    if wanted <= 0:
        return 1.0 if whole else 0.1
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= wanted * 0.999)
    return max(1.0, step) if whole else step


def _label(start: float, step: float, tally: Tally, times: int, *, whole: bool, open_end: bool) -> str:
    end = min(start + step - 1 if whole else start + step, tally.largest)
    to = " and more" if open_end else f" to {figure(end)}" if end > start else ""
    return f"{figure(start)}{to}: {count(times)}"


def _ticks(first: int, number: int, step: float, width: float) -> tuple[tuple[float, str], ...]:
    every = next(size for size in (1, 2, 5, 10, 20, 50) if number / size <= 6)
    return tuple(
        (round(index * width, 2), figure((first + index) * step))
        for index in range(number)
        if (first + index) % every == 0 and index * width < WIDTH - 12
    )


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < EPSILON else f"{value:,.3g}"


def _summary(tally: Tally) -> str:
    mean = tally.sum / tally.number
    median, most, largest = (figure(value) for value in (tally.quantile(0.5), tally.quantile(0.95), tally.largest))
    return f"median {median}, mean {mean:,.1f}, 95 % up to {most}, largest {largest}"
