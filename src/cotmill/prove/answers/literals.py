"""An answer's text -> a typed value: JSON first, then Python literals, LaTeX, intervals, numbers with units, words.

None, bool, str (a quoted text), `Number`, `Huge`, list, tuple and dict stand for themselves; the rest is in `kinds`.
No code is evaluated; text, depth and numbers are bounded.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from cotmill.prove.answers.arithmetic import TooLarge, evaluate, is_listing
from cotmill.prove.answers.kinds import Bare, Interval, Named, Quantity, Refused, SetOf, Symbolic, Text
from cotmill.prove.answers.latex_text import is_constant, plain, strip_wrappers, symbolic
from cotmill.prove.answers.numerals import MAX_DIGITS, Number, percent, read_decimal, read_repeating
from cotmill.prove.answers.units import known_unit, read_quantity

__all__ = ["as_interval", "read", "read_json"]

MAX_JSON_CHARS = 2_000_000
MAX_CHARS = 20_000  # of a text that is not JSON
MAX_DEPTH = 60


_WORDS: dict[str, Any] = {
    "true": True, "yes": True, "false": False, "no": False, "none": None, "null": None,
    "inf": Text("inf"), "+inf": Text("inf"), "infinity": Text("inf"), "\\infty": Text("inf"), "+\\infty": Text("inf"),
    "-inf": Text("-inf"), "-infinity": Text("-inf"), "-\\infty": Text("-inf"), "oo": Text("inf"), "-oo": Text("-inf"),
    "set()": SetOf((), r"\emptyset"), "frozenset()": SetOf((), r"\emptyset"), "\\emptyset": SetOf((), r"\emptyset"),
    "\\varnothing": SetOf((), r"\emptyset"),
}  # fmt: skip
_JSON_WORDS = {"true": True, "false": False, "null": None}


def _infinity(text: str) -> Any:
    return Text(text.lower().replace("infinity", "inf"))


def _json_integer(text: str) -> Any:
    return Number(int(text)) if len(text) <= MAX_DIGITS else read_decimal(text)


def _json_float(text: str) -> Any:
    number = read_decimal(text)
    if number is None:  # it must not become JSON's null
        raise ValueError("an exponent of more than 18 digits")
    return number


_DECODER = json.JSONDecoder(parse_float=_json_float, parse_int=_json_integer, parse_constant=_infinity)


def read_json(text: str) -> Any:
    """JSON -> value with a Number or Huge for every number. Raises ValueError, RecursionError where nested too deep."""
    return _DECODER.decode(text)


def read(text: str) -> Any:
    """Any text -> its typed value. Never raises; what is over a limit is `Refused`."""
    text = text.strip()
    number = read_decimal(text)
    if number is not None:
        return number
    if text[:1] in ("[", "{", '"') or text in _JSON_WORDS:
        try:
            return read_json(text) if len(text) <= MAX_JSON_CHARS else Refused(text)
        except ValueError:
            pass
        except RecursionError:
            return Refused(text)
    if len(text) > MAX_CHARS:
        return Refused(text)
    try:
        return _read_loose(strip_wrappers(text))
    except (TooLarge, RecursionError):
        return Refused(text)


_MEMBER = re.compile(r"[a-zA-Z]\s*(?:\\in(?![a-zA-Z])|\u2208)\s*")
_COMPUTED = re.compile(
    r"[0-9$](?:[-+*/^().,$0-9 {}=]|\\(?:times|cdot|div|frac)(?![a-zA-Z]))*= ?([^=]+)"
)  # 2 * 3 = 6 cm
_SET_CALL = re.compile(r"(?:frozenset|set)\(\s*([\[({].*[\])}])\s*\)", re.DOTALL)


def _read_loose(text: str) -> Any:
    number = read_quantity(plain(text)) if "," in text and "\n" not in text else None
    if number is not None:
        return number  # 1,234 is one number, not two
    if (match := _COMPUTED.fullmatch(plain(text))) and isinstance(result := read_quantity(match.group(1)), Quantity):
        return result
    if match := _SET_CALL.fullmatch(text):
        inner = _read_loose(match.group(1))
        items = inner.items if isinstance(inner, SetOf) else inner
        braces = rf"\{{{match.group(1)[1:-1]}\}}"
        return SetOf(tuple(items), braces) if isinstance(items, (list, tuple)) else Text(text)
    if match := _MEMBER.match(text):
        inner = _read_loose(text[match.end() :])
        return as_interval(inner) or (inner if isinstance(inner, (Interval, SetOf)) else _scalar(text))
    value = _Reader(text).top()
    if isinstance(value, Bare):
        return _solutions(value.items, text) or value
    return value


def as_interval(value: Any) -> Interval | None:
    """(a, b) or [a, b] read as an interval."""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        closed = isinstance(value, list)
        return Interval(value[0], value[1], closed, closed)
    return value if isinstance(value, Interval) else None


def _solutions(items: tuple[Any, ...], text: str) -> SetOf | Bare | None:
    """x = 1, x = 2 is a set of solutions; x = 1, y = 2 may stand in any order."""
    if len(items) < 2 or not all(isinstance(item, Named) for item in items):
        return None
    names = {item.name for item in items}
    if len(names) == 1:
        return SetOf(tuple(item.value for item in items), text)
    return Bare(tuple(sorted(items, key=lambda item: item.name))) if len(names) == len(items) else None


_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_OPEN = re.compile(r"(?:\\(?:left|[bB]igg?l?)\s*)?(\\\{|\\lbrace(?![a-zA-Z])|[\[({])")
_CLOSE = re.compile(r"(?:\\(?:right|[bB]igg?r?)\s*)?(\\\}|\\rbrace(?![a-zA-Z])|[\])}])")
_SPECIAL = re.compile(r"[,:\[\](){}\\]")
_BLANK = re.compile(r"\s*")


class _Broken(Exception):
    """Brackets that do not fit together: the text is no container."""


class _Reader:
    """One pass over the structure: brackets, commas and quoted texts. Everything between is read by `_scalar`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def top(self) -> Any:
        try:
            items = [item for _, item, _ in self.items(0, braces=False)]
            if self.at < len(self.text) or not items:
                return _scalar(self.text)
        except _Broken:
            return _scalar(self.text)
        return items[0] if len(items) == 1 else Bare(tuple(items))

    def items(self, depth: int, braces: bool) -> list[tuple[str | None, Any, bool]]:
        """(key, value, whether a comma follows) up to a closing bracket or the end."""
        found: list[tuple[str | None, Any, bool]] = []
        while True:
            self.blank()
            if self.at >= len(self.text) or _CLOSE.match(self.text, self.at):
                return found
            start = self.at
            value = self.item(depth, braces)
            key = None
            if braces and self.text.startswith(":", self.at):
                key = _key(value, self.text[start : self.at])
                self.at += 1
                self.blank()
                value = self.item(depth, braces)
            comma = self.text.startswith(",", self.at)
            self.at += comma
            found.append((key, value, comma))
            if not comma:
                return found

    def item(self, depth: int, braces: bool) -> Any:
        """A quoted text, a bracketed group, or a run of anything else up to the next comma or closing bracket."""
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested deeper than {MAX_DEPTH}")
        start = self.at
        if match := _STRING.match(self.text, self.at):
            self.at = match.end()
            if self.ends(braces):
                return _unquote(match.group())
        elif _OPEN.match(self.text, self.at):
            value = self.group(depth + 1)
            if self.ends(braces):
                return value
        self.run(braces)
        text = self.text[start : self.at]
        return _scalar(strip_wrappers(text) if text.startswith(("$", r"\(")) else text)

    def ends(self, braces: bool) -> bool:
        self.blank()
        if self.at >= len(self.text) or self.text[self.at] == "," or (braces and self.text[self.at] == ":"):
            return True
        return _CLOSE.match(self.text, self.at) is not None

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def run(self, braces: bool) -> None:
        """Move to the end of a scalar; brackets inside it (of a function, of a LaTeX command) belong to it."""
        inside = 0
        while (match := _SPECIAL.search(self.text, self.at)) is not None:
            self.at = match.start()
            if opening := _OPEN.match(self.text, self.at):
                inside += 1
                self.at = opening.end()
            elif closing := _CLOSE.match(self.text, self.at):
                if inside == 0:
                    return
                inside -= 1
                self.at = closing.end()
            elif inside == 0 and (match.group() == "," or (braces and match.group() == ":")):
                return
            else:
                self.at += 2 if match.group() == "\\" else 1
        self.at = len(self.text)

    def group(self, depth: int) -> Any:
        start = self.at
        opening = _OPEN.match(self.text, self.at)
        assert opening is not None
        self.at = opening.end()
        bracket = opening.group(1)[-1].replace("e", "{")
        items = self.items(depth, braces=bracket == "{")
        closing = _CLOSE.match(self.text, self.at)
        if closing is None:
            raise _Broken
        self.at = closing.end()
        brackets = bracket + closing.group(1)[-1].replace("e", "}")
        return _group(brackets, opening.group(1), items, self.text[start : self.at])


def _group(brackets: str, opening: str, items: list[tuple[str | None, Any, bool]], text: str) -> Any:
    values = [value for _, value, _ in items]
    if brackets == "{}":
        return _braces(opening, items, text)
    if brackets == "[]":
        return values
    if brackets == "()":
        return values[0] if len(values) == 1 and not items[0][2] else tuple(values)
    if brackets in ("(]", "[)") and len(values) == 2:
        return Interval(values[0], values[1], brackets == "[)", brackets == "(]")
    raise _Broken


def _braces(opening: str, items: list[tuple[str | None, Any, bool]], text: str) -> Any:
    keyed = [key for key, _, _ in items if key is not None]
    if not items:
        return {} if opening == "{" else SetOf((), r"\emptyset")
    if not keyed:
        latex = text if opening != "{" else rf"\{{{text[1:-1]}\}}"
        return SetOf(tuple(value for _, value, _ in items), latex)
    if len(keyed) != len(items):
        raise _Broken
    return {key: value for key, value, _ in items}


def _key(value: Any, written: str) -> str:
    """A dict's key as text, as JSON would have it."""
    if isinstance(value, str):
        return value
    name = written.strip()
    return {"True": "true", "False": "false", "None": "null"}.get(name, name)


def _unquote(literal: str) -> Any:
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return Text(literal[1:-1])
    return value if isinstance(value, str) else Text(literal[1:-1])


_NAMED = re.compile(  # a letter, or the name of a quantity: xy is a product
    r"([a-zA-Z](?:_\{?[0-9a-zA-Z]\}?)?|[a-zA-Z]\w{2,40}(?: [a-zA-Z]\w{0,40}){0,4})\s*=(.*)", re.DOTALL
)
_CHOICE = re.compile(r"(?:(?:option|choice)\s+)?\(?([a-zA-Z])[).]?", re.IGNORECASE)
_LETTERED = re.compile(
    r"(?:\([A-Z]\)|[A-Z][).:]) (?!\\(?:cdot|times|div|cap|cup)\b)[^-+*/^=<>|!,)].*"
)  # a choice with what stands behind its letter
_RATIO = re.compile(r"[0-9]+(?: ?: ?[0-9]+)+")
_BASED = re.compile(r"\(?([0-9][0-9A-F]*|[A-F][0-9A-F]+)\)? ?_ ?\{?([0-9]{1,2})\}?")  # 101_2
_JOINED = re.compile(r" (?:or|and) ")
_BEFORE_UNIT = re.compile(
    r"(.*(?:[0-9)}]|\\?(?<![a-zA-Z])pi(?= [a-zA-Z]{2})))( ?)([a-zA-Z\u00b0][a-zA-Z\u00b0/^{}23 ]*)"
)
MAX_UNIT_CHARS = 300
MAX_SCALAR_CHARS = 2000  # longer texts are words, or are not understood


def _scalar(text: str) -> Any:
    lines = text.strip().count("\n")
    text = plain(text).removeprefix("=").lstrip()
    if (lines and "\\" not in text) or len(text) > MAX_SCALAR_CHARS or is_listing(text):
        return Text(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    number = read_quantity(text)
    if number is not None:
        return number
    if _RATIO.fullmatch(text):
        return Text(text.replace(" ", ""))
    if match := _BASED.fullmatch(text):
        return Text(f"{match.group(1)}_{match.group(2)}")
    if match := _CHOICE.fullmatch(text):
        return Text(match.group(1))
    if _LETTERED.fullmatch(text):
        return Text(text)
    value = read_repeating(text) or evaluate(text)
    if value is not None:
        return value
    return _named(text) or _with_unit(text) or _alternatives(text) or _symbolic(text) or Text(text)


def _symbolic(text: str) -> Symbolic | None:
    latex = symbolic(text)
    return None if latex is None else Symbolic(latex)


def _named(text: str) -> Named | None:
    match = _NAMED.fullmatch(text)
    if match is None or "=" in match.group(2) or not match.group(2).strip():
        return None
    value = _read_loose(match.group(2).strip())
    if isinstance(value, Symbolic) and not is_constant(value.latex):
        return None  # y = 2x + 3 is an equation
    return None if isinstance(value, Text) and value.text not in ("inf", "-inf") else Named(match.group(1), value)


def _with_unit(text: str) -> Any:
    """An expression before a percent sign or a unit that is known by name: \\frac{1}{2} cm, 2\\sqrt{3} cm."""
    if len(text) > MAX_UNIT_CHARS:
        return None
    if text.endswith("%"):
        share = evaluate(text[:-1])
        return None if share is None else percent(share)
    match = _BEFORE_UNIT.fullmatch(text)
    unit = known_unit(match.group(3), spaced=bool(match.group(2))) if match else None
    if match is None or unit is None:
        return None
    value: Number | Symbolic | None = evaluate(match.group(1)) or _symbolic(match.group(1))
    if isinstance(value, Symbolic) and not is_constant(value.latex):
        return None
    return Quantity(value, unit) if value else None


def _alternatives(text: str) -> Any:
    """x = 1 or x = 2; 3 and 4: several values, in a text that says nothing else."""
    if not _JOINED.search(text):
        return None
    parts = [_scalar(strip_wrappers(part)) for part in _JOINED.split(text)]
    if not all(isinstance(part, (Number, Named, Quantity)) for part in parts):
        return None
    return _solutions(tuple(parts), text) or Bare(tuple(parts))
