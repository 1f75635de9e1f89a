"""How many seeds of each format become programs, how many of these give the stated answer, and what plain Python does.

    COTMILL_SEEDS=folder python benchmarks/unify.py [FILE]... [--plain] [--missing] [--json]

Per file (those of the folder that COTMILL_SEEDS names, or FILE; the built-in programs where there is neither): seeds
that carry a program or equations; programs made of them; `right`, those that give the stated answer on every input that
has one, run once, 10 s of CPU time each; rejects by reason. Rows without code and equations are counted apart.

`--plain` runs the code of every seed as it was found, too: its own entry, on all of its inputs, in a fresh `python -I`
outside Cotmill, 10 s for a seed. `plain` is then how many seeds it gives an answer on some input, `as plain` how
many of these became programs that give the stated answer wherever plain Python does (and do so somewhere).
`--missing` lists the others. The code of the seeds is not held by anything then: use it on seeds that you would run.

Goals: 90 % of ASDiv's equations right, 98 % of PAL, 95 % of PyEdu as plain.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cotmill.base.records import Program, Seed
from cotmill.collect.entry import Unfit, find_entry
from cotmill.collect.sources import number_copies, read
from cotmill.collect.unify import unify
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Limits, Run, Sandbox
from cotmill.prove.answer import equal_json

LIMIT_S = 10
FILES = ("asdiv*.jsonl", "gsm8k*.jsonl", "pal*.jsonl", "pyedu*.jsonl")
PLAIN = """
import json, os, resource, sys
code, entry, inputs = json.load(sys.stdin)
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
channel = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(os.open(os.devnull, os.O_RDWR), 0)
os.dup2(0, 1)
os.dup2(0, 2)
for text in inputs:
    space = {"__name__": "seed"}
    try:
        exec(compile(code, "<seed>", "exec"), space)
        answer = json.dumps(space[entry](**json.loads(text)))
    except BaseException as error:
        answer = ""
    print(answer, file=channel)
"""


@dataclass
class Table:
    """What became of one file. The lists hold what there is to read."""

    seeds: int = 0
    programs: int = 0
    right: int = 0
    empty: int = 0  # rows that carry nothing to make a program of
    rejects: dict[str, int] = field(default_factory=dict)  # by reason; a seed that lost inputs only counts for each
    plain: int = 0
    as_plain: int = 0
    missing: list[str] = field(default_factory=list)


def plain(seed: Seed) -> list[str]:
    """JSON of what plain Python answers to each input of a seed; an empty text where it gives no answer in time."""
    inputs = seed.inputs or ("{}",)
    try:
        entry = find_entry(ast.parse(seed.code), seed.entry).name
    except (SyntaxError, Unfit):
        return [""] * len(inputs)
    text = ""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(subprocess.TimeoutExpired):
        command = [sys.executable, "-I", "-c", PLAIN]
        given = json.dumps([seed.code, entry, inputs])
        with (Path(folder) / "answers").open("w+") as channel:
            try:
                subprocess.run(
                    command, input=given, stdout=channel, text=True, cwd=folder, timeout=LIMIT_S, check=False
                )
            finally:
                channel.seek(0)
                text = channel.read()
    answers = [line if _is_whole(line) else "" for line in text.splitlines()]
    return (answers + [""] * len(inputs))[: len(inputs)]


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def measure(path: Path | None, box: Sandbox, *, beside_plain: bool) -> Table:
    """One file; the built-in programs where there is none."""
    table = Table()
    rows = read(
        path or Path(), "auto" if path else "starter", {}, source=path.stem if path else "starter", max_row_mb=4
    )
    for seed in number_copies(rows):
        if not isinstance(seed, Seed) or not (seed.code or seed.formula):
            table.empty += 1
            continue
        table.seeds += 1
        if table.seeds % 100 == 0:
            print(f"{table.seeds} seeds of {path}", file=sys.stderr)
        executed: dict[str, str] = {}  # by pair
        reasons = []
        for found in unify(seed):
            if isinstance(found, Program):
                table.programs += 1
                outcomes = box.run_all([Run(found.code + CALL, input) for input in found.inputs])
                executed = {pair: one.answer for pair, one in zip(found.pairs, outcomes, strict=True)}
            else:
                reasons.append(f"{found.reason}: {found.detail}")
                reason = str(found.reason)
                table.rejects[reason] = table.rejects.get(reason, 0) + 1
        stated = dict(zip(seed.pair_ids(), seed.answers or ("",) * len(seed.pair_ids()), strict=True))
        agrees = {
            pair: bool(answer and executed.get(pair)) and equal_json(executed[pair], answer)
            for pair, answer in stated.items()
        }
        table.right += bool(executed) and all(
            agrees[pair] if answer else executed.get(pair) for pair, answer in stated.items()
        )
        if beside_plain and seed.code:
            _beside(table, seed, plain(seed), stated, agrees, "; ".join(reasons))
    return table


def _beside(
    table: Table, seed: Seed, answers: list[str], stated: dict[str, str], agrees: dict[str, bool], reasons: str
) -> None:
    """Count a seed that plain Python runs."""
    if not any(answers):
        return
    table.plain += 1
    as_stated = [
        pair for pair, answer in zip(stated, answers, strict=True) if answer and equal_json(answer, stated[pair])
    ]
    if as_stated and all(agrees[pair] for pair in as_stated):
        table.as_plain += 1
    else:
        worse = [pair for pair in as_stated if not agrees[pair]]
        why = f"only plain Python gives the stated answer: {', '.join(worse)}" if worse else "nor does plain Python"
        table.missing.append(f"{seed.id}: {why}; {reasons}".rstrip("; "))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--plain", action="store_true", help="run the seeds' own code in plain Python, too")
    parser.add_argument("--missing", action="store_true", help="list what plain Python runs and Cotmill does not")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    folder = os.environ.get("COTMILL_SEEDS")
    files: list[Path | None] = options.files or [
        path for name in FILES for path in sorted(Path(folder or "").glob(name)) if folder
    ]
    files = files or [None]
    tables: dict[str, Table] = {}
    with Sandbox(Limits(cpu_s=LIMIT_S, wall_s=2 * LIMIT_S)) as box:
        for path in files:
            name = path.name if path else "built-in"
            tables[name] = measure(path, box, beside_plain=options.plain or options.missing)
            if not options.json:
                _show(name, tables[name], missing=options.missing)
    if options.json:
        print(json.dumps({name: asdict(table) for name, table in tables.items()}))


def _show(name: str, table: Table, *, missing: bool) -> None:
    print(f"{name}: {table.seeds} seeds, {table.programs} programs, {_of(table.right, table.seeds)} right")
    if table.empty:
        print(f"  {table.empty} rows carry neither code nor equations")
    for reason, number in table.rejects.items():
        print(f"  {reason:24} {number:6}")
    if table.plain:
        print(f"  plain Python runs {table.plain}, as plain {_of(table.as_plain, table.plain)}")
    for line in table.missing if missing else ():
        print(f"    {line}")
    sys.stdout.flush()


def _of(part: int, whole: int) -> str:
    return f"{part} ({part / max(1, whole):.1%})"


if __name__ == "__main__":
    main()
