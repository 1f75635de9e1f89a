"""Stage work: a solution by a model that sees only the problem, so that it cannot copy the program (Caco, 3.3).

It must come to the executed answer, and each number in it must come from somewhere and lead somewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder
from cotmill.base.records import Draft
from cotmill.base.stage import Reject
from cotmill.explain.written import Check, write

__all__ = ["solver"]

STYLE = "solved"


def solver(ladder: Ladder, check: Check, *, fallback: bool) -> Callable[[Draft], Talk[Draft | Reject]]:
    """The stage's talk. A solution that passes takes the place of the narration."""

    def talk(draft: Draft) -> Talk[Draft | Reject]:
        frame = replace(draft, style=STYLE, mode="provenance", plainer="")
        fields = {"problem": draft.question.problem}
        return (yield from write(ladder, draft, fields, frame, check, fallback=fallback))

    return talk
