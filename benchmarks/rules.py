"""Our rules and Caco's, as its paper describes them, on the same programs: where they agree, and each disagreement.

    COTMILL_SEEDS=folder python benchmarks/rules.py [--programs 1500] [--cases FILE] [--json]

Programs are the first pairs of unified seeds, in equal parts from every PAL, PyEdu and ASDiv file of the folder that
COTMILL_SEEDS names (the starter set where it names none). Ours: all of `execute.rules` and the executor; a changed
input that runs for 2 s or 2,000 lines counts as a change. Caco's (arXiv 2510.04081, section 3.2), from the paper:

- template: the text parses, defines a function, binds `input` to a dict literal, ends in binding `output`;
- lines: at least 6 that hold more than a comment, the two of the template included;
- used: the name of each input is read somewhere in the code (`data["n"]` is no name);
- runs: no exception within 10 s;
- output: there is one, and it is sane: not empty, finite, at most 1,000 characters.

Both run in our sandbox, so that no disagreement comes from the machinery. A program is judged by Caco's rules once,
by ours with up to three of its inputs and in unlike processes. `--cases` writes the disagreements to be read.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cotmill.base.recipe import Execute, Limits
from cotmill.base.records import Program, Seed
from cotmill.base.stage import Reject
from cotmill.collect.sources import number_copies, read
from cotmill.collect.unify import unify
from cotmill.execute.rules import FAMILY_RULES, OUTCOME_RULES, PROGRAM_RULES, screen
from cotmill.execute.run import CALL, Executor
from cotmill.execute.sandbox import Run
from cotmill.execute.witnesses import sandbox
from cotmill.prove.answer import equal_json

FILES = ("pal*.jsonl", "pyedu*.jsonl", "asdiv*.jsonl")
INPUTS = 3  # of a program, for the rules that compare inputs
MIN_LINES, LIMIT_S, MAX_OUTPUT = 6, 10, 1_000
MODULES = (
    "math", "itertools", "functools", "collections", "re", "string", "random", "datetime", "heapq", "bisect", "copy",
    "fractions", "decimal", "statistics", "operator", "typing", "json", "dataclasses", "enum", "abc", "calendar",
    "cmath", "numpy", "sympy", "time", "queue", "unicodedata", "hashlib",
)  # fmt: skip
SETTINGS = Execute(
    rules=tuple(str(reason) for reason in (*PROGRAM_RULES, *OUTCOME_RULES, *FAMILY_RULES)),
    allowed_imports=MODULES, limits=Limits(cpu_s=2, wall_s=4), max_lines=2_000, max_trace_kb=16_384,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One program and both verdicts; an empty text accepts."""

    program: Program
    ours: str
    caco: str
    detail: str  # of our reject


def programs(count: int) -> list[Program]:
    """The same sample for every call, with at most INPUTS inputs each."""
    folder = os.environ.get("COTMILL_SEEDS")
    files: list[Path | None] = [path for name in FILES for path in sorted(Path(folder or "").glob(name)) if folder]
    chance = random.Random(5)
    chosen: list[Program] = []
    for path in files or [None]:
        found = list(_unified(path))
        chosen += chance.sample(found, min(len(found), count // len(files or [None])))
    return chosen


def _unified(path: Path | None) -> Iterator[Program]:
    rows = read(
        path or Path(), "auto" if path else "starter", {}, source=path.stem if path else "starter", max_row_mb=4
    )
    for seed in number_copies(rows):
        for found in unify(seed) if isinstance(seed, Seed) else ():
            if isinstance(found, Program):
                cut = slice(INPUTS)
                yield replace(found, pairs=found.pairs[cut], inputs=found.inputs[cut], answers=found.answers[cut])


def whole(program: Program) -> str:
    """The text that Caco's rules read."""
    return f"{program.code}\n\ninput = {json.loads(program.inputs[0])!r}{CALL.replace(chr(10) * 2, chr(10))}"


def caco_text(text: str) -> str:
    """Caco's objection to a text, without running it; empty where there is none."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return "template"
    bound = {target.id: node.value for node in tree.body if isinstance(node, ast.Assign)
             for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    given, last = bound.get("input"), tree.body[-1]
    has_function = any(isinstance(node, ast.FunctionDef) for node in tree.body)
    ends_in_output = isinstance(last, ast.Assign) and ast.unparse(last.targets[0]) == "output"
    if not has_function or not isinstance(given, ast.Dict) or not ends_in_output:
        return "template"
    if sum(bool(line.split("#")[0].strip()) for line in text.splitlines()) < MIN_LINES:
        return "lines"
    read_names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    names = {key.value for key in given.keys if isinstance(key, ast.Constant)}
    return "used" if names - read_names else ""


def caco_output(status: str, answer: str) -> str:
    """Caco's objection to an outcome; empty where there is none."""
    if status != "ok":
        return "runs"
    value = json.loads(answer)
    empty = value is None or value in ("", [], {})
    return "output" if empty or not _finite(value) or len(answer) > MAX_OUTPUT else ""


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return "$float" not in value and all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def judge(sample: list[Program]) -> list[Case]:
    """Both verdicts on every program."""
    executor = Executor(SETTINGS, equal_json)
    box = sandbox(SETTINGS.model_copy(update={"limits": Limits(cpu_s=LIMIT_S, wall_s=LIMIT_S)}), 0)
    try:
        outcomes = box.run_all([Run(program.code + CALL, program.inputs[0]) for program in sample])
        cases = []
        for number, (program, outcome) in enumerate(zip(sample, outcomes, strict=True)):
            if number % 100 == 0:
                print(f"{number} of {len(sample)} programs", file=sys.stderr)
            reason, detail = _ours(program, executor)
            caco = caco_text(whole(program)) or caco_output(outcome.status, outcome.answer)
            cases.append(Case(program, reason, caco, detail))
        return cases
    finally:
        box.close()
        executor.close()


def _ours(program: Program, executor: Executor) -> tuple[str, str]:
    """Reason and detail with which the first pair is rejected; empty where it is not."""
    first = program.pairs[0]
    for screened in screen(program, SETTINGS):
        found = [screened] if isinstance(screened, Reject) else list(executor(screened))
        for outcome in found:
            if isinstance(outcome, Reject) and outcome.id in ("", first):
                return str(outcome.reason), outcome.detail
    return "", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1_500)
    parser.add_argument("--cases", type=Path, help="write the disagreements to this file, one JSON object a line")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    cases = judge(programs(options.programs))
    table = Counter((case.ours or "accepted", case.caco or "accepted") for case in cases)
    if options.cases:
        rows = [{"id": case.program.id, "ours": case.ours, "caco": case.caco, "detail": case.detail,
                 "text": whole(case.program), "answer": case.program.answers[0]}
                for case in cases if bool(case.ours) != bool(case.caco)]  # fmt: skip
        options.cases.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    agreed = sum(number for (ours, caco), number in table.items() if (ours == "accepted") == (caco == "accepted"))
    if options.json:
        counts = [{"ours": ours, "caco": caco, "programs": number} for (ours, caco), number in table.most_common()]
        print(json.dumps({"programs": len(cases), "agreed": agreed, "table": counts}))
        return
    print(f"{len(cases)} programs; the verdicts agree on {agreed} ({agreed / max(1, len(cases)):.1%})")
    print(f"{'ours':22} {'Caco, as described':22} {'programs':>8}")
    for (ours, caco), number in table.most_common():
        print(f"{ours:22} {caco:22} {number:8}")


if __name__ == "__main__":
    main()
