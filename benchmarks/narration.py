"""How long narrations are, whether every style is verified, and whether they hold what the answer depends on.

    python benchmarks/narration.py [--programs 200] [--json]

COTMILL_CLAIMS may name a folder with `human_gsm8k.jsonl`: word problems with a program and the solution that a person
wrote (rows of kind OK). Lengths are then multiples of that solution's; without it the built-in programs are told, and
lengths are in tokens: words, numbers and marks, as `explain.max_tokens` counts them. Programs run in the sandbox.

An *intermediate result* is a simple value that the entry function gives to a name on which, directly or through other
names, the value that it returns depends. It is in the text if its literal is; folded passes leave some out.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ground import CALL
from ground import executions as built_in

from cotmill.base.literal import literal
from cotmill.base.records import Draft, Execution, Lineage, Question, Verified
from cotmill.base.stage import Reject
from cotmill.base.trace import Call, Set, Trace
from cotmill.execute.sandbox import Limits, Sandbox, TraceLimits
from cotmill.explain.literals import is_scalar
from cotmill.explain.narrate import NarrateSettings, tell_execution
from cotmill.explain.phrases import count_tokens
from cotmill.explain.styles import STYLES
from cotmill.prove.directions import prove_ground

FILE = "human_gsm8k.jsonl"


def executions(count: int) -> Iterator[tuple[Execution, int]]:
    """Traced executions, each with the tokens of a person's solution, 0 where there is none."""
    folder = os.environ.get("COTMILL_CLAIMS")
    if folder is None:
        yield from ((execution, 0) for execution in built_in(None, "starter", count))
        return
    rows = [json.loads(line) for line in (Path(folder) / FILE).open(encoding="utf-8")]
    with Sandbox(Limits()) as box:
        for row in [row for row in rows if row["kind"] == "OK"][:count]:
            code = row["code"].partition("\ninput = ")[0]
            input = json.dumps(row["input"])
            outcome = box.run(code + CALL, input, trace=TraceLimits())
            if outcome.status == "ok":
                lineage = Lineage(row["id"])
                execution = Execution(row["id"], "", "", "", code, input, outcome.answer, "", outcome.trace, lineage)
                yield execution, count_tokens(row["solution"])


def missing(execution: Execution, text: str) -> list[str]:
    """Names of intermediate results that the text does not hold."""
    trace = Trace.parse(execution.trace)
    entry = next(event for event in reversed(trace.events) if isinstance(event, Call) and not event.parent)
    reads: dict[str, set[str]] = {}
    wanted: set[str] = set()
    for node in ast.walk(ast.parse(execution.code)):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)):
                reads.setdefault(name, set()).update(_names(node.value))
        elif isinstance(node, ast.Return) and node.value is not None:
            wanted |= _names(node.value)
    while more := {read for name in wanted for read in reads.get(name, ())} - wanted:
        wanted |= more
    held = [
        (event.name, literal(trace.values[event.value]))
        for event in trace.events
        if isinstance(event, Set)
        and event.frame == entry.frame
        and event.name in wanted
        and is_scalar(trace.values[event.value])
    ]
    return [name for name, value in held if not re.search(rf"(?<![\w.]){re.escape(value)}(?![\w]|\.\d)", text)]


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def measure(count: int) -> dict[str, Any]:
    """By style: how long, how many of how many are verified, and how many leave an intermediate result out."""
    found = list(executions(count))
    figures: dict[str, Any] = {"programs": len(found)}
    for style in STYLES:
        lengths, lost, verified = [], 0, 0
        for execution, tokens in found:
            told = tell_execution(execution, NarrateSettings(styles=(style,)))
            if isinstance(told, Reject):
                continue
            text = told[0]
            lengths.append(count_tokens(text) / (tokens or 1))
            lost += bool(missing(execution, text))
            draft = Draft(execution.id, Question(execution.id, execution, "", "forward", execution.answer), text, style)
            verified += isinstance(prove_ground(draft), Verified)
        figures[style] = {
            "median": round(statistics.median(lengths), 2),
            "90 %": round(sorted(lengths)[int(0.9 * len(lengths))], 2),
            "told": len(lengths),
            "verified": verified,
            "missing": lost,
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    figures = measure(options.programs)
    if options.json:
        print(json.dumps(figures))
        return
    unit = "times a person's solution" if os.environ.get("COTMILL_CLAIMS") else "tokens"
    print(f"{figures.pop('programs')} programs; lengths in {unit}")
    for style, row in figures.items():
        print(
            f"{style:16} median {row['median']:7.2f}  90 % {row['90 %']:7.2f}  told {row['told']}  "
            f"verified {row['verified']}  with results missing {row['missing']}"
        )


if __name__ == "__main__":
    main()
