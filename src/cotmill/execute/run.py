"""Stage work: a program on each of its inputs, traced, then again in another process; the rules that need a run.

The first run is traced and stops at the recipe's limit of line events, so that a long program costs little; the second
is plain, in a process with another hash seed, another time zone and its own clock and randomness. One outcome of both
means: deterministic, and the same traced and untraced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.execute.rules import judge_execution, judge_family
from cotmill.execute.sandbox import Limits, Outcome, Sandbox, TraceLimits, same_outcome
from cotmill.prove.answer import equal_json

__all__ = ["Executor"]

CALL = "\n\noutput = solution(**input)\n"


class Executor:
    """Holds two sandboxes of unlike processes. Call it with a program; close it in the end."""

    def __init__(self, settings: Execute) -> None:
        limits = Limits(**settings.limits.model_dump())
        self._settings = settings
        self._trace = TraceLimits(settings.max_lines, settings.max_trace_kb)
        self._first, self._second = (
            Sandbox(limits, python=settings.python or None, variant=variant) for variant in (0, 1)
        )
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
        second = self._run(self._second, script, input, None)
        if not same_outcome(first, second):
            return Reject(Reason.NONDETERMINISTIC, f"first {_tell(first)}, then {_tell(second)}", pair)
        if expected and not equal_json(first.answer, expected):
            return Reject(Reason.ANSWER_MISMATCH, f"executed {first.answer}, the seed states {expected}", pair)
        execution = Execution(
            pair, program.source, program.title, program.problem, program.code, input, first.answer, expected,
            first.trace, replace(program.lineage),
        )  # fmt: skip
        return judge_execution(execution, self._settings)

    def _run(self, sandbox: Sandbox, code: str, input: str, trace: TraceLimits | None) -> Outcome:
        outcome = sandbox.run(code, input, trace=trace)
        self.cpu_seconds += outcome.cpu_ms / 1000
        return outcome

    def _rerun(self, execution: Execution, input: str) -> str:
        outcome = self._run(self._second, execution.code + CALL, input, None)
        return outcome.answer if outcome.status == "ok" else outcome.status

    def facts(self) -> dict[str, Any]:
        """What the sandboxes are made of, for run.json."""
        return {"sandbox": self._first.layers()}

    def close(self) -> None:
        self._first.close()
        self._second.close()


def _reason(outcome: Outcome) -> Reason:
    return Reason.TRACE_TOO_LONG if outcome.status == "trace_limit" else Reason(outcome.status.replace("_", "-"))


def _tell(outcome: Outcome) -> str:
    return outcome.answer if outcome.status == "ok" else f"{outcome.status} {outcome.error}".strip()
