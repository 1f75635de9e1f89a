"""exec, trace, narrate and check over files of rows, as a user meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from cotmill import rows
from flow import making

DOUBLE = "def solution(n):\n    return n * 2\n"


def write(path: Path, lines: list[dict[str, Any] | bytes]) -> Path:
    path.write_bytes(b"".join((x if isinstance(x, bytes) else json.dumps(x).encode()) + b"\n" for x in lines))
    return path


def results(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_result_rows_come_in_the_order_of_the_rows(tmp_path: Path) -> None:
    """Slow rows first: the others wait for them."""
    slow = "def solution(n):\n    return sum(i % 7 for i in range(400000)) * 0 + n * 2\n"
    lines: list[Any] = [
        {"id": number, "code": slow if number < 20 else DOUBLE, "input": {"n": number}} for number in range(120)
    ]
    path = write(tmp_path / "in.jsonl", lines)
    done = making.cotmill("exec", "--jsonl", str(path), "--once", "--workers", "2")
    assert [(row["id"], row["output"]) for row in results(done.stdout)] == [(n, 2 * n) for n in range(120)]


def test_a_line_that_is_no_row_says_why(tmp_path: Path) -> None:
    """Malformed JSON, bytes that are no text, a list, NaN as an input; the lines around them are worked on."""
    good = {"code": DOUBLE, "input": {"n": 4}}
    lines = [b'{"id": 1', b"\xff", b"[1]", b'{"code": "output = 1", "input": {"n": NaN}}', good]
    path = write(tmp_path / "in.jsonl", lines)
    found = results(making.cotmill("exec", "--jsonl", str(path)).stdout)
    assert [row["status"] for row in found] == ["invalid"] * 4 + ["ok"]
    assert [row["id"] for row in found] == [f"line {number}" for number in range(1, 6)]
    for row, says in zip(found, ("not JSON", "not UTF-8", "not a JSON object", "NaN"), strict=False):
        assert says in row["error"]


def test_a_program_without_an_input_is_called_without_arguments() -> None:
    """It runs, or the error names the argument that is missing."""
    assert rows.exec_rows([{"code": "def solution(n=3):\n    return n\n"}], once=True)[0]["output"] == 3
    assert "'n'" in rows.exec_rows([{"code": DOUBLE}], once=True)[0]["error"]


def test_few_large_rows_wait_in_memory() -> None:
    """A task ends after 32 rows, or earlier with the line that makes it a megabyte."""
    lines = [b"x" * 600_000] * 4 + [b"", b"y"] * 40
    chunks = list(rows._chunks(lines))
    assert [len(chunk) for chunk in chunks] == [2, 2, 32, 8]
    assert chunks[2][0][0] == 6  # blank lines are counted, not worked on


def test_the_file_that_is_read_is_not_overwritten(tmp_path: Path) -> None:
    """--out with the name of the input, through a link too: a message, and the rows are still there."""
    path = write(tmp_path / "in.jsonl", [{"code": DOUBLE, "input": {"n": 4}}])
    (tmp_path / "link.jsonl").symlink_to(path)
    before = path.read_bytes()
    for out in (path, tmp_path / "link.jsonl"):
        done = making.cotmill("exec", "--jsonl", str(path), "--out", str(out), status=1)
        assert "choose another" in done.stderr
    assert path.read_bytes() == before


def test_an_older_result_survives_a_mistake_in_the_input(tmp_path: Path) -> None:
    """The input is opened first: --out keeps what it holds when there is nothing to read."""
    (tmp_path / "out.jsonl").write_text("dear\n")
    done = making.cotmill("exec", "--jsonl", str(tmp_path / "no"), "--out", str(tmp_path / "out.jsonl"), status=1)
    assert "no: No such file" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "out.jsonl").read_text() == "dear\n"


@pytest.mark.parametrize(
    "arguments", [["--out", "x"], ["--jsonl", "program.py"], ["--jsonl", "program.py", "--input", "{}"]]
)
def test_options_that_would_do_nothing_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    """--out and --jsonl beside one FILE; --input beside --jsonl."""
    (tmp_path / "program.py").write_text(DOUBLE)
    one = [] if "--input" in arguments else ["program.py"]
    done = making.cotmill("exec", *one, *arguments, cwd=tmp_path, status=2)
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


def test_a_bug_of_the_narrator_costs_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result row says stage-error; nothing is raised."""

    def broken(execution: Any) -> None:
        raise IndexError("oops")

    monkeypatch.setattr(rows, "pose", broken)
    result = rows.narrate_rows([{"id": 1, "code": DOUBLE, "input": {"n": 4}}], max_lines=100)[0]
    assert (result["status"], result["error"]) == ("stage-error", "IndexError: oops")


def test_a_killed_worker_costs_no_row(tmp_path: Path) -> None:
    """Its rows are given out again; every row has its result once, in order."""
    wait = "import time\n\ndef solution(n):\n    time.sleep(0.02)\n    return n\n"
    path = write(tmp_path / "in.jsonl", [{"id": n, "code": wait, "input": {"n": n}} for n in range(150)])
    process = making.start(
        "exec", "--jsonl", str(path), "--once", "--workers", "2", "--out", str(tmp_path / "out.jsonl")
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (workers := making.workers_of(process.pid)):
        time.sleep(0.05)
    time.sleep(0.7)
    os.kill(workers[0], signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert [row["id"] for row in results((tmp_path / "out.jsonl").read_text())] == list(range(150))


def test_a_reader_that_leaves_is_no_error_of_ours(tmp_path: Path) -> None:
    """`| head` ends the command without a traceback."""
    path = write(tmp_path / "in.jsonl", [{"id": n, "code": DOUBLE, "input": {"n": n}} for n in range(200)])
    process = making.start("trace", "--jsonl", str(path))
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = subprocess.DEVNULL  # type: ignore[assignment] - so that communicate() leaves it alone
    assert process.stderr is not None
    err = process.stderr.read()
    process.wait(timeout=60)
    process.stderr.close()
    assert "Traceback" not in err and "Exception ignored" not in err


def test_text_that_the_terminal_lacks_stops_nothing(tmp_path: Path) -> None:
    """An ASCII terminal shows escapes."""
    (tmp_path / "p.py").write_text("output = '\u2192'\n", encoding="utf-8-sig")
    done = making.cotmill("exec", "p.py", cwd=tmp_path, environment={"PYTHONIOENCODING": "ascii"})
    assert "\\u2192" in done.stdout
