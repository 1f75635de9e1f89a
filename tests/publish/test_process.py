"""Rows of step-labelled solutions."""

from __future__ import annotations

import json

import pytest

from cotmill.publish.process import PROVEN, first_difference, row_of

STEPS = ("a = 1.", " b = 2.", "\nAnswer: 2")


def test_a_proven_solution_has_no_wrong_step() -> None:
    """Every label is True, and the first wrong step is none."""
    row = row_of("x", "Add.", STEPS, -1, PROVEN, right=True)
    assert (row.labels, row.first_wrong, row.kind) == ((True, True, True), -1, "proven")


@pytest.mark.parametrize(
    ("first", "labels"), [(0, [False, False, False]), (1, [True, False, False]), (2, [True, True, False])]
)
def test_labels_say_whether_the_solution_is_right_so_far(first: int, labels: list[bool]) -> None:
    """What follows from a wrong step is not right, however well it follows."""
    assert list(row_of("x/0", "Add.", STEPS, first, "digit", right=False).labels) == labels


def test_a_line_has_what_trl_reads_first() -> None:
    """The prompt ends in an empty line, since TRL puts nothing between it and the first step."""
    row = json.loads(row_of("x/0", "Addé.", STEPS, 1, "digit", right=True).line())
    assert list(row) == ["prompt", "completions", "labels", "id", "first_wrong", "kind", "right_answer"]
    assert row["prompt"] == "Addé.\n\n"
    assert "".join(row["completions"]) == "a = 1. b = 2.\nAnswer: 2"


def test_the_first_difference() -> None:
    """Of two tellings; none where one only goes on."""
    assert first_difference(("a", "b"), ("a", "c")) == 1
    assert first_difference(("a", "b"), ("a", "b", "c")) == -1
    assert first_difference((), ("a",)) == -1
