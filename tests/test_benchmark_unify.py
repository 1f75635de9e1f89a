"""The count of what becomes of seeds, beside what plain Python makes of them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from unify import measure

from cotmill.execute.sandbox import Sandbox

DOUBLE = "def f(n):\n    print('on the way')\n    return 2 * n"


def test_measure(tmp_path: Path):
    """Right, wrong in the seed itself, an input that does not fit, an error, no code."""
    rows = [
        (DOUBLE, [{"input": {"n": 2}, "output": 4}, {"input": {"n": 5}, "output": 10}]),
        (DOUBLE, [{"input": {"n": 3}, "output": 7}]),
        (DOUBLE, [{"input": {"n": 4}, "output": 8}, {"input": {"m": 1}, "output": 2}]),
        ("def f(n):\n    return 1 // n", [{"input": {"n": 0}, "output": 0}]),
        ("", [{"input": {"n": 0}, "output": 0}]),
    ]
    path = tmp_path / "seeds.jsonl"
    columns = {"problem_description": "Double it.", "io_requirements": "A number.", "funcname": "f"}
    path.write_text("".join(json.dumps({"refcode": code, "ios": ios, **columns}) + "\n" for code, ios in rows))
    with Sandbox() as box:
        table = measure(path, box, beside_plain=True)
    assert (table.seeds, table.programs, table.right, table.empty) == (4, 4, 1, 1)
    assert json.loads(json.dumps(asdict(table)))["rejects"] == {"bad-input": 1}
    assert (table.plain, table.as_plain) == (3, 2)
    (missing,) = table.missing
    assert "nor does plain Python" in missing
