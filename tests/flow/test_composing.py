"""`cotmill compose`: new programs of a run, by themselves."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cotmill import composing
from cotmill.base.recipe import load_recipe
from cotmill.base.stage import CotmillError
from cotmill.base.unified import split_program, whole_program
from cotmill.compose.structure import novelty_key
from cotmill.view.progress import Quiet
from flow.making import cotmill, tree_digest

RECIPE = """
name: composing
shard_pairs: 24
collect: {seeds: [{format: starter}], limit: 30}
compose: {rounds: 1, candidates: 24, inputs: 2, new_inputs: 0.25, min_novelty: 0.0}
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("composing") / "recipe.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="module")
def run(recipe: Path) -> Path:
    folder = recipe.parent / "run"
    cotmill("run", str(recipe), "--out", str(folder))
    return folder


@pytest.fixture(scope="module")
def plain(recipe: Path) -> Path:
    """A run without rounds."""
    folder = recipe.parent / "plain"
    cotmill("run", "grounded", "--limit", "12", "--out", str(folder))
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def compose(run: Path, out: Path, count: int, *overrides: str, generator: Path | None = None) -> list[dict[str, Any]]:
    composing.compose(run, out, count, overrides, generator, Quiet(io.StringIO(), time.monotonic))
    return rows(out)


def stage(run: Path, name: str) -> list[dict[str, Any]]:
    return [item for path in sorted(run.glob(f"*-{name}/*.parquet")) for item in pq.read_table(path).to_pylist()]


def test_rows_go_on_to_exec(run: Path, tmp_path: Path) -> None:
    """Nearly all of them run; ids tell programs and inputs apart, and which programs they were made of."""
    before = tree_digest(run)
    made = compose(run, tmp_path / "new.jsonl", 20)
    assert 30 <= len(made) <= 40
    assert len({row["id"] for row in made}) == len(made)
    assert all(row["id"].startswith("draw-2-") and row["parents"] and row["generator"] for row in made)
    cotmill("exec", "--jsonl", str(tmp_path / "new.jsonl"), "--out", str(tmp_path / "ran.jsonl"))
    ran = rows(tmp_path / "ran.jsonl")
    assert [row["id"] for row in ran] == [row["id"] for row in made]
    assert sum(row["status"] == "ok" for row in ran) > 0.8 * len(ran)
    assert tree_digest(run) == before


def test_new_programs_are_new(run: Path, tmp_path: Path) -> None:
    """But for those that are a proven one with new inputs."""
    known = {novelty_key(item["code"]) for item in stage(run, "execute.run")}
    for row in compose(run, tmp_path / "new.jsonl", 20):
        code, _ = split_program(row["code"])
        assert (novelty_key(code) in known) == (row["generator"] == "new-inputs")


def test_it_is_what_the_next_round_would_be(run: Path, recipe: Path, tmp_path: Path) -> None:
    """Of a run that goes on for one more round, program by program."""
    cotmill("run", str(recipe), "--set", "compose.rounds=2", "--out", str(tmp_path / "longer"))
    made = compose(run, tmp_path / "new.jsonl", 24)
    drawn = [item for item in stage(tmp_path / "longer", "compose.draw") if item["lineage"]["round"] == 2]
    expected = [
        (f"{item['id']}.{index}", whole_program(item["code"], input))
        for item in drawn for index, input in enumerate(item["inputs"])
    ]  # fmt: skip
    assert [(row["id"], row["code"]) for row in made] == expected


def test_the_same_again(run: Path, tmp_path: Path) -> None:
    """Fewer of them are the first of more; another seed gives others."""
    first = compose(run, tmp_path / "1.jsonl", 12)
    assert compose(run, tmp_path / "2.jsonl", 12) == first
    fewer = compose(run, tmp_path / "3.jsonl", 5)
    assert fewer == first[: len(fewer)]
    other = compose(run, tmp_path / "4.jsonl", 12, "seed=1")
    assert [row["code"] for row in other] != [row["code"] for row in first]


def test_a_run_without_rounds_composes_its_first(plain: Path, tmp_path: Path) -> None:
    made = compose(plain, tmp_path / "new.jsonl", 10, "compose.inputs=1")
    assert 7 <= len(made) <= 10
    assert all(row["id"].startswith("draw-1-") and row["id"].endswith(".0") for row in made)
    assert not (plain / "models").exists()


def test_json_counts_rows_and_rejects(run: Path, tmp_path: Path) -> None:
    """Each pair once; without --json a person reads the same. A folder that is not there is made."""
    arguments = ("compose", str(run), "--out", str(tmp_path / "deep" / "new.jsonl"), "--count", "9")
    counts = json.loads(cotmill(*arguments, "--json").stdout)
    assert counts["rows"] == len(rows(tmp_path / "deep" / "new.jsonl"))
    assert sum(counts.values()) == 18
    assert f"wrote {counts['rows']} rows to" in cotmill(*arguments).stdout


def mistake(run: Path, out: Path, *overrides: str, generator: Path | None = None) -> str:
    """The message; what was in the file before is there after."""
    out.write_text("mine\n")
    with pytest.raises(CotmillError) as caught:
        compose(run, out, 10, *overrides, generator=generator)
    assert out.read_text() == "mine\n"
    return str(caught.value)


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    """One message for a person, too."""
    assert "there is no folder" in mistake(tmp_path / "nowhere", tmp_path / "o")
    assert "not a cotmill run" in mistake(tmp_path, tmp_path / "o")
    done = cotmill("compose", str(tmp_path), "--out", str(tmp_path / "o"), status=1)
    assert done.stderr.startswith("cotmill: ") and len(done.stderr.splitlines()) == 1


def test_a_run_that_executed_nothing(plain: Path, tmp_path: Path) -> None:
    """Not yet, or none of its programs held."""
    (tmp_path / "R").mkdir()
    (tmp_path / "R" / "recipe.yaml").write_text((plain / "recipe.yaml").read_text())
    assert "no executed programs yet" in mistake(tmp_path / "R", tmp_path / "o")
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(
        json.dumps({"code": "def solution(n):\n    return 1 // 0\n", "entry": "solution", "inputs": [{"n": 1}]}) + "\n"
    )
    rounds = ("--set", "compose.rounds=1")
    cotmill("run", "grounded", "--seeds", str(seeds), *rounds, "--out", str(tmp_path / "failed"), status=1)
    assert "no executed programs yet" in mistake(tmp_path / "failed", tmp_path / "o")


def test_a_generator_that_is_not_there(run: Path, plain: Path, tmp_path: Path) -> None:
    """A wrong folder, or none trained: how to get one, and how to do without."""
    for folder in (run, plain):
        for says in (
            mistake(folder, tmp_path / "o", generator=tmp_path / "nowhere"),
            mistake(folder, tmp_path / "o", "compose.generator.share=0.5"),
        ):
            assert "there is no code generator in" in says
            assert f"cotmill train codegen {folder}" in says and "--generator" in says and "share=0" in says


def test_a_generator_that_is_given_writes_in_place_of_servers(plain: Path, tmp_path: Path) -> None:
    """Also where the recipe names some."""
    (tmp_path / "R").mkdir()
    for part in plain.iterdir():
        (tmp_path / "R" / part.name).symlink_to(part)
    (tmp_path / "R" / "recipe.yaml").unlink()
    recipe = load_recipe(str(plain / "recipe.yaml"), ("compose.generator.endpoints=[http://localhost:1]",))
    (tmp_path / "R" / "recipe.yaml").write_text(recipe.to_yaml())
    assert "there is no code generator in" in mistake(tmp_path / "R", tmp_path / "o", generator=tmp_path)


def test_a_recipe_that_cannot_be(run: Path, tmp_path: Path) -> None:
    assert "did you mean 'inputs'" in mistake(run, tmp_path / "o", "compose.input=3")
