"""Gold files of narrations: `narration/NAME.py` begins with `# input: {...}`, `narration/NAME.txt` is its telling and
`narration/NAME.plain.txt` the plainer one."""

from __future__ import annotations

import json
from pathlib import Path

from cotmill.base.records import Draft
from explain.narrating import drafted

FOLDER = Path(__file__).parent / "narration"
PREFIX = "# input: "


def programs() -> list[Path]:
    return sorted(FOLDER.glob("*.py"))


def tellings(program: Path) -> dict[Path, str]:
    """The narrations of a gold program as they are now, by the files that hold them."""
    head, code = program.read_text(encoding="utf-8").split("\n", 1)
    draft = drafted(code, json.loads(head.removeprefix(PREFIX)))
    assert isinstance(draft, Draft), draft
    return {program.with_suffix(".txt"): f"{draft.solution}\n", program.with_suffix(".plain.txt"): f"{draft.plainer}\n"}
