"""Texts: what they stand for, their parts between fixed words, or their characters.

The first reading that fits all observed texts is taken, from the most telling one (a word that the program knows) to
the least (characters).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cotmill.compose.shapes.characters import characters, class_of, letters
from cotmill.compose.shapes.codecs import Codec, Encoded, Joined, JsonText, NumberText
from cotmill.compose.shapes.hints import BOUNDS
from cotmill.compose.shapes.numbers import Ints
from cotmill.compose.shapes.phrases import Brackets, balanced, is_spoken, learn_chain, learn_splices
from cotmill.compose.shapes.sequences import learn_items
from cotmill.compose.shapes.shape import Choice, Mixture, Shape, Study, closed, margin
from cotmill.compose.shapes.tokens import TOKEN, kind_of
from cotmill.compose.shapes.words import learn_words

__all__ = ["Template", "learn_text"]

SEPARATORS = ("\n", "; ", ";", ", ", " -> ", " | ", ",", "|", " ", "-")
DATE, TIME = re.compile(r"(\d{4})([-/. ])\d{1,2}\2\d{1,2}"), re.compile(r"\d{1,2}:\d\d(:\d\d)?")


@dataclass(frozen=True, slots=True)
class Template:
    """Fixed texts with slots between them."""

    parts: tuple[str | Shape, ...]

    def draw(self, rng: Random) -> str:
        return "".join(part if isinstance(part, str) else str(part.draw(rng)) for part in self.parts)


def learn_text(values: Sequence[str], study: Study, name: str = "") -> Shape:
    distinct = list(dict.fromkeys(values))
    words_only = all(len(value) > 2 and value.replace("_", "").isalpha() for value in values)
    repeated = words_only and len(distinct) < len(values) <= 2 * len(distinct)  # random letters hardly are
    if words := study.hints.vocabulary(distinct):
        return Choice(words if len(distinct) > 1 or len(values) < 4 else (*words, *distinct * len(words)))
    if len(distinct) == 1 or repeated or closed(values):
        return Choice(tuple(values))
    if (said := learn_words(values, study)) is not None:
        return said
    for reading in (
        _encoded,
        _dated,
        _glued,
        _single,
        _listed,
        _template,
        _alternatives,
        _joined,
        _positional,
        _bracketed,
        _chained,
    ):
        if (shape := reading(values, study, name)) is not None:
            return shape
    return characters(values, study)


def _encoded(values: Sequence[str], study: Study, name: str) -> Shape | None:
    for codec in (JsonText(compact=False), JsonText(compact=True), NumberText()):
        try:
            decoded = [codec.decode(value) for value in values]
        except ValueError:
            continue
        if not isinstance(codec, NumberText):
            return Encoded(codec, study.shape(decoded, name))
        widths = {len(value) for value in values}
        if len(widths) == 1 and min(widths) > 1 and all(isinstance(number, int) for number in decoded):
            padded = any(value.startswith("0") for value in values)
            if padded and len(values) > 3 and min(widths) < 4:
                return _padded(decoded, min(widths), study)
            if padded or min(widths) >= 4 or set("".join(values)) <= set("01"):
                return None
        if any(codec.encode(number) != value for number, value in zip(decoded, values, strict=True)):
            return None
        digits = [value.strip("-") for value in values]
        if max(map(len, digits)) > 2 and all(len(set(value)) == len(value) > 2 for value in digits):
            return None  # sets of digits
        if max(map(len, digits)) > 9 or set("".join(digits)) <= set("01"):
            return None
        return Encoded(codec, study.shape(decoded, name))
    return None


def _dated(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """Dates and times of day, so that none is impossible."""
    dates = [DATE.fullmatch(value) for value in values]
    if all(dates):
        year = study.shape([int(value[:4]) for value in values], "year")
        separator = values[0][4]
        if {value[4] for value in values} == {separator}:
            width = 2 if all(len(value) == 10 for value in values) else 0
            month, day = (Encoded(NumberText(width), Ints(*BOUNDS[part])) for part in ("month", "day"))
            return Template((year, separator, month, separator, day))
    if all(TIME.fullmatch(value) for value in values) and len({value.count(":") for value in values}) == 1:
        width = 2 if all(len(value.partition(":")[0]) == 2 for value in values) else 0
        later = (":", Encoded(NumberText(2), Ints(*BOUNDS["minute"]))) * values[0].count(":")
        return Template((Encoded(NumberText(width), Ints(*BOUNDS["hour"])), *later))
    return None


def _template(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """The same kinds of tokens in the same places."""
    rows = [TOKEN.findall(value) for value in values]
    kinds = {tuple(kind_of(token) for token in row) for row in rows}
    if len(kinds) != 1 or len(rows[0]) < 2 or not set(next(iter(kinds))) & {"word", "number"}:
        return None
    if len(rows[0]) == 2 and kinds & {("word", "number")} and len(values) == 1:
        return None
    parts: list[str | Shape] = []
    columns = list(zip(*rows, strict=True))
    sentence = sum(len(set(column)) == 1 and column[0].isalpha() for column in columns) > 1
    for column in columns:
        if len(set(column)) == 1:
            parts.append(column[0])
        elif sentence and kind_of(column[0]) == "word":
            parts.append(Choice(column))  # random letters would make no sense there
        else:
            parts.append(_slot(column, study))
    return Template(tuple(parts))


def _slot(column: Sequence[str], study: Study) -> Shape:
    if kind_of(column[0]) == "number" and len(max(column, key=len)) < 10:
        numbers = [NumberText().decode(token) for token in column]
        if not any(token.startswith("0") and len(token) > 1 for token in column):
            return Encoded(NumberText(), study.shape(numbers))
        if len({len(token) for token in column}) == 1 and all(isinstance(number, int) for number in numbers):
            return _padded(numbers, len(column[0]), study)
    return study.shape(column)


def _padded(numbers: Sequence[int], width: int, study: Study) -> Shape:
    """Numbers with zeros in front, none of which is longer than the others."""
    low, high = min(numbers), max(numbers)
    wider = round(study.reach * margin(low, high, len(set(numbers))))
    return Encoded(NumberText(width), Ints(max(0, low - wider), min(10**width - 1, high + wider)))


def _single(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """Single letters: those between the first and the last seen, or only those seen where they stand far apart."""
    if any(len(value) != 1 for value in values) or closed(values):
        return None
    seen = sorted(set(values))
    if study.hints.alphabet(seen):
        return letters(values, study)
    if class_of(seen) and ord(seen[-1]) - ord(seen[0]) <= max(4, 2 * len(seen)) and study.reach:
        return Choice(tuple(chr(code) for code in range(ord(seen[0]), ord(seen[-1]) + 1)))
    return Choice(tuple(values)) if len(seen) <= 3 else None


def _listed(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """Three and more items of one kind between separators."""
    for separator in SEPARATORS[:-2]:
        fields = [value.split(separator) for value in values]
        items = [item for row in fields for item in row]
        alike = len({tuple(map(kind_of, TOKEN.findall(item))) for item in items}) == 1
        if alike and max(map(len, fields)) > 2 and all(items):
            return _text_or_rows(fields, separator, study, name)
    return None


def _joined(values: Sequence[str], study: Study, name: str) -> Shape | None:
    if len(values) == 1 and len(values[0]) < 12:
        return None
    alphabet = set("".join(values))
    for separator in SEPARATORS:
        having = [value for value in values if separator in value]
        if len(having) * 2 < len(values) or not alphabet - set(separator):
            continue
        fields = [value.split(separator) for value in values]
        items = [item for row in fields for item in row]
        if any(not item or item != item.strip(" ") or not balanced(item) for item in items) or not any(
            len(row) > 2 for row in fields
        ):
            continue
        if separator == "-" and any(not item.isalnum() for item in items):
            continue
        shape = _text_or_rows(fields, separator, study, name)
        if separator in (" ", "-", "|") and not isinstance(shape, Encoded):
            continue
        return shape
    return None


def _text_or_rows(fields: Sequence[list[str]], separator: str, study: Study, name: str) -> Shape | None:
    """Lines of a map have one width; other items are read by themselves."""
    codec: Codec | None = NumberText()
    decoded: list[list[object]] = []
    try:
        decoded = [[NumberText().decode(item) for item in row] for row in fields]
        if any(NumberText().encode(NumberText().decode(item)) != item for row in fields for item in row):
            codec = None
    except ValueError:
        codec = None
    lines = [line for row in fields for line in row]
    marks = {column[0] for column in zip(*lines, strict=False) if len(set(column)) == 1 and not column[0].isalnum()}
    record = len(marks) > 1 and len(lines) > 5  # the same marks in the same places of all lines
    if (
        codec is None
        and not record
        and separator == "\n"
        and all(len({len(line) for line in row}) == 1 for row in fields)
    ):
        maps = [[list(line) for line in row] for row in fields]
        return Encoded(Joined(separator, Joined("")), study.shape(maps))
    items = [item for row in fields for item in row]
    mixed = len({tuple(map(kind_of, TOKEN.findall(item))) for item in items})
    sentence = (
        separator == " " and mixed > 1 and is_spoken([token for item in items for token in (*TOKEN.findall(item), " ")])
    )
    if sentence:
        return None
    spaced = separator == " " or any(" " in item for item in items)
    if spaced and separator != "\n" and codec is None and mixed > max(2, len(items) / 6):
        return None
    return Encoded(Joined(separator, codec), learn_items(fields if codec is None else decoded, study, name))


def _glued(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """Words that the program knows, with nothing between them."""
    for words in study.hints.vocabularies:
        if len(words) < 2 or not all(words) or max(map(len, words)) < 2:
            continue
        word = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        if all(re.fullmatch(f"(?:{word})*", value) for value in values):
            rows = [re.findall(word, value) for value in values]
            if max(map(len, rows)) > 2:
                return Encoded(Joined(""), learn_items(rows, study))
    return None


def _positional(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """Codes: one length, and places whose characters never meet."""
    size = len(values[0])
    if not 2 <= size <= 12 or len(values) < 3 or any(len(value) != size for value in values):
        return None
    columns = [sorted(set(column)) for column in zip(*values, strict=True)]
    classes = [class_of(column) for column in columns]
    apart = len(values) > 3 and any(
        not set(one) & set(other) and closed(list("".join(values))) for one in columns for other in columns
    )
    if not (apart or ("" not in classes and len(set(classes)) > 1)):
        return None
    shapes: list[Shape] = []
    for column in zip(*values, strict=True):
        near = [other for other in zip(*values, strict=True) if _meet(other, column, columns)]
        shapes.append(letters([letter for other in near for letter in other], study))
    return Template(tuple(shapes))


def _meet(one: Sequence[str], other: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    return bool(set(one) & set(other)) or (class_of(one) == class_of(other) != "" and len(columns) > 12)


def _bracketed(values: Sequence[str], study: Study, name: str) -> Shape | None:
    text = "".join(values)
    if not set(text) & set("([{"):
        return None
    if set(text) <= set("()[]{}"):
        size = [len(value) for value in values]
        kinds = "".join(pair for pair in ("()", "[]", "{}") if set(pair) & set(text))
        return Brackets(kinds, max(1, min(size)), max(size) + 2, 1.0 if all(map(balanced, values)) else 0.4)
    return learn_splices(values, study) if all(map(balanced, values)) else None


def _alternatives(values: Sequence[str], study: Study, name: str) -> Shape | None:
    """A few kinds of texts, each with several of its kind."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for value in values:
        groups.setdefault(tuple(map(kind_of, TOKEN.findall(value))), []).append(value)
    if len(values) < 5 or not 1 < len(groups) <= len(values) / 3 + 1 or any(len(kinds) > 12 for kinds in groups):
        return None
    if len(set(map(len, values))) == 1 and len(values[0]) > 3 and not any(map(str.isalpha, values)):
        return None  # lines of a board, in which a dot between digits is no decimal point
    if all(len(kinds) < 2 for kinds in groups) or class_of(sorted(set("".join(values)))):
        return None
    return Mixture(tuple(study.shape(group) for group in groups.values()), tuple(map(len, groups.values())))


def _chained(values: Sequence[str], study: Study, name: str) -> Shape | None:
    text = "".join(values)
    if closed(list(text)) and len(set(text)) <= (8 if len(set(map(len, values))) > 1 else 14):
        return None
    marks = Counter(letter for letter in text if not letter.isalnum())
    tokens = [TOKEN.findall(value) for value in values]
    if not marks or len(marks) > 8 or max(map(len, tokens)) < 4:
        return None
    return learn_chain(tokens, study)
