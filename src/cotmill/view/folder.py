"""A run folder, read: what became of the pairs, one pair through every stage, whether the files are as committed.

Everything here comes from the ledger and the committed shards, so it holds for a run that is still at work, was killed,
or is complete. Nothing is locked or changed, and no more than a few rows are in memory.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cotmill.base.ledger import RunFolderError, Totals, read_commits
from cotmill.base.recipe import Recipe, load_recipe
from cotmill.base.records import Draft, Execution, Program, Question, Rejected, Sample, Seed, Verified
from cotmill.base.shards import file_digest, read_row, schema_of
from cotmill.base.spending import bills, in_all, per_sample
from cotmill.base.stage import ORIGINS
from cotmill.view.rounds import rounds, trainings

__all__ = ["Found", "RunView", "columns", "find", "open_run", "record_class", "status", "verify"]

RECORDS: tuple[type, ...] = (Seed, Program, Execution, Question, Draft, Verified, Sample, Rejected)
ROWS_PER_BATCH = 1024
Found = tuple[str, Any]  # (stage's folder, the record or the Rejected that came out of it)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as far as it is committed."""

    folder: Path
    recipe: Recipe
    summary: dict[str, Any]  # run.json; empty until the run is complete
    state: str  # "running", "complete", "stopped" by its budget, or "unfinished"
    totals: dict[str, Totals]  # by the stages' folders, in the order of the data
    parts: dict[str, tuple[Path, ...]]  # committed shards of each stage, in order
    rejects: dict[str, tuple[Path, ...]]  # committed shards of Rejected of each stage, in order
    digests: dict[str, str]  # path in the run folder -> sha256

    @property
    def samples(self) -> tuple[Path, ...]:
        """Shards of the data set, as far as the last stage begun so far gives samples."""
        parts = next(reversed(self.parts.values()), ())
        return parts if parts and record_class(parts[0]) is Sample else ()


def open_run(folder: Path) -> RunView:
    """Read a run folder's ledger. Raises RunFolderError where it is none, RecipeError where its recipe is damaged."""
    copy = folder / "recipe.yaml"
    if not folder.is_dir():
        raise RunFolderError(f"there is no folder {folder}; `cotmill run RECIPE --out {folder}` makes a run")
    if not copy.is_file():
        raise RunFolderError(f"{folder} is not a cotmill run: it holds no recipe.yaml")
    totals: dict[str, Totals] = {}
    kept: dict[str, dict[int, list[Path]]] = {}
    lost: dict[str, dict[int, list[Path]]] = {}
    digests: dict[str, str] = {}
    for commit in read_commits(folder):
        totals.setdefault(commit.stage, Totals(commit.stage)).add(commit)
        digests |= commit.files
        for path in commit.files:
            place = lost if path.startswith("rejects/") else kept
            place.setdefault(commit.stage, {}).setdefault(commit.shard, []).append(folder / path)
    summary = _read_json(folder / "run.json")
    return RunView(
        folder,
        load_recipe(str(copy)),
        summary,
        _state(folder, summary, totals),
        totals,
        {stage: _in_order(kept.get(stage, {})) for stage in totals},
        {stage: _in_order(lost.get(stage, {})) for stage in totals},
        digests,
    )


def _in_order(shards: dict[int, list[Path]]) -> tuple[Path, ...]:
    return tuple(path for number in sorted(shards) for path in shards[number])


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _state(folder: Path, summary: dict[str, Any], totals: dict[str, Totals]) -> str:
    """run.json is written last; it speaks for the run as long as the ledger says the same."""
    if _locked(folder / ".lock"):
        return "running"
    stages = [stage for stage in summary.get("stages", []) if stage["shards"]]  # some steps no shard came to
    said = {stage["stage"]: (stage["shards"], stage["out"]) for stage in stages}
    committed = {name: (total.shards, total.pairs_out) for name, total in totals.items()}
    if not said or said != committed:
        return "unfinished"
    return "stopped" if summary.get("stopped") else "complete"


def _locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def status(run: RunView) -> dict[str, Any]:
    """The funnel as plain data. Times are those of the work, over all workers and all calls that made the run."""
    totals = list(run.totals.values())
    samples = totals[-1].pairs_out if run.samples else 0
    billed = bills(run.recipe.model, totals)
    asked = {bill.stage: {"model": bill.summary()} for bill in billed}
    return {
        "run": str(run.folder),
        "recipe": run.recipe.name,
        "fingerprint": run.recipe.fingerprint(),
        "state": run.state,
        "stopped": run.summary["stopped"] if run.state == "stopped" else None,
        "pairs_in": sum(total.pairs_in for total in totals if total.stage.partition("-")[2] in ORIGINS),
        "samples": samples,
        "rejected": sum(total.rejected.total() for total in totals),
        "seconds": round(sum(total.seconds for total in totals), 3),
        "cpu_seconds": round(sum(total.cpu_seconds for total in totals), 3),
        "model": per_sample(in_all(billed), samples) if billed else None,
        "stages": [
            {
                "stage": total.stage,
                "version": total.version,
                "shards": total.shards,
                "in": total.pairs_in,
                "out": total.pairs_out,
                "rejected": dict(sorted(total.rejected.items(), key=lambda item: (-item[1], item[0]))),
                "seconds": round(total.seconds, 3),
                "cpu_seconds": round(total.cpu_seconds, 3),
                **asked.get(total.stage, {}),
            }
            for total in totals
        ],
        "rounds": rounds(run.folder),
        "training": [training.summary() for training in trainings(run.folder)],
    }


def find(run: RunView, pair: str) -> list[Found]:
    """What came out of each stage for one pair, up to its last stage; empty where no pair has this id."""
    found: list[Found] = []
    near = 0  # most stages keep a pair's shard number: look there first
    for stage in run.totals:
        for paths in (run.parts[stage], run.rejects[stage]):
            place = _locate(paths, pair, near)
            if place is not None:
                path, row = place
                near = _number(path)
                found.append((stage, read_row(path, record_class(path), row)))
                break
        else:
            if found:
                break
    return found


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _locate(paths: tuple[Path, ...], pair: str, near: int) -> tuple[Path, int] | None:
    """File and row of the record that a pair is in; only columns of ids are read."""
    for path in sorted(paths, key=lambda path: abs(_number(path) - near)):
        cls = record_class(path)
        column, wanted = ("pairs", pair) if cls is Program else ("id", pair.rpartition(".")[0] if cls is Seed else pair)
        first = 0
        for batch in columns(path, [column]):
            row = _row(batch.column(0), wanted)
            if row >= 0 and (cls is not Seed or pair in read_row(path, Seed, first + row).pair_ids()):
                return path, first + row
            first += batch.num_rows
    return None


def _row(ids: Any, wanted: str) -> int:
    """Row of an id in a column of ids or of lists of ids; -1 where it is not."""
    if not pa.types.is_list(ids.type):
        return int(pc.index(ids, wanted).as_py())
    index = int(pc.index(ids.flatten(), wanted).as_py())
    return int(pc.list_parent_indices(ids)[index].as_py()) if index >= 0 else -1


def record_class(path: Path) -> type:
    """What a shard's rows are. Raises RunFolderError where no record class has these columns."""
    names = pq.read_schema(path).names
    for cls in RECORDS:
        if schema_of(cls).names == names:
            return cls
    raise RunFolderError(f"{path} has columns that this cotmill does not know; was it made by another version?")


def columns(path: Path, names: list[str]) -> Iterator[Any]:
    """Record batches of some columns of a shard."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=ROWS_PER_BATCH, columns=names)


def verify(run: RunView) -> list[str]:
    """Every committed file against its sha256, the data set against the shards it is a copy of; what is wrong."""
    problems = [_difference(run.folder / path, digest) for path, digest in run.digests.items()]
    if run.state in ("complete", "stopped"):
        made = [run.digests[str(path.relative_to(run.folder))] for path in run.samples]
        data = run.folder / "dataset" / "data"
        problems += [
            _difference(data / f"train-{number:05d}-of-{len(made):05d}.parquet", digest)
            for number, digest in enumerate(made)
        ]
    return [problem for problem in problems if problem]


def _difference(path: Path, digest: str) -> str:
    if not path.is_file():
        return f"{path} is missing"
    return "" if file_digest(path) == digest else f"{path} has changed since it was committed"
