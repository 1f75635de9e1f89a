"""The samples of a run, and what is behind them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cotmill.base.stage import CotmillError
from cotmill.base.trace import Trace
from cotmill.prove.directions import check_answer
from cotmill.student.samples import known
from flow.making import samples


def test_each_sample_has_its_execution(finished: Path) -> None:
    """In the order of the data set; and the solution still passes against it, question and all."""
    found = known(finished)
    assert [one.sample.id for one in found] == [row["id"] for row in samples(finished)]
    for one in found:
        execution = one.execution
        assert execution.id == one.sample.id
        assert one.sample.code.startswith(execution.code.rstrip())
        assert (execution.input, execution.answer) == (one.sample.input, one.sample.output)
        assert execution.lineage == one.sample.lineage
        assert Trace.parse(execution.trace).lines == one.sample.n_steps
    for one in found[::5]:
        assert check_answer(one.question, one.sample.solution, one.mode).verdict == "pass"
    assert {one.question.direction for one in found} == {"forward", "backward", "variable"}


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("recipe.yaml", "is not a cotmill run"),
        ("dataset", "is not finished"),
        ("dataset/data/*", "holds no samples"),
        ("*-prove.ground/part-00000.parquet", "is gone; the same `cotmill run` makes it again"),
        ("ledger/*-prove.ground.jsonl", "does not hold what sample .* was proven by"),
    ],
)
def test_what_is_missing_is_said(finished: Path, tmp_path: Path, gone: str, message: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    for path in list(run.glob(gone)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CotmillError, match=message):
        known(run)
