"""Mistakes of the user's making and machines that refuse: one message, exit status 1, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow import making


@pytest.fixture
def seeds(tmp_path: Path) -> str:
    making.write_seeds(tmp_path / "seeds.jsonl", making.seed_rows(1))
    return str(tmp_path / "seeds.jsonl")


@pytest.mark.parametrize("out", ["seeds.jsonl", "seeds.jsonl/R", "/proc/nowhere/R", "x" * 300, "bad\udcff"])
def test_a_run_folder_that_cannot_be_made(seeds: str, tmp_path: Path, out: str) -> None:
    """A file, a place under a file, where nothing can be made, too long a name, a name that is not UTF-8."""
    before = making.tree_digest(tmp_path)
    done = making.cotmill("run", "grounded", "--seeds", seeds, "--out", out, cwd=tmp_path, status=1)
    assert done.stderr.startswith("cotmill: ") and len(done.stderr.splitlines()) == 1, done.stderr
    assert making.tree_digest(tmp_path) == before


@pytest.mark.parametrize(
    ("recipe", "key"), [("grounded-llm", "model.base_url"), ("caco-gpu", "compose.generator.endpoints")]
)
def test_an_address_that_is_none(tmp_path: Path, recipe: str, key: str) -> None:
    """Told before anything is made."""
    settings = ("--set", f"{key}=[http://localhost:8000/v1, localhost:8001]", "--set", "model.name=m")
    done = making.cotmill("run", recipe, *settings, "--out", "R", cwd=tmp_path, status=1)
    assert "endpoint 'localhost:8001' is no base URL" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert not (tmp_path / "R").exists()


@pytest.mark.parametrize("name", ["seeds.jsonl/recipe", "/proc/nowhere/recipe", "x" * 300])
def test_a_recipe_that_cannot_be_written(seeds: str, tmp_path: Path, name: str) -> None:
    """Under a file, where nothing can be made, too long a name."""
    done = making.cotmill("init", name, cwd=tmp_path, status=1)
    assert done.stderr.startswith("cotmill: ") and len(done.stderr.splitlines()) == 1, done.stderr


def test_seeds_whose_name_is_not_utf8(seeds: str, tmp_path: Path) -> None:
    """Ids and the recipe's copy could not hold it."""
    Path(seeds).rename(tmp_path / "bad\udcff.jsonl")
    done = making.cotmill("run", "grounded", "--seeds", "bad\udcff.jsonl", cwd=tmp_path, status=1)
    assert "not a UTF-8 name" in done.stderr


def test_seeds_named_by_a_dot_are_named_after_their_folder(tmp_path: Path) -> None:
    """`--seeds .` has no name of its own; ids begin with the folder's."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "p.py").write_text("def solution(n):\n    return n * 2\n\ninput = {'n': 3}\n")
    making.cotmill("run", "grounded", "--seeds", ".", "--out", "../R", cwd=tmp_path / "mine")
    (sample,) = making.samples(tmp_path / "R")
    assert sample["source"] == "mine" and sample["id"].startswith("mine-")


def test_the_same_file_twice_is_two_sources_of_distinct_ids(seeds: str, tmp_path: Path) -> None:
    """Every pair is counted, the copies are duplicates."""
    out = tmp_path / "R"
    making.cotmill("run", "grounded", "--seeds", seeds, "--seeds", seeds, "--out", str(out))
    ids = [item["id"] for item in making.samples(out)] + [item["id"] for item in making.rejects(out)]
    assert len(ids) == len(set(ids)) == 2 * sum(len(row["ios"]) for row in making.seed_rows(1))
    duplicates = sum(item["reason"] == "duplicate" for item in making.rejects(out))
    assert duplicates == len(making.samples(out))
