"""Stage work: a program on each of its inputs, traced, then again in another process; the rules that need a run.

The first run is traced and stops at the recipe's limit of line events, so that a long program costs little; the second
is plain, in a process with another hash seed, another time zone and its own clock and randomness. One outcome of both
means: deterministic, and the same traced and untraced. Two hash seeds put two elements of a set in the same order
half of the time, and two throws of a coin agree as often: where there is a set whose order may depend on the seed, or
a source of chance, the program is run under more of them.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.execute.isolation import weakest
from cotmill.execute.rules import judge_execution, judge_family
from cotmill.execute.sandbox import Limits, Outcome, Sandbox, TraceLimits, same_outcome

__all__ = ["Executor", "sandbox"]

CALL = "\n\noutput = solution(**input)\n"
MORE_SEEDS = 6  # two runs agree by luck once in two times where there are two outcomes, eight once in 128
CHANCE = frozenset({"random", "secrets", "uuid", "urandom", "hash", "id", "time", "datetime"})


class Executor:
    """Holds sandboxes of unlike processes. Call it with a program; close it in the end.

    `same_answer` compares the JSON texts of an executed answer and of the one that a seed states.
    """

    def __init__(self, settings: Execute, same_answer: Callable[[str, str], bool]) -> None:
        self._same_answer = same_answer
        self._settings = settings
        self._trace = TraceLimits(settings.max_lines, settings.max_trace_kb)
        self._first, self._second, *self._others = (sandbox(settings, variant) for variant in range(2 + MORE_SEEDS))
        self.cpu_seconds = 0.0  # of all programs so far

    def __call__(self, program: Program) -> Iterator[Execution | Reject]:
        executions: list[Execution] = []
        for index in range(len(program.pairs)):
            settled = self._execute(program, index)
            if isinstance(settled, Execution):
                executions.append(settled)
            else:
                yield settled
        yield from judge_family(executions, self._rerun, self._settings)

    def _execute(self, program: Program, index: int) -> Execution | Reject:
        pair, input, expected = program.pairs[index], program.inputs[index], program.answers[index]
        script = program.code + CALL
        first = self._run(self._first, script, input, self._trace)
        if first.status != "ok":
            return Reject(_reason(first), first.error or first.detail, pair)
        others = self._others if _names_chance(program.code) or _order_may_vary(first.trace) else []
        for box in (self._second, *others):
            again = self._run(box, script, input, None)
            if not same_outcome(first, again):
                return Reject(Reason.NONDETERMINISTIC, f"first {_tell(first)}, then {_tell(again)}", pair)
        if expected and not self._same_answer(first.answer, expected):
            return Reject(Reason.ANSWER_MISMATCH, f"executed {first.answer}, the seed states {expected}", pair)
        execution = Execution(
            pair, program.source, program.title, program.problem, program.code, input, first.answer, expected,
            first.trace, replace(program.lineage),
            weakest([box.tier for box in (self._first, self._second, *others)]),
        )  # fmt: skip
        return judge_execution(execution, self._settings)

    def _run(self, box: Sandbox, code: str, input: str, trace: TraceLimits | None) -> Outcome:
        outcome = box.run(code, input, trace=trace)
        self.cpu_seconds += outcome.cpu_ms / 1000
        return outcome

    def _rerun(self, execution: Execution, input: str) -> str:
        """What another input gives. Some send a program into an endless loop: line events end that sooner than time."""
        outcome = self._run(self._first, execution.code + CALL, input, self._trace)
        return outcome.answer if outcome.status == "ok" else outcome.status

    def facts(self) -> dict[str, Any]:
        """What the sandboxes are made of, for run.json."""
        return {"sandbox": self._first.layers()}

    def close(self) -> None:
        for box in (self._first, self._second, *self._others):
            box.close()


def sandbox(settings: Execute, variant: int) -> Sandbox:
    """A sandbox as the recipe wants it."""
    wanted = settings.sandbox
    return Sandbox(
        Limits(**settings.limits.model_dump()),
        python=wanted.python or None,
        variant=variant,
        accept=wanted.tiers,
        demand=wanted.demand,
    )


def _reason(outcome: Outcome) -> Reason:
    return Reason.TRACE_TOO_LONG if outcome.status == "trace_limit" else Reason(outcome.status.replace("_", "-"))


def _tell(outcome: Outcome) -> str:
    drawn = " after unseeded draws" if outcome.chance else ""
    return outcome.answer + drawn if outcome.status == "ok" else f"{outcome.status} {outcome.error}".strip()


@lru_cache(maxsize=64)
def _names_chance(code: str) -> bool:
    """Whether the source writes out a set (whose order the trace may never see), or names a source of chance."""
    for node in ast.walk(ast.parse(code)):
        names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
        names += [
            getattr(node, field) for field in ("id", "attr", "module") if isinstance(getattr(node, field, 0), str)
        ]
        if isinstance(node, (ast.Set, ast.SetComp)) or not CHANCE.isdisjoint(names):
            return True
    return False


def _order_may_vary(trace: str) -> bool:
    """Whether the execution saw a set whose order depends on the process: of anything but numbers."""
    if '"$set"' not in trace and '"$frozenset"' not in trace:
        return False
    waiting = list(json.loads(trace)["values"])
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for tag, body in value.items():
                if tag in ("$set", "$frozenset") and len(body) > 1 and not all(map(_hashed_alike, body)):
                    return True
                waiting.append(body)
        elif isinstance(value, list):
            waiting += value
    return False


def _hashed_alike(encoded: Any) -> bool:
    """Whether a value has the same hash in every process: numbers, and tuples of them."""
    if isinstance(encoded, dict) and "$tuple" in encoded:
        return all(map(_hashed_alike, encoded["$tuple"]))
    return isinstance(encoded, (bool, int, float))
