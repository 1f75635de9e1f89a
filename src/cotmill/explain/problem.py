"""Stage work: what a student is asked. The seed's problem text where there is one, else the code itself.

The question is made of the description, the inputs and the kind of the answer; it never sees the answer's value. Its
wording is chance from identity.
"""

from __future__ import annotations

import inspect
import json
import random
import re
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.records import Execution, Question
from cotmill.base.stage import Reject
from cotmill.explain.literals import literal
from cotmill.explain.phrases import joined
from cotmill.explain.story import story
from cotmill.explain.styles import spoken

__all__ = ["pose"]


_GIVEN = ("Use the {noun} {given}.", "Take {given}.", "Let {given}.")
_ASKED = (
    "Work it out step by step and give the answer as JSON ({kind}).",
    "Solve it step by step and give the answer as JSON ({kind}).",
    "Show each step, then give the answer as JSON ({kind}).",
    "Think it through step by step. Give the answer as JSON ({kind}).",
)
_SHOWN = (
    ("Here is a Python program:", "{code}", "What does `{call}` return?"),
    ("What does `{call}` return in this Python program?", "{code}"),
    ("{code}", "What is the value of `{call}`?"),
    ("Run this Python program by hand:", "{code}", "What is the result of `{call}`?"),
)


def pose(execution: Execution, seed: int = 0) -> Question | Reject:
    """The forward question: what comes out. Every input value stands in it, as a Python literal."""
    inputs = json.loads(execution.input)
    rng = chance(seed, "explain.problem", execution.id)
    told = "" if execution.problem.strip() else story(execution.code, inputs)
    if execution.problem.strip():
        parts = _described(execution, inputs, rng)
    elif told and rng.random() < STORIES:
        parts = [told]
    else:
        parts = _shown(execution, inputs, rng)
    parts.append(rng.choice(_ASKED).format(kind=_kind(execution.answer)))
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


WORDS = 0.5  # how often the names of inputs are said in words
STORIES = 0.5  # how often a program that can be said in words is, where the seed has none
FULL = 50  # characters from which on a line counts as broken because it was full
_ITEM = re.compile(r"[-*+] |\d+[.)] ")
_KEPT = re.compile(r"$|\s|```|[>|#:@.]")  # blank, indented, a fence, a doctest, a table, a field


def _is_full(line: str) -> bool:
    return len(line) >= FULL and not line.endswith(":") and not _KEPT.match(line)


def _described(execution: Execution, inputs: dict[str, Any], rng: random.Random) -> list[str]:
    """The seed's words and the inputs. A name is said in words only where the seed does not write it as in the code."""
    parts = [_reflowed(execution.problem)]
    wording, in_words = rng.choice(_GIVEN), rng.random() < WORDS
    names = {name: spoken(name) if in_words and name not in execution.problem else name for name in inputs}
    if inputs:
        given = joined([f"{names[name]} = {literal(value)}" for name, value in inputs.items()])
        parts.append(wording.format(noun="inputs" if len(inputs) > 1 else "input", given=given))
    return parts


def _shown(execution: Execution, inputs: dict[str, Any], rng: random.Random) -> list[str]:
    call = f"solution({', '.join(f'{name}={literal(value)}' for name, value in inputs.items())})"
    code = f"```python\n{execution.code.strip()}\n```"
    return [*_title(execution), *(part.format(code=code, call=call) for part in rng.choice(_SHOWN))]


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
