"""One row of a table -> one Seed, by a field map: our name of a column -> its name in the file.

==========  ==========================================================================================
our name    what the column holds
==========  ==========================================================================================
code        the program (needed, or else a formula, or a problem with a solution or an answer)
formula     where there is no code: equations, or a worked solution with annotations (docs/seeds.md)
solution    where there is neither: the solution in words, of which a model makes a program
id          the row's own name; makes rows apart that are otherwise the same
title       one line that says what the program does
problem     the problem in words
question    what is asked, where it stands apart; put behind the problem
form        what the inputs mean and what the answer looks like, in words; put behind the problem
entry       name of the function to call; found where it is not given
input       one input: an object of keyword arguments, or its JSON text
answer      the known answer for `input`, or of a program that holds its own values
inputs      a list of inputs
answers     a list of known answers, parallel to `inputs`
pairs       a list of ``{"input": ..., "output": ...}``; without "output" no answer is known
examples    ``assert f(2) == 4`` lines or doctests: a text, or a list of texts
==========  ==========================================================================================
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.records import Seed
from cotmill.collect.examples import examples
from cotmill.collect.formulas.notation import is_worked, split_answer
from cotmill.collect.formulas.worked import final_answer
from cotmill.collect.stated import stated

__all__ = ["NAMES", "PRESETS", "BadRow", "field_map", "preset_of", "seed_of"]

NAMES = (
    "code", "formula", "solution", "id", "title", "problem", "question", "form", "entry", "input", "answer", "inputs",
    "answers", "pairs", "examples",
)  # fmt: skip

WORDS = ("title", "problem", "question", "form", "entry")

# As their files name the columns: CodeI/O (arXiv 2502.07316), PAL (arXiv 2211.10435), ASDiv (arXiv 2106.15772), GSM8K
# (arXiv 2110.14168)
PRESETS: dict[str, dict[str, str]] = {
    "pyedu": {
        "code": "refcode", "problem": "problem_description", "form": "io_requirements", "entry": "funcname",
        "pairs": "ios",
    },
    "pal": {"code": "code", "problem": "input", "answer": "target"},
    "asdiv": {"formula": "formula", "problem": "body", "question": "question", "answer": "answer"},
    "gsm8k": {"formula": "answer", "problem": "question", "answer": "answer"},
}  # fmt: skip


class BadRow(ValueError):
    """A row with a column that is absent, empty or of the wrong type; the message says which."""


def field_map(preset: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The columns to read: those of the preset, else columns with our own names; what the user maps comes first."""
    return dict(PRESETS.get(preset, {name: name for name in NAMES})) | dict(fields)


def preset_of(row: Mapping[str, Any]) -> str:
    """The preset whose columns a row has; empty for the generic one."""
    for name, preset in PRESETS.items():
        has_all = {column for ours, column in preset.items() if ours != "form"} <= row.keys()
        if has_all and ("code" in preset or "code" not in row) and (name != "gsm8k" or is_worked(str(row["answer"]))):
            return name
    return ""


def seed_of(row: Mapping[str, Any], columns: Mapping[str, str], source: str, *, texts: bool) -> Seed:
    """A row -> a Seed. `texts`: every value is a text, and answers are read as JSON where they are JSON (CSV).

    Raises BadRow.
    """

    def value(name: str) -> Any:
        found = row.get(columns.get(name, ""))
        return None if texts and found == "" else found

    code, formula = (_text(value(name), columns.get(name, name)) for name in ("code", "formula"))
    formula = "" if code.strip() else formula.strip()
    title, problem, question, form, entry = (_text(value(name), columns.get(name, name)) for name in WORDS)
    problem = " ".join(part for part in (problem.strip(), question.strip()) if part)
    problem = "\n\n".join(part for part in (problem, form.strip()) if part)
    if not code.strip() and not formula:
        return _seed(source, value("id"), _in_words(Seed("", source, title, problem, "", ""), value, columns, texts))
    if formula:
        answer, unit = _stated_answer(value("answer"), formula)
        return _seed(source, value("id"), Seed("", source, title, problem, "", "", (), (answer,), formula, unit))
    inputs, answers = _pairs(value, columns, texts)
    if (not inputs and value("examples") is not None) or (not inputs and not answers):
        inputs, answers = _examples(value("examples"), code, entry) or (inputs, answers)
    if not inputs or not (title or problem):
        own = stated(code)
        title, problem = (title, problem) if title or problem else (own.title, own.problem)
        if not inputs and (not answers or len(own.inputs) == len(answers)):
            inputs = own.inputs
    answers = answers or ("",) * max(1, len(inputs))
    return _seed(source, value("id"), Seed("", source, title, problem, code, entry, inputs, answers))


def _in_words(seed: Seed, value: Callable[[str], Any], columns: Mapping[str, str], texts: bool) -> Seed:
    """The same with the row's solution and answer, one of which it needs. Raises BadRow."""
    solution, answer = _text(value("solution"), columns.get("solution", "solution")).strip(), value("answer")
    if not seed.problem or (not solution and answer in (None, "")):
        needed = " and ".join(repr(columns[name]) for name in ("code", "formula") if name in columns)
        raise BadRow(f"column {needed} is absent or empty, and there is no problem with a solution or an answer")
    answer, unit = _stated_answer(_parsed(answer) if texts and answer is not None else answer, solution)
    return replace(seed, answers=(answer,), unit=unit, solution=solution)


def _seed(source: str, own_id: Any, seed: Seed) -> Seed:
    """The same with an id from its content. Raises BadRow."""
    own = "" if own_id is None else str(own_id)
    content = (own, seed.title, seed.problem, seed.code, seed.entry, *seed.inputs, "\x1f", *seed.answers)
    content += (seed.formula, seed.unit) if seed.formula else ()
    content += ("in words", seed.solution, seed.unit) if not (seed.code or seed.formula) else ()
    try:
        identity = content_id(*content)
        "".join(content).encode("utf-8")
    except UnicodeEncodeError:
        raise BadRow("a text holds half of a surrogate pair, which UTF-8 cannot write") from None
    return replace(seed, id=f"{source}-{identity}")


def _stated_answer(answer: Any, formula: str) -> tuple[str, str]:
    """JSON text of a formula's answer, and its unit: `9 (apples)`, `#### 9`, 9."""
    if answer is None or isinstance(answer, str):
        text = formula if answer is None else answer
        text, unit = (final_answer(text), "") if is_worked(text) else split_answer("" if answer is None else text)
        plain = text.replace(",", "")
        if fraction := re.fullmatch(r"(-?\d+)\s*/\s*([1-9]\d*)", plain):
            return _answer(int(fraction[1]) / int(fraction[2])), unit
        return (_answer(float(plain) if "." in plain else int(plain)) if _NUMBER.fullmatch(plain) else
                _answer(text) if text else ""), unit  # fmt: skip
    return _answer(answer), ""


_NUMBER = re.compile(r"-?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})")


def _examples(stated_examples: Any, code: str, entry: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Inputs and answers that a column of examples states, else the program's own doctests and asserts."""
    texts = stated_examples if isinstance(stated_examples, list) else [stated_examples]
    own = "\n".join(text for text in texts if isinstance(text, str))
    found = examples(code, entry, own)
    return (
        (tuple(_input(input) for input, _ in found), tuple(_answer(answer) for _, answer in found)) if found else None
    )


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
