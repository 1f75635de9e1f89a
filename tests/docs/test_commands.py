"""The commands on the pages run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"^(?:#|<!--) (?P<file>\S+?),? ?(?:(?P<where>after|before|at the end) ?(?P<anchor>.*?))?(?: -->)?$")
SETS_UP = "make test\n"  # what these tests run inside of


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / page).read_text())


def shell(script: str, cwd: Path, source: Path) -> str:
    """Run a block as a reader would, with this environment's programs and the given sources."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(source),
        "COLUMNS": "100",
    }
    done = subprocess.run(
        ["bash", "-ec", script], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_tutorial_runs(tmp_path: Path) -> None:
    """Files saved, commands executed in order; the check finds the wrong step and only that one."""
    printed = []
    for language, text in blocks("docs/tutorial.md"):
        if language == "python" and text.startswith("# orders.py\n"):
            (tmp_path / "orders.py").write_text(text)
        elif language == "json":
            (tmp_path / "solutions.jsonl").write_text(text)
        else:
            script = text if language == "sh" else f"{sys.executable} - <<'END'\n{text}END"
            printed.append(shell(script, tmp_path, ROOT / "src"))
    assert "68" in printed[0]
    checked = [json.loads(line) for line in (tmp_path / "checked.jsonl").read_text().splitlines()]
    assert [(row["id"], row["verdict"]) for row in checked] == [("right", "pass"), ("wrong", "fail")]
    assert "orders-" in printed[-1]


def test_the_readme_runs(tmp_path: Path) -> None:
    """The part on one's own programs; setting up and `make demo` are what continuous integration does."""
    scripts = [text for language, text in blocks("README.md") if language == "sh" and "my-programs" in text]
    assert len(scripts) == 1
    (tmp_path / ".venv").symlink_to(sys.prefix)
    printed = shell(scripts[0], tmp_path, ROOT / "src")
    assert "2 samples" in printed
    assert "Answer: 26" in printed


def test_composing_runs_as_the_readme_says(tmp_path: Path) -> None:
    (script,) = (text for language, text in blocks("README.md") if language == "sh" and "run caco" in text)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    printed = shell(script, tmp_path, ROOT / "src")
    assert "compose.draw" in printed
    assert "draws" in printed


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project to change."""
    for name in ("src", "tests", "docs", "lab", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def edit(checkout: Path, text: str) -> None:
    """Put a block where its first line says."""
    first, _, body = text.partition("\n")
    place = PLACE.match(first)
    assert place, f"this block does not say where it goes: {first}"
    path = checkout / place["file"]
    content = path.read_text()
    if place["where"] == "at the end":
        path.write_text(content + body)
        return
    anchor = place["anchor"].removesuffix(" ...")
    lines = content.splitlines(keepends=True)
    index = next(number for number, line in enumerate(lines) if line.strip().startswith(anchor.strip()))
    lines.insert(index + (place["where"] == "after"), body)
    path.write_text("".join(lines))


def test_the_first_change_works(checkout: Path) -> None:
    """Every edit on the page made where it says, every command run: the new rule's test passes, and rejects are counted."""
    printed = ""
    for language, text in blocks("docs/first-change.md"):
        if language == "sh":
            printed += "" if text == SETS_UP else shell(text, checkout, checkout / "src")
        else:
            edit(checkout, text)
    assert "no-repetition" in printed
