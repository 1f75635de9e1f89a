"""Step-labelled solutions: rows that a trainer of process reward models reads.

A step is one sentence of a solution: one statement with its values. The steps of a text, one after the other, are the
text to the byte; the space or line end between two of them stands at the beginning of the second.

A label says whether the solution is right so far (arXiv 2211.14275, section 2.3: the trainer's paper): True before the
first wrong step, False from there on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from cotmill.prove.claims.text.literals_in_text import tokens_of
from cotmill.prove.ground import Check

__all__ = ["PROVEN", "ProcessRow", "first_wrong_step", "negative", "positive", "steps_of"]

PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A row of the file. TRL reads the first three columns, and drops the others."""

    prompt: str
    completions: tuple[str, ...]  # the steps
    labels: tuple[bool, ...]  # one per step
    id: str  # the sample's, with "/" and a number behind it where a value was made wrong
    first_wrong: int  # index of the first wrong step, -1 for a right solution
    kind: str  # "proven", or how the value is wrong (docs/process-supervision.md)
    right_answer: bool  # whether the final answer is the right one; where steps are wrong it can be by chance

    def line(self) -> str:
        """The row as a line of JSON, without its line end."""
        return json.dumps(asdict(self), ensure_ascii=False)


def positive(id: str, problem: str, solution: str) -> ProcessRow:
    """The row of a proven solution."""
    steps = steps_of(solution)
    return ProcessRow(problem, steps, (True,) * len(steps), id, -1, PROVEN, right_answer=True)


def negative(id: str, problem: str, right: str, wrong: str, check: Check, kind: str) -> ProcessRow | str:
    """The row of a solution in which one value was made wrong, or why there is none.

    `right` and `wrong` tell the run without and with the fault in the same way, and `check` is what the claim checker
    says of the second text against the run without it. Both must find the first wrong step, and the same one: the two
    texts differ from there on, and the checker verifies every claim before it and not all in it.
    """
    steps, told = steps_of(wrong), steps_of(right)
    if steps == told:
        return "not-told"
    first = next((at for at, (step, other) in enumerate(zip(steps, told, strict=False)) if step != other), None)
    if first is None:
        return "only-the-end-differs"
    if check.verdict == "could-not-check":
        return "could-not-check"
    seen = first_wrong_step(steps, check)
    if seen != first:
        return "not-confirmed" if seen < 0 else "confirmed-earlier" if seen < first else "confirmed-later"
    labels = tuple(at < first for at in range(len(steps)))
    return ProcessRow(problem, steps, labels, id, first, kind, right_answer=check.answer_ok is True)


def first_wrong_step(steps: tuple[str, ...], check: Check) -> int:
    """Index of the step with the first claim that is not verified, -1 where every claim is."""
    start = min((claim.span[0] for claim in check.claims if claim.verdict != "verified"), default=-1)
    end = 0
    for at, step in enumerate(steps):
        end += len(step)
        if 0 <= start < end:
            return at
    return -1


def steps_of(text: str) -> tuple[str, ...]:
    """The sentences of a text; a line end ends a sentence, a full stop inside a value or a quote does not."""
    tokens = tokens_of(text)
    cuts = [
        tokens.starts[at] if kind == "line" else tokens.ends[at]
        for at, kind in enumerate(tokens.kinds)
        if kind in ("line", "stop")
    ]
    steps: list[str] = []
    begin = 0
    for cut in (*cuts, len(text)):
        part = text[begin:cut]
        if not part.strip() and cut < len(text):
            continue  # goes with the next step
        if part.strip() or not steps:
            steps.append(part)
        else:
            steps[-1] += part
        begin = cut
    return tuple(steps) if text else ()
