"""Wrong answers of a model, made of right ones: each lie changes one thing, in a way that a model goes wrong.

Works on texts alone; nothing of the checker or the narrator is asked. A lie is None where a text has no place for it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from cotmill.base.literal import literal
from prove.corrupting import branch_flipped, pass_dropped, steps_swapped, value_changed, wrong_steps

__all__ = ["OMISSION", "PROBLEM_LIES", "SOLUTION_LIES", "Record", "lie"]

_SIGN = re.compile(r"(?<=[\w)\]'\"]) (==|!=|<=|>=|<|>) (?=[-\w(\[{'\"])")
_OTHER_SIGN = {"==": "!=", "!=": "==", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
_EQUATION = re.compile(r"(?<![\w.,*/+-])(\d+) ([-+*]) \$?(\d+) = \$?(\d+)(?![\w.,]*\d)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")


@dataclass(frozen=True)
class Record:
    """What is true of a pair."""

    id: str
    problem: str  # as Cotmill asks it
    told: str  # as a model would
    code: str  # definitions only
    input: str  # canonical JSON
    answer: str  # canonical JSON
    solution: str  # right in every step; ends in a line with the answer


Lie = Callable[[str, Record, Record, random.Random], str | None]  # the truth, of which record, another record
Kinds = dict[str, dict[str, Lie]]


def lie(kinds: Kinds, text: str, record: Record, other: Record, rng: random.Random) -> tuple[str, str]:
    """The kind, with the way, and the lie. Kinds and their ways are drawn evenly; ("", "") where none can be made."""
    for kind in rng.sample(sorted(kinds), len(kinds)):
        for way in rng.sample(sorted(kinds[kind]), len(kinds[kind])):
            found = kinds[kind][way](text, record, other, rng)
            if found is not None and _words(found) != _words(text):
                return f"{kind}: {way}", found
    return "", ""


def _words(text: str) -> list[str]:
    return text.split()


def _split(text: str) -> tuple[str, str]:
    """All but the last line, and the last line."""
    body, _, last = text.rstrip().rpartition("\n")
    return body, last


def _value(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return value_changed(text, rng)


def _given_value(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """A number that stands elsewhere in the text, in place of another."""
    body, last = _split(text)
    places = list(_NUMBER.finditer(body))
    if not places:
        return None
    chosen = rng.choice(places)
    others = sorted({place.group() for place in places} - {chosen.group()})
    return f"{body[: chosen.start()]}{rng.choice(others)}{body[chosen.end() :]}\n{last}" if others else None


def _branch(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return branch_flipped(text, rng)


def _comparison(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    body, last = _split(text)
    places = list(_SIGN.finditer(body))
    if not places:
        return None
    chosen = rng.choice(places)
    return f"{body[: chosen.start(1)]}{_OTHER_SIGN[chosen.group(1)]}{body[chosen.end(1) :]}\n{last}"


def _pass_dropped(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return pass_dropped(text, rng)


def _line_dropped(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """A line that calculates something."""
    body, last = _split(text)
    lines = body.split("\n")
    places = [number for number, line in enumerate(lines) if _EQUATION.search(line)]
    if len(places) < 2:
        return None
    chosen = rng.choice(places)
    return "\n".join([*lines[:chosen], *lines[chosen + 1 :], last])


def _swapped(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return steps_swapped(text, rng)


def _wrong_steps(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return wrong_steps(text, rng)


def _wrong_operand(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """An equation that holds, with another number of the problem in it; what follows is as if nothing were."""
    body, last = _split(text)
    places = list(_EQUATION.finditer(body))
    given = sorted(set(_NUMBER.findall(record.problem)))
    if not places or not given:
        return None
    chosen = rng.choice(places)
    left, sign, right = chosen.group(1), chosen.group(2), rng.choice(given)
    if not right.isdigit() or right == chosen.group(3):
        return None
    result = {"+": int(left) + int(right), "-": int(left) - int(right), "*": int(left) * int(right)}[sign]
    return f"{body[: chosen.start()]}{left} {sign} {right} = {result}{body[chosen.end() :]}\n{last}"


def _others_steps(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """The right answer under the steps to another problem."""
    return f"{_split(other.solution)[0]}\n{_split(text)[1]}" if other.code != record.code else None


def _no_steps(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """The right answer by an equation from nowhere."""
    if not re.fullmatch(r"-?\d+", record.answer):
        return None
    part = rng.randint(2, 9)
    return f"{int(record.answer) - part} + {part} = {record.answer}.\n{_split(text)[1]}"


def _wrong_answer(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """Another number in the last line, or another record's answer."""
    body, last = _split(text)
    places = list(_NUMBER.finditer(last))
    if places:
        chosen = places[-1]
        value = float(chosen.group()) + rng.choice([-1, 1, 2, 10])
        return f"{body}\n{last[: chosen.start()]}{value:.10g}{last[chosen.end() :]}"
    return f"{body}\nAnswer: {other.answer}" if other.answer != record.answer else None


def _fenced_code(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    return f"```python\n{record.code.strip()}\n```\nRunning it gives the result.\n{_split(text)[1]}"


def _bare_code(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """The program's lines without its definition, in front of the steps."""
    lines = [
        line.strip()
        for line in record.code.splitlines()
        if line.strip() and not line.strip().startswith(("def ", '"""'))
    ]
    return "\n".join([*lines, text]) if len(lines) > 1 else None


def _between_code(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """The program's lines, each followed by a line of the solution."""
    lines, (body, last) = _steps(record.code), _split(text)
    told = body.split("\n")
    mixed = [part for pair in zip(lines, told, strict=False) for part in pair]
    return "\n".join([*mixed, *told[len(lines) :], last]) if len(mixed) > 2 else None


def _steps(code: str) -> list[str]:
    """The lines of a program that define nothing."""
    lines = map(str.strip, code.splitlines())
    return [line for line in lines if line and not line.startswith(("def ", "class ", "import ", "from ", '"""', "#"))]


def _answer_told(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """The answer in the problem."""
    if record.answer in ("true", "false", "null", '""', "[]", "{}"):
        return None
    answer = literal(json.loads(record.answer))
    hints = (
        f"(The answer is {answer}.)", f"Hint: it comes to {answer}.", f"Show that the result is {answer}.",
        f"A friend says that it is {answer}, and is right.", f"Answer: {answer}", f"The {answer} must be reached.",
    )  # fmt: skip
    return f"{text.rstrip()} {rng.choice(hints)}"


def _inputs(record: Record, text: str) -> list[tuple[str, int, int]]:
    """Values of the input that stand once in the text, with their places."""
    found = []
    for value in json.loads(record.input).values():
        shown = literal(value)
        places = [match.span() for match in re.finditer(rf"(?<![\w.]){re.escape(shown)}(?![\w]|\.\d)", text)]
        if len(places) == 1:
            found.append((shown, *places[0]))
    return found


def _missing(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """An input is left out."""
    places = _inputs(record, text)
    if not places:
        return None
    _, start, end = rng.choice(places)
    return f"{text[:start]}{rng.choice(['some', 'a few', 'several'])}{text[end:]}"


def _changed(text: str, record: Record, other: Record, rng: random.Random) -> str | None:
    """An input is another one."""
    places = [place for place in _inputs(record, text) if re.fullmatch(r"-?\d+(\.\d+)?", place[0])]
    if not places:
        return None
    shown, start, end = rng.choice(places)
    return f"{text[:start]}{float(shown) + rng.choice([1, 2, 5, 10]):.12g}{text[end:]}"


OMISSION = "step dropped or swapped"  # true in every statement that is left
SOLUTION_LIES: Kinds = {
    "wrong value": {"changed": _value, "of another step": _given_value},
    "wrong branch": {"truth": _branch, "sign": _comparison},
    OMISSION: {"pass dropped": _pass_dropped, "line dropped": _line_dropped, "lines swapped": _swapped},
    "right answer by wrong steps": {
        "value carried on": _wrong_steps, "wrong operand": _wrong_operand, "of another problem": _others_steps,
        "from nowhere": _no_steps,
    },
    "wrong final answer": {"changed": _wrong_answer},
    "copied code": {"fenced": _fenced_code, "in front": _bare_code, "line by line": _between_code},
}  # fmt: skip
PROBLEM_LIES: Kinds = {
    "answer in the problem": {"told": _answer_told},
    "missing input": {"vague": _missing},
    "changed input": {"changed": _changed},
}
