"""What a solution says around its telling of a run: which part of the run it tells, how it begins, how it ends.

* forward: the whole run; its inputs first.
* backward, plain arithmetic: the operations undone from the result on, then the run as a check, below a line
  ``Check with n = 5:``. Backward, everything else: the value is tried; the run shows that it gives the output.
* variable: the run up to the moment that is asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from cotmill.base.chance import chance
from cotmill.base.literal import literal
from cotmill.base.records import Question
from cotmill.base.trace import Call, Return, Set, Trace
from cotmill.explain.backward import undone
from cotmill.explain.phrases import joined

__all__ = ["Framing", "framing", "inputs_are"]

_AFTER = r"(?:|, as before|, worked out the same way)\."
_TRIED = ("Try {tried}{others}", "Suppose that {tried}{others}", "Let {tried}, and see what comes out{others}")
_UNDONE = ("Work backward from the result.", "Undo the steps, the last one first.", "Begin at the end.", "")
_GIVES = ("This gives {output}, as it should be.", "This gives {output}, as asked.", "That gives {output}, as wanted.")


def inputs_are(given: list[str]) -> str:
    """``The inputs are n = 3 and k = 2``; nothing where there are none."""
    return f"The {'inputs are' if len(given) > 1 else 'input is'} {joined(given)}" if given else ""


@dataclass(frozen=True)
class Framing:
    """The frame of one solution."""

    trace: Trace  # the part of the run that is told
    answer: str  # what the last line states
    opening: Callable[[list[str]], str] = (
        inputs_are  # ``n = 3`` for each input -> the first sentence, without its full stop
    )
    before: tuple[str, ...] = ()  # lines above the telling
    closing: str = ""  # line below it
    value: str = ""  # where the last line of the telling has it, the closing line says nothing new

    def around(self, told: str) -> str:
        """The telling with its lines above and below."""
        ends = self.value and re.search(rf"(?<!\w){re.escape(self.value)}{_AFTER}\Z", told.rstrip())
        return "\n".join(part for part in (*self.before, told, "" if ends else self.closing) if part)


def framing(question: Question, seed: int) -> Framing:
    """The frame that the question's direction asks for."""
    trace = Trace.parse(question.execution.trace)
    if question.direction == "backward":
        return _backward(question, trace, seed)
    if question.direction == "variable":
        return _variable(question, trace.upto(question.moment))
    return Framing(trace, question.answer)


def _backward(question: Question, trace: Trace, seed: int) -> Framing:
    rng = chance(seed, "explain.framing", question.id)
    hidden = question.asked
    value = literal(json.loads(question.answer))
    closing = rng.choice(_GIVES).format(output=literal(json.loads(question.execution.answer)))
    steps = undone(question.execution, hidden)
    if steps:
        before = (rng.choice(_UNDONE), *steps, f"Check with {hidden} = {value}:")
        return Framing(trace, question.answer, lambda _: "", before, closing)
    wording = rng.choice(_TRIED)

    def tried(given: list[str]) -> str:
        others = [text for text in given if not text.startswith(f"{hidden} = ")]
        rest = f". The other {'inputs are' if len(others) > 1 else 'input is'} {joined(others)}" if others else ""
        return wording.format(tried=f"{hidden} = {value}", others=rest)

    return Framing(trace, question.answer, tried, closing=closing)


def _variable(question: Question, part: Trace) -> Framing:
    event = part.events[part.change(question.asked, question.moment)]
    if isinstance(event, Call):
        value = literal(part.values[dict(event.args)[question.asked]])
    else:
        assert isinstance(event, (Set, Return))
        value = literal(part.values[event.value])
    closing = f"This call returns {value}." if isinstance(event, Return) else f"So {question.asked} is now {value}."
    return Framing(part, question.answer, closing=closing, value=value)
