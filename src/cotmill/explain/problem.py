"""Stage work: what a student is asked. The seed's own words where there are any, else the code itself.

The question is made of the description, the inputs and the kind of the answer; it never sees the answer's value.
"""

from __future__ import annotations

import json
from typing import Any

from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.explain.literals import literal
from cotmill.explain.phrases import joined

__all__ = ["pose"]


def pose(execution: Execution) -> Question | Reject:
    """The forward question: what comes out. Every input value stands in it, as a Python literal."""
    inputs = json.loads(execution.input)
    parts = _described(execution, inputs) if _words(execution) else _shown(execution, inputs)
    return Question(execution.id, execution, "\n\n".join(parts), "forward")


def _words(execution: Execution) -> str:
    """The seed's problem text, or its title as a sentence."""
    text = execution.problem.strip()
    if text:
        return text
    title = execution.title.strip()
    return title if not title or title[-1] in ".?!" else f"{title}."


def _described(execution: Execution, inputs: dict[str, Any]) -> list[str]:
    parts = [_words(execution)]
    if inputs:
        given = joined([f"{name} = {literal(value)}" for name, value in inputs.items()])
        parts.append(f"Use the {'inputs' if len(inputs) > 1 else 'input'} {given}.")
    return [*parts, f"Work it out step by step and give the answer as JSON ({_kind(execution.answer)})."]


def _shown(execution: Execution, inputs: dict[str, Any]) -> list[str]:
    call = f"solution({', '.join(f'{name}={literal(value)}' for name, value in inputs.items())})"
    return [
        "Here is a Python program:",
        f"```python\n{execution.code.strip()}\n```",
        f"What does `{call}` return?",
        f"Work it out step by step and give the answer as JSON ({_kind(execution.answer)}).",
    ]


def _kind(answer: str) -> str:
    """The form of the answer, without its value."""
    first = answer[:1]
    if first == '"':
        return "a string"
    if first == "[":
        return "a list"
    if first == "{":
        return "an object"
    return "true or false" if answer in ("true", "false") else "null" if answer == "null" else "a number"
