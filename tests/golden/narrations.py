"""Gold files of narrations: `narration/NAME.py` begins with `# input: {...}`, `narration/NAME.txt` is its telling."""

from __future__ import annotations

import json
from pathlib import Path

from explain.narrating import narrated

FOLDER = Path(__file__).parent / "narration"
PREFIX = "# input: "


def programs() -> list[Path]:
    return sorted(FOLDER.glob("*.py"))


def telling(program: Path) -> str:
    """The narration of a gold program as it is now."""
    head, code = program.read_text(encoding="utf-8").split("\n", 1)
    return narrated(code, json.loads(head.removeprefix(PREFIX))) + "\n"
