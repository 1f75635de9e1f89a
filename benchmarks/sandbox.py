"""What one small program costs: CPU milliseconds of everything together (client, server, children), and wall time.

    python benchmarks/sandbox.py [--programs 500]

Rows: the program run by `exec` in this process (the bare work), in the sandbox with all layers, traced, without
layers, and in a new interpreter each (`subprocess`). Server start is left out of the sandbox rows and shown apart.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from cotmill.execute.sandbox import Sandbox, TraceLimits

PROGRAM = """input = {"n": 12}
def solution(n):
    total = 0
    for k in range(n):
        if k % 3 == 0:
            total += k * k
    return total

output = solution(**input)
"""


def cpu_ms() -> float:
    """CPU time of this process and of its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(part.ru_utime + part.ru_stime for part in usage)


def measure(work: Callable[[], object], programs: int) -> tuple[float, float]:
    """CPU and wall milliseconds per program; children must have ended when `work` returns or be counted by `close`."""
    cpu, wall = cpu_ms(), time.perf_counter()
    for _ in range(programs):
        work()
    return (cpu_ms() - cpu) / programs, 1000 * (time.perf_counter() - wall) / programs


def in_sandbox(programs: int, trace: TraceLimits | None = None, **options: object) -> tuple[float, float, float]:
    """CPU and wall milliseconds per program, and the CPU milliseconds of a start."""
    begun = cpu_ms()
    with Sandbox(**options) as box:  # type: ignore[arg-type]  # options of different types by name
        box.run(PROGRAM)
    start = cpu_ms() - begun
    begun = cpu_ms()
    with Sandbox(**options) as box:  # type: ignore[arg-type]  # as above
        box.run(PROGRAM)
        wall = time.perf_counter()
        for _ in range(programs):
            if box.run(PROGRAM, trace=trace).output != 126:
                raise SystemExit("wrong answer")
        wall = 1000 * (time.perf_counter() - wall) / programs
    return (cpu_ms() - begun - start) / programs, wall, start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=500)
    programs = parser.parse_args().programs
    everything = ("full", "namespaces", "landlock", "seccomp", "none")
    bare = ("namespaces", "landlock", "seccomp")
    print(f"{'':34}{'CPU ms':>8}{'wall ms':>9}{'start':>8}")
    code = compile(PROGRAM, "<program>", "exec")
    rows: list[tuple[str, tuple[float, ...]]] = [("exec in this process", measure(lambda: exec(code, {}), programs))]
    rows.append(("sandbox, all layers", in_sandbox(programs)))
    rows.append(("sandbox, all layers, traced", in_sandbox(programs, TraceLimits())))
    rows.append(("sandbox, no numpy preloaded", in_sandbox(programs, modules=("math", "json", "re", "random"))))
    rows.append(("fork server with rlimits only", in_sandbox(programs, accept=everything, without=bare)))
    command = [sys.executable, "-c", PROGRAM]
    rows.append(("subprocess", measure(lambda: subprocess.run(command, check=True), max(10, programs // 10))))
    for name, figures in rows:
        print(f"{name:34}" + "".join(f"{figure:{width}.2f}" for figure, width in zip(figures, (8, 9, 8), strict=False)))


if __name__ == "__main__":
    main()
