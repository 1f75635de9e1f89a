"""What a program answers to inputs that are only tried out: one run each, no witness, nothing released."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cotmill.base.recipe import Execute
from cotmill.execute.run import CALL
from cotmill.execute.sandbox import Run, Sandbox, TraceLimits
from cotmill.execute.witnesses import sandbox

__all__ = ["Answers"]


class Answers:
    """Call it with a program and inputs; close it in the end."""

    def __init__(self, settings: Execute) -> None:
        self._settings = settings
        self._sandbox: Sandbox | None = None
        self.cpu_seconds = 0.0  # of all programs so far

    def __call__(self, code: str, inputs: Sequence[dict[str, Any]]) -> list[str | None]:
        """The JSON text of each answer; None where the program did not run to its end.

        Line events are counted, since a limit of them ends an endless loop sooner than one of time.
        """
        if self._sandbox is None:
            self._sandbox = sandbox(self._settings, 0)
        limits = TraceLimits(self._settings.max_lines, 0)
        runs = [Run(code + CALL, json.dumps(input, ensure_ascii=False), limits) for input in inputs]
        outcomes = self._sandbox.run_all(runs)
        self.cpu_seconds += sum(outcome.cpu_ms for outcome in outcomes) / 1000
        return [outcome.answer if outcome.status == "ok" else None for outcome in outcomes]

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
