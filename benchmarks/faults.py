"""A run against servers that fail in every way that passes by itself: does it end as if nothing had been?

    python benchmarks/faults.py [--records 10000] [--workers 2] [--timeout 2] [--retry-after 1] [--only RUN]... [--json]

Seeds are a few small programs on many inputs. A scripted model tells each narration anew, in a quarter of the cases
with a wrong answer, which goes back; where that fails too the record is rejected, as no narration takes its place here.
Answers are a function of what is asked. Runs:

- calm: one server without faults;
- faults: two servers; of the attempts 10 % get 429 with Retry-After, 5 % 500, 2 % no answer until the client goes away,
  2 % half of the JSON, 1 % a connection that breaks; the first server dies when half of the calls are done;
- the same with one worker, and with the seeds in another order.

Every record must end as a sample or as a reject with a reason, and data set and rejects must be those of the calm run,
byte for byte; with the seeds in another order the samples and rejects are the same set. Status 1 where they are not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from scripted import Reply, Scripted, digest

ADDED = "def solution(n, k):\n    total = n * k\n    rest = total - n\n    return rest + k\n"
PAID = "def solution(price, count):\n    cost = price * count\n    if cost > 500:\n        cost = 0\n    return cost\n"
SUMMED = "def solution(xs):\n    total = 0\n    for x in xs:\n        total = total + x\n    return total\n"
SHARED = "def solution(n):\n    share = 1000 // (n % 50)\n    return share + n\n"  # fails on some
PROGRAMS: dict[str, Callable[[int], dict[str, Any]]] = {
    ADDED: lambda number: {"n": number, "k": 3 + number % 7},
    PAID: lambda number: {"price": 5 + number % 90, "count": 2 + number},
    SUMMED: lambda number: {"xs": [number, number % 11, 7]},
    SHARED: lambda number: {"n": number},
}
"""Each with its input by number."""
INPUTS = 50  # of one seed
FAULTS = (
    (0.10, "throttled"), (0.05, "500"), (0.02, "hang"), (0.02, "cut"), (0.01, "reset"),
)  # fmt: skip
PROMPT = "{% set version = 1 %}{% block user %}{{ narration }}{% endblock %}"
WRONG = 0.25  # of the answers


class Teller:
    """The script: tells the narration again; faults are drawn for each attempt."""

    def __init__(self, *, faults: bool, retry_after: str) -> None:
        self._faults, self._retry_after = faults, retry_after

    def __call__(self, body: bytes, attempt: int) -> Reply:
        if self._faults:
            rest = random.Random(digest(body) + bytes([attempt % 256])).random()
            for share, kind in FAULTS:
                rest -= share
                if rest < 0:
                    return self._failure(kind, body)
        return Reply(told(body))

    def _failure(self, kind: str, body: bytes) -> Reply:
        if kind == "throttled":
            return Reply(None, 429, self._retry_after)
        if kind == "500":
            return Reply(None, 500)
        return Reply(told(body), hang=kind == "hang", cut=kind == "cut", reset=kind == "reset")


def make(faults: bool, retry_after: str) -> Teller:
    """In the server's process."""
    return Teller(faults=faults, retry_after=retry_after)


def told(body: bytes) -> str:
    """The narration, or one with another answer."""
    narration: str = json.loads(body)["messages"][0]["content"]
    wrong = random.Random(digest(body)).random() < WRONG
    return f"{narration.rpartition(chr(10))[0]}\nAnswer: 987654321" if wrong else narration


def write_seeds(path: Path, records: int, *, order: int = 0) -> Path:
    """Rows in PyEdu's form."""
    rows, programs = [], list(PROGRAMS.items())
    for first in range(0, records, INPUTS):
        code, make = programs[first // INPUTS % len(programs)]
        inputs = [make(number) for number in range(first, min(first + INPUTS, records))]
        ios = [{"input": each, "output": output(code, each)} for each in inputs]
        rows.append({
            "problem_description": "", "io_requirements": "", "refcode": f"{code}# {first}\n", "funcname": "solution",
            "ios": ios,
        })  # fmt: skip
    if order:
        random.Random(order).shuffle(rows)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def output(code: str, input: dict[str, Any]) -> Any:
    space: dict[str, Any] = {}
    exec(code, space)
    try:
        return space["solution"](**input)
    except ZeroDivisionError:
        return None


def command(out: Path, seeds: Path, urls: Sequence[str], workers: int, *settings: str) -> list[str]:
    prompt = out.parent / "teller.jinja"
    prompt.write_text(PROMPT, encoding="utf-8")
    options = (
        f"model.base_url={json.dumps(list(urls))}", "model.name=teller", "model.narrate.use=true",
        "model.narrate.of=narration", "model.narrate.fallback=false", f"model.narrate.prompt={prompt}", *settings,
    )  # fmt: skip
    given = [word for option in options for word in ("--set", option)]
    begin = [sys.executable, "-c", "from cotmill.cli import main; main()", "run", "grounded", "--seeds", str(seeds)]
    return [*begin, *given, "--workers", str(workers), "--out", str(out)]


def contents(run: Path, *folders: str) -> dict[str, str]:
    """Path -> digest of what stands in these folders."""
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders for path in sorted((run / folder).rglob("*")) if path.is_file()
    }  # fmt: skip


def rows(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.rglob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@dataclass(frozen=True, slots=True)
class Way:
    """How the run is made."""

    workers: int
    order: int = 0  # of the seeds; 0: as they are


def measure(folder: Path, name: str, way: Way, options: argparse.Namespace, calls: int = 0) -> dict[str, Any]:
    """One run; `calls` is what the calm one made, and 0 for that one."""
    seeds = write_seeds(folder / "seeds.jsonl", options.records, order=way.order)
    settings = (
        f"model.timeout_s={options.timeout}", f"model.in_flight={options.in_flight}", f"shard_pairs={options.shard}",
    )  # fmt: skip
    ports, last = (2, calls // 2) if calls else (1, 0)
    script = (make, bool(calls), options.retry_after)
    with Scripted(*script, ports=ports, latency=options.latency, last=last) as server:
        line = command(folder / name, seeds, server.urls, way.workers, *settings)
        began = time.monotonic()
        done = subprocess.run(line, stdout=subprocess.DEVNULL, check=False)
        wall = time.monotonic() - began
        asked, replied = server.asked(), server.replied()
    ended = rows(folder / name / "rejects")
    samples = rows(folder / name / "dataset" / "data")
    return {
        "status": done.returncode, "seconds": wall, "calls": len(asked), "attempts": sum(asked.values()),
        "calls_per_second": len(asked) / wall, "replies": dict(sorted(replied.items())), "samples": len(samples),
        "rejects": dict(Counter(row["reason"] for row in ended)),
        "ended": len({row["id"] for row in samples} | {row["id"] for row in ended if row["reason"]}),
        "same": contents(folder / name, "dataset", "rejects"),
        "rows": sorted(json.dumps(row, sort_keys=True) for row in samples),
        "lost": sorted((row["id"], row["stage"], row["reason"]) for row in ended),
    }  # fmt: skip


def show(name: str, run: dict[str, Any], records: int) -> None:
    same = "as calm" if run["as_calm"] else "NOT AS CALM"
    print(f"{name}: {same}, status {run['status']}, {run['ended']} of {records} ended")
    print(f"  {run['seconds']:.1f} s ({run['ratio']:.2f} of calm), {run['calls_per_second']:.0f} calls/s")
    print(f"  {run['calls']} calls in {run['attempts']} attempts: {run['replies']}")
    print(f"  {run['samples']} samples, rejects {run['rejects']}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=2.0, help="seconds for one answer")
    parser.add_argument("--retry-after", default="1", help="seconds, as the servers say it")
    parser.add_argument("--latency", type=float, default=0.02, help="seconds")
    parser.add_argument("--in-flight", type=int, default=32, help="at each server, of each worker")
    parser.add_argument("--shard", type=int, default=512, help="records")
    parser.add_argument("--only", action="append", choices=["faults", "one worker", "other order"])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ways = {"faults": Way(options.workers), "one worker": Way(1), "other order": Way(options.workers, order=7)}
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        calm = found["calm"] = measure(folder, "calm", Way(options.workers), options)
        for name in options.only or ways:
            found[name] = measure(folder, name, ways[name], options, calm["calls"])
    good = True
    for name, run in found.items():
        facts = ("rows", "lost") if name == "other order" else ("same",)
        run["as_calm"] = all(run[fact] == calm[fact] for fact in facts)
        run["ratio"] = run["seconds"] / calm["seconds"]
        good &= run["as_calm"] and run["status"] == 0 and run["ended"] == options.records
    for name, run in found.items():
        for fact in ("same", "rows", "lost"):
            del run[fact]
        if not options.json:
            show(name, run, options.records)
    if options.json:
        print(json.dumps(found))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
