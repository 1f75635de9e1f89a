"""The benchmark of model calls runs to its end. Figures of time are not looked at here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parent.parent / "benchmarks" / "model_calls.py"


def test_calls_are_counted() -> None:
    """Each is kept once, and all can be replayed."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    options = ["--json", "--calls", "60", "--memory", "120", "--in-flight", "4", "--latency", "0.005"]
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), *options], capture_output=True, text=True, check=False, env=clean
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["calls kept"] == 120
    assert found["replay: CPU ms a call"] > 0
