"""Many programs, one in a hundred of them hostile: every verdict right, none lost or doubled, nothing left behind.

    python benchmarks/soak.py [--programs 10000] [--workers 2] [--kill-every SECONDS] [--together N] [--json]

The programs are those of tests/execute/mixed.py, each with its right outcome. Every worker is a process with a sandbox
of its own. Between two programs, at intervals, it measures itself and its server: resident memory, descriptors,
processes. From outside, files, listeners and a victim process are watched (tests/execute/corpus.py). With
--kill-every, a random process of a random server gets SIGKILL every so many seconds, and all the same must hold.

Ends with status 1 where anything is wrong: an outcome, a program without one or with two, memory or descriptors that
grow, a process or a file that stays. Memory is flat where the line through the samples after the first quarter rises
by no more than 2 MB (what the memory of a process frays) from its begin to its end.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import multiprocessing
import os
import random
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cotmill.execute.sandbox import Limits, Run, Sandbox
from execute.corpus import world
from execute.mixed import MARKER, Task, attacks, task

LIMITS = Limits(cpu_s=1.0, wall_s=3.0, memory_mb=256)
SAMPLES = 40  # per worker and run
MAX_GROWTH = {"memory": 2048.0, "descriptors": 2.0, "processes": 1.0}  # kilobytes and counts
FOLDERS = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Soak:
    """What a run found."""

    programs: int
    seen: bytearray
    problems: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[int, float]]] = field(
        default_factory=dict
    )  # by what was measured: (at program, value)
    kills: int = 0
    seconds: float = 0.0
    new_files: int = 0  # in the temporary folders, whoever made them

    def take(self, message: tuple[Any, ...]) -> None:
        """One message of a worker."""
        if message[0] == "sample":
            _, name, number, value = message
            self.samples.setdefault(name, []).append((number, value))
            return
        _, number, status, problem = message
        self.seen[number] = min(2, self.seen[number] + 1)
        self.statuses[status] += 1
        if problem:
            self.problems.append(f"program {number}, {problem}")

    def count(self) -> None:
        """Every program once, and nothing that grows."""
        lost, doubled = self.seen.count(0), self.seen.count(2)
        if lost or doubled:
            self.problems.append(f"{lost} programs lost, {doubled} doubled")
        for name, samples in self.samples.items():
            most, grown = MAX_GROWTH[name.rpartition(" ")[2]], growth(samples)
            if grown > most:
                self.problems.append(f"{name} grew by {grown:.0f}, allowed is {most:.0f}")


def growth(samples: list[tuple[int, float]]) -> float:
    """How far the line through the samples after the first quarter rises from its begin to its end."""
    kept = samples[len(samples) // 4 :]
    if len(kept) < 3:
        return 0.0
    line = statistics.linear_regression(*zip(*kept, strict=True))
    return line.slope * (kept[-1][0] - kept[0][0])


# --- processes --------------------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    """Children of a process; none where it has ended."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from descendants(child)


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def measured(box: Sandbox) -> Iterator[tuple[str, float]]:
    """This process and its servers. A server has more than one process; the last is the one that forks."""
    servers = [(kind, list(descendants(pid)) or [pid]) for kind, pid in servers_of(box)]
    yield "other processes", len(set(descendants(os.getpid()))) - sum(len(below) + 1 for _, below in servers)
    for kind, below in servers:
        with contextlib.suppress(OSError, IndexError):  # where the server was killed just now
            yield f"{kind} memory", resident_kb(below[-1])
            yield f"{kind} descriptors", len(list(Path(f"/proc/{below[-1]}/fd").iterdir()))  # root alone may look
    yield "client memory", resident_kb(os.getpid())
    yield "client descriptors", len(list(Path("/proc/self/fd").iterdir())) - 2 * len(servers)


def servers_of(box: Sandbox) -> list[tuple[str, int]]:
    """Kind and process of each server of a sandbox."""
    servers = box._servers  # noqa: SLF001  nobody else has to know them
    return [(f"server with {len(has)} modules,", server._process.pid) for has, server in servers.items()]  # noqa: SLF001


def kill_one(worker: int, chance: random.Random) -> bool:
    """SIGKILL to a random process of a worker's server."""
    servers = [pid for top in children(worker) for pid in (top, *children(top))]
    if not servers:
        return False
    pid = chance.choice(servers)
    with contextlib.suppress(OSError):
        descriptor = os.pidfd_open(pid)  # so that its number, given to another meanwhile, harms nobody
        try:
            if pid in descendants(worker):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                return True
        finally:
            os.close(descriptor)
    return False


# --- the run ----------------------------------------------------------------------------------------------------------


def work(channel: Connection, numbers: range, hostile: tuple[Task, ...], together: int) -> None:
    """One worker: its share of the programs, one outcome each."""
    every = max(1, len(numbers) // SAMPLES)
    with Sandbox(LIMITS, together=together) as box:
        for begin in range(0, len(numbers), 2 * together):
            cases = {number: task(number, hostile) for number in numbers[begin : begin + 2 * together]}
            outcomes = box.run_all([Run(case.code, case.input, case.trace) for case in cases.values()])
            for (number, case), outcome in zip(cases.items(), outcomes, strict=True):
                channel.send(("done", number, outcome.status, case.problem(outcome)))
            if begin // every != (begin + len(cases)) // every:
                for name, value in measured(box):
                    channel.send(("sample", f"worker {numbers.start + 1}, {name}", number, value))
    channel.close()


def soak(programs: int, workers: int = 2, kill_every: float = 0.0, *, together: int = 1, tell: bool = False) -> Soak:
    """Run them all and look at what came of it."""
    found = Soak(programs, bytearray(programs))
    files = _files()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what outlives a worker becomes its child
    begun = time.monotonic()
    with world() as outside:
        hostile = attacks(outside)
        workers_by_channel, processes = {}, []
        for index in range(workers):
            near, far = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.Process(
                target=work, args=(far, range(index, programs, workers), hostile, together)
            )
            process.start()
            far.close()
            workers_by_channel[near] = process.pid or 0
            processes.append(process)
        _collect(found, workers_by_channel, kill_every, tell=tell)
        for index, process in enumerate(processes, 1):
            process.join()
            if process.exitcode:
                found.problems.append(f"worker {index} ended with status {process.exitcode}")
        found.problems += outside.harm()
        if left := _left({outside.victim.pid}):
            found.problems.append(f"processes left: {left}")
    found.seconds = time.monotonic() - begun
    found.count()
    new = _files() - files
    found.new_files = len(new)
    found.problems += [f"file left: {path}" for path in sorted(new) if path.name.startswith(MARKER)]
    return found


def _collect(found: Soak, workers: dict[Any, int], kill_every: float, *, tell: bool) -> None:
    """Take what the workers (process by channel) send until all have ended, and kill servers meanwhile."""
    chance = random.Random(5)
    killed = dict.fromkeys(workers, 0)  # servers lost since the last outcome; the sandbox gives a program five
    told = 0
    next_kill = time.monotonic() + kill_every / 2 if kill_every else float("inf")
    next_word = time.monotonic() + 30
    while workers:
        for channel in wait(workers, timeout=0.2):
            assert isinstance(channel, Connection)  # nothing else is waited for
            try:
                found.take(channel.recv())
                killed[channel] = 0
            except EOFError:
                del workers[channel]
        now = time.monotonic()
        victims = [channel for channel in workers if killed[channel] < 4]
        if now > next_kill and victims:
            victim = chance.choice(victims)
            if kill_one(workers[victim], chance):
                found.kills += 1
                killed[victim] += 1
            next_kill = now + kill_every * chance.uniform(0.5, 1.5)
        if tell and now > next_word:
            print(f"  {found.programs - found.seen.count(0)} done, {len(found.problems)} problems", flush=True)
            print(*found.problems[told : told + 5], sep="\n", end="\n" if found.problems[told:] else "", flush=True)
            told, next_word = len(found.problems), now + 30


def _files() -> set[Path]:
    return {path for folder in FOLDERS if folder.is_dir() for path in folder.iterdir()}


def _left(known: set[int]) -> list[int]:
    """Living processes below this one that are not known; killed ones get a moment to end."""
    for _ in range(40):
        living = []
        for pid in set(descendants(os.getpid())) - known:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                    os.waitpid(pid, os.WNOHANG)
                else:
                    living.append(pid)
        if not living:
            break
        time.sleep(0.05)
    return living


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--together", type=int, default=1, help="harmless programs that share a child")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found = soak(
        options.programs, options.workers, options.kill_every, together=options.together, tell=not options.json
    )
    figures: dict[str, Any] = {
        "programs": found.programs,
        "seconds": round(found.seconds),
        "programs_per_second": round(found.programs / found.seconds),
        "servers_killed": found.kills,
        "statuses": dict(found.statuses.most_common()),
        "new_files": found.new_files,
        "samples": {
            name: [samples[0][1], samples[-1][1], round(growth(samples), 1)] for name, samples in found.samples.items()
        },
        "problems": found.problems,
    }
    if options.json:
        print(json.dumps(figures))
    else:
        for name in ("programs", "seconds", "programs_per_second", "servers_killed", "statuses", "new_files"):
            print(f"{name:32} {figures[name]}")
        for name, (first, last, grown) in figures["samples"].items():
            print(f"{name:32} {first} -> {last}, growth {grown}")
        print(f"{'problems':32} {len(found.problems)}")
        print("\n".join(found.problems[:20]))
    sys.exit(bool(found.problems))


if __name__ == "__main__":
    main()
