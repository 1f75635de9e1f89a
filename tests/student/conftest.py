"""What tests of students share."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.making import cotmill

DEMO = Path(__file__).parents[2] / "recipes" / "demo.yaml"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of built-in programs and of new ones made of them."""
    run = tmp_path_factory.mktemp("finished") / "run"
    few = ["compose.candidates=15", "compose.rounds=1", "compose.generator.share=0"]
    cotmill("run", str(DEMO), "--out", str(run), "--limit", "30", *(word for one in few for word in ("--set", one)))
    return run
