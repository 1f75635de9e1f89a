"""The card: YAML that the hub reads, whatever the recipe is called."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cotmill.base.ledger import Commit, Totals
from cotmill.base.recipe import Collect, Recipe, Source
from cotmill.publish.card import render_card

NAMES = ["demo", 'a "quoted" name', "it's", "back\\slash", "two\nlines", "colon: yes", "# no", "---", "\U0001f600 \u00e9", "{{ x }}", "\x07 \x85", "|", "", "long " * 60]  # fmt: skip


def card(name: str, samples: int = 5) -> str:
    total = Totals("09-publish.dedup")
    total.add(Commit(total.stage, 0, 1, samples + 3, samples, {"duplicate": 2, "error": 1}, {}, 1.0, 1.0))
    seeds = (Source(path="x", name="odd\nname", sha256="0" * 64),)
    return render_card(Recipe(name=name, collect=Collect(seeds=seeds)), [total], samples, "0.1.0")


def header(text: str) -> tuple[dict[str, Any], str]:
    """The YAML header, read as the hub reads it, and the rest."""
    assert text.startswith("---\n")
    front, _, body = text[4:].partition("\n---\n")
    return yaml.safe_load(front), body


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_yaml_for_any_name(name: str) -> None:
    """The name comes back as it is, and the keys around it too."""
    data, body = header(card(name))
    assert data["pretty_name"] == f"{name} (Cotmill)"
    assert data["configs"][0]["data_files"] == [{"split": "train", "path": "data/train-*.parquet"}]
    assert data["task_categories"] == ["text-generation"]
    lines = body.strip().splitlines()
    assert lines[0].startswith("#") and lines[0].split()[1:] == name.split()


def test_the_funnel_is_a_table_of_one_line_per_stage() -> None:
    """in, out, reasons in alphabetical order; an odd source name stays on its line."""
    text = card("demo")
    assert "| publish.dedup | 8 | 5 | duplicate 2, error 1 |\n" in text
    assert "- odd name, sha256 `000" in text


@pytest.mark.parametrize(("samples", "size"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (2_000_000, "n>1M")])
def test_the_size_is_one_that_the_hub_knows(samples: int, size: str) -> None:
    """Bounds belong to the larger class."""
    data, _ = header(card("demo", samples))
    assert data["size_categories"] == [size]
