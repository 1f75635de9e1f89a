"""A solution by a model in place of the narration: taken where it passes the check; else the narration stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder, Objection, Taken, unsigned
from cotmill.base.reasons import Reason
from cotmill.base.records import Draft
from cotmill.base.stage import Reject
from cotmill.explain.chatter import chatter
from cotmill.explain.quoting import quoted_code, spoken_program

__all__ = ["Check", "narrated", "write"]

Check = Callable[[Draft, Draft], Objection | None]  # a solution, and the narration that it takes the place of


def write(
    ladder: Ladder, draft: Draft, fields: dict[str, Any], frame: Draft, check: Check, *, fallback: bool
) -> Talk[Draft | Reject]:
    """`frame` with the first text that passes; else the narration, or a reject where there is no `fallback`."""

    def judged(text: str) -> Draft | Objection:
        written = replace(frame, solution=text.strip())
        code = draft.question.execution.code
        if quoted := quoted_code(text, code):
            return Objection(
                Reason.COPIED_CODE, f"it quotes the program: {quoted:.200}",
                f"Do not quote code ({quoted:.80}); say in words and formulas what happens.",
            )  # fmt: skip
        if more := _besides(text, draft.question.problem):
            return Objection(
                Reason.NO_ANSWER, f"it is not a solution alone: {more:.80}",
                f"Write the solution alone, in plain text, as who sees nothing but the problem does (not: {more:.80}).",
            )  # fmt: skip
        return check(written, draft) or written

    found = yield from ladder.climb(draft.id, fields, judged)
    if isinstance(found, Taken):
        question = found.value.question
        execution = replace(question.execution, lineage=ladder.sign(question.execution.lineage))
        return replace(found.value, question=replace(question, execution=execution, template=""))
    if not fallback:
        return Reject(found.reason, found.detail, draft.id)
    ladder.counts["model.narration.passed"] += 1
    return narrated(draft)


_RUN = re.compile(r"\b(?:the|this|that|our|execution)\s+(trace)\b|\b(event|line)\s+[0-9]+\b", re.IGNORECASE)


def _besides(text: str, problem: str) -> str:
    """What has no place in it: chatter, a program or a trace that the problem does not speak of."""
    if more := chatter(text, problem):
        return more
    if (program := spoken_program(text)) and not spoken_program(problem):
        return program
    run = _RUN.search(text)
    return run.group() if run and run[run.lastindex or 0].casefold() not in problem.casefold() else ""


def narrated(draft: Draft) -> Draft:
    """With the problem that Cotmill writes itself: one that no solution was found for may ask something else."""
    question = draft.question
    if not question.template:
        return draft
    execution = question.execution
    own = replace(execution, lineage=unsigned(execution.lineage, "problem"))
    return replace(draft, question=replace(question, execution=own, problem=question.template, template=""))
