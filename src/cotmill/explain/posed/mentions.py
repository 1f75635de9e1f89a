"""Where numbers stand in a problem, and what each can stand for: 1,000; a dozen; 20 %; two and a half; 50 cents.

A piece of text can give several mentions: "2 million" is 2,000,000, and it is 2 to a program that counts in millions.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from cotmill.base.number_words import SCALES, SHARES, TENS, UNITS

__all__ = ["Mention", "mentions"]


class Mention(NamedTuple):
    """A number from `start` to `end` of a text."""

    start: int
    end: int
    values: frozenset[Fraction]  # each that a program may have for it
    said: Fraction | None = None  # the number that a reader takes it for; None where it is a part or a hint of one


MAX_DIGITS = 400
_NEGATIVE = r"(?:(?<![\w)\]%.,])[-\u2212](?=[$\u20ac\u00a3]?\.?[0-9]))?"
_DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,]*[0-9])|(?<=\$)[0-9]{1,3}(?:[ ][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
    r"|\.[0-9]+"
)
_SCAN = re.compile(
    rf"""
      (?P<number>{_NEGATIVE}[$\u20ac\u00a3]?(?:(?<![A-Za-z_0-9])|(?<=[0-9]x))(?:{_DIGITS})(?:e[-+]?[0-9]{{1,3}}\b)?(?!D\b))
    | (?P<vulgar>[\u00bc-\u00be\u2150-\u215e])
    | (?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)?)
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r"\[[^\[\]]*\]")  # in brackets a comma parts two numbers
_PERCENT = frozenset(("%", "percent", "percentage"))
_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_DOZENS = frozenset(("dozen", "dozens"))


class _Token(NamedTuple):
    kind: str
    text: str  # words in lower case
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """All of them, in the order of the text."""
    tokens = [
        _Token(found.lastgroup or "other", found.group().lower(), found.start(), found.end())
        for found in _SCAN.finditer(_LISTED.sub(lambda listed: listed.group().replace(",", ";"), text))
    ]
    found: list[Mention] = []
    place = 0
    while place < len(tokens):
        value, end = _number(tokens, place)
        if value is None:
            found += _alone(tokens, place)
            place += 1
        else:
            end = _told(tokens, value, place, end, found)
            place = end
    return found


def _text(tokens: list[_Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def _touch(tokens: list[_Token], place: int) -> bool:
    """Whether nothing stands between this token and the one before."""
    return 0 < place < len(tokens) and tokens[place - 1].end == tokens[place].start


def _number(tokens: list[_Token], place: int) -> tuple[Fraction | None, int]:
    """A number in digits or in words, and the token behind it."""
    if place >= len(tokens):
        return None, place
    token = tokens[place]
    if token.kind == "number":
        digits = re.sub("[$\u20ac\u00a3, ]", "", token.text).replace("\u2212", "-")
        return (Fraction(digits), place + 1) if len(digits) <= MAX_DIGITS else (None, place)
    if token.kind == "vulgar":
        return Fraction(unicodedata.numeric(token.text)).limit_denominator(10), place + 1
    return _in_words(tokens, place)


def _in_words(tokens: list[_Token], place: int) -> tuple[Fraction | None, int]:
    """``two hundred and sixty-six thousand``."""
    total, end, least = 0, place, max(SCALES.values()) + 1
    while True:
        begin = end + (end > place and _text(tokens, end) in ("and", ","))
        value, behind = _below_thousand(tokens, begin)
        scale = SCALES.get(_text(tokens, behind), 1) if value else 1
        if value is None or scale >= least or (end > place and not value):
            break
        total, least, end = total + value * scale, scale, behind + (scale > 1)
        if scale == 1:
            break
    return (Fraction(total), end) if end > place else (None, place)


def _below_thousand(tokens: list[_Token], place: int) -> tuple[int | None, int]:
    value, end = _below_hundred(tokens, place)
    if _text(tokens, end) in SCALES and value is None:
        return (100, end + 1) if _text(tokens, end) == "hundred" else (1, end)
    if _text(tokens, end) == "hundred" and value:
        rest, behind = _below_hundred(tokens, end + 1 + (_text(tokens, end + 1) in ("and", "-")))
        return (100 * value + rest, behind) if rest else (100 * value, end + 1)
    return value, end


def _below_hundred(tokens: list[_Token], place: int) -> tuple[int | None, int]:
    word = _text(tokens, place)
    if word in UNITS:
        return UNITS[word], place + 1
    if word not in TENS:
        return None, place
    end = place + 1 + (_text(tokens, place + 1) == "-")
    ones = UNITS.get(_text(tokens, end), 0)
    return (TENS[word] + ones, end + 1) if 0 < ones < 10 else (TENS[word], place + 1)


def _told(tokens: list[_Token], value: Fraction, place: int, end: int, found: list[Mention]) -> int:
    """Appends what a number says together with the words around it; gives the token behind all that."""
    first, parts = value, _parts(tokens, place, end)
    after = _text(tokens, end)
    if after in SCALES or after in _DOZENS:
        parts.append(Fraction(12 if after in _DOZENS else SCALES[after]))
        value, end = value * parts[-1], end + 1
    elif after == "/" and _touch(tokens, end) and _touch(tokens, end + 1) and tokens[end + 1].kind == "number":
        under, _ = _number(tokens, end + 1)
        if under and "/" not in (_text(tokens, place - 1), _text(tokens, end + 2)):  # else it is a date
            parts.append(under)
            value, end = value / under, end + 2
    elif share := SHARES.get(_text(tokens, end + (after == "-")).removesuffix("s")):
        value, end = value * share, end + 1 + (after == "-")
    else:
        value, end = _mixed(tokens, value, end)
    if parts and value != first:
        parts.append(first)
    values, said, end = _valued(tokens, value, place, end)
    span = tokens[place].start, tokens[end - 1].end
    found.append(Mention(*span, frozenset(values), said))
    found += (Mention(*span, frozenset((part,))) for part in dict.fromkeys(parts) if part not in values)
    return end


def _parts(tokens: list[_Token], place: int, end: int) -> list[Fraction]:
    """``Twenty five-pound bags``: 25, or 20 and 5."""
    if end - place != 2 or not {_text(tokens, place), _text(tokens, place + 1)} <= TENS.keys() | UNITS.keys():
        return []
    return [Fraction(TENS[_text(tokens, place)]), Fraction(UNITS[_text(tokens, place + 1)])]


def _mixed(tokens: list[_Token], value: Fraction, end: int) -> tuple[Fraction, int]:
    """``2 1/2``, ``2\u00bd``, ``two and a half``, ``two and three quarters``."""
    if value.denominator != 1:
        return value, end
    if end < len(tokens) and tokens[end].kind == "vulgar":
        more, behind = _number(tokens, end)
    elif _text(tokens, end) == "and" and _text(tokens, end + 1) in ("a", "one"):
        more, behind = SHARES.get(_text(tokens, end + 2)), end + 3
    elif _text(tokens, end + 1) == "/" and _text(tokens, end).isdigit() and _text(tokens, end + 2).isdigit():
        over, under = int(_text(tokens, end)), int(_text(tokens, end + 2))
        more, behind = (Fraction(over, under), end + 3) if 0 < over < under else (None, end)
    else:
        return value, end
    return (value + more, behind) if more else (value, end)


def _valued(
    tokens: list[_Token], value: Fraction, place: int, end: int
) -> tuple[tuple[Fraction, ...], Fraction | None, int]:
    """Values that the number can have, the one that is said, and the token behind."""
    before, after, touched = _text(tokens, place - 1), _text(tokens, end), _touch(tokens, end)
    if before == "negative":
        value = -value
    if before == "minus" and not _counts(tokens, place - 2):  # a sign, or "that many minus 5"
        return (value, -value), value, end
    if after in _PERCENT or (after == "per" and _text(tokens, end + 1) == "cent"):
        share = value / 100
        return (value, share), value, end + 1 + (after == "per")
    if after in ("cent", "cents", "\u00a2"):
        return (value, value / 100), value, end + 1
    if after in _ORDINAL and touched:
        return (value,), None, end + 1
    if after == "k" and touched:
        return (value, 1000 * value), 1000 * value, end + 1
    if after == "below" or (after.startswith("degree") and _text(tokens, end + 1) == "below"):
        return (value, -value), value, end
    worded = tokens[place].kind == "word" and value == 1  # "one of them" is no number to a reader
    return (value,), None if worded else value, end


def _counts(tokens: list[_Token], place: int) -> bool:
    return place >= 0 and (tokens[place].kind == "number" or tokens[place].text in UNITS or tokens[place].text in TENS)


def _alone(tokens: list[_Token], place: int) -> list[Mention]:
    """``A dozen``, ``half``, ``a third of``: the words that say a number without one before them."""
    token = tokens[place]
    if token.text in _DOZENS:
        value = Fraction(6 if "half" in (_text(tokens, place - 1), _text(tokens, place - 2)) else 12)
    elif token.text in SHARES and (token.text == "half" or _text(tokens, place - 1) in ("a", "one")):
        return [Mention(token.start, token.end, frozenset((SHARES[token.text],)))]
    else:
        return []
    return [Mention(token.start, token.end, frozenset((value,)), value)]
