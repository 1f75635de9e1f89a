"""Stage work: a program on each of its inputs, traced, then again in unlike processes; the rules that need a run.

The first run is traced and stops at the recipe's limit of line events, so that a long program costs little; the others
(witnesses.py) are plain. One outcome of all means: deterministic, and the same traced and untraced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.execute.rules import judge_execution, judge_family
from cotmill.execute.sandbox import Outcome, TraceLimits
from cotmill.execute.witnesses import Witnesses

__all__ = ["CALL", "Executor"]

CALL = "\n\noutput = solution(**input)\n"


class Executor:
    """Holds sandboxes of unlike processes. Call it with a program; close it in the end.

    `same_answer` compares the JSON texts of an executed answer and of the one that a seed states.
    """

    def __init__(self, settings: Execute, same_answer: Callable[[str, str], bool]) -> None:
        self._same_answer = same_answer
        self._settings = settings
        self._trace = TraceLimits(settings.max_lines, settings.max_trace_kb)
        self._witnesses = Witnesses(settings)

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
        outcome = self._witnesses.run(program.code + CALL, input, trace=self._trace)
        if outcome.status != "ok":
            return Reject(_reason(outcome), outcome.error or outcome.detail, pair)
        if expected and not self._same_answer(outcome.answer, expected):
            return Reject(Reason.ANSWER_MISMATCH, f"executed {outcome.answer}, the seed states {expected}", pair)
        execution = Execution(
            pair, program.source, program.title, program.problem, program.code, input, outcome.answer, expected,
            outcome.trace, replace(program.lineage), self._witnesses.tier,
        )  # fmt: skip
        return judge_execution(execution, self._settings)

    def _rerun(self, execution: Execution, input: str) -> str:
        """What another input gives. Some send a program into an endless loop: line events end that sooner than time."""
        outcome = self._witnesses.once(execution.code + CALL, input, trace=self._trace)
        return outcome.answer if outcome.status == "ok" else outcome.status

    def facts(self) -> dict[str, Any]:
        """What the sandboxes are made of, for run.json."""
        return {"sandbox": self._witnesses.first.layers()}

    @property
    def cpu_seconds(self) -> float:
        """Of all programs so far."""
        return self._witnesses.cpu_ms / 1000

    def close(self) -> None:
        self._witnesses.close()


def _reason(outcome: Outcome) -> Reason:
    return Reason.TRACE_TOO_LONG if outcome.status == "trace_limit" else Reason(outcome.status.replace("_", "-"))
