"""Where numbers stand in a text: digits, words, money, percent, times of day."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cotmill.base.number_words import SCALES, TENS, UNITS

__all__ = ["NUMERALS", "Kind", "Mention", "mentions"]

Kind = Literal["count", "money", "percent", "ordinal", "hour", "minute", "fraction"]

NUMERALS = frozenset({*UNITS, *TENS, *SCALES})
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fifteenth": 15, "twentieth": 20,
}  # fmt: skip
_DENOMINATORS = ("half", "halves", "third", "thirds", "fourth", "fourths", "fifth", "fifths", "quarter", "quarters",
                 "sixth", "sixths", "eighth", "eighths", "tenth", "tenths")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text: tokens `begin` to `end` (exclusive) say it."""

    value: Fraction
    begin: int
    end: int
    kind: Kind


def mentions(tokens: list[str]) -> list[Mention]:
    """The numbers of a text in order."""
    found: list[Mention] = []
    index = 0
    while index < len(tokens):
        value, end = _number(tokens, index)
        if value is None:
            index += 1
            continue
        kind, stop = _kind(tokens, index, end)
        found.append(Mention(value, index - (tokens[index - 1 : index] == ["$"]), stop, kind))
        index = stop
    return found


def _number(tokens: list[str], begin: int) -> tuple[Fraction | None, int]:
    token = tokens[begin]
    if token[0].isdigit() or (token[0] == "." and len(token) > 1):
        try:
            value = Fraction(token.replace(",", ""))
        except ValueError:  # digits of other scripts
            return None, begin
        after = tokens[begin + 1].lower() if begin + 1 < len(tokens) else ""
        return (value * SCALES[after], begin + 2) if after in SCALES else (value, begin + 1)
    return _in_words(tokens, begin)


def _in_words(tokens: list[str], begin: int) -> tuple[Fraction | None, int]:
    """A number written out: `seventy-one`, `two hundred sixty-six`."""
    total, current, end = 0, 0, begin
    while end < len(tokens):
        parts = tokens[end].lower().split("-")
        if not all(part in UNITS or part in TENS or part in SCALES for part in parts):
            break
        for part in parts:
            scale = SCALES.get(part)
            if scale == 100:
                current = max(current, 1) * 100
            elif scale:
                total, current = total + max(current, 1) * scale, 0
            else:
                current += UNITS.get(part, 0) + TENS.get(part, 0)
        end += 1
    if end > begin:
        return Fraction(total + current), end
    ordinal = _ORDINALS.get(tokens[begin].lower())
    return (Fraction(ordinal), begin + 1) if ordinal else (None, begin)


def _kind(tokens: list[str], begin: int, end: int) -> tuple[Kind, int]:
    """What sort of number it is, and where it ends with the signs that belong to it."""
    before = tokens[begin - 1] if begin else ""
    after = [token.lower() for token in tokens[end : end + 2]] + ["", ""]
    if after[0] == "%" or after[0] in ("percent", "percents"):
        return "percent", end + 1
    if (after[0] == "/" and after[1].isdigit()) or (before == "/" and begin > 1 and tokens[begin - 2].isdigit()):
        return "fraction", end
    if after[0] in _DENOMINATORS and tokens[begin].lower() in UNITS:
        return "fraction", end + 1
    if before == "$":
        return "money", end
    if after[0] in ("dollar", "dollars", "cent", "cents"):
        return "money", end
    if after[0] in ("st", "nd", "rd", "th"):
        return "ordinal", end + 1
    if tokens[begin].lower() in _ORDINALS:
        return "fraction" if before.lower() in ("a", "one") else "ordinal", end
    if "ratio" in map(str.lower, tokens[max(0, begin - 20) : begin]):
        return "count", end
    if after[0] == ":" and len(after[1]) == 2 and after[1].isdigit():
        return "hour", end
    if before == ":" and begin > 1 and tokens[begin - 2].isdigit() and len(tokens[begin]) == 2:
        return "minute", end
    return "count", end
