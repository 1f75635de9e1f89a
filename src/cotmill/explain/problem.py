"""Stage work: what a student is asked: what comes out, what went in, or what happened on the way.

Which of the directions that the recipe lists a record gets is chance from identity, as often as each is listed; where
that one cannot be asked of the record, another one is. A question never holds its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from cotmill.base.chance import chance
from cotmill.base.reasons import Reason
from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.explain.backward import backward
from cotmill.explain.story import story
from cotmill.explain.variable import variable
from cotmill.explain.wording import as_json, call_of, code_of, described, given, titled

__all__ = ["STORIES", "pose"]

STORIES = 0.5  # how often a program that can be said in words is, where the seed has none
_SHOWN = (
    ("Here is a Python program:", "{code}", "What does `{call}` return?"),
    ("What does `{call}` return in this Python program?", "{code}"),
    ("{code}", "What is the value of `{call}`?"),
    ("Run this Python program by hand:", "{code}", "What is the result of `{call}`?"),
)


def pose(execution: Execution, seed: int = 0, directions: Sequence[str] = ("forward",)) -> Question | Reject:
    """The question that the record gets; Reject where no listed direction can be asked of it."""
    rng = chance(seed, "explain.direction", execution.id)
    first = rng.choice(directions)
    others = sorted(set(directions) - {first})
    rng.shuffle(others)
    for direction in (first, *others):
        question = _DIRECTIONS[direction](execution, seed)
        if question is not None:
            return question
    return Reject(Reason.NO_QUESTION, f"neither of {', '.join(sorted(set(directions)))} can be asked", execution.id)


def _forward(execution: Execution, seed: int) -> Question:
    """What comes out. Every input value stands in the question, as a Python literal."""
    inputs = json.loads(execution.input)
    rng = chance(seed, "explain.problem", execution.id)
    written = execution.problem.strip()
    told = "" if written else story(execution.code, inputs)
    if written:
        parts = [described(execution.problem), *given(inputs, execution.problem, rng)]
    elif told and rng.random() < STORIES:
        parts = [told]
    else:
        code, call = code_of(execution), call_of(inputs)
        parts = [*titled(execution), *(part.format(code=code, call=call) for part in rng.choice(_SHOWN))]
    parts.append(as_json(execution.answer, rng))
    return Question(execution.id, execution, "\n\n".join(parts), "forward", execution.answer)


_DIRECTIONS: dict[str, Callable[[Execution, int], Question | None]] = {
    "forward": _forward, "backward": backward, "variable": variable,
}  # fmt: skip
