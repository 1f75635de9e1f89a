"""Stage work: a model says whether the problem can be solved as it stands, and whether solution and program answer what
it asks (Caco, section 3.4). Fails closed.

Judged is whatever a model wrote a part of; what Cotmill wrote wholly by itself passes unasked. A verdict that was read
is final: answers are asked for again only where none can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder, Objection, Taken
from cotmill.backends.read_json import read_flags, read_note
from cotmill.base.reasons import Reason
from cotmill.base.records import Verified
from cotmill.base.stage import Reject
from cotmill.base.unified import whole_program

__all__ = ["SCHEMA", "judge"]

FLAGS = ("solvable", "consistent")
WHY = "why"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {WHY: {"type": "string"}, **{flag: {"type": "boolean"} for flag in FLAGS}},
    "required": [WHY, *FLAGS],
    "additionalProperties": False,
}
SHOWN = 300  # characters of a reason that a reject keeps
_UNREADABLE = "That states no verdict, or more than one."


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the judge says."""

    flags: dict[str, bool]
    why: str


def judge(ladder: Ladder) -> Callable[[Verified], Talk[Verified | Reject]]:
    """The stage's talk."""

    def talk(verified: Verified) -> Talk[Verified | Reject]:
        question = verified.draft.question
        execution = question.execution
        if not execution.lineage.prompt_id:
            ladder.counts["model.unasked.passed"] += 1
            return verified
        fields = {
            "problem": question.problem, "solution": verified.draft.solution, "answer": question.answer,
            "code": whole_program(execution.code, execution.input),
        }  # fmt: skip
        found = yield from ladder.climb(verified.id, fields, _read)
        if not isinstance(found, Taken):
            return Reject(Reason.COULD_NOT_CHECK, f"judge: {found.reason}: {found.detail}", verified.id)
        denied = [flag for flag in FLAGS if not found.value.flags[flag]]
        if denied:
            return Reject(Reason.JUDGED_BAD, f"not {' and not '.join(denied)}: {found.value.why}", verified.id)
        return verified

    return talk


def _read(text: str) -> _Verdict | Objection:
    flags = read_flags(text, FLAGS)
    if flags is None:
        return Objection(Reason.NO_ANSWER, f"no verdict in {text[:SHOWN]!r}", _UNREADABLE)
    return _Verdict(flags, (read_note(text, WHY) or text.strip())[:SHOWN])
