"""Which numbers a solution may begin from: those of the problem, those of the program, and what everybody knows."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from cotmill.base.number_words import MULTIPLES, SHARES
from cotmill.prove.claims.provenance.prose import NUMBER_WORDS, Token

__all__ = ["given_numbers", "known_numbers", "numbers_in", "parts", "plain"]

_WORDS = {  # in a problem, this word stands for a number
    "dozen": (12,), "pair": (2,), "couple": (2,), "both": (2,), "each other": (2,), "biweekly": (2,), "half": (2,),
    "once": (1,), "fortnight": (14,), "score": (20,), "solo": (1,), "doubled": (2,), "tripled": (3,), "doubles": (2,),
    "triples": (3,), "halved": (2,), "quadrupled": (4,), "quadruples": (4,), "twin": (2,), "twins": (2,),
    "triplets": (3,), "trio": (3,), "duo": (2,), "decade": (10,), "decades": (10,), "century": (100,), "gross": (144,),
    "quartet": (4,), "other": (2,), "together": (2,), "even": (2,), "average": (2,),
}  # fmt: skip
_CENT, _NICKEL, _DIME, _QUARTER = (Fraction(cents, 100) for cents in (1, 5, 10, 25))
_KNOWN: dict[str, tuple[int | Fraction, ...]] = {  # a text that speaks of it may use these
    "second": (60,), "minute": (60,), "hour": (60, 24), "day": (24, 7, 365, 30, 31), "daily": (7, 365, 30),
    "week": (7, 52, 4, 5, 2), "weekly": (7, 52, 4), "weekday": (5,), "weekend": (2,), "month": (12, 30, 31, 4),
    "monthly": (12,), "year": (12, 365, 366, 52, 10), "yearly": (12, 52), "annual": (12, 52, 365), "annually": (12, 52),
    "night": (7,), "noon": (12,), "midnight": (12, 24), "am": (12,), "pm": (12,), "dozen": (12,), "decade": (10,),
    "february": (28, 29), "percent": (100,), "percentage": (100,), "cent": (100,), "dollar": (100, 4, 20, 10),
    "quarter": (25, 4, _QUARTER), "dime": (10, _DIME), "nickel": (5, _NICKEL), "penny": (1, 100, _CENT),
    "pennies": (1, 100, _CENT), "leg": (2, 4, 6, 8), "kilowatt": (1000,), "watt": (1000,), "foot": (12, 3),
    "feet": (12, 3), "inch": (12,), "inches": (12,), "yard": (3, 36), "pound": (16,), "ounce": (16,), "ton": (2000,),
    "mile": (5280, 1760), "gallon": (4, 8, 16, 128), "quart": (2, 4, 32), "pint": (2, 8, 16), "cup": (8, 16),
    "kilogram": (1000,), "kg": (1000,), "gram": (1000,), "kilometer": (1000,), "km": (1000,),
    "meter": (100, 1000), "centimeter": (100,), "cm": (100,), "liter": (1000,), "milliliter": (1000,),
    "square": (4,), "rectangle": (2, 4), "triangle": (2, 3, 180), "circle": (360,), "cube": (6, 12),
    "angle": (180, 360, 90), "degree": (180, 360, 90), "semester": (2,), "season": (4,), "alphabet": (26,),
    "mb": (1000, 1024), "gb": (1000, 1024), "kb": (1000, 1024),
    "january": (31,), "march": (31,), "april": (30,), "may": (31,), "june": (30,), "july": (31,), "august": (31,),
    "september": (30,), "october": (31,), "november": (30,), "december": (31,),
}  # fmt: skip
_ALWAYS = (0, 1, 2, 3, 100)
MAX_NUMBERS = 20_000


def given_numbers(tokens: list[Token]) -> set[Fraction]:
    """What a problem states, with what is left of its shares: of 20 % also 80 % and 120 %."""
    found: set[Fraction] = set()
    for index, token in enumerate(tokens):
        if token.kind == "num":
            found |= _of_number(token)
            if index + 1 < len(tokens) and tokens[index + 1].text.lower() in ("cent", "cents", "\u00a2"):
                found.add(token.value / 100)
            found |= _of_fraction(tokens, index)
        elif token.kind == "ord":
            found.add(Fraction(token.text[:-2]))
        elif token.kind == "word":
            found |= _of_word(token.text.lower())
    return found


def _of_number(token: Token) -> set[Fraction]:
    value = token.value
    if token.percent:
        return {value, value / 100, 100 - value, 1 - value / 100, 100 + value, 1 + value / 100}
    if 0 < value < 1:
        return {value, 1 - value, 1 + value, 1 / value, 100 * value}
    return {value}


def _of_fraction(tokens: list[Token], index: int) -> set[Fraction]:
    """Of 3/4: 3/4, and 1/4 that is left; of "two thirds" and of "2 1/2" likewise."""
    after = tokens[index + 1 : index + 3]
    if len(after) == 2 and after[0].text == "/" and after[1].kind == "num" and after[1].value:
        part = tokens[index].value / after[1].value
    elif after and after[0].kind == "word" and after[0].text.rstrip("s") in SHARES:
        part = tokens[index].value * SHARES[after[0].text.rstrip("s")]
    else:
        return set()
    before = tokens[index - 1] if index else None
    whole = before.value if before is not None and before.kind == "num" and before.end >= tokens[index].start - 1 else 0
    return {part, 1 - part, 1 + part, part + whole, tokens[index + 1].value or part}


def _of_word(word: str) -> set[Fraction]:
    found = {Fraction(number) for number in (*_WORDS.get(word, ()), *_WORDS.get(word.rstrip("s"), ()))}
    for part in word.split("-"):
        if part in NUMBER_WORDS:
            found.add(Fraction(NUMBER_WORDS[part]))
        single = part.rstrip("s")
        if single in SHARES:
            share = SHARES[single]
            found |= {share, 1 - share, 1 / share, 1 + share}
        if part in MULTIPLES:
            found.add(Fraction(MULTIPLES[part]))
    return found


def known_numbers(tokens: Iterable[Token]) -> set[Fraction]:
    """Constants that belong to what a text speaks of: 7 to weeks, 60 to hours."""
    found = {Fraction(number) for number in _ALWAYS}
    for token in tokens:
        if token.kind == "word":
            for word in token.text.lower().split("-"):
                for known in (_KNOWN.get(word), _KNOWN.get(word.removesuffix("s"))):
                    found.update(map(Fraction, known or ()))
    return found


def numbers_in(values: Iterable[Any]) -> set[Fraction]:
    """Numbers among the values and in their containers, up to a bound."""
    found: set[Fraction] = set()
    stack = list(values)
    for _ in range(MAX_NUMBERS):
        if not stack:
            break
        value = stack.pop()
        if isinstance(value, (list, tuple, set, frozenset)):
            stack += value
        elif isinstance(value, dict):
            stack += [*value.keys(), *value.values()]
        elif (number := plain(value)) is not None:
            found.add(number)
    return found


def parts(value: Any) -> set[Fraction]:
    """What an answer is made of, where that is numbers alone, keys of dicts aside; empty for all others."""
    if isinstance(value, (list, tuple, dict)):
        found = [parts(item) for item in (value.values() if isinstance(value, dict) else value)]
        return set().union(*found) if all(found) else set()
    number = plain(value)
    return set() if number is None else {number}


def plain(value: Any) -> Fraction | None:
    """A number as its exact decimal value, without the drift of floating point: 0.1 is one tenth."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return Fraction(value) if value.bit_length() < 400 else None
    return Fraction(f"{value:.12g}") if 1e-60 < abs(value) < 1e60 else Fraction(0) if value == 0 else None
