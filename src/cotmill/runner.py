"""A recipe -> shards through stages -> a data set. Resumable at any moment, whatever stopped it.

The unit of work is one shard in one step. Steps are worked depth first, so that finished shards tell how far the run
is. A shard counts when its files are durable and its line is in the ledger; a second call does what is missing, to the
same bytes. Memory is bounded by a shard here and in the workers, not by the data set.

A spent budget (budget.py) begins no further shard. The data set is then made of those that are through, and made again
when a later call has gone on.
"""

from __future__ import annotations

import errno
import heapq
import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import cotmill
from cotmill import flow
from cotmill.backends.engine import Engine, Task
from cotmill.backends.model_tasks import PROMPTS, with_prompts
from cotmill.backends.prompts import SUFFIX
from cotmill.base.chance import content_id
from cotmill.base.ledger import Commit, Ledger, RunFolderError, Totals
from cotmill.base.recipe import Collect, Recipe, Source, load_recipe
from cotmill.base.records import Rejected, Seed
from cotmill.base.shards import read_shard, write_shard, write_text
from cotmill.base.spending import bills
from cotmill.base.stage import CotmillError, KeyedStage, MachineryError
from cotmill.budget import Keys, Purse
from cotmill.collect.sources import Broken, digest, number_copies, read
from cotmill.release import publish, totals_over
from cotmill.shardwork import (
    Draws,
    exchange,
    group_shard,
    learn_round,
    map_shard,
    meeting,
    part,
    train_round,
    write_rejects,
)

__all__ = ["Show", "run"]

ATTEMPTS = 3  # a task whose machinery fails is given out this often before the run stops


class Show(Protocol):
    """Where a run's progress goes: a bar, lines, nowhere."""

    def begin(self, text: str) -> None:
        """A phase whose length is not known begins."""

    def length(self, tasks: int) -> None:
        """From now on there are this many tasks in all."""

    def advance(self, commit: Commit, totals: dict[str, Totals]) -> None:
        """A shard of a step is finished, now or in an earlier call."""

    def note(self, text: str) -> None:
        """Something that a person should know."""


@dataclass(frozen=True, slots=True)
class Run:
    """What every part of the runner needs."""

    folder: Path
    recipe: Recipe
    ledger: Ledger
    show: Show
    purse: Purse


def run(recipe: Recipe, out: Path, engine: Engine, show: Show) -> dict[str, Any]:
    """Run or continue; gives the content of run.json. Raises CotmillError where the job could not be done."""
    started = time.monotonic()
    flow.check(recipe)
    show.begin("reading the sources")
    recipe, prompts = with_prompts(_resolve(recipe))
    _claim(out)
    ledger = Ledger(out, write=True)
    try:
        _write_or_compare(recipe, out)
        for task, text in prompts.items():
            write_text(out / PROMPTS / f"{task}{SUFFIX}", text)
        first_keyed = flow.first_keyed(recipe)
        keys = _keys(recipe, out, first_keyed)
        purse = Purse(recipe, ledger, flow.folders(recipe)[first_keyed - 1], keys, began=started)
        work = Run(out, recipe, ledger, show, purse)
        _check_versions(work)
        _collect(work)
        released = _work(work, engine, first_keyed)
        if purse.unseen():
            show.note(f"the server told no tokens for {purse.unseen()} calls: the budget does not see them")
        of_released = totals_over(out, recipe, released)
        summary = publish(
            out, recipe, ledger, of_released, stopped=purse.stopped(), seconds=time.monotonic() - started,
            version=cotmill.__version__,
        )  # fmt: skip
        for bill in bills(recipe.model, ledger.totals.values()):
            if bill.whole.calls and not bill.whole.passed:
                why = ", ".join(f"{reason} {answers}" for reason, answers in bill.objections.items())
                show.note(f"{bill.stage}: none of {bill.whole.calls} answers of {bill.model!r} was taken: {why}")
        return summary
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise MachineryError(
                f"{out} cannot grow, the disk is full or a quota is reached; make room and run the same command again: "
                "finished shards are kept"
            ) from error
        raise
    finally:
        engine.close()
        ledger.close()


def _resolve(recipe: Recipe) -> Recipe:
    """The recipe with each source's name and content hash."""
    sources = []
    for source in recipe.collect.seeds:
        path = Path(_utf8(source.path))
        own = path.stem if path.stem.strip(".") else path.resolve().stem  # "." and ".." have no name of their own
        name = source.name or (own if source.path else source.format)
        sources.append(source.model_copy(update={"name": name, "sha256": digest(path, source.format)}))
    collect = recipe.collect.model_copy(update={"seeds": tuple(sources)})
    return recipe.model_copy(update={"collect": collect})


def _utf8(path: str) -> str:
    """The path. Raises CotmillError where Parquet and YAML could not name it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise CotmillError(f"{path!a} is not a UTF-8 name; rename it or reach it through a link") from None
    return path


def _claim(out: Path) -> None:
    """Make the run folder, or make sure that it is one."""
    _utf8(str(out))
    if (out / "recipe.yaml").exists():
        return
    if out.exists() and (not out.is_dir() or any(not entry.name.startswith(".") for entry in out.iterdir())):
        raise RunFolderError(f"{out} exists and is not a cotmill run; choose another --out")
    out.mkdir(parents=True, exist_ok=True)


def _write_or_compare(recipe: Recipe, out: Path) -> None:
    """The recipe's copy, before anything else is in the folder; a copy that is there must be of the same data."""
    copy = out / "recipe.yaml"
    old = load_recipe(str(copy)) if copy.exists() else None
    if old is not None and old.fingerprint() != recipe.fingerprint():
        raise RunFolderError(
            f"{out} holds a run of another recipe or of other seeds; choose another --out. "
            f"Changed: {', '.join(_differences(old, recipe))}"
        )
    if old != recipe:  # addresses and paths may change
        header = f"# resolved copy, made by cotmill {cotmill.__version__}\n# fingerprint: {recipe.fingerprint()}\n"
        write_text(copy, header + recipe.to_yaml())


def _differences(old: Recipe, new: Recipe) -> list[str]:
    """Keys in which two recipes differ, at most five of them."""
    before, after = (dict(_flatten(item.model_dump(mode="json"))) for item in (old, new))
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key) and not key.endswith(".path")]
    return keys[:5]


def _flatten(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield prefix, value
        return
    for key, item in items:
        yield from _flatten(item, f"{prefix}.{key}" if prefix else str(key))


def _check_versions(work: Run) -> None:
    for step, folder in zip(flow.plan(work.recipe), flow.folders(work.recipe)[1:], strict=True):
        total = work.ledger.totals.get(folder)
        stage = step.build(work.recipe, work.folder)
        stage.close()
        if total is not None and total.version != stage.version:
            raise RunFolderError(
                f"{work.folder} was begun with version {total.version} of {step.name}, this cotmill has version "
                f"{stage.version}; finish it with the cotmill that began it, or choose another --out"
            )


def _collect(work: Run) -> None:
    """Outside rows -> shards of seeds. Shards finished earlier are passed over, the rows behind them are only read."""
    folder = flow.folders(work.recipe)[0]
    done, last_shard = work.ledger.done(folder), work.ledger.last(folder)
    if last_shard is not None and len(done) == last_shard + 1:
        return
    began = time.perf_counter()
    for number, (rows, last) in enumerate(_chunks(_rows(work.recipe), work.recipe.shard_pairs)):
        if number in done:
            continue
        seeds = [row for row in rows if isinstance(row, Seed)]
        rejects = [
            Rejected(pair, flow.SOURCES, row.reason, row.detail, row.raw)
            for row in rows
            if isinstance(row, Broken)
            for pair in row.pair_ids()
        ]
        path = part(folder, number)
        files = {path: write_shard(work.folder / path, Seed, seeds)} | write_rejects(
            work.folder, folder, number, rejects
        )
        out = sum(len(seed.pair_ids()) for seed in seeds)
        work.ledger.commit(
            Commit(
                folder, number, 1, out + len(rejects), out, dict(Counter(row.reason for row in rejects)), files,
                seconds=time.perf_counter() - began, cpu_seconds=0.0, last=last,
            )
        )  # fmt: skip
        began = time.perf_counter()


def _rows(recipe: Recipe) -> Iterator[Seed | Broken]:
    """All sources in order; the limit counts seeds."""
    left = recipe.collect.limit or sys.maxsize
    for row in number_copies(chain.from_iterable(map(partial(_read, recipe.collect), recipe.collect.seeds))):
        if left == 0:
            return
        left -= isinstance(row, Seed)
        yield row


def _read(collect: Collect, source: Source) -> Iterator[Seed | Broken]:
    return read(Path(source.path), source.format, source.fields, source=source.name, max_row_mb=collect.max_row_mb)


def _chunks(rows: Iterator[Seed | Broken], pairs: int) -> Iterator[tuple[list[Seed | Broken], bool]]:
    """Rows in chunks of about so many pairs; the flag marks the last chunk."""
    chunk: list[Seed | Broken] = []
    size = 0
    for row in rows:
        if size >= pairs:
            yield chunk, False
            chunk, size = [], 0
        chunk.append(row)
        size += len(row.pair_ids())
    yield chunk, True


@dataclass(frozen=True, slots=True)
class Lane:
    """Shards that go the same way: those of the seeds, or those of a round of draws."""

    round: int  # 0: the seeds
    shards: range
    way: tuple[int, ...]  # numbers of the steps that the shards go through
    draws_per_shard: int = 0

    def given(self, recipe: Recipe, index: int, shard: int) -> int | Draws:
        """What the shard's records are made of in step `index`."""
        place = self.way.index(index)
        if place or not self.round:
            return self.way[place - 1] if place else 0
        first = (shard - self.shards.start) * self.draws_per_shard
        count = min(self.draws_per_shard, recipe.compose.candidates - first)
        return Draws(self.round, first, count, recipe.compose.inputs)


def _keys(recipe: Recipe, folder: Path, index: int) -> Keys:
    """What a keyed step brings a shard's records together by."""
    stage, before = flow.plan(recipe)[index - 1].build(recipe, folder), flow.folders(recipe)[index - 1]
    assert isinstance(stage, KeyedStage)  # the flow says so

    def keys(shard: int) -> Iterator[tuple[str, str]]:
        for record in read_shard(folder / part(before, shard), stage.takes):
            yield record.id, stage.key(record)

    return keys


def _work(work: Run, engine: Engine, first_keyed: int) -> list[int]:
    """All steps over all shards, as far as the budget goes; gives the shards that the data set is made of. Keyed steps
    wait for the step before them; the others go depth first."""
    recipe, folders = work.recipe, flow.folders(work.recipe)
    shards = range((work.ledger.last(folders[0]) or 0) + 1)
    lane = Lane(0, shards, tuple(n for n in flow.way(recipe, drawn=False) if 0 < n < first_keyed))
    _map_steps(work, engine, lane)
    while _may_learn(work, lane) and (following := _next_lane(work, engine, lane, first_keyed)) is not None:
        lane = following
        _map_steps(work, engine, lane)
    released, over = work.purse.released(range(lane.shards.stop))
    made_of = content_id(json.dumps([released, over]))
    keyed = range(first_keyed, len(folders))
    for number in reversed(keyed):  # a step is never there without the one that it is made of
        if (total := work.ledger.totals.get(folders[number])) is not None and total.made_of != made_of:
            work.ledger.drop(folders[number])
    last, pairs = released, totals_over(work.folder, recipe, released)[first_keyed - 1].pairs_out
    for number in keyed:
        last = _keyed_step(work, engine, number, last, pairs, made_of, frozenset(over if number == first_keyed else ()))
        pairs = work.ledger.totals[folders[number]].pairs_out
    return released


def _may_learn(work: Run, lane: Lane) -> bool:
    """Whether to go on behind a lane: it is complete, and the budget lets a further round begin."""
    rounds, folders = work.recipe.compose.rounds, flow.folders(work.recipe)
    done = work.ledger.done(folders[lane.way[-1]])
    if not rounds or not all(shard in done for shard in lane.shards):
        return False
    if lane.round == rounds:
        return True
    begun = any(
        max(work.ledger.done(folder), default=-1) >= lane.shards.stop
        for folder in folders[1 : flow.first_keyed(work.recipe)]
    )
    if begun and not work.purse.enough():  # it was paid for
        return True
    return not work.purse.stop()


def _next_lane(work: Run, engine: Engine, lane: Lane, first_keyed: int) -> Lane | None:
    """The next round, after the last one was learned from; none when there were enough or nothing new came."""
    compose = work.recipe.compose
    known = flow.materials_of(work.folder, lane.round)
    if not flow.is_learned(work.folder, lane.round):
        work.show.begin(f"learning from {'round ' + str(lane.round) if lane.round else 'the seeds'}")
        arguments = (str(work.folder), lane.round, list(lane.shards))
        _alone(work, engine, Task((0, lane.round), learn_round, arguments))
    figures = json.loads((known / "round.json").read_text(encoding="utf-8"))
    if lane.round == compose.rounds or not figures["programs"]:
        return None
    if lane.round and figures["novel"] < compose.min_novelty * figures["candidates"]:
        work.show.note(f"round {lane.round} brought {figures['novel']} new programs: no further round")
        return None
    if not flow.is_trained(work.recipe, work.folder, lane.round):
        work.show.begin(f"training a code generator for round {lane.round + 1}")
        _alone(work, engine, Task((1, lane.round), train_round, (str(work.folder), lane.round)))
    per_shard = max(1, work.recipe.shard_pairs // compose.inputs)
    shards = range(lane.shards.stop, lane.shards.stop + -(-compose.candidates // per_shard))
    way = tuple(number for number in flow.way(work.recipe, drawn=True) if number < first_keyed)
    return Lane(lane.round + 1, shards, way, per_shard)


def _map_steps(work: Run, engine: Engine, lane: Lane) -> None:
    folders = flow.folders(work.recipe)
    begun = {shard for shard in lane.shards if any(shard in work.ledger.done(folders[index]) for index in lane.way)}
    work.show.length(len(lane.way) * len(lane.shards))

    def next_task(shard: int) -> list[Task]:
        """The first step that this shard lacks; a file that was deleted may leave a gap before finished steps."""
        lacking = (index for index in lane.way if shard not in work.ledger.done(folders[index]))
        return [
            Task((-index, shard), map_shard, (str(work.folder), index, shard, lane.given(work.recipe, index, shard)))
            for index in islice(lacking, 1)
        ]

    for shard in lane.shards:
        for index in lane.way:
            if shard in work.ledger.done(folders[index]):
                work.show.advance(Commit(folders[index], shard, 0, 0, 0, {}, {}, 0.0, 0.0), work.ledger.totals)

    def fresh() -> Iterator[Task]:
        for shard in lane.shards:
            if shard not in begun:
                if work.purse.stop():
                    return
                yield from next_task(shard)

    _drain(work, engine, [task for shard in sorted(begun) for task in next_task(shard)], fresh(), follow=next_task)


def _keyed_step(
    work: Run, engine: Engine, index: int, shards: Sequence[int], pairs: int, made_of: str, over: frozenset[str]
) -> list[int]:
    """Bring records with the same key together, then work group by group; gives the new shards' numbers. `pairs` are
    in the shards, named by `made_of`; `over`: ids that are over the budget."""
    folders = flow.folders(work.recipe)
    folder, run = folders[index], str(work.folder)
    numbers = list(range(max(1, -(-pairs // work.recipe.publish.rows_per_file))))
    partitioned = work.folder / meeting(folder, made_of)
    done = work.ledger.done(folder)
    todo = [number for number in numbers if number not in done]
    if not done:  # files may be left of what was made of other shards
        for old in (work.folder / folder, work.folder / "rejects" / folder):
            shutil.rmtree(old, ignore_errors=True)
    if todo:
        work.show.begin(f"bringing records together for {folder}")
        if not partitioned.exists():
            _alone(work, engine, Task((0, index), exchange, (run, index, list(shards), len(numbers), made_of)))
        work.show.length(len(todo))
        tasks = [Task((-index, number), group_shard, (run, index, number, made_of, over)) for number in todo]
        _drain(work, engine, tasks, iter(()), follow=lambda _: [])
    leftover = partitioned.with_suffix(".tmp")
    shutil.rmtree(leftover, ignore_errors=True)
    for partitions in work.folder.glob(meeting(folder, "*")):  # renamed first: what has its name is complete
        shutil.rmtree(partitions.rename(leftover))
    return numbers


def _drain(
    work: Run, engine: Engine, tasks: list[Task], fresh: Iterator[Task], follow: Callable[[int], list[Task]]
) -> None:
    """Work off tasks, deeper steps first, and what `follow` gives for each shard that comes out of one; then, for as
    long as workers are free, what is `fresh`."""
    ready = list(tasks)
    heapq.heapify(ready)
    running, failures = 0, Counter[Task]()
    while True:
        while running <= engine.slots:  # one more than slots, so that no worker waits for the ledger
            task = heapq.heappop(ready) if ready else next(fresh, None)
            if task is None:
                break
            engine.submit(task)
            running += 1
        if not running:
            return
        for done in engine.wait():
            running -= 1
            if done.error is not None:
                heapq.heappush(ready, _again(work, done.task, done.error, failures))
                continue
            commit: Commit = done.result
            work.ledger.commit(commit)
            work.show.advance(commit, work.ledger.totals)
            for task in follow(commit.shard):
                heapq.heappush(ready, task)


def _alone(work: Run, engine: Engine, task: Task) -> None:
    """One task without a commit of its own."""
    failures = Counter[Task]()
    engine.submit(task)
    while (error := engine.wait()[0].error) is not None:
        engine.submit(_again(work, task, error, failures))


def _again(work: Run, task: Task, error: BaseException, failures: Counter[Task]) -> Task:
    """The same task once more where the machinery failed; every other error, and one too many, goes up."""
    failures[task] += 1
    if not isinstance(error, MachineryError) or failures[task] >= ATTEMPTS:
        raise error
    work.show.note(f"{error}; trying again ({failures[task]} of {ATTEMPTS - 1})")
    return task
