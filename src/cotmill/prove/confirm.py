"""Is a claimed answer to a backward problem right? Any input is that gives the output, so the program is run on it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from typing import Any

from cotmill.base.records import Sample
from cotmill.base.values import NotJson, canonical_json, parse_json
from cotmill.prove.answer import equal, equal_json
from cotmill.prove.answers.latex_text import strip_wrappers

__all__ = ["confirms"]

MAX_CLAIM = 20_000  # characters


def confirms(sample: Sample, claimed: str, execute: Callable[[str, str], str | None]) -> bool:
    """Whether the claimed value of the hidden input gives the sample's output.

    `claimed` is a final answer (`cotmill.prove.answer.extract` finds it in a solution). `execute` takes a program and
    the JSON of its input and gives the JSON of the output, or None where there is none; it has to be a sandbox, since
    the program meets a value that nobody vouches for. The claim is data and never becomes source code. Raises
    ValueError where the sample asks for something else than an input.
    """
    if sample.direction != "backward":
        raise ValueError(f"{sample.id} is no backward problem")
    if equal(claimed, sample.answer):
        return True
    value = _read(claimed, sample.asked, sample.answer)
    if value is None:
        return False
    output = execute(sample.code, canonical_json(json.loads(sample.input) | {sample.asked: value}))
    return output is not None and equal_json(output, sample.output)


def _read(claimed: str, name: str, executed: str) -> Any:
    """The claim as a JSON value, also where it is written as a Python literal, a text without its quotes, `$2$`, or
    behind its name: `k = 2`."""
    text = claimed.strip() if executed.startswith('"') else strip_wrappers(claimed)
    before, equals, value = text.partition("=")
    text = value.strip() if equals and before.strip() == name else text
    if len(text) > MAX_CLAIM:
        return None
    for read in (parse_json, ast.literal_eval):
        try:
            return json.loads(canonical_json(read(text)))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, NotJson):
            continue
    return text if executed.startswith('"') else None
