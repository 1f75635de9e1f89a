"""Narrations of a dozen small programs, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.narrations import programs, tellings


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.stem)
def test_gold_narrations(program: Path) -> None:
    """Both tellings are the ones that were read and found good; `make golden` writes them anew."""
    for gold, now in tellings(program).items():
        assert now == gold.read_text(encoding="utf-8")


def test_there_are_gold_narrations() -> None:
    """The folder is found."""
    assert len(programs()) >= 12
