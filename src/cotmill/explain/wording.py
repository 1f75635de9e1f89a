"""What questions of every direction are made of: the seed's words, the inputs, the program, the form of the answer."""

from __future__ import annotations

import inspect
import random
import re
from collections.abc import Mapping
from typing import Any

from cotmill.base.literal import literal
from cotmill.base.records import Execution
from cotmill.explain.phrases import joined
from cotmill.explain.styles import is_plural, spoken

__all__ = ["as_json", "call_of", "code_of", "described", "given", "named", "titled"]

WORDS = 0.5  # how often names are said in words
FULL = 50  # characters from which on a line counts as broken because it was full

_GIVEN = ("Use the {noun} {given}.", "Take {given}.", "Let {given}.")
_ASKED = (
    "Work it out step by step and give the answer as JSON ({kind}).",
    "Solve it step by step and give the answer as JSON ({kind}).",
    "Show each step, then give the answer as JSON ({kind}).",
    "Think it through step by step. Give the answer as JSON ({kind}).",
)
_ITEM = re.compile(r"[-*+] |\d+[.)] ")
_KEPT = re.compile(r"$|\s|```|[>|#:@.]")  # blank, indented, a fence, a doctest, a table, a field


def titled(execution: Execution) -> list[str]:
    """The seed's title as a sentence. It says what the program is about, not what to do: it needs the program."""
    title = execution.title.strip()
    return [title if title[-1] in ".?!" else f"{title}."] if title else []


def code_of(execution: Execution) -> str:
    return f"```python\n{execution.code.strip()}\n```"


def call_of(inputs: Mapping[str, Any], hidden: str = "") -> str:
    """``solution(n=3, xs=[1])``; a question mark stands for the hidden input."""
    given = (f"{name}={'?' if name == hidden else literal(value)}" for name, value in inputs.items())
    return f"solution({', '.join(given)})"


def described(text: str) -> str:
    """The seed's own words: lines that were broken because they were full become one paragraph; no word changes.

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


def _is_full(line: str) -> bool:
    return len(line) >= FULL and not line.endswith(":") and not _KEPT.match(line)


def given(inputs: Mapping[str, Any], written: str, rng: random.Random) -> list[str]:
    """The sentence that gives the inputs. A name is said in words only where the seed's text has it not as in the code.

    Where there are no inputs there is no sentence.
    """
    wording, in_words = rng.choice(_GIVEN), rng.random() < WORDS
    if not inputs:
        return []
    names = {name: spoken(name) if in_words and name not in written else name for name in inputs}
    values = joined([f"{names[name]} = {literal(value)}" for name, value in inputs.items()])
    return [wording.format(noun="inputs" if len(inputs) > 1 else "input", given=values)]


def named(name: str, rng: random.Random) -> str:
    """The name as in the code or, half of the time, in words; no plural, which the verbs around it would not fit."""
    words = spoken(name)
    return f"the {words}" if words != name and not is_plural(name) and rng.random() < WORDS else f"`{name}`"


def as_json(answer: str, rng: random.Random) -> str:
    """How the answer is to be given: by its kind, without its value."""
    return rng.choice(_ASKED).format(kind=_kind(answer))


def _kind(answer: str) -> str:
    first = answer[:1]
    if first == '"':
        return "a string"
    if first == "[":
        return "a list"
    if first == "{":
        return "an object"
    return "true or false" if answer in ("true", "false") else "null" if answer == "null" else "a number"
