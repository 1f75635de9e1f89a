"""Stage work: a program on each of its inputs, traced, then again in unlike processes; the rules that need a run.

The first run is traced and stops at the recipe's limit of line events, so that a long program costs little; the others
(witnesses.py) are plain. One outcome of all means: deterministic, and the same traced and untraced.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.execute.rules import Changes, judge_execution, judge_family
from cotmill.execute.sandbox import Outcome, Run, TraceLimits
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
        self._known: dict[Program, list[Execution | Reject]] = {}  # of the programs that come next

    def ahead(self, programs: Sequence[Program]) -> None:
        """Run what comes next in one go, so that programs can share processes; `__call__` then finds it done."""
        self._known = {}  # what breaks on the way leaves nothing half judged
        runs = [self._runs(program) for program in programs]
        outcomes = iter(self._witnesses.run_all([run for part in runs for run in part]))
        settled = {
            program: [self._settle(program, index, next(outcomes)) for index in range(len(part))]
            for program, part in zip(programs, runs, strict=True)
        }
        self._known = self._judged(settled)

    def __call__(self, program: Program) -> list[Execution | Reject]:
        if program not in self._known:
            self.ahead([program])
        return self._known[program]

    def _judged(self, settled: dict[Program, list[Execution | Reject]]) -> dict[Program, list[Execution | Reject]]:
        """Rules that look at all executions of a program: what they ask about all programs is run together."""
        judged: dict[Program, list[Execution | Reject]] = {}
        asking: dict[Program, tuple[Generator[Changes, list[str], list[Execution | Reject]], Changes]] = {}

        def go_on(program: Program, judging: Any, answers: list[str] | None) -> None:
            try:
                asking[program] = judging, judging.send(answers)
            except StopIteration as done:
                judged[program] = [item for item in settled[program] if isinstance(item, Reject)] + done.value

        for program, items in settled.items():
            executions = [item for item in items if isinstance(item, Execution)]
            go_on(program, judge_family(executions, self._settings), None)
        while asking:
            asked, asking = asking, {}
            answers = iter(self._rerun([change for _, changes in asked.values() for change in changes]))
            for program, (judging, changes) in asked.items():
                go_on(program, judging, [next(answers) for _ in changes])
        return judged

    def _runs(self, program: Program) -> list[Run]:
        return [Run(program.code + CALL, input, self._trace) for input in program.inputs]

    def _settle(self, program: Program, index: int, outcome: Outcome) -> Execution | Reject:
        pair, input, expected = program.pairs[index], program.inputs[index], program.answers[index]
        if outcome.status != "ok":
            return Reject(_reason(outcome), outcome.error or outcome.detail, pair)
        if expected and not self._same_answer(outcome.answer, expected):
            return Reject(Reason.ANSWER_MISMATCH, f"executed {outcome.answer}, the seed states {expected}", pair)
        execution = Execution(
            pair, program.source, program.title, program.problem, program.code, input, outcome.answer, expected,
            outcome.trace, replace(program.lineage), outcome.isolation,
        )  # fmt: skip
        return judge_execution(execution, self._settings)

    def _rerun(self, changes: Changes) -> list[str]:
        """What other inputs give. Some send a program into an endless loop: line events end that sooner than time."""
        limits = TraceLimits(self._settings.max_lines, 0)
        runs = [Run(execution.code + CALL, input, limits) for execution, input in changes]
        outcomes = self._witnesses.once_all(runs)
        return [outcome.answer if outcome.status == "ok" else outcome.status for outcome in outcomes]

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
