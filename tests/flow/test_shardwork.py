"""A shard through a stage: what the stage hears of ahead, and what becomes of its failures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cotmill import shardwork
from cotmill.backends.model import ModelUnreachable
from cotmill.base.reasons import Reason
from cotmill.base.records import Draw, Program, Rejected
from cotmill.base.shards import read_shard
from cotmill.base.stage import CotmillError, MachineryError, Reject, Stage
from cotmill.shardwork import Draws, map_shard, part


class Listener:
    """Work that rejects each draw, and keeps in which order it heard of them (`ahead`) and was given them."""

    def __init__(self, error: Exception | None = None, *, early: bool = False) -> None:
        self.heard = list[tuple[str, ...]]()
        self.error, self.early = error, early

    def ahead(self, draws: Sequence[Draw]) -> None:
        self.heard.append(tuple(draw.id for draw in draws))
        if self.error and self.early:
            raise self.error

    def __call__(self, draw: Draw) -> Reject:
        assert draw.id in self.heard[-1]
        if self.error:
            raise self.error
        return Reject(Reason.NOTHING_COMPOSED, "none")


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shard of `count` draws of two inputs through a listener; gives the commit."""

    def call(work: Listener, count: int, **more: Any) -> Any:
        stage = Stage("compose.draw", 1, Draw, Program, work, ahead=work.ahead, **more)
        monkeypatch.setattr(shardwork, "_stage", lambda run, index: stage)
        monkeypatch.setattr(shardwork, "_folders", lambda run: ("01-sources", "02-compose.draw"))
        return map_shard(str(tmp_path), 1, 0, Draws(1, 0, count, 2))

    return call


@pytest.mark.parametrize(("few", "sizes"), [(1, [1] * 7), (4, [2, 2, 2, 1]), (5, [3, 3, 1]), (14, [7]), (100, [7])])
def test_a_stage_says_of_how_many_pairs_it_wants_to_hear(mapped: Any, few: int, sizes: list[int]) -> None:
    """As many draws as make so many pairs, the last group what is left; each once, in order."""
    work = Listener()
    mapped(work, 7, few=few)
    assert [len(group) for group in work.heard] == sizes
    assert [id for group in work.heard for id in group] == [draw.id for draw in Draws(1, 0, 7, 2).records()]


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("error", [CotmillError("401: is the key set?"), ModelUnreachable("no answer")])
def test_what_a_user_can_mend_stops_the_run(mapped: Any, tmp_path: Path, error: CotmillError, early: bool) -> None:
    """It is no verdict on any draw: nothing is rejected for it, and no shard is left behind."""
    with pytest.raises(type(error), match=str(error)[:6]):
        mapped(Listener(error, early=early), 3)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_bug_costs_the_record_alone(mapped: Any, tmp_path: Path) -> None:
    """With its traceback; a bug in what goes ahead costs nothing by itself."""
    commit = mapped(Listener(RuntimeError("a bug")), 3)
    assert commit.rejected == {"stage-error": 6}
    rejects = list(read_shard(tmp_path / part("rejects/02-compose.draw", 0), Rejected))
    assert all("RuntimeError: a bug" in reject.detail for reject in rejects)

    class Careless(Listener):
        def ahead(self, draws: Sequence[Draw]) -> None:
            super().ahead(draws)
            raise RuntimeError

    assert mapped(Careless(), 3).rejected == {"nothing-composed": 6}


def test_what_stops_a_run_crosses_processes() -> None:
    """As workers hand it over."""
    import pickle

    for error in (CotmillError("one"), MachineryError("two"), ModelUnreachable("three")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)
