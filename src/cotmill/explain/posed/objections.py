"""What a model is told of a problem that does not ask what the program works out."""

from __future__ import annotations

import json

from cotmill.backends.ladder import Objection
from cotmill.base.literal import literal
from cotmill.base.reasons import Reason
from cotmill.base.records import Execution
from cotmill.explain.posed.answer import given_away
from cotmill.explain.posed.form import misformed
from cotmill.explain.posed.inputs import Lack, lack
from cotmill.explain.posed.strays import stray
from cotmill.explain.styles import spoken

__all__ = ["object_to_problem"]

SHOWN = 200  # characters of a value
GIVEN_AWAY = (
    "The problem gives the answer or a step of the solution away. State only what is given, and ask for the rest."
)
STRAY = "The number {number} is no part of what is given or of the rules. State no numbers but the program's own."


def object_to_problem(execution: Execution, text: str) -> Objection | None:
    """None where the text asks for the program's answer on its input: it has every value, not the answer, no code."""
    try:
        return _objection(execution, text)
    except ValueError as error:  # an input or answer of thousands of digits
        return Objection(Reason.COULD_NOT_CHECK, f"the problem cannot be held against the values: {error!s:.200}")


def _objection(execution: Execution, text: str) -> Objection | None:
    wrong, told = misformed(text, execution.code, execution.input)
    if wrong:
        return Objection(Reason.BAD_PROBLEM, wrong, told)
    inputs = json.loads(execution.input)
    if missing := lack(inputs, text):
        wrong = _said(missing)
        return Objection(Reason.BAD_PROBLEM, wrong, f"{wrong[0].upper()}{wrong[1:]}. {_remedy(missing)}")
    if wrong := given_away(json.loads(execution.answer), inputs, execution.code, text):
        return Objection(Reason.BAD_PROBLEM, wrong, GIVEN_AWAY)
    if number := stray(inputs, execution.code, text):
        wrong = f"the number {number[:SHOWN]} is neither an input nor in the program"
        return Objection(Reason.BAD_PROBLEM, wrong, STRAY.format(number=number[:SHOWN]))
    return None


def _said(missing: Lack) -> str:
    shown = literal(missing.value)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."
    if missing.order:
        return f"the values of {spoken(missing.name)} do not stand there in their order: {shown}"
    return f"the value {shown} of {spoken(missing.name)} is missing"


def _remedy(missing: Lack) -> str:
    if missing.order:
        return "Give them one after the other, in this order."
    if isinstance(missing.value, str):
        return "It must stand there word for word, in quotes."
    return "Each value of the input must stand there, as often as the input has it, numbers in digits."
