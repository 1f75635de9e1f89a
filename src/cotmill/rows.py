"""Single programs and JSONL files of them: exec, trace, narrate and check without a run folder.

A row is a dict as it stands in the file; the row functions take some and give a result row for each, in a worker. A bad
row gives a result row that says so; a failure of the machinery stops the command and never becomes a row.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from cotmill.backends.engine import Task
from cotmill.backends.engine_local import LocalEngine
from cotmill.backends.in_order import in_order
from cotmill.base.recipe import Recipe
from cotmill.base.records import Draft, Execution, Lineage, Question
from cotmill.base.stage import CotmillError
from cotmill.base.trace import Trace
from cotmill.base.values import parse_json
from cotmill.execute.isolation import TIERS, warning
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Outcome, Run, Sandbox, TraceLimits
from cotmill.execute.witnesses import Witnesses
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.problem import pose
from cotmill.explain.shown_trace import shown_trace
from cotmill.prove.ground import Mode, check_solution

__all__ = [
    "check_rows", "exec_rows", "machine_layers", "machine_warning", "narrate_rows", "row_of_file", "tell_execution",
    "tell_trace", "trace_rows", "work_jsonl",
]  # fmt: skip

ROWS_PER_TASK = 32
BYTES_PER_TASK = 1 << 20  # a task ends with the line that goes beyond; so few large rows wait in memory
NOT_A_ROW = "\0"  # the column that says why a line is none; a name that no file uses
Row = dict[str, Any]


class BadRow(Exception):
    """The row is not one that can be worked on; the message says why."""


def row_of_file(path: Path, input: str) -> Row:
    """A program file as a row. Raises CotmillError where it cannot be read."""
    try:
        row: Row = {"id": path.stem, "code": path.read_text(encoding="utf-8-sig")}
    except OSError as error:
        raise CotmillError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CotmillError(f"{path} is not UTF-8 text") from None
    if input:
        try:
            row["input"] = parse_json(input)
        except (ValueError, RecursionError) as error:
            raise CotmillError(f"--input is not JSON: {error}") from None
        if not isinstance(row["input"], dict):
            raise CotmillError("--input must be a JSON object: argument name -> value")
    return row


# Row functions: rows in, one result row for each. Each process keeps its sandboxes.


@cache
def _witnesses() -> Witnesses:
    return Witnesses(Recipe().execute)


def machine_layers() -> dict[str, Any]:
    """What the sandbox is made of on this machine, be it enough or not."""
    with Sandbox(accept=TIERS) as box:
        return box.layers()


def machine_warning() -> str:
    """What a person should know before programs run here. Raises SandboxError where they may not."""
    return warning(_witnesses().first.layers())


def exec_rows(rows: list[Row], *, once: bool = False) -> list[Row]:
    """{id, code, input?} -> {id, status, output, answer, error, cpu_ms, wall_ms, peak_mb, stdout, isolation}."""
    run_all = _witnesses().once_all if once else _witnesses().run_all
    return [
        {
            "id": row.get("id"), "status": outcome.status, "output": outcome.output, "answer": outcome.answer,
            "error": outcome.error or outcome.detail, "cpu_ms": round(outcome.cpu_ms, 3),
            "wall_ms": round(outcome.wall_ms, 3), "peak_mb": round(outcome.peak_mb, 1), "stdout": outcome.stdout,
            "isolation": outcome.isolation,
        }
        for row, _, outcome in _executed(rows, run_all)
    ]  # fmt: skip


def trace_rows(rows: list[Row], *, max_lines: int) -> list[Row]:
    """{id, code, input?} -> {id, status, error, trace}: trace as in cotmill.base.trace, null unless status is ok."""
    return [
        {
            "id": row.get("id"), "status": outcome.status, "error": outcome.error or outcome.detail,
            "trace": json.loads(outcome.trace) if outcome.status == "ok" else None,
        }
        for row, _, outcome in _traced(rows, max_lines)
    ]  # fmt: skip


def narrate_rows(rows: list[Row], *, max_lines: int) -> list[Row]:
    """{id, code, input?, problem?} -> {id, status, error, problem, solution, answer}."""
    return [_narrated(row, run, outcome) for row, run, outcome in _traced(rows, max_lines)]


def _narrated(row: Row, run: Run, outcome: Outcome) -> Row:
    result: Row = {
        "id": row.get("id"), "status": outcome.status, "error": outcome.error or outcome.detail,
        "problem": "", "solution": "", "answer": outcome.answer,
    }  # fmt: skip
    if outcome.status != "ok":
        return result
    execution = Execution(
        str(row.get("id")), "", "", str(row.get("problem") or ""), run.code, _input_text(run), outcome.answer, "",
        outcome.trace, Lineage(""), outcome.isolation,
    )  # fmt: skip
    try:
        question = pose(execution)
        draft = narrator(NarrateSettings())(question) if isinstance(question, Question) else question
    except Exception as error:  # noqa: BLE001 - a bug of ours costs this row, not the rows after it
        return result | {"status": "stage-error", "error": f"{type(error).__name__}: {error}"}
    if isinstance(draft, Draft):
        return result | {"problem": draft.question.problem, "solution": draft.solution}
    return result | {"status": str(draft.reason), "error": draft.detail}


def check_rows(rows: list[Row], *, max_lines: int, mode: Mode = "strict") -> list[Row]:
    """{id, code, input?, solution, answer?, problem?} -> {id, verdict, answer_ok, claims, coverage, reason}."""
    return [_checked(row, run, outcome, mode) for row, run, outcome in _traced(rows, max_lines)]


def _checked(row: Row, run: Run, outcome: Outcome, mode: Mode) -> Row:
    result: Row = {
        "id": row.get("id"), "verdict": "could-not-check", "answer_ok": None, "claims": [], "coverage": 0.0,
    }  # fmt: skip
    solution = row.get("solution")
    if outcome.status != "ok":
        return result | {"reason": f"the program ended in {outcome.status}: {outcome.error or outcome.detail}"}
    if not isinstance(solution, str):
        return result | {"reason": "the row has no text in `solution`"}
    try:
        arguments = json.loads(_input_text(run))
        trace, problem = Trace.parse(outcome.trace), str(row.get("problem") or "")
        check = check_solution(
            run.code, arguments, solution, trace, answer=outcome.answer, mode=mode, problem=problem
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - a trace that the program forged, or a bug of ours: costs this row
        return result | {"reason": f"{type(error).__name__}: {error}"}
    return result | {
        "verdict": check.verdict, "answer_ok": check.answer_ok, "claims": [asdict(claim) for claim in check.claims],
        "coverage": check.coverage, "reason": check.reason,
    }  # fmt: skip


def _traced(rows: list[Row], max_lines: int) -> list[tuple[Row, Run, Outcome]]:
    return _executed(rows, _witnesses().once_all, TraceLimits(max_lines=max_lines, max_kb=16_384))


def _executed(
    rows: list[Row], run_all: Callable[[list[Run]], list[Outcome]], trace: TraceLimits | None = None
) -> list[tuple[Row, Run, Outcome]]:
    """Each row with what was run and what came out; a bad row is `invalid` and says why."""
    runs, bad = [Run("")] * len(rows), dict[int, Outcome]()
    for index, row in enumerate(rows):
        try:
            runs[index] = Run(*_program(row), trace)
        except BadRow as error:
            bad[index] = Outcome("invalid", error=str(error))
    good = [index for index in range(len(rows)) if index not in bad]
    outcomes = bad | dict(zip(good, run_all([runs[index] for index in good]), strict=True))
    return [(row, runs[index], outcomes[index]) for index, row in enumerate(rows)]


def _program(row: Row) -> tuple[str, str | None]:
    """Source and input of a row; a program that only defines `solution` is called. Raises BadRow."""
    if NOT_A_ROW in row:
        raise BadRow(row[NOT_A_ROW])
    code, input = row.get("code"), row.get("input")
    if not isinstance(code, str):
        raise BadRow("the row has no text in `code`")
    if input is not None and not isinstance(input, dict):
        raise BadRow("`input` is not a JSON object")
    try:
        names = {name for node in ast.parse(code).body for name in _binds(node)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        names = {"output"}  # the sandbox says what is wrong with it
    if "output" not in names and "solution" in names:
        code += CALL
        input = {} if input is None and "input" not in names else input  # else the builtin of that name is handed over
    try:
        return code, None if input is None else json.dumps(input, allow_nan=False)
    except ValueError:
        raise BadRow("`input` holds NaN or Infinity, which are not JSON") from None


def _binds(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield node.name
    for part in ast.walk(node) if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ():
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id


def _input_text(run: Run) -> str:
    """The input given, or the literal that stands in the program."""
    if run.input is not None:
        return run.input
    for node in ast.parse(run.code).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "input" for t in node.targets):
            try:
                return json.dumps(ast.literal_eval(node.value))
            except (ValueError, TypeError):
                break
    return "{}"


# Files of rows.


def work_jsonl(
    work: Callable[..., list[Row]],
    options: Row,
    lines: Iterable[bytes],
    write: Callable[[str], Any],
    workers: int | None,
) -> None:
    """Each line through `work` in worker processes; result rows are written in order.

    Memory is bounded: reading waits for writing. Raises MachineryError where the sandbox failed three times over the
    same rows.
    """
    _witnesses().close()  # of the warning; the workers have their own
    tasks = (Task((number,), _work_chunk, (work, options, chunk)) for number, chunk in enumerate(_chunks(lines)))
    for results in in_order(LocalEngine(workers), tasks):
        for result in results:
            write(result)


def _chunks(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Lines with their numbers, from 1, blank ones left out."""
    chunk: list[tuple[int, bytes]] = []
    size = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            chunk.append((number, line))
            size += len(line)
        if len(chunk) == ROWS_PER_TASK or size >= BYTES_PER_TASK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _work_chunk(work: Callable[..., list[Row]], options: Row, lines: list[tuple[int, bytes]]) -> list[str]:
    return [json.dumps(row) for row in work([_row(number, line) for number, line in lines], **options)]


def _row(number: int, line: bytes) -> Row:
    name = f"line {number}"
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError as error:
        return {"id": name, NOT_A_ROW: f"not UTF-8 (byte {error.start + 1})"}
    except (ValueError, RecursionError) as error:
        return {"id": name, NOT_A_ROW: f"not JSON: {error}"}
    return {"id": name} | row if isinstance(row, dict) else {"id": name, NOT_A_ROW: "not a JSON object"}


# For people.


def tell_execution(row: Row) -> str:
    """A result row of `exec` in a few lines."""
    head = f"{row['status']}  cpu {row['cpu_ms']:.1f} ms, wall {row['wall_ms']:.1f} ms, peak {row['peak_mb']:.0f} MB"
    printed = f"\nprinted:\n{row['stdout'].rstrip()}" if row["stdout"].strip() else ""
    return f"{head}\n{row['answer'] if row['status'] == 'ok' else row['error']}{printed}"


def tell_trace(row: Row) -> str:
    """A trace for a person."""
    if row["status"] != "ok":
        return f"{row['status']}: {row['error']}"
    trace = Trace.parse(json.dumps(row["trace"]))
    return f"{shown_trace(trace)}\n{trace.lines} line events"
