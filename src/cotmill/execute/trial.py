"""What will be said of a program that was just written, while its writer can still mend it."""

from __future__ import annotations

from collections.abc import Callable

from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.execute.rules import screen
from cotmill.execute.run import Executor

__all__ = ["Trial"]

ALWAYS = ("trivial", "constant-output", "unused-input")  # what only pretends to work its answer out breaks one of these


class Trial:
    """Call it with a program of one input: it goes through the recipe's rules, and those of `ALWAYS`. Close it."""

    def __init__(self, settings: Execute, same_answer: Callable[[str, str], bool]) -> None:
        rules = tuple(dict.fromkeys((*settings.rules, *ALWAYS)))
        self._settings = settings.model_copy(update={"rules": rules})
        self._executor = Executor(self._settings, same_answer)

    def __call__(self, program: Program) -> Execution | Reject:
        (screened,) = screen(program, self._settings)
        if isinstance(screened, Reject):
            return screened
        (found,) = self._executor(screened)
        return found

    @property
    def cpu_seconds(self) -> float:
        """Of all programs so far."""
        return self._executor.cpu_seconds

    def close(self) -> None:
        self._executor.close()
