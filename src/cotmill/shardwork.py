"""What a worker does: one shard through one step. Called by an engine, in a process of its own.

The stages of a run are built once per process and kept, since some hold a sandbox.
"""

from __future__ import annotations

import atexit
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from cotmill import flow
from cotmill.base.chance import content_id
from cotmill.base.ledger import Commit
from cotmill.base.reasons import Reason
from cotmill.base.recipe import load_recipe
from cotmill.base.records import Draw, Execution, Program, Rejected
from cotmill.base.shards import ShardWriter, as_json, durable_rename, read_shard, write_shard
from cotmill.base.stage import CotmillError, KeyedStage, MachineryError, Reject, Stage, StageFault
from cotmill.compose.author import FOLDER
from cotmill.compose.rounds import knowledge

__all__ = [
    "Draws", "exchange", "group_shard", "learn_round", "map_shard", "meeting", "part", "train_round", "write_rejects",
]  # fmt: skip

DETAIL_LIMIT = 2000  # characters of a reject's detail that are kept
ROWS_PER_PARTITION = 32  # records that wait in memory for each partition of an exchange


@dataclass(frozen=True, slots=True)
class Draws:
    """A shard of draws. It needs no file: a draw is nothing but its place."""

    round: int
    first: int
    count: int
    inputs: int  # of each

    def records(self) -> Iterator[Draw]:
        for number in range(self.first, self.first + self.count):
            yield Draw(f"draw-{self.round}-{number:06d}", self.round, self.inputs)


def meeting(folder: str, made_of: str) -> str:
    """Path inside the run folder of the partitions that a keyed step reads; there while the step is worked on."""
    return f".{folder}.exchange-{made_of}"


def part(folder: str, shard: int) -> str:
    """Path of a shard inside the run folder."""
    return f"{folder}/part-{shard:05d}.parquet"


@cache
def _stage(run: str, index: int) -> Stage[Any, Any] | KeyedStage[Any, Any]:
    recipe = load_recipe(f"{run}/recipe.yaml")
    stage = flow.plan(recipe)[index - 1].build(recipe, Path(run))
    atexit.register(stage.close)
    return stage


@cache
def _folders(run: str) -> tuple[str, ...]:
    return flow.folders(load_recipe(f"{run}/recipe.yaml"))


def map_shard(run: str, index: int, shard: int, given: int | Draws) -> Commit:
    """Every record of one shard through step `index`: of the step numbered `given`, or draws."""
    stage = _stage(run, index)
    assert isinstance(stage, Stage)  # the runner looked
    if isinstance(given, Draws):
        records: Iterator[Any] = given.records()
    else:
        records = read_shard(Path(run) / part(_folders(run)[given], shard), stage.takes)
    return _write(run, index, shard, stage, _announced(stage, records))


def learn_round(run: str, number: int, shards: Sequence[int]) -> None:
    """What the shards of one round brought, made into material for the next."""
    recipe, folders = load_recipe(f"{run}/recipe.yaml"), _folders(run)
    names = [step.name for step in flow.plan(recipe)]

    def records(step: str, cls: type) -> Iterator[Any]:
        folder = folders[names.index(step) + 1]
        return chain.from_iterable(read_shard(Path(run) / part(folder, shard), cls) for shard in shards)

    composed = records("compose.draw", Program) if number else iter(())
    flow.learn(recipe, Path(run), number, composed, records("execute.run", Execution))


def train_round(run: str, number: int) -> None:
    """The code generator for the next round, trained on what is known behind this one."""
    folder = flow.materials_of(Path(run), number)
    flow.train(load_recipe(f"{run}/recipe.yaml"), knowledge(folder).pool, folder / FOLDER)


def _announced(stage: Stage[Any, Any], records: Iterator[Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each record with its pairs, after the stage has heard of the next few."""
    while group := list(_few(records, stage.few)):
        try:
            stage.ahead([record for _, record in group])
        except MachineryError:
            raise
        except Exception:  # noqa: BLE001, S110 - work on the record that is at fault will say so
            pass
        yield from group


def _few(records: Iterator[Any], enough: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    pairs = 0
    while pairs < enough and (record := next(records, None)) is not None:
        yield record.pair_ids(), record
        pairs += len(record.pair_ids())


def group_shard(run: str, index: int, shard: int, made_of: str, over: frozenset[str]) -> Commit:
    """Every group of one partition made by `exchange`, through step `index`; the output is in the order of ids.

    A group whose first id is in `over` is rejected: all of it is over the budget.
    """
    stage, folders = _stage(run, index), _folders(run)
    assert isinstance(stage, KeyedStage)  # the runner looked
    stage = replace(stage, work=partial(_within_budget, stage.work, over))
    records = read_shard(Path(run) / part(meeting(folders[index], made_of), shard), stage.takes)
    keyed = sorted(((stage.key(record), record) for record in records), key=lambda item: (item[0], item[1].id))
    groups = [[record for _, record in group] for _, group in groupby(keyed, key=lambda item: item[0])]
    groups.sort(key=lambda group: group[0].id)
    given = ((tuple(i for record in group for i in record.pair_ids()), group) for group in groups)
    return replace(_write(run, index, shard, stage, given), made_of=made_of)


def _within_budget(work: Callable[[Any], Any], over: frozenset[str], group: list[Any]) -> Iterator[Any]:
    if group[0].id in over:
        detail = "the samples before it are as many as the budget wants"
        return (Reject(Reason.OVER_BUDGET, detail, i) for record in group for i in record.pair_ids())
    return iter(work(group))


def _write(run: str, index: int, shard: int, stage: Any, work: Iterator[tuple[tuple[str, ...], Any]]) -> Commit:
    """`work` gives the pair ids of what goes in, and what goes in."""
    began, cpu = time.perf_counter(), time.process_time() + stage.cpu_seconds()
    folder, rejects, pairs_in, counted = _folders(run)[index], list[Rejected](), 0, Counter(stage.counts())

    def accepted() -> Iterator[Any]:
        nonlocal pairs_in
        for pairs, given in work:
            pairs_in += len(pairs)
            for outcome in _guarded(stage, pairs, given):
                if isinstance(outcome, Reject):
                    rejects.append(_rejected(stage.name, outcome, given))
                else:
                    yield outcome

    path, pairs_out = part(folder, shard), 0
    with ShardWriter(Path(run) / path, stage.gives) as writer:
        for record in accepted():
            pairs_out += len(record.pair_ids())
            writer.write(record)
    files = {path: writer.digest} | write_rejects(Path(run), folder, shard, rejects)
    return Commit(
        folder, shard, stage.version, pairs_in, pairs_out, dict(Counter(reject.reason for reject in rejects)), files,
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() + stage.cpu_seconds() - cpu,
        facts=stage.facts(),
        counts=dict(Counter(stage.counts()) - counted),
    )  # fmt: skip


def _guarded(stage: Any, pairs: tuple[str, ...], given: Any) -> list[Any]:
    """Outcomes of one record or group. A stage that breaks on it costs that record, not the run."""
    try:
        return list(stage(given))
    except (CotmillError, StageFault, OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever a stage's bug is
        detail = traceback.format_exc(limit=-6)
        return [Reject(Reason.STAGE_ERROR, detail, pair) for pair in pairs]


def _rejected(stage: str, reject: Reject, given: Any) -> Rejected:
    records = given if isinstance(given, list) else [given]
    record = next((item for item in records if reject.id in item.pair_ids()), records[0])
    detail = reject.detail if len(reject.detail) <= DETAIL_LIMIT else reject.detail[:DETAIL_LIMIT] + " [cut]"
    clean = detail.encode("utf-8", "backslashreplace").decode()
    return Rejected(reject.id, stage, str(reject.reason), clean, as_json(record))


def write_rejects(run: Path, folder: str, shard: int, rejects: list[Rejected]) -> dict[str, str]:
    """The rejects of a shard, if there are any, in `rejects/<folder>/`; path -> sha256."""
    path = part(f"rejects/{folder}", shard)
    return {path: write_shard(run / path, Rejected, rejects)} if rejects else {}


def exchange(run: str, index: int, shards: Sequence[int], partitions: int, made_of: str) -> None:
    """Shards of the step before -> partitions in which all records with the same key lie together.

    One pass, a few records in memory per partition; the folder appears under its name when it is complete.
    """
    stage, folders = _stage(run, index), _folders(run)
    assert isinstance(stage, KeyedStage)  # the runner looked
    target = Path(run) / meeting(folders[index], made_of)
    building = target.with_suffix(".tmp")
    with ExitStack() as stack:
        writers = [
            stack.enter_context(ShardWriter(building / part(".", number), stage.takes, batch=ROWS_PER_PARTITION))
            for number in range(partitions)
        ]
        for shard in shards:
            for record in read_shard(Path(run) / part(folders[index - 1], shard), stage.takes):
                writers[int(content_id(stage.key(record)), 16) % partitions].write(record)
    durable_rename(building, target)
