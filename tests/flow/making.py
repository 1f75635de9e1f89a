"""Small seed files and runs for the tests of the whole flow."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

SUM = "def main_solution(xs, k):\n    total = 0\n    for x in xs:\n        if x % k == 0:\n            total += x\n    return total\n"
FACT = "def fact(n):\n    if n <= 1:\n        return 1\n    return n * fact(n - 1)\n\ndef main_solution(n):\n    return fact(n)\n"
WORDS = "def main_solution(text):\n    counts = {}\n    for word in text.split():\n        counts[word] = counts.get(word, 0) + 1\n    return counts\n"
CRASH = "def main_solution(n):\n    return 10 // n\n"
LONG = "def main_solution(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
CLOCK = "import time\n\ndef main_solution(n):\n    return n + time.time_ns() % 1000003\n"
BROKEN = "def main_solution(n):\n    return (n\n"


def seed_rows(copies: int = 1) -> list[dict[str, Any]]:
    """Rows in PyEdu's form: programs that work, fail, are too long, depend on the clock, do not parse."""
    rows = []
    for copy in range(copies):
        rows += [
            row(
                SUM, [{"xs": [1, 2, 3, 4 + copy], "k": 2}, {"xs": [3, 6, 9], "k": 3 + copy}, {"xs": [], "k": 1 + copy}]
            ),
            row(FACT, [{"n": 3 + copy}, {"n": 4 + copy}]),
            row(WORDS, [{"text": f"a b a {copy}"}, {"text": f"to be or not to be {copy}"}]),
            row(CRASH.replace("10", str(10 + copy)), [{"n": 0}, {"n": 2}]),
            row(LONG, [{"n": 3 + copy}, {"n": 5000 + copy}]),
            row(CLOCK, [{"n": copy}]),
            row(BROKEN.replace("n", f"n{copy}", 1), [{"n": 1}, {"n": 2}]),
        ]
    return rows


def row(code: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    ios = [{"input": input, "output": expected(code, input)} for input in inputs]
    return {"problem_description": "", "io_requirements": "", "refcode": code, "funcname": "main_solution", "ios": ios}


def expected(code: str, input: dict[str, Any]) -> Any:
    if code.startswith("import time"):
        return None
    space: dict[str, Any] = {}
    try:
        exec(code, space)
        return space["main_solution"](**input)
    except (ZeroDivisionError, SyntaxError):
        return None


def write_seeds(path: Path, rows: list[dict[str, Any]], *, shuffle: int = 0) -> Path:
    lines = [json.dumps(item) for item in rows]
    if shuffle:
        random.Random(shuffle).shuffle(lines)
    path.write_text("\n".join(lines) + "\n")
    return path


HEED_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


def start(*arguments: str, cwd: Path | None = None, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """cotmill in a process group of its own, that Ctrl-C reaches even where these tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{HEED_CTRL_C}; from cotmill.cli import main; main()", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **(environment or {})},
    )  # fmt: skip


def cotmill(
    *arguments: str, cwd: Path | None = None, status: int | None = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """cotmill to its end; asserts the exit status."""
    process = start(*arguments, cwd=cwd, environment=environment)
    out, err = process.communicate(timeout=300)
    assert status is None or process.returncode == status, f"exit {process.returncode}\n{out}\n{err}"
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def samples(run: Path) -> list[dict[str, Any]]:
    return [
        item
        for path in sorted((run / "dataset" / "data").glob("*.parquet"))
        for item in pq.read_table(path).to_pylist()
    ]


def rejects(run: Path) -> list[dict[str, Any]]:
    return [item for path in sorted((run / "rejects").rglob("*.parquet")) for item in pq.read_table(path).to_pylist()]


def tree_digest(folder: Path) -> dict[str, str]:
    """Path -> sha256 of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def workers_of(parent: int) -> list[int]:
    """Children that run engine tasks, not multiprocessing's own helper."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(stat.parent.name))
    return found
