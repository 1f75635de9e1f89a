"""Tasks from benchmark files and from held-out samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cotmill.base.stage import CotmillError
from cotmill.student.benchmarks import held_out_tasks, read_benchmark
from publish.samples import sample

GSM8K = {"question": "What is 4 + 5?", "answer": "4 + 5 = <<4+5=9>>9\n#### 9"}
MATH = {"problem": "What is $4+5$?", "solution": "It is $\\boxed{9}$, which is odd.", "level": "Level 1"}
MATH_500 = MATH | {"answer": "9"}
SVAMP = {"Body": "Bo has 4 nuts and finds 5", "Question": "How many are there?", "Answer": 9.0, "ID": "a-1"}


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "problem", "answer"),
    [
        (GSM8K, "What is 4 + 5?", "9"),
        (MATH, "What is $4+5$?", "9"),
        (MATH_500, "What is $4+5$?", "9"),
        (SVAMP, "Bo has 4 nuts and finds 5 How many are there?", "9.0"),
        ({"problem": "2 in the power of 10?", "answer": 1024}, "2 in the power of 10?", "1024"),
        ({"question": "Which are even: 1, 2, 4?", "answer": [2, 4]}, "Which are even: 1, 2, 4?", "[2,4]"),
    ],
)
def test_a_kind_is_known_by_its_columns(tmp_path: Path, row: dict[str, Any], problem: str, answer: str) -> None:
    """Each published form gives its problem and its answer; the benchmark has its file's name."""
    [task] = read_benchmark(write(tmp_path / "nuts.jsonl", row))
    assert (task.problem, task.answer, task.of, task.id) == (problem, answer, "nuts", "nuts-1")


def test_other_columns_are_named_by_fields(tmp_path: Path) -> None:
    """Also the id, and a text before the question."""
    row = {"ctx": "Bo has 4 nuts.", "ask": "How many?", "gold": "4", "key": "n7"}
    fields = {"problem": "ctx", "question": "ask", "answer": "gold", "id": "key"}
    [task] = read_benchmark(write(tmp_path / "own.jsonl", row), fields)
    assert (task.id, task.problem, task.answer) == ("n7", "Bo has 4 nuts. How many?", "4")
    worked = {"problem": "ctx", "solution": "gold"}
    [task] = read_benchmark(write(tmp_path / "own.jsonl", row | {"gold": "So \\boxed{4}"}), worked)
    assert task.answer == "4"


def test_parquet_and_csv_are_read_too(tmp_path: Path) -> None:
    """The same rows give the same tasks."""
    pq.write_table(pa.Table.from_pylist([GSM8K, GSM8K]), tmp_path / "nuts.parquet")
    (tmp_path / "nuts.csv").write_text('question,answer\n"What is 4 + 5?","4 + 5 = 9\n#### 9"\nWhat is 4 + 5?,9\n')
    jsonl = read_benchmark(write(tmp_path / "nuts.jsonl", GSM8K, "\n", GSM8K))
    assert read_benchmark(tmp_path / "nuts.parquet") == read_benchmark(tmp_path / "nuts.csv") == jsonl
    assert [task.id for task in jsonl] == ["nuts-1", "nuts-2"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([GSM8K, {"question": "What?", "answer": " "}], r"nuts.jsonl line 2: column 'answer' is absent or empty"),
        ([GSM8K, {"answer": "#### 9"}], r"line 2: column 'question' is absent or empty"),
        ([GSM8K, {"question": "What?", "answer": "####"}], r"line 2: no final answer in column 'answer'"),
        ([MATH, MATH | {"solution": "It is nine."}], r"line 2: no final answer in column 'solution'"),
        ([GSM8K, "{\n"], r"line 2: not JSON.*Mend these rows or take them out"),
        ([GSM8K, {"question": "\ud83d", "answer": "9"}], r"line 2: .*surrogate"),
        ([GSM8K, *["[]\n"] * 5], r"line 2.*line 3.*line 4: .*; 2 more rows are bad"),
        (
            [{"text": "What?", "label": 9}],
            r"columns are text, label\. Say which hold .* problem=COLUMN --field answer=COLUMN",
        ),
        ([], r"no rows"),
    ],
)
def test_a_bad_row_stops_the_reading_with_one_message(tmp_path: Path, rows: list[Any], message: str) -> None:
    """It names the line and what to do; a benchmark is never measured in part."""
    with pytest.raises(CotmillError, match=message):
        read_benchmark(write(tmp_path / "nuts.jsonl", *rows))


def test_what_is_no_benchmark_file_is_said(tmp_path: Path) -> None:
    """The name's ending, a missing file, a field that does not exist, an id that is there twice."""
    with pytest.raises(CotmillError, match=r"its name must end in \.jsonl"):
        read_benchmark(write(tmp_path / "nuts.txt", GSM8K))
    with pytest.raises(CotmillError, match="no such file"):
        read_benchmark(tmp_path / "none.jsonl")
    path = write(tmp_path / "nuts.jsonl", SVAMP, SVAMP)
    with pytest.raises(CotmillError, match="no such field: reply; the fields are id, problem"):
        read_benchmark(path, {"reply": "Answer"})
    with pytest.raises(CotmillError, match="two rows have the id 'a-1'"):
        read_benchmark(path, {"problem": "Body", "answer": "Answer", "id": "ID"})
    with pytest.raises(CotmillError, match="the fields name no column for the answer"):
        read_benchmark(path, {"problem": "Body"})


def test_held_out_samples_are_tasks() -> None:
    """The answer is what the problem asks for, and the sample goes along."""
    made = sample("def solution(n):\n    return n * n\n", {"n": 3}, id="p.0")
    [task] = held_out_tasks([made])
    assert (task.id, task.problem, task.answer, task.of, task.sample) == ("p.0", made.problem, "9", "held-out", made)
