"""Step-labelled solutions: rows that a trainer of process reward models reads.

A label says whether the solution is right so far (arXiv 2211.14275, the paper behind TRL's trainer): True before the
first wrong step, False from there on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

__all__ = ["PROVEN", "ProcessRow", "first_difference", "row_of"]

PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A row of the file. TRL reads the first three columns, and drops the others."""

    prompt: str  # the problem and an empty line: TRL puts nothing between it and the first step
    completions: tuple[str, ...]  # the steps
    labels: tuple[bool, ...]  # one per step
    id: str  # the sample's, with "/" and a number behind it where a value was made wrong
    first_wrong: int  # index of the first wrong step, -1 for a right solution
    kind: str  # "proven", or how the value is wrong (docs/process-supervision.md)
    right_answer: bool  # whether the final answer is the right one; where steps are wrong it can be by chance

    def line(self) -> str:
        """The row as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def row_of(id: str, problem: str, steps: tuple[str, ...], first_wrong: int, kind: str, *, right: bool) -> ProcessRow:
    """The row of a solution whose steps are right up to `first_wrong`, or to the end where that is -1."""
    labels = tuple(first_wrong < 0 or at < first_wrong for at in range(len(steps)))
    return ProcessRow(problem + "\n\n", steps, labels, id, first_wrong, kind, right)


def first_difference(steps: tuple[str, ...], others: tuple[str, ...]) -> int:
    """Index of the first step that is not the same in both; -1 where one text only goes on behind the other."""
    return next((at for at, (step, other) in enumerate(zip(steps, others, strict=False)) if step != other), -1)
