"""Text -> tokens, for prose with arithmetic: numbers however they are written, operators, equals signs, words.

One scan with one regular expression whose alternatives cannot backtrack into each other: linear in the text. Numbers
have exact values. Currency signs, bold and dollar signs around formulas leave no token.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cotmill.base.number_words import MULTIPLES, SCALES, SHARES, TENS, UNITS

__all__ = ["NUMBER_WORDS", "Token", "tokens_of"]


class Token(NamedTuple):
    """A piece of the text.

    Kinds: ``num``, ``word``, ``op`` (``+ - * / ^``), ``eq``, ``verb`` (may stand for an equals sign), ``cmp``,
    ``open``, ``close``, ``ord`` (``3rd``), ``punct``, ``stop`` (end of a sentence or line).
    """

    kind: str
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    places: int = 0  # decimal places as written
    percent: bool = False
    cut: bool = False  # followed by dots: the digits go on
    named: bool = False  # an unknown, with the value that the text finds for it


NUMBER_WORDS = UNITS | TENS
_VULGAR = {
    "\u00bd": (1, 2), "\u00bc": (1, 4), "\u00be": (3, 4), "\u2153": (1, 3), "\u2154": (2, 3), "\u215b": (1, 8),
    "\u215c": (3, 8), "\u215d": (5, 8), "\u215e": (7, 8), "\u2155": (1, 5), "\u2156": (2, 5), "\u2157": (3, 5),
    "\u2158": (4, 5), "\u2159": (1, 6), "\u215a": (5, 6),
}  # fmt: skip
_OPERATORS = {
    "+": "+", "-": "-", "*": "*", "/": "/", "^": "^", "**": "^", "\u00d7": "*", "\u00b7": "*", "\u22c5": "*",
    "\u2217": "*", "\u2022": "*", "\u00f7": "/", "\u2212": "-", "\u2013": "-", "\u2014": "-", "x": "*", "X": "*",
    "\\times": "*", "\\cdot": "*", "\\div": "/", "\u2044": "/", "\u2215": "/",
}  # fmt: skip
_WORD_OPERATORS = {"plus": "+", "minus": "-", "times": "*"}
_EQUALS = frozenset({"=", "==", "\u2248", "\u2245", "\\approx", ">>", "equals", "equal"})
_VERBS = frozenset({
    "is", "are", "was", "were", "gives", "totals",
})  # fmt: skip
_COMPARISONS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "\u2264": "<=", "\u2265": ">="}
MAX_DIGITS = 40

_SCAN = re.compile(
    r"""
      (?P<line>\n)
    | (?P<space>[^\S\n]+)
    | (?P<ord>\d{1,6}+(?:st|nd|rd|th)\b)
    | (?P<num>(?:\d{1,3}+(?:,\d{3})++(?!\d)|(?<=\$)\d{1,3}+(?:[\ ]\d{3})++(?!\d)|\d{1,3}+(?:[\ ]000)++(?!\d)|\d++)
        (?:\.\d++)?+|(?<![\d.])\.\d++)
    | (?P<latexword>\\(?:text|mathrm|textbf|mbox)\{[^{}\n]{0,80}+\})
    | (?P<latex>\\[a-zA-Z]++|\\.)
    | (?P<times>(?<![a-zA-Z])[xX](?=\ ?(?:[\d$(]|\.\d)))
    | (?P<vulgar>[\u00bc-\u00be\u2150-\u215e])
    | (?P<word>[^\W\d_](?:[\w'\u2019]|-(?=[^\W\d]))*+)
    | (?P<dots>\.\.++|\u2026)
    | (?P<op>\*\*|[-+*/^\u00d7\u00b7\u22c5\u2217\u2022\u00f7\u2212\u2013\u2014\u2044\u2215])
    | (?P<angles>>>|<<)
    | (?P<cmp>[<>]=?|[\u2264\u2265])
    | (?P<eq>==?|[\u2248\u2245])
    | (?P<percent>%|\bpercent\b)
    | (?P<open>[({[])
    | (?P<close>[)}\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LIST_MARK = re.compile(r"[ \t>#*]{0,12}(?:(?:[Ss]tep[ ])?\(?\d{1,2}[.):](?=\s)[ ]{0,4})?[ \t>#*-]{0,6}")


def tokens_of(text: str) -> list[Token]:
    """All tokens in order."""
    tokens: list[Token] = []
    place = _LIST_MARK.match(text, 0).end()  # type: ignore[union-attr]  # the pattern may be empty
    scan = _SCAN.match
    while place < len(text):
        found = scan(text, place)
        assert found is not None  # the last alternative takes any character
        kind, start, place = found.lastgroup or "other", place, found.end()
        if kind == "space":
            continue
        if kind == "line":
            tokens.append(Token("stop", "\n", start, place))
            place = _LIST_MARK.match(text, place).end()  # type: ignore[union-attr]
            continue
        _take(tokens, kind, found.group(), text, start, place)
    return tokens


def _take(tokens: list[Token], kind: str, raw: str, text: str, start: int, end: int) -> None:
    """Appends the piece's token, or makes it part of the one before."""
    last = tokens[-1] if tokens else None
    if kind == "num":
        tokens.append(_number(raw, start, end))
    elif kind == "word":
        _word(tokens, raw, start, end)
    elif kind == "percent" and last is not None and last.kind == "num":
        tokens[-1] = last._replace(end=end, percent=True)
    elif kind == "dots" and last is not None and last.kind == "num":
        tokens[-1] = last._replace(end=end, cut=True)
    elif kind == "vulgar" and raw in _VULGAR:
        value = Fraction(*_VULGAR[raw])
        if last is not None and last.kind == "num" and last.end >= start - 1:
            tokens[-1] = last._replace(end=end, value=last.value + value)
        else:
            tokens.append(Token("num", raw, start, end, value))
    elif kind in ("op", "times") or raw in _OPERATORS:
        if raw != "*" or not _is_bold(text, start):
            tokens.append(Token("op", _OPERATORS[raw], start, end))
    elif kind == "eq" or raw == ">>" or raw in _EQUALS:
        tokens.append(Token("eq", "=", start, end))
    elif kind == "cmp":
        tokens.append(Token("cmp", _COMPARISONS[raw], start, end))
    elif kind == "open":
        if raw == "{" and last is not None and last.kind == "close" and last.end == start and text[start - 1] == "}":
            tokens.append(Token("op", "/", start, start))  # \frac{1}{2}
        tokens.append(Token("open", "(", start, end))
    elif kind in ("close", "ord"):
        tokens.append(Token(kind, ")" if kind == "close" else raw, start, end))
    elif kind == "latexword":
        tokens.append(Token("word", raw, start, end))
    elif kind == "other" and raw not in "$\u20ac\u00a3\u00a5\u20b9*_`\"'\u2019\u201c\u201d":
        ends = raw in ".!?;" and (end == len(text) or not text[end].isalnum())
        tokens.append(Token("stop" if ends else "punct", raw, start, end))


def _is_bold(text: str, start: int) -> bool:
    """A single star that touches a word on one side and nothing on the other is a mark, not a product."""
    before, after = text[start - 1 : start], text[start + 1 : start + 2]
    return (before.isspace() or not before) != (after.isspace() or not after) and not (
        before.isdigit() or after.isdigit() or before in ")%" or after in "($."
    )


def _number(raw: str, start: int, end: int) -> Token:
    digits = raw.replace(",", "").replace(" ", "")
    if len(digits) > MAX_DIGITS:
        return Token("punct", "?", start, end)
    _, _, decimals = digits.partition(".")
    return Token("num", raw, start, end, Fraction(digits), len(decimals))


def _word(tokens: list[Token], raw: str, start: int, end: int) -> None:
    word = raw.lower()
    last = tokens[-1] if tokens else None
    number = last is not None and last.kind == "num"
    if word in _WORD_OPERATORS and last is not None:
        tokens.append(Token("op", _WORD_OPERATORS[word], start, end))
    elif word == "by" and last is not None and last.kind == "word" and last.text in ("divided", "multiplied"):
        tokens[-1] = Token("op", "/" if last.text == "divided" else "*", last.start, end)
    elif word in _EQUALS:
        tokens.append(Token("eq", "=", start, end))
    elif word == "to" and last is not None and last.kind == "eq":
        tokens[-1] = last._replace(end=end)
    elif word in _VERBS:
        if last is not None and last.kind == "verb":
            tokens[-1] = last._replace(end=end)
        else:
            tokens.append(Token("verb", word, start, end))
    elif word == "of" and _is_share(tokens):
        if tokens[-1].kind == "word":
            tokens[-1] = tokens[-1]._replace(kind="num", value=SHARES[tokens[-1].text.lower()])
        tokens.append(Token("op", "*", start, end))
    elif word in SCALES and number and last is not None and last.end >= start - 1:
        tokens[-1] = last._replace(end=end, value=last.value * SCALES[word])
    elif word == "percent" and number and last is not None:
        tokens[-1] = last._replace(end=end, percent=True)
    else:
        tokens.append(_worded(word, raw, start, end))


def _is_share(tokens: list[Token]) -> bool:
    """Whether the last tokens say a part of something: 20 %, half, 3/4."""
    last = tokens[-1] if tokens else None
    if last is not None and last.kind == "word" and last.text.lower() in SHARES:
        return len(tokens) < 2 or tokens[-2].text.lower() not in ("the", "each", "every")  # else it counts
    if last is None or last.kind != "num":
        return False
    return last.percent or (len(tokens) > 2 and tokens[-2].text == "/" and tokens[-3].kind == "num")


def _worded(word: str, raw: str, start: int, end: int) -> Token:
    """A number in words, or a word."""
    tens, _, ones = word.partition("-")
    if word in NUMBER_WORDS:
        return Token("num", word, start, end, Fraction(NUMBER_WORDS[word]))
    if NUMBER_WORDS.get(tens, 0) >= 20 and 0 < NUMBER_WORDS.get(ones, 0) < 10:
        return Token("num", word, start, end, Fraction(NUMBER_WORDS[tens] + NUMBER_WORDS[ones]))
    if word in ("twice", "thrice"):
        return Token("num", word, start, end, Fraction(MULTIPLES[word]))
    return Token("word", raw, start, end)
