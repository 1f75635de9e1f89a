"""A student's examination: every task is put to a writer, every text is graded.

    OUT/outputs.jsonl     what was written, a line for each task, added as it comes
    OUT/graded.jsonl      the same with what each text is worth, made from it whenever all is there
    OUT/evaluation.json   who was asked what, and the figures, once all is there

A killed evaluation goes on where it was: at most the texts under way are written again.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cotmill.base.chance import content_id
from cotmill.base.records import Execution
from cotmill.base.shards import write_text
from cotmill.base.stage import CotmillError
from cotmill.student.benchmarks import Task
from cotmill.student.grade import Execute, Grade, grade
from cotmill.student.summary import summarise
from cotmill.student.writers import MAX_TOKENS, Writer, Written

__all__ = ["FIGURES", "Settings", "Show", "evaluate"]

FIGURES, OUTPUTS, GRADED = "evaluation.json", "outputs.jsonl", "graded.jsonl"
SYNC_S = 1.0  # between two flushes to disk: a kill loses nothing, a power cut this much
Show = Callable[[str, int, int], Any]  # what is being done, to how many tasks, of how many


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are drawn."""

    samples: int = 1  # texts for each task
    temperature: float = 0.0  # 0: greedy
    top_p: float = 1.0
    max_tokens: int = MAX_TOKENS
    seed: int = 0


def _no_execution(_task: Task) -> Execution | None:
    return None


def _silent(_doing: str, _done: int, _of: int) -> None:
    pass


def evaluate(
    writer: Writer,
    tasks: Sequence[Task],
    settings: Settings,
    out: Path,
    show: Show = _silent,
    *,
    execution: Callable[[Task], Execution | None] = _no_execution,
    execute: Execute | None = None,
) -> dict[str, Any]:
    """Ask, grade and add up, or go on with it; gives what evaluation.json says.

    `execution` gives the run behind a held-out task, with which its steps are graded; `execute` is a sandbox, in which
    answers to backward problems are confirmed. Raises CotmillError where `out` holds something else or is in use, and
    what the writer raises.
    """
    asked = _asked(writer, tasks, settings)
    with _outputs(out, asked) as stream:
        written = _read(stream, out, tasks, settings.samples)
        # the longest first: like lengths together, and memory that does not suffice shows at once
        missing = sorted(
            (task for task in tasks if task.id not in written), key=lambda task: (-len(task.problem), task.id)
        )
        synced = time.monotonic()
        show("answered", len(written), len(tasks))
        for task, texts in zip(
            missing, writer.write([task.problem for task in missing], **asdict(settings)), strict=True
        ):
            written[task.id] = texts
            stream.write(json.dumps({"task": task.id, "texts": [asdict(text) for text in texts]}).encode() + b"\n")
            if time.monotonic() - synced > SYNC_S:
                os.fsync(stream.fileno())
                synced = time.monotonic()
            show("answered", len(written), len(tasks))
        os.fsync(stream.fileno())
        grades = _graded(tasks, written, out, show, execution, execute)
        found = asked | {"figures": summarise(grades, tasks)}
        write_text(out / FIGURES, json.dumps(found, indent=2) + "\n")
    return found


def _asked(writer: Writer, tasks: Sequence[Task], settings: Settings) -> dict[str, Any]:
    if not tasks:
        raise CotmillError("there is nothing to evaluate: no held-out samples, and no benchmark file")
    seen: dict[str, Task] = {}
    for task in tasks:
        if (other := seen.setdefault(task.id, task)) is not task:
            raise CotmillError(f"two tasks have the id {task.id!r}, of {other.of} and of {task.of}; rename one file")
    digest = content_id(*(part for task in tasks for part in (task.id, task.of, task.problem, task.answer)))
    return {"model": writer.id, "settings": asdict(settings), "tasks": {"number": len(tasks), "digest": digest}}


@contextmanager
def _outputs(out: Path, asked: dict[str, Any]) -> Iterator[BinaryIO]:
    """The file of texts, for one process at a time."""
    out.mkdir(parents=True, exist_ok=True)
    known = out / FIGURES
    if not known.exists() and any(out.glob("[!.]*")):
        raise CotmillError(f"{out} holds something else; choose another folder with --out")
    if known.exists():
        _agree(out, json.loads(known.read_text(encoding="utf-8")), asked)
    else:
        write_text(known, json.dumps(asked, indent=2) + "\n")
    with (out / OUTPUTS).open("a+b", buffering=0) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CotmillError(f"{out} is in use by another evaluation") from None
        yield stream


def _agree(out: Path, known: dict[str, Any], asked: dict[str, Any]) -> None:
    for what, name in (("model", "of another model"), ("settings", "with other settings"), ("tasks", "of other tasks")):
        if known.get(what) != asked[what]:
            theirs, ours = (json.dumps(side.get(what)) for side in (known, asked))
            raise CotmillError(
                f"{out} holds an evaluation {name}: {theirs}, and not {ours}; choose another folder, or delete it"
            )


def _read(stream: BinaryIO, out: Path, tasks: Sequence[Task], samples: int) -> dict[str, list[Written]]:
    """Texts by task. A last line that was torn by a kill is cut off."""
    stream.seek(0)
    content = stream.read()
    whole = content[: content.rfind(b"\n") + 1]
    stream.truncate(len(whole))
    ids, found = {task.id for task in tasks}, dict[str, list[Written]]()
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            row = json.loads(line)
            texts = [Written(**text) for text in row["texts"]]
            if row["task"] not in ids or row["task"] in found or len(texts) != samples:
                raise ValueError
        except (ValueError, TypeError, LookupError):
            raise CotmillError(f"{out / OUTPUTS}, line {number}: damaged; take the line out, or delete {out}") from None
        found[row["task"]] = texts
    return found


def _graded(
    tasks: Sequence[Task],
    written: dict[str, list[Written]],
    out: Path,
    show: Show,
    execution: Callable[[Task], Execution | None],
    execute: Execute | None,
) -> list[Grade]:
    grades: list[Grade] = []
    lines: list[str] = []
    for number, task in enumerate(tasks, 1):
        behind = execution(task)
        texts = written[task.id]
        ours = [grade(task, it.text, behind, tokens=it.tokens, ended=it.ended, execute=execute) for it in texts]
        graded = [{"text": it.text, **asdict(worth)} for it, worth in zip(texts, ours, strict=True)]
        row = {"of": task.of, "task": task.id, "problem": task.problem, "answer": task.answer, "outputs": graded}
        lines.append(json.dumps(row) + "\n")
        grades += ours
        show("graded", number, len(tasks))
    write_text(out / GRADED, "".join(lines))
    return grades
