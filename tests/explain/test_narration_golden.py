"""Narrations of a dozen small programs, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.narrations import programs, telling


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.stem)
def test_gold_narrations(program: Path) -> None:
    """The telling is the one that was read and found good; `make golden` writes it anew."""
    assert telling(program) == program.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_gold_narrations() -> None:
    """The folder is found."""
    assert len(programs()) >= 12
