"""Readers: every row becomes a Seed or a Broken, whatever is in the file."""

from __future__ import annotations

import csv
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Seed
from cotmill.collect.sources import Broken, SeedsError, number_copies, read
from cotmill.collect.sources.records import MAX_RAW

CODE = "def f(n):\n    return n + 1\n"


def rows_of(
    path: Path, format: str = "auto", fields: dict[str, str] | None = None, max_row_mb: float = 1.0
) -> list[Seed | Broken]:
    return list(read(path, format, fields or {}, source="t", max_row_mb=max_row_mb))


def seeds_of(path: Path, format: str = "auto", fields: dict[str, str] | None = None) -> list[Seed]:
    found = rows_of(path, format, fields)
    assert not [row for row in found if isinstance(row, Broken)]
    return [row for row in found if isinstance(row, Seed)]


def jsonl(path: Path, *rows: Any) -> Path:
    """A file with these rows; bytes and texts are lines as they are."""
    lines = [
        row if isinstance(row, bytes) else row.encode() if isinstance(row, str) else json.dumps(row).encode()
        for row in rows
    ]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_pyedu(tmp_path: Path):
    """CodeI/O rows are recognised by their columns; each of `ios` is a pair."""
    path = jsonl(tmp_path / "a.jsonl", {
        "problem_description": "Add one.", "io_requirements": "", "refcode": CODE, "funcname": "f",
        "ios": [{"input": {"n": 1}, "output": 2}, {"input": {"n": 2.0}, "output": 3.0}, {"input": {"n": 3}}],
    })  # fmt: skip
    (seed,) = seeds_of(path)
    assert (seed.source, seed.problem, seed.code, seed.entry) == ("t", "Add one.", CODE, "f")
    assert (seed.inputs, seed.answers) == (('{"n":1}', '{"n":2.0}', '{"n":3}'), ("2", "3.0", ""))


def test_pal(tmp_path: Path):
    """PAL rows have no input of their own: the values stand in the code."""
    path = jsonl(
        tmp_path / "a.jsonl", {"input": "How many?", "code": "def solution():\n    return 5", "target": 5.0, "idx": 0}
    )
    (seed,) = seeds_of(path)
    assert (seed.problem, seed.inputs, seed.answers) == ("How many?", (), ("5.0",))


@pytest.mark.parametrize(
    ("row", "inputs", "answers"),
    [
        ({"input": {"n": 1}, "answer": 2}, ['{"n":1}'], ["2"]),
        ({"input": '{"n": 1}', "answer": "2"}, ['{"n":1}'], ['"2"']),
        ({"inputs": [{"n": 1}, {"n": 2}], "answers": [2, 3]}, ['{"n":1}', '{"n":2}'], ["2", "3"]),
        ({"inputs": '[{"n": 1}, {"n": 2}]'}, ['{"n":1}', '{"n":2}'], ["", ""]),
        ({"pairs": [{"input": {"n": 1}, "output": None}, 7, {"output": 1}]}, ['{"n":1}', "7", "null"], ["null", "", "1"]),
        ({"input": {"b": 1, "a": 1.0}}, ['{"a":1.0,"b":1}'], [""]),
        ({"input": [1]}, ["[1]"], [""]),
        ({"answer": float("inf")}, [], ['{"$float":"inf"}']),
        ({}, [], [""]),
    ],
)  # fmt: skip
def test_generic_rows(tmp_path: Path, row: dict[str, Any], inputs: list[str], answers: list[str]):
    """One input and answer, parallel lists, or a list of pairs; whatever is no object is kept for unify to reject."""
    (seed,) = seeds_of(jsonl(tmp_path / "a.jsonl", {"code": CODE} | row))
    assert (list(seed.inputs), list(seed.answers)) == (inputs, answers)


def test_field_map(tmp_path: Path):
    """Columns with other names are mapped, and then nothing is guessed."""
    path = jsonl(tmp_path / "a.jsonl", {"python": CODE, "q": "Add.", "args": {"n": 1}, "refcode": "no", "ios": []})
    (seed,) = seeds_of(path, fields={"code": "python", "problem": "q", "input": "args"})
    assert (seed.code, seed.problem, seed.inputs) == (CODE, "Add.", ('{"n":1}',))


def test_inputs_in_the_code(tmp_path: Path):
    """A row without inputs has those that its code states."""
    code = CODE + 'input = {"n": 4}\noutput = f(**input)\n'
    assert seeds_of(jsonl(tmp_path / "a.jsonl", {"code": code, "answer": 5}))[0].inputs == ('{"n":4}',)


def test_bad_lines(tmp_path: Path):
    """Every bad line is kept with its number, its reason and its text; the good ones are read."""
    good = {"code": CODE, "input": {"n": 1}}
    path = jsonl(
        tmp_path / "seeds.jsonl",
        b"\xef\xbb\xbf" + json.dumps(good).encode(), "", "   ", '{"code": "x', b'{"code": "\xff\xfe"}', "[1, 2]",
        '{"code": "a\x00b"}', {"code": 7}, {"code": ""}, {"nothing": 1}, good | {"title": ["x"]},
        good | {"inputs": [{"n": 1}], "answers": [1, 2]}, '{"code": "\\ud800"}', "[" * 100000, '{"input": {}, "code": "x", "code": "y = 2"}',
        '{"code": "z", "input": {"n": ' + "9" * 5000 + "}}",
    )  # fmt: skip
    found = rows_of(path)
    broken = [row for row in found if isinstance(row, Broken)]
    assert [row.code for row in found if isinstance(row, Seed)] == [CODE, "y = 2"]
    assert [(int(row.detail.split()[2].rstrip(":")), str(row.reason)) for row in broken] == [
        (4, "malformed-row"), (5, "malformed-row"), (6, "malformed-row"), (7, "malformed-row"), (8, "missing-field"),
        (9, "missing-field"), (10, "missing-field"), (11, "missing-field"), (12, "missing-field"), (13, "missing-field"),
        (14, "malformed-row"), (16, "malformed-row"),
    ]  # fmt: skip
    assert broken[0].detail == "seeds.jsonl line 4: not JSON: Unterminated string starting at (column 10)"
    assert broken[0].raw == '{"code": "x'
    assert broken[1].raw == r'{"code": "\xff\xfe"}'
    assert len({row.id for row in broken}) == len(broken)
    assert max(len(row.raw) for row in broken) == MAX_RAW
    assert broken[0].pair_ids() == (f"{broken[0].id}.0",)


def test_words_alone(tmp_path: Path):
    """A problem with a solution or an answer is a seed; with neither, or without a problem, the row lacks a field."""
    rows = [
        {"problem": "P", "solution": " S ", "answer": "9 (eggs)"}, {"problem": "P", "solution": "So.\n#### 1,234"},
        {"question": "Q", "answer": [1, "a"]}, {"problem": "P", "solution": "S"},
        {"problem": "P"}, {"problem": "P", "answer": ""}, {"solution": "S", "answer": 1}, {"problem": "P", "solution": ["S"]},
    ]  # fmt: skip
    found = rows_of(jsonl(tmp_path / "a.jsonl", *rows))
    seeds = [row for row in found if isinstance(row, Seed)]
    assert [(seed.problem, seed.solution, seed.answers, seed.unit) for seed in seeds] == [
        ("P", "S", ("9",), "eggs"), ("P", "So.\n#### 1,234", ("1234",), ""), ("Q", "", ('[1,"a"]',), ""),
        ("P", "S", ("",), ""),
    ]  # fmt: skip
    assert {(seed.code, seed.formula, seed.pair_ids()) for seed in seeds} == {("", "", (f"{s.id}.0",)) for s in seeds}
    assert len({seed.id for seed in seeds}) == 4
    assert [row.reason for row in found if isinstance(row, Broken)] == [Reason.MISSING_FIELD] * 4
    assert "no problem with a solution or an answer" in found[4].detail
    (tmp_path / "a.csv").write_text('problem,answer\nP,"[1, 2]"\nP,1.50\n')
    assert [seed.answers for seed in seeds_of(tmp_path / "a.csv")] == [("[1,2]",), ("1.5",)]


def test_words_beside_a_program_make_no_other_seed(tmp_path: Path):
    """Ids of rows with code or equations are as they were before words were read."""
    with_code = {"code": CODE, "problem": "P", "answer": 1}
    with_formula = {"formula": "3+4=7", "problem": "P", "answer": 7}
    for row in (with_code, with_formula):
        (plain,) = seeds_of(jsonl(tmp_path / "a.jsonl", row))
        assert seeds_of(jsonl(tmp_path / "b.jsonl", row | {"solution": "S"})) == [plain]
        assert seeds_of(jsonl(tmp_path / "c.jsonl", row | {"solution": ["S"]})) == [plain]


def test_a_long_table_of_words_is_read(tmp_path: Path):
    """No column for programs is missed where rows give seeds."""
    assert len(seeds_of(jsonl(tmp_path / "a.jsonl", *({"problem": f"P{n}", "answer": n} for n in range(300))))) == 300


def test_row_too_large(tmp_path: Path):
    """A row beyond the limit is a reject; neither it nor the file is ever whole in memory."""
    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        for size in (10, 30_000_000, 10):
            file.write(json.dumps({"code": "x = 1 #" + "a" * size}) + "\n")
    tracemalloc.start()
    found = rows_of(path, max_row_mb=0.5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(row) for row in found] == [Seed, Broken, Seed]
    assert isinstance(found[1], Broken)
    assert (found[1].reason, found[1].detail) == (Reason.ROW_TOO_LARGE, "a.jsonl line 2: more than 0.5 MB")
    assert peak < 10_000_000


def test_ids_do_not_depend_on_order(tmp_path: Path):
    """Shuffled rows, copies among them, have the same ids; inputs of a row keep their order."""
    rows: list[Any] = [{"code": CODE, "inputs": [{"n": k}, {"n": -k}]} for k in range(20)]
    rows += [{"code": CODE, "inputs": [{"n": 3}, {"n": -3}]}, {"code": 1}, {"code": 1}, "no", "no"]
    first = list(number_copies(rows_of(jsonl(tmp_path / "a.jsonl", *rows))))
    random.Random(1).shuffle(rows)
    second = list(number_copies(rows_of(jsonl(tmp_path / "b.jsonl", *rows))))
    assert len({row.id for row in first}) == len(rows) == len(first)
    assert sorted(row.id for row in first) == sorted(row.id for row in second)
    by_id = {row.id: row for row in second if isinstance(row, Seed)}
    assert all(by_id[row.id] == row for row in first if isinstance(row, Seed))


def test_own_id_tells_rows_apart(tmp_path: Path):
    """Rows that differ in their own id alone are different seeds; other columns do not matter."""
    rows = [{"code": CODE, "id": 1}, {"code": CODE, "id": 2}, {"code": CODE, "id": 2, "unused": 3}]
    one, two, three = seeds_of(jsonl(tmp_path / "a.jsonl", *rows))
    assert (one.id != two.id, two.id == three.id) == (True, True)


def test_three_tables_one_seed(tmp_path: Path):
    """The same rows in JSONL, Parquet and CSV give the same seeds with the same ids."""
    rows = [
        {"id": str(k), "code": CODE + f'# {k}, "quoted"\n', "title": "Add", "input": json.dumps({"n": k})}
        for k in range(150)
    ]
    jsonl(tmp_path / "a.jsonl", *rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    for name, delimiter in (("a.csv", ","), ("a.tsv", "\t")):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    want = seeds_of(tmp_path / "a.jsonl")
    assert len({seed.id for seed in want}) == 150
    for name in ("a.parquet", "a.csv", "a.tsv"):
        assert seeds_of(tmp_path / name) == want


def test_parquet_nested(tmp_path: Path):
    """A list of structs in Parquet is read as a list of objects."""
    row = {"refcode": CODE, "problem_description": "p", "funcname": "f", "ios": [{"input": {"n": 1}, "output": 2}]}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    assert seeds_of(tmp_path / "a.parquet")[0].answers == ("2",)


def test_bad_parquet_rows(tmp_path: Path):
    """A row that is no UTF-8, too large or of the wrong type is kept as a reject with its number."""
    column = pa.array([CODE.encode(), b"\xff\xfe", b"x" * 600_000]).view(pa.string())
    pq.write_table(pa.table({"code": column}), tmp_path / "a.parquet")
    seed, *broken = rows_of(tmp_path / "a.parquet", max_row_mb=0.5)
    assert isinstance(seed, Seed)
    assert [(row.reason, row.detail[:15]) for row in broken if isinstance(row, Broken)] == [
        (Reason.MALFORMED_ROW, "a.parquet row 2"), (Reason.ROW_TOO_LARGE, "a.parquet row 3"),
    ]  # fmt: skip


def test_bad_csv_rows(tmp_path: Path):
    """CSV answers are read as JSON where they are JSON; broken rows keep their line and reason."""
    data = b'\xef\xbb\xbfcode,answer\nx = 1,2.50\n\ny = 1,two\na,b,c\nz\xff,1\n,1\nw = 1,"open\n'
    (tmp_path / "a.csv").write_bytes(data)
    found = rows_of(tmp_path / "a.csv")
    assert [(row.code, row.answers) for row in found if isinstance(row, Seed)] == [
        ("x = 1", ("2.5",)),
        ("y = 1", ('"two"',)),
    ]
    assert [(row.reason, row.detail.split(":")[0]) for row in found if isinstance(row, Broken)] == [
        (Reason.MALFORMED_ROW, "a.csv line 5"), (Reason.MALFORMED_ROW, "a.csv line 6"),
        (Reason.MISSING_FIELD, "a.csv line 7"), (Reason.MALFORMED_ROW, "a.csv line 8"),
    ]  # fmt: skip


def test_folder(tmp_path: Path):
    """Every program in a folder, in the order of its path: docstring, inputs; broken files are kept as rejects."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "two.py").write_text(
        'def solution(n):\n    """Adds two."""\n    return n + 2\ninput = {"n": 4}\n'
    )
    (tmp_path / "b" / "four.py").write_text("inputs = [{'n': (1, 2)}, {'n': 1.0}]\ndef f(n): return n\n")
    (tmp_path / "a.py").write_bytes(
        b'\xef\xbb\xbf"""Title here.\r\n\r\nA problem\r\nof two lines.\r\n"""\r\ndef f(n):\r\n    return (n\r\n'
    )
    (tmp_path / "a2.py").write_bytes(
        b'"""Title.\n\nA problem.\n"""\ndef f(n):\n    return n\ninputs = [{"n": 1}, {"n": 2}]\n'
    )
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    (tmp_path / "large.py").write_bytes(b"#" * 600_000)
    (tmp_path / "empty.py").write_bytes(b"")
    for name in ("__init__.py", ".git/hook.py", "notes.txt"):
        (tmp_path / name).write_text("x = 1")
    found = rows_of(tmp_path, max_row_mb=0.5)
    assert [(row.title, row.problem, row.inputs) for row in found if isinstance(row, Seed)] == [
        ("", "", ()), ("Title.", "A problem.", ('{"n":1}', '{"n":2}')), ("", "", ("{'n': (1, 2)}", '{"n":1.0}')), ("Adds two.", "", ('{"n":4}',)),
    ]  # fmt: skip
    assert [(row.reason, row.detail.split(":")[0]) for row in found if isinstance(row, Broken)] == [
        (Reason.MISSING_FIELD, "empty.py"), (Reason.ROW_TOO_LARGE, "large.py"), (Reason.MALFORMED_ROW, "latin.py"),
    ]  # fmt: skip
    assert seeds_of(tmp_path / "b" / "two.py")[0].title == "Adds two."


def test_starter_needs_no_path():
    """The starter set comes with cotmill."""
    assert len(seeds_of(Path("nowhere"), "starter")) > 100


@pytest.mark.parametrize(
    ("name", "content", "format", "fields", "why"),
    [
        ("none.jsonl", None, "auto", {}, "no such file"),
        ("a.jsonl", b"", "auto", {}, "empty"),
        ("a.jsonl", b"\n \n", "auto", {}, "empty"),
        ("a.jsonl", b'{"code": \n', "auto", {}, "no row can be read; a.jsonl line 1: not JSON"),
        ("a.jsonl", b'{"text": "x", "python_code": "y"}\n' * 3, "auto", {}, "python_code, text. Say which one it is, for example fields: {code: python_code}"),
        ("a.jsonl", b'{"text": "x"}\n' * 500, "pyedu", {}, "no column 'refcode'"),
        ("a.jsonl", b"{}\n", "auto", {"cod": "x"}, "did you mean 'code'"),
        ("a.jsonl", b"{}\n", "jsonnl", {}, "did you mean 'jsonl'"),
        ("a.xyz", b"{}\n", "auto", {}, "give a format"),
        ("a.parquet", b"not parquet", "auto", {}, "not readable as Parquet"),
        ("a.csv", b"", "auto", {}, "empty"),
        ("folder/a.txt", b"", "auto", {}, "no .py file"),
        ("folder/a.py", b"x = 1", "jsonl", {}, "format folder"),
    ],
)  # fmt: skip
def test_nothing_to_read(
    tmp_path: Path, name: str, content: bytes | None, format: str, fields: dict[str, str], why: str
):
    """Where nothing can be read, the error says what was found and what to do."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SeedsError, match="(?s)" + why.replace(".", r"\.").replace("{", r"\{")):
        rows_of(path if path.parent == tmp_path else path.parent, format, fields)


def test_many_bad_lines_first(tmp_path: Path):
    """Any number of bad lines before the first good one are kept."""
    path = jsonl(tmp_path / "a.jsonl", *(f"no {k}" for k in range(300)), {"code": CODE})
    found = rows_of(path)
    assert [type(row) for row in found] == [Broken] * 300 + [Seed]


def test_lazy(tmp_path: Path):
    """Rows are given one at a time: the first is there before the file was read to its end."""
    row = {"code": CODE + "#" * 4000, "title": "t", "input": {"n": 1}}
    path = jsonl(tmp_path / "a.jsonl", *(row | {"id": k} for k in range(3000)))
    tracemalloc.start()
    count = sum(1 for _ in read(path, "auto", {}, source="t", max_row_mb=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 1_000_000) == (3000, True)


def test_the_form_of_the_answer_stands_behind_the_problem(tmp_path: Path) -> None:
    """CodeI/O says apart what goes in and what comes out; without it nobody could know the keys of the answer."""
    row = {
        "problem_description": "Count the words.", "io_requirements": "Output: a dict word -> count.",
        "refcode": "def f(t):\n    return {}\n", "funcname": "f", "ios": [{"input": {"t": "a"}, "output": {}}],
    }  # fmt: skip
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n")
    (seed,) = read(path, "auto", {}, source="s", max_row_mb=1)
    assert isinstance(seed, Seed)
    assert seed.problem == "Count the words.\n\nOutput: a dict word -> count."
