"""CPU time of the whole pipeline against plainly executing the same pairs once each, in one run.

    python benchmarks/pipeline.py [SEEDS [LIMIT]] [--memory]

SEEDS is a seed file (the built-in programs by default). Reported: CPU seconds of plain execution (in forked
children, the program's own work only: compile, define, call), CPU seconds of `cotmill run grounded` (all processes),
their ratio, and the overhead per pair beyond 4 times the plain execution. With --memory also the peak memory of the
parent process at 1 and at 10 times the seeds.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cotmill.base.recipe import load_recipe
from cotmill.base.records import Program
from cotmill.collect.sources import read
from cotmill.collect.unify import unify

LIMIT_S = 5
RUN = "import sys; from cotmill.cli import main; sys.argv[0] = 'cotmill'; main()"
PEAK = """
import atexit, resource, sys
usage = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
atexit.register(lambda: print("peak", usage(), file=sys.stderr))
"""


def plain_cpu(program: Program, input: str) -> float:
    """CPU seconds that the program itself takes on one input, up to the limit."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 1))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        arguments, began = json.loads(input), time.process_time()
        try:
            space = {"__name__": "__main__"}
            exec(compile(program.code, "<program>", "exec"), space)
            space["solution"](**arguments)
        except BaseException:  # noqa: BLE001 - whatever the program does, its time counts
            pass
        os.write(writer, str(time.process_time() - began).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status, usage = os.wait4(child, 0)
    return float(text) if text and status == 0 else usage.ru_utime + usage.ru_stime


def run_cpu(arguments: list[str]) -> tuple[float, int]:
    """CPU seconds of a cotmill command with all its processes, and the parent's peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", PEAK + RUN, *arguments], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    peak = int(done.stderr.rpartition("peak ")[2])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def multiplied(seeds: Path, folder: Path, times: int) -> Path:
    """A seed file with the rows `times` over, each copy's programs made distinct by a comment."""
    target = folder / f"{seeds.stem}-{times}.jsonl"
    with target.open("w") as file:
        for copy in range(times):
            for line in seeds.open():
                row = json.loads(line)
                key = next(key for key in ("refcode", "code") if key in row)
                file.write(json.dumps(row | {key: f"{row[key]}\n# {copy}"}) + "\n")
    return target


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--memory"]
    seeds = Path(given[0]) if given else None
    limit = int(given[1]) if len(given) > 1 else 0
    recipe = load_recipe("grounded", seeds=(seeds,) if seeds else (), limit=limit)
    source = recipe.collect.seeds[0]
    programs = []
    for number, row in enumerate(read(Path(source.path), source.format, {}, source="bench", max_row_mb=4)):
        if limit and number >= limit:
            break
        programs += [made for made in (unify(row) if hasattr(row, "code") else []) if isinstance(made, Program)]
    plain = sum(plain_cpu(program, input) for program in programs for input in program.inputs)
    folder = Path(tempfile.mkdtemp())
    try:
        arguments = ["run", "grounded", *(["--seeds", str(seeds)] if seeds else []), "--limit", str(limit)]
        cpu, _ = run_cpu([*arguments, "--out", str(folder / "R")])
        summary = json.loads((folder / "R" / "run.json").read_text())
        pairs = summary["stages"][0]["in"]
        print(f"pairs                          {pairs}, samples {summary['samples']}")
        print(f"plain execution, CPU           {plain:.1f} s")
        print(f"cotmill run grounded, CPU      {cpu:.1f} s, wall {summary['seconds']:.1f} s")
        print(f"ratio                          {cpu / plain:.2f}")
        print(f"beyond 4 x plain, per pair     {(cpu - 4 * plain) / pairs * 1000:.2f} ms (goal: at most 15)")
        for stage in summary["stages"]:
            print(f"  {stage['stage']:24} {stage['cpu_seconds']:8.1f} s CPU")
        if seeds and "--memory" in sys.argv:
            small = multiplied(seeds, folder, 1)
            large = multiplied(seeds, folder, 10)
            command = ["run", "grounded", "--seeds"]
            peaks = [run_cpu([*command, str(path), "--out", str(folder / path.stem)])[1] for path in (small, large)]
            print(f"peak memory of the parent      {peaks[0]} MB at 1x, {peaks[1]} MB at 10x the seeds")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
