"""What a training by itself takes from a run."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cotmill.base.ledger import RunFolderError
from cotmill.base.shards import write_shard
from cotmill.base.stage import CotmillError
from cotmill.compose.material import Material
from cotmill.training import programs_of
from flow.making import cotmill


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training") / "run"
    cotmill("run", "grounded", "--limit", "3", "--out", str(folder))
    return folder


def test_a_run_without_rounds_gives_what_it_executed(run: Path) -> None:
    """Each program once, with the inputs that it ran on."""
    found = programs_of(run)
    executed = [row for path in sorted(run.glob("*-execute.run/*.parquet")) for row in pq.read_table(path).to_pylist()]
    assert {material.code for material in found} == {row["code"] for row in executed}
    assert sum(len(material.cases) for material in found) == len(executed) > len(found) == 3


def test_the_pool_of_the_last_round_goes_before(run: Path) -> None:
    """Round 10 comes after round 9."""
    material = programs_of(run)[0]
    pools = {number: run / "models" / f"round-{number:02d}" / "pool.parquet" for number in (9, 10, 100)}
    for number, path in pools.items():
        write_shard(path, Material, [material] * number)
    assert len(programs_of(run)) == 100
    pools[100].unlink()
    assert len(programs_of(run)) == 10
    for path in pools.values():
        path.unlink(missing_ok=True)


def test_a_folder_that_is_no_run_is_one_message(tmp_path: Path) -> None:
    """Before anything heavy is read."""
    with pytest.raises(RunFolderError, match="not a cotmill run"):
        programs_of(tmp_path)


def test_a_run_that_executed_nothing_yet_is_one_message(run: Path, tmp_path: Path) -> None:
    """It says so, in place of a model of nothing."""
    (tmp_path / "recipe.yaml").write_text((run / "recipe.yaml").read_text())
    with pytest.raises(CotmillError, match="no executed programs yet"):
        programs_of(tmp_path)
