"""What a student is asked: tasks from benchmark files and from held-out samples.

The files lie on the user's disk; nothing is fetched. What a file is, is told by its columns:

===========  =============================  ==================================================================
kind         columns                        the answer is
===========  =============================  ==================================================================
SVAMP        Body, Question, Answer         Answer
MATH         problem, solution              `answer` where there is such a column, else the solution's last \\boxed
GSM8K        question, answer               what stands behind the last ####, else the whole column
own          problem, answer                as for GSM8K
any other    named by `fields`              as for GSM8K; as for MATH where `solution` is named and `answer` is not
===========  =============================  ==================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.base.records import Sample
from cotmill.base.stage import CotmillError
from cotmill.base.values import NotJson, canonical_json
from cotmill.collect.sources.jsonl import Row, read_jsonl
from cotmill.collect.sources.records import Broken
from cotmill.collect.sources.tables import read_csv, read_parquet
from cotmill.prove.answer import extract

__all__ = ["FIELDS", "HELD_OUT", "Task", "held_out_tasks", "read_benchmark"]

FIELDS = ("id", "problem", "question", "answer", "solution")  # our names; `question` is put behind `problem`
HELD_OUT = "held-out"  # Task.of of every held-out sample
MAX_ROW_BYTES = 10_000_000
SHOWN = 3  # bad rows that a message names

_READERS: dict[str, Callable[..., Iterator[Row | Broken]]] = {
    ".jsonl": read_jsonl, ".ndjson": read_jsonl, ".json": read_jsonl, ".parquet": read_parquet,
    ".csv": read_csv, ".tsv": read_csv,
}  # fmt: skip
_KINDS: tuple[dict[str, str], ...] = (
    {"problem": "Body", "question": "Question", "answer": "Answer"},
    {"problem": "problem", "solution": "solution", "answer": "answer"},
    {"problem": "problem", "solution": "solution"},
    {"problem": "problem", "answer": "answer"},
    {"problem": "question", "answer": "answer"},
)


@dataclass(frozen=True, slots=True)
class Task:
    """One problem and its right answer."""

    id: str  # no other task of the same file, or sample of the same run, has it
    problem: str
    answer: str  # as prove.answer reads it; of a held-out sample: canonical JSON
    of: str  # the benchmark: its file's name without the extension; "held-out" for a run's own samples
    sample: Sample | None = None  # where the task is a held-out sample


class _BadRow(Exception):
    """The message says what is wrong with it."""


def held_out_tasks(samples: Sequence[Sample]) -> list[Task]:
    """A task for each sample, in their order."""
    return [Task(sample.id, sample.problem, sample.answer, HELD_OUT, sample) for sample in samples]


def read_benchmark(path: Path, fields: Mapping[str, str] | None = None) -> list[Task]:
    """All tasks of a JSONL, Parquet or CSV file, in its order.

    `fields` maps our names of columns (`FIELDS`) to the file's, for files of no known kind. Raises CotmillError where
    the file is none of these, and where any row of it is no task: a benchmark is measured whole or not at all.
    """
    fields = dict(fields or {})
    if unknown := sorted(set(fields) - set(FIELDS)):
        raise CotmillError(f"{path}: no such field: {unknown[0]}; the fields are {', '.join(FIELDS)}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CotmillError(f"{path}: not a benchmark file; its name must end in {', '.join(_READERS)}")
    if not path.is_file():
        raise CotmillError(f"{path}: no such file")
    tasks: list[Task] = []
    bad: list[str] = []
    columns = fields
    for row in reader(path, source=path.stem, max_bytes=MAX_ROW_BYTES):
        if isinstance(row, Broken):
            bad.append(row.detail)
            continue
        where, cells, _ = row
        columns = columns or _kind(path, cells)
        try:
            tasks.append(_task(cells, columns, f"{path.stem}-{len(tasks) + len(bad) + 1}", path.stem))
        except _BadRow as error:
            bad.append(f"{where}: {error}")
    if bad:
        more = f"; {len(bad) - SHOWN} more rows are bad" if len(bad) > SHOWN else ""
        raise CotmillError(
            f"{path}: {'; '.join(bad[:SHOWN])}{more}. Mend these rows or take them out: a benchmark with rows left out "
            f"is another benchmark"
        )
    if not tasks:
        raise CotmillError(f"{path}: no rows; a benchmark is a file with one problem in each row")
    _check_ids(path, tasks)
    return tasks


def _kind(path: Path, cells: Mapping[str, Any]) -> dict[str, str]:
    """The field map of the first kind whose columns a row has."""
    for kind in _KINDS:
        if set(kind.values()) <= set(cells):
            return kind
    raise CotmillError(
        f"{path}: not a known kind of benchmark; its columns are {', '.join(map(str, cells)) or 'none'}. Say which "
        f"hold the problem and the answer: --field problem=COLUMN --field answer=COLUMN"
    )


def _task(cells: Mapping[str, Any], columns: Mapping[str, str], own_id: str, of: str) -> Task:
    parts = [_text(cells, columns[name]) for name in ("problem", "question") if name in columns]
    if not parts:
        raise _BadRow("the fields name no column for the problem")
    answer = _answer(cells, columns)
    problem = " ".join(parts)
    try:
        f"{problem}{answer}".encode()
    except UnicodeEncodeError:
        raise _BadRow("a text holds half of a surrogate pair, which UTF-8 cannot write") from None
    return Task(_text(cells, columns["id"]) if "id" in columns else own_id, problem, answer, of)


def _answer(cells: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    if "answer" in columns:
        answer = _text(cells, columns["answer"])
        found = extract(answer) if "####" in answer else answer
    elif "solution" in columns:
        found = extract(_text(cells, columns["solution"]))
    else:
        raise _BadRow("the fields name no column for the answer or the solution")
    if found is None:
        raise _BadRow(f"no final answer in column {columns.get('answer') or columns['solution']!r}")
    return found


def _text(cells: Mapping[str, Any], column: str) -> str:
    value = cells.get(column)
    if value is None:
        raise _BadRow(f"column {column!r} is absent or empty")
    if not isinstance(value, str):
        try:
            value = canonical_json(value)
        except NotJson as error:
            raise _BadRow(f"column {column!r} holds no text and no JSON: {error}") from None
    if not value.strip():
        raise _BadRow(f"column {column!r} is absent or empty")
    return value.strip()


def _check_ids(path: Path, tasks: list[Task]) -> None:
    seen: set[str] = set()
    for task in tasks:
        if task.id in seen:
            raise CotmillError(f"{path}: two rows have the id {task.id!r}; leave out the field id, or mend the file")
        seen.add(task.id)
