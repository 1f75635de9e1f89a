"""The outputs of graded.jsonl: what each is worth is a reader's judgement, not what a program said of it."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Any

from cotmill.base.records import Execution
from cotmill.execute.sandbox import Sandbox
from cotmill.student.benchmarks import Task, held_out_tasks
from explain.narrating import execution_of
from publish.samples import sample

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("graded.jsonl").read_text(encoding="utf-8").splitlines()
]
NO_PROGRAM = "def solution():\n    return None\n"


def text_of(row: dict[str, Any]) -> str:
    """The output; `before` and `after` it stand texts that are repeated."""
    before, after = (row.get(name, ("", 0)) for name in ("before", "after"))
    return before[0] * before[1] + row["output"] + after[0] * after[1]


def task_of(row: dict[str, Any]) -> Task:
    if not row.get("held_out"):
        return Task("t-1", row["problem"], row["answer"], "t")
    made = sample(row.get("code", NO_PROGRAM), row.get("input", {}), id="t.0")
    fields = {"problem": row["problem"], "answer": row["answer"], "asked": row.get("asked", "")}
    [task] = held_out_tasks([dataclasses.replace(made, direction=row.get("direction", "forward"), **fields)])
    return task


def execution_behind(row: dict[str, Any]) -> Execution | None:
    return execution_of(row["code"], row["input"]) if "code" in row else None


@cache
def _sandbox() -> Sandbox:
    return Sandbox()


def execute(code: str, input: str) -> str | None:
    """In the sandbox; None where the program does not come to its end."""
    outcome = _sandbox().run(code, input)
    return outcome.answer if outcome.status == "ok" else None
