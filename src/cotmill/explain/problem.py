"""Stage work: what a student is asked. The seed's problem text where there is one, else the code itself.

The question is made of the description, the inputs and the kind of the answer; it never sees the answer's value.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.explain.literals import literal
from cotmill.explain.phrases import joined

__all__ = ["pose"]


def pose(execution: Execution) -> Question | Reject:
    """The forward question: what comes out. Every input value stands in it, as a Python literal."""
    inputs = json.loads(execution.input)
    parts = _described(execution, inputs) if execution.problem.strip() else _shown(execution, inputs)
    return Question(execution.id, execution, "\n\n".join(parts), "forward")


def _title(execution: Execution) -> list[str]:
    """The seed's title as a sentence. It says what the program is about, not what to do: it needs the program."""
    title = execution.title.strip()
    return [title if title[-1] in ".?!" else f"{title}."] if title else []


def _reflowed(text: str) -> str:
    """Lines that were broken because they were full become one paragraph; no word changes.

    Indented lines, list items, doctests, tables and what stands between fences keep their lines.
    """
    lines: list[str] = []
    fenced = False
    for line in map(str.rstrip, inspect.cleandoc(text).splitlines()):
        goes_on = not fenced and not _KEPT.match(line) and not _ITEM.match(line)
        if goes_on and lines and _is_full(lines[-1]):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        fenced ^= line.startswith("```")
    return "\n".join(lines)


FULL = 50  # characters from which on a line counts as broken because it was full
_ITEM = re.compile(r"[-*+] |\d+[.)] ")
_KEPT = re.compile(r"$|\s|```|[>|#:@.]")  # blank, indented, a fence, a doctest, a table, a field


def _is_full(line: str) -> bool:
    return len(line) >= FULL and not line.endswith(":") and not _KEPT.match(line)


def _described(execution: Execution, inputs: dict[str, Any]) -> list[str]:
    parts = [_reflowed(execution.problem)]
    if inputs:
        given = joined([f"{name} = {literal(value)}" for name, value in inputs.items()])
        parts.append(f"Use the {'inputs' if len(inputs) > 1 else 'input'} {given}.")
    return [*parts, f"Work it out step by step and give the answer as JSON ({_kind(execution.answer)})."]


def _shown(execution: Execution, inputs: dict[str, Any]) -> list[str]:
    call = f"solution({', '.join(f'{name}={literal(value)}' for name, value in inputs.items())})"
    return [
        *_title(execution),
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
