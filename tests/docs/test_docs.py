"""The pages that describe the code agree with the code."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from cotmill.base import records
from cotmill.base.reasons import Reason
from cotmill.base.recipe import Recipe
from cotmill.execute.rules import FAMILY_RULES, OUTCOME_RULES, PROGRAM_RULES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_reason_has_its_heading_in_order() -> None:
    """docs/reasons.md lists the closed list, in the order of the source."""
    headings = re.findall(r"^### (\S+)$", (DOCS / "reasons.md").read_text(), re.MULTILINE)
    assert headings == [str(reason) for reason in Reason]


def test_every_record_field_is_described() -> None:
    """docs/records.md has a table for each record with exactly its fields, in order."""
    text = (DOCS / "records.md").read_text()
    for name in records.__all__:
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| ([^|]*`[^|]*) \|", section, re.MULTILINE)
        fields = [field for row in rows for field in re.findall(r"`(\w+)`", row)]
        assert fields == [field.name for field in dataclasses.fields(getattr(records, name))], name


def test_every_rule_is_described() -> None:
    """docs/recipes.md says what each rule is for."""
    text = (DOCS / "recipes.md").read_text()
    for reason in (*PROGRAM_RULES, *OUTCOME_RULES, *FAMILY_RULES):
        assert f"`{reason}`" in text


def recipe_keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys += recipe_keys(inner, f"{prefix}{name}.")
        else:
            keys.append(prefix + name)
    return keys


def described_keys() -> set[str]:
    """Keys in the first column of docs/recipes.md. A cell may hold several; a name alone stands in for the last part."""
    found: set[str] = set()
    for cell in re.findall(r"^\| (`[^|]+`) \|", (DOCS / "recipes.md").read_text(), re.MULTILINE):
        section = ""
        for key in re.findall(r"`([\w.]+)`", cell):
            section = key.rpartition(".")[0] or section
            found.add(f"{section}.{key.rpartition('.')[2]}".lstrip("."))
    return found


@pytest.mark.parametrize("key", recipe_keys(Recipe))
def test_every_recipe_key_is_described(key: str) -> None:
    """docs/recipes.md has a row for each key with its default; what every task of a model has stands there once."""
    for_all = re.sub(r"^model\.[a-z]+\.(\w+)$", r"model.TASK.\1", key)
    assert {key, for_all} & described_keys()


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *DOCS.rglob("*.md")], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A relative link in a page names a file that exists."""
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target
