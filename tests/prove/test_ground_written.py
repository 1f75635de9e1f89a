"""Solutions as language models write them, with LaTeX, lists, money, shares, arrows and words for numbers.

`written.jsonl`, one program a line: texts that follow its run, and the same with one thing wrong.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from prove.grounded import checked

PROGRAMS = [
    json.loads(line) for line in Path(__file__).with_name("written.jsonl").read_text(encoding="utf-8").splitlines()
]
RIGHT = [
    pytest.param(program, text, id=f"{program['name']} {number}")
    for program in PROGRAMS
    for number, text in enumerate(program["right"])
]
WRONG = [
    pytest.param(program, wrong["text"], id=f"{program['name']}: {wrong['why']}")
    for program in PROGRAMS
    for wrong in program["wrong"]
]


@pytest.mark.parametrize(("program", "text"), RIGHT)
def test_right_text_passes(program: dict[str, Any], text: str) -> None:
    """A text that follows the run passes, whatever its layout."""
    check = checked(program["code"], deepcopy(program["input"]), text)
    assert check.verdict == "pass", check.reason


@pytest.mark.parametrize(("program", "text"), WRONG)
def test_wrong_text_fails(program: dict[str, Any], text: str) -> None:
    """One wrong step is found, though the answer is right."""
    check = checked(program["code"], deepcopy(program["input"]), text)
    assert check.verdict == "fail"
    assert check.answer_ok
