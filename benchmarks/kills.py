"""A run of about 2,000 model calls that is killed again and again: is anything lost, doubled or paid twice?

    python benchmarks/kills.py [--calls 2000] [--kills 20] [--workers 2] [--in-flight 8] [--latency 0.05] [--json]

Seeds and model are those of faults.py, without faults. `cotmill run` gets SIGKILL, its whole process group at once, at
random moments: three quarters at a random number of requests that the server has seen, the others at a random moment
after the start. Behind one of the kills half of the last line of a file of calls is cut off; once the disk is full
(files may not grow beyond what the calls take by then), which must end in one message; then the same command runs to
its end. It must come to the data set and the rejects of a run that nobody disturbed, byte for byte. The server counts
requests by their content: the disturbed run must ask all that the other asked and nothing else, and no more twice than
was in flight when it was killed, was cut off, or could not be kept. Status 1 where that is not so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faults import command, contents, make, rows, write_seeds
from scripted import Scripted

from cotmill.backends.model_calls import every_line

CALLS_A_RECORD = 1.25
LATEST_S = 6.0  # after the start, for kills that wait for no request
FULL = (
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); most = int(sys.argv.pop(1)); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)); from cotmill.cli import main; main()"
)
DEADLINE_S = 300.0


def start(line: Sequence[str]) -> subprocess.Popen[str]:
    """In a process group of its own."""
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish(line: Sequence[str]) -> tuple[int, str]:
    process = start(line)
    says = process.communicate()[1]
    return process.returncode, says


def kill(line: Sequence[str], server: Scripted, *, requests: int, seconds: float) -> bool:
    """Start, wait for a number of requests in all, or for so long if it is 0, kill. Whether it was still at work."""
    process = start(line)
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < DEADLINE_S:
        if server.seen() >= requests if requests else time.monotonic() - begun >= seconds:
            break
        time.sleep(0.002)
    working = process.poll() is None
    if working:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return working


def tear(calls: Path) -> int:
    """Cut off the second half of a file's last line; how many lines that was."""
    for path in sorted(calls.rglob("calls-*.jsonl")):
        content = path.read_bytes()
        last = content.rfind(b"\n", 0, len(content) - 1) + 1
        if content.endswith(b"\n") and last:
            path.write_bytes(content[: (last + len(content)) // 2])
            return 1
    return 0


def full_disk(line: Sequence[str], run: Path) -> dict[str, Any]:
    """The command where no file may become longer than the longest file of calls is."""
    longest = max((path.stat().st_size for path in (run / "calls").rglob("calls-*.jsonl")), default=0)
    begin = line.index("-c")
    status, says = finish([*line[: begin + 1], FULL, str(longest + 2000), *line[begin + 2 :]])
    message = says.strip().splitlines()[-1] if says.strip() else ""
    return {"status": status, "message": message, "traceback": "Traceback" in says}


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    seeds = write_seeds(folder / "seeds.jsonl", round(options.calls / CALLS_A_RECORD))
    settings = (f"model.in_flight={options.in_flight}", f"shard_pairs={options.shard}")
    rng = random.Random(options.seed)
    with Scripted(make, False, "", latency=options.latency) as server:
        status, says = finish(command(folder / "calm", seeds, server.urls, options.workers, *settings))
        if status:
            raise SystemExit(says)
        expected = server.asked()
    calls = len(expected)
    by_time = options.kills // 4
    waits = [0] * by_time + sorted(rng.randint(1, calls) for _ in range(options.kills - by_time))
    killed = torn = 0
    disk: dict[str, Any] = {}
    with Scripted(make, False, "", latency=options.latency) as server:
        line = command(folder / "killed", seeds, server.urls, options.workers, *settings)
        for number, requests in enumerate(waits):
            killed += kill(line, server, requests=requests, seconds=rng.uniform(0.0, LATEST_S))
            if requests and not torn:
                torn = tear(folder / "killed" / "calls")
            if number == len(waits) * 3 // 4:
                disk = full_disk(line, folder / "killed")
        status, says = finish(line)
        asked = server.asked()
    kept = Counter(call["call"] for call in every_line(folder / "killed" / "calls"))
    samples = rows(folder / "killed" / "dataset" / "data")
    return {
        "status": status, "calls": calls, "killed": killed, "torn": torn, "full disk": disk,
        "lost": sum((expected - asked).values()), "foreign": len(asked.keys() - expected.keys()),
        "sent again": sum(asked.values()) - len(asked),
        "allowed": options.in_flight * options.workers * (killed + bool(disk)) + torn,
        "kept twice": sum(kept.values()) - len(kept), "samples": len(samples),
        "samples twice": len(samples) - len({row["id"] for row in samples}),
        "as calm": contents(folder / "killed", "dataset", "rejects") == contents(folder / "calm", "dataset", "rejects"),
    }  # fmt: skip


def is_good(found: dict[str, Any]) -> bool:
    disk = found["full disk"]
    return (
        found["status"] == 0
        and found["as calm"]
        and not any(found[name] for name in ("lost", "foreign", "kept twice", "samples twice"))
        and found["sent again"] <= found["allowed"]
        and (not disk or (disk["status"] == 1 and not disk["traceback"]))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--in-flight", type=int, default=8, help="of each worker")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds")
    parser.add_argument("--shard", type=int, default=200, help="records")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = measure(Path(temporary), options)
    found["good"] = is_good(found)
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:14}{value}")
    return int(not found["good"])


if __name__ == "__main__":
    sys.exit(main())
