"""The examples of docs/seeds.md are read and unified as the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from collect.unified import STAGE, output
from cotmill.base.records import Program, Seed
from cotmill.collect.sources import FORMATS, read
from cotmill.collect.sources.rows import NAMES

PAGE = (Path(__file__).parents[2] / "docs" / "seeds.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {title: re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for title, text in _SECTION.findall(PAGE)}


def outputs(path: Path) -> list[object]:
    """What the programs of a file give on their inputs; a known answer must be equal."""
    found: list[object] = []
    for seed in read(path, "auto", {}, source="t", max_row_mb=1):
        assert isinstance(seed, Seed), seed
        (program,) = STAGE(seed)
        assert isinstance(program, Program), program
        for given, answer in zip(program.inputs, program.answers, strict=True):
            found.append(output(program.code, json.loads(given)))
            assert not answer or json.loads(answer) == found[-1]
    return found


def test_examples(tmp_path: Path):
    """Every worked example is read without a field map and gives its answer."""
    files = {
        "A folder of programs": "a.py",
        "JSON lines": "a.jsonl",
        "Parquet and CSV": "a.csv",
        "PyEdu and PAL": "rows",
    }
    for title, name in files.items():
        (tmp_path / name).write_text(SECTIONS[title][0], encoding="utf-8")
    assert outputs(tmp_path / "a.py") == [{"100": 3, "50": 1, "10": 1, "5": 0, "1": 3}, {"10": 3, "2": 0, "1": 0}]
    assert outputs(tmp_path / "a.jsonl") == [16]
    assert outputs(tmp_path / "a.csv") == [16]
    for number, line in enumerate(SECTIONS["PyEdu and PAL"][0].splitlines()):
        (tmp_path / f"{number}.jsonl").write_text(line, encoding="utf-8")
    assert (outputs(tmp_path / "0.jsonl"), outputs(tmp_path / "1.jsonl")) == ([16, 25], [13])


def test_equations(tmp_path: Path):
    """Rows with equations give the program that the page shows, and their answers."""
    rows, shown = SECTIONS["Equations"]
    for number, line in enumerate(rows.splitlines()):
        (tmp_path / f"{number}.jsonl").write_text(line, encoding="utf-8")
    assert (outputs(tmp_path / "0.jsonl"), outputs(tmp_path / "1.jsonl")) == ([21], [5])
    (seed,) = read(tmp_path / "0.jsonl", "auto", {}, source="t", max_row_mb=1)
    assert isinstance(seed, Seed)
    (program,) = STAGE(seed)
    assert isinstance(program, Program)
    assert program.code == shown.strip()


def test_stated_examples(tmp_path: Path):
    """A doctest and an assert are two inputs with known answers."""
    (tmp_path / "a.jsonl").write_text(SECTIONS["Examples in place of inputs"][0], encoding="utf-8")
    assert outputs(tmp_path / "a.jsonl") == [10, 8]


def test_names():
    """The page names every format and every column."""
    assert [name for name in (*FORMATS, *NAMES) if f"`{name}`" not in PAGE and f"`format: {name}`" not in PAGE] == []
