"""One row of a table -> one Seed, by a field map: our name of a column -> its name in the file.

==========  ==========================================================================================
our name    what the column holds
==========  ==========================================================================================
code        the program (needed)
id          the row's own name; makes rows apart that are otherwise the same
title       one line that says what the program does
problem     the problem in words
form        what the inputs mean and what the answer looks like, in words; put behind the problem
entry       name of the function to call; found where it is not given
input       one input: an object of keyword arguments, or its JSON text
answer      the known answer for `input`, or of a program that holds its own values
inputs      a list of inputs
answers     a list of known answers, parallel to `inputs`
pairs       a list of ``{"input": ..., "output": ...}``; without "output" no answer is known
==========  ==========================================================================================
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.records import Seed
from cotmill.collect.stated import stated

__all__ = ["NAMES", "PRESETS", "BadRow", "field_map", "preset_of", "seed_of"]

NAMES = ("code", "id", "title", "problem", "form", "entry", "input", "answer", "inputs", "answers", "pairs")

WORDS = ("title", "problem", "form", "entry")

# CodeI/O (arXiv 2502.07316) and PAL (arXiv 2211.10435), as their files name the columns
PRESETS: dict[str, dict[str, str]] = {
    "pyedu": {
        "code": "refcode", "problem": "problem_description", "form": "io_requirements", "entry": "funcname",
        "pairs": "ios",
    },
    "pal": {"code": "code", "problem": "input", "answer": "target"},
}  # fmt: skip


class BadRow(ValueError):
    """A row with a column that is absent, empty or of the wrong type; the message says which."""


def field_map(preset: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The columns to read: those of the preset, else columns with our own names; what the user maps comes first."""
    return dict(PRESETS.get(preset, {name: name for name in NAMES})) | dict(fields)


def preset_of(columns: set[str]) -> str:
    """The preset whose columns a row has; empty for the generic one."""
    needed = {name: {column for ours, column in preset.items() if ours != "form"} for name, preset in PRESETS.items()}
    return next((name for name in PRESETS if needed[name] <= columns), "")


def seed_of(row: Mapping[str, Any], columns: Mapping[str, str], source: str, *, texts: bool) -> Seed:
    """A row -> a Seed. `texts`: every value is a text, and answers are read as JSON where they are JSON (CSV).

    Raises BadRow.
    """

    def value(name: str) -> Any:
        found = row.get(columns.get(name, ""))
        return None if texts and found == "" else found

    code = _text(value("code"), columns["code"])
    if not code.strip():
        raise BadRow(f"column {columns['code']!r} is absent or empty")
    title, problem, form, entry = (_text(value(name), columns.get(name, name)) for name in WORDS)
    problem = "\n\n".join(part for part in (problem.strip(), form.strip()) if part)
    inputs, answers = _pairs(value, columns, texts)
    if not inputs or not (title or problem):
        own = stated(code)
        title, problem = (title, problem) if title or problem else (own.title, own.problem)
        if not inputs and (not answers or len(own.inputs) == len(answers)):
            inputs = own.inputs
    answers = answers or ("",) * max(1, len(inputs))
    own_id = "" if value("id") is None else str(value("id"))
    content = (own_id, title, problem, code, entry, *inputs, "\x1f", *answers)
    try:
        identity = content_id(*content)
        "".join(content).encode("utf-8")
    except UnicodeEncodeError:
        raise BadRow("a text holds half of a surrogate pair, which UTF-8 cannot write") from None
    return Seed(f"{source}-{identity}", source, title, problem, code, entry, inputs, answers)


def _text(value: Any, column: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"column {column!r} is a {type(value).__name__}, not a text")
    return value


def _pairs(value: Any, columns: Mapping[str, str], texts: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Inputs and answers of a row as JSON texts; no inputs where the row states none."""
    if (pairs := _list(value("pairs"), columns.get("pairs"))) is not None:
        items = [item if isinstance(item, dict) else {"input": item} for item in pairs]
        answers = tuple(_answer(item["output"]) if "output" in item else "" for item in items)
        return tuple(_input(item.get("input")) for item in items), answers
    if (many := _list(value("inputs"), columns.get("inputs"))) is not None:
        known = _list(value("answers"), columns.get("answers"))
        if known is not None and len(known) != len(many):
            raise BadRow(f"{len(many)} inputs but {len(known)} answers")
        return tuple(map(_input, many)), tuple(map(_answer, known or ())) or ("",) * len(many)
    answer = value("answer")
    if texts and answer is not None:
        answer = _parsed(answer)
    answers = () if answer is None else (_answer(answer),)
    return (() if value("input") is None else (_input(value("input")),)), answers


def _list(value: Any, column: str | None) -> list[Any] | None:
    """A list, or the JSON text of one; None where the row has none."""
    found = _parsed(value) if isinstance(value, str) else value
    if found is None or found == []:
        return None
    if not isinstance(found, list):
        raise BadRow(f"column {column!r} is a {type(found).__name__}, not a list")
    return found


def _parsed(text: str) -> Any:
    """The value of a JSON text; a text that is no JSON stands for itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _input(value: Any) -> str:
    """JSON text of an input. Whatever is no object stays what it is, and is rejected by unify as one pair."""
    return _json(_parsed(value) if isinstance(value, str) else value)


def _answer(value: Any) -> str:
    """JSON text of an answer. NaN and infinities, which are no JSON, become objects that no output equals."""
    return _json(_finite(value))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def _json(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadRow(f"a value that JSON cannot hold: {error}") from None
