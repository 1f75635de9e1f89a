"""The count of programs for problems in words that are taken, true ones and fakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent.parent / "benchmarks" / "unify_llm.py"


def test_fakes_are_turned_away() -> None:
    """Status 0 says that none was taken; true ones are."""
    environment = {name: value for name, value in os.environ.items() if name != "COTMILL_SEEDS"}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "--limit", "6", "--json"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["asked"]["true"] >= 3 and figures["asked"]["the answer as a literal"] >= 3
    assert figures["taken"]["true"] >= figures["asked"]["true"] / 2
