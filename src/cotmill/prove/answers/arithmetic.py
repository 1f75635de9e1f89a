"""Exact value of an arithmetic expression in plain text or LaTeX, bounded before anything is computed.

Numbers, ``+ - * / ^``, brackets, ``\\frac``, ``\\times``, ``\\cdot`` and ``\\div``: what has a rational value.
Roots, pi and letters are not for this module.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cotmill.prove.answers.numerals import MAX_DIGITS, Number, read_decimal

__all__ = ["TooLarge", "evaluate", "is_listing"]

MAX_CHARS = 2000
MAX_DEPTH = 40
MAX_BITS = MAX_DIGITS * 10 // 3

_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(\\frac|\\times|\\cdot|\\div)(?![a-zA-Z])|(\*\*|[-+*/^(){}]))\s*"
)
_TIMES = re.compile(r"(?<=[0-9])\s*[xX]\s*(?=10\s*(?:\^|\*\*))")  # 1.5 x 10^3
_WORDS = {"\\times": "*", "\\cdot": "*", "\\div": "/", "**": "^"}
_LISTED = re.compile(r"\s*[0-9]+(?:\s*[-/]\s*[0-9]+)+\s*")  # 3-1, 2024-05-01, 1/2/2024
_ONE_FRACTION = re.compile(r"\s*[0-9]+\s*/\s*[0-9]+\s*")


class TooLarge(ValueError):
    """The value, or the text, is over the limits: it was not computed."""


class _NotArithmetic(ValueError):
    pass


def evaluate(text: str) -> Number | None:
    """The exact value, or None if the text is no arithmetic. Raises TooLarge."""
    if is_listing(text) or not any(mark in text for mark in "+-*/^\\("):
        return None
    if len(text) > MAX_CHARS:
        raise TooLarge("an expression of more than 2,000 characters")
    try:
        parser = _Parser(_tokens(_TIMES.sub("*", text)))
        value = parser.sum(0)
        if parser.left():
            return None
    except (_NotArithmetic, ZeroDivisionError):
        return None
    return Number(value.numerator, value.denominator)


def is_listing(text: str) -> bool:
    """Integers joined only by ``-``, or by more than one ``/``: a score, a range or a date, which has no value."""
    return _LISTED.fullmatch(text) is not None and not _ONE_FRACTION.fullmatch(text)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _NotArithmetic
        piece = match.group(1) or match.group(2) or match.group(3)
        found.append(_WORDS.get(piece, piece))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens; each method returns an exact value or raises."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def peek(self) -> str:
        return self.tokens[self.at] if self.left() else ""

    def take(self, *wanted: str) -> str:
        piece = self.peek()
        if piece not in wanted:
            raise _NotArithmetic
        self.at += 1
        return piece

    def sum(self, depth: int) -> Fraction:
        value = self.product(depth)
        while self.peek() in ("+", "-"):
            sign = 1 if self.take("+", "-") == "+" else -1
            value = _bounded(value + sign * self.product(depth))
        return value

    def product(self, depth: int) -> Fraction:
        value = self.signed(depth)
        while self.peek() in ("*", "/"):
            if self.take("*", "/") == "*":
                value = _bounded(value * self.signed(depth))
            else:
                value = _bounded(value / self.signed(depth))
        return value

    def signed(self, depth: int) -> Fraction:
        sign = 1
        while self.peek() in ("+", "-"):
            sign = -sign if self.take("+", "-") == "-" else sign
        return sign * self.power(depth)

    def power(self, depth: int) -> Fraction:
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested deeper than {MAX_DEPTH}")
        base = self.atom(depth)
        if self.peek() != "^":
            return base
        self.take("^")
        sign = -1 if self.peek() == "-" and self.take("-") else 1
        return _power(base, sign * self.power(depth + 1))

    def atom(self, depth: int) -> Fraction:
        piece = self.peek()
        if piece in ("(", "{"):
            self.take(piece)
            value = self.sum(depth + 1)
            self.take(")" if piece == "(" else "}")
            return value
        if piece == "\\frac":
            return self.fraction(depth)
        return self.number(depth)

    def fraction(self, depth: int) -> Fraction:
        self.take("\\frac")
        top = self.argument(depth)
        return top / self.argument(depth)

    def argument(self, depth: int) -> Fraction:
        """`{...}`, or a single digit: the 1 and the 2 of ``\\frac12``."""
        piece = self.peek()
        if piece == "{":
            return self.atom(depth + 1)
        if not piece.isdigit():
            raise _NotArithmetic
        self.tokens[self.at : self.at + 1] = [piece[0], *([piece[1:]] if piece[1:] else [])]
        self.at += 1
        return Fraction(int(piece[0]))

    def number(self, depth: int) -> Fraction:
        """A literal, or a mixed number: a whole number right before a proper fraction."""
        value = read_decimal(self.peek()) if self.left() else None
        if not isinstance(value, Number):
            raise TooLarge("a number of too many digits") if value else _NotArithmetic
        self.at += 1
        number = Fraction(value.top, value.bottom)
        if self.peek() == "\\frac" and value.places is None:
            part = self.fraction(depth)
            if not 0 < part < 1:
                raise _NotArithmetic
            return number + part
        return number


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise TooLarge(f"a value of more than {MAX_DIGITS} digits")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise _NotArithmetic
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) not in (0, 1) and bits * abs(exponent.numerator) > MAX_BITS + bits:
        raise TooLarge(f"a power of more than {MAX_DIGITS} digits")
    if abs(base) == 1:
        return base if exponent.numerator % 2 else Fraction(1)
    return Fraction(base**exponent.numerator)
