"""Stage work: a chain of thought by a model that sees the trace (EGR, section 3), or that tells the narration anew.

Either way the text is held against the run as strictly as a narration: it must tell this very run, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder
from cotmill.base.records import Draft
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.explain.shown_trace import shown_trace
from cotmill.explain.written import Check, write

__all__ = ["translator"]

WHOLE = 2000  # characters of a value that the model is shown
STYLES = {"trace": "translated", "narration": "polished"}


def translator(ladder: Ladder, check: Check, *, of: str, fallback: bool) -> Callable[[Draft], Talk[Draft | Reject]]:
    """The stage's talk. A telling that passes takes the place of the narration."""

    def talk(draft: Draft) -> Talk[Draft | Reject]:
        question = draft.question
        execution = question.execution
        fields = {
            "problem": question.problem, "code": execution.code.strip(), "input": execution.input,
            "trace": shown_trace(Trace.parse(execution.trace), WHOLE), "narration": draft.solution,
            "answer": question.answer,
        }  # fmt: skip
        frame = replace(draft, style=STYLES[of], plainer="")
        return (yield from write(ladder, draft, fields, frame, check, fallback=fallback))

    return talk
