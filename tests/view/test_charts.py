"""Histograms."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.view.charts import AXIS, WIDTH, Tally, histogram


def tally(values) -> Tally:
    made = Tally()
    for value in values:
        made.add(value)
    return made


def numbers(chart) -> int:
    return sum(int(bar.label.rpartition(": ")[2].replace(",", "")) for bar in chart.bars)


@settings(max_examples=100)
@given(st.lists(st.integers(0, 100_000) | st.integers(0, 30), min_size=1), st.booleans())
def test_no_value_is_lost_and_no_bar_leaves_the_drawing(values, whole):
    """Whatever is counted: the bars' counts add up, and they stand between the axis and the top."""
    chart = histogram("t", "u", tally(values), whole=whole)
    assert numbers(chart) == len(values)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 1
        assert 0 <= bar.y <= bar.y + bar.height <= AXIS + 0.1
    assert 1 <= len(chart.bars) <= 50


def test_a_long_tail_goes_into_the_last_bar():
    """One value in a thousand does not flatten the others."""
    chart = histogram("t", "u", tally([*range(100)] * 10 + [100_000]))
    assert chart.bars[-1].label.startswith(("95 and more", "96 and more", "100 and more"))
    assert chart.summary.endswith("largest 100,000")


def test_bars_are_labelled_with_the_values_they_hold():
    """Whole numbers do not overlap; single values stand alone; fractions keep their digits."""
    assert [bar.label for bar in histogram("t", "u", tally([1, 1, 2])).bars] == ["1: 2", "2: 1"]
    assert re.fullmatch(r"0 to 4: 5", histogram("t", "u", tally(range(100))).bars[0].label)
    assert histogram("t", "u", tally([0.3, 0.35, 2.7]), whole=False).bars[0].label == "0.3 to 0.4: 2"


def test_summary_in_words():
    """Median, mean, 95th percentile and maximum."""
    assert histogram("t", "u", tally(range(1, 101))).summary == "median 50, mean 50.5, 95 % up to 95, largest 100"


def test_nothing_counted_is_no_chart():
    """An empty run has no histogram."""
    assert histogram("t", "u", Tally()) is None


@pytest.mark.parametrize("value", [0, 7, 123456])
def test_equal_values_are_one_bar(value):
    """No spread, one bar."""
    assert len(histogram("t", "u", tally([value] * 5)).bars) == 1
