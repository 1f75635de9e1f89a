"""Numbers as they are written: exact values, and when two of them are the same answer.

A `Number` is an exact rational and remembers how it was written, since "0.3333" may stand for 1/3 and "0.33" may not.
Numbers too large to compute with stay as digits (`Huge`): exact comparison is all that they need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MAX_DIGITS", "Huge", "Number", "percent", "read_decimal", "read_repeating", "same_number"]

MAX_DIGITS = 4000  # digits of a number that is computed with; Python's own int() stops at 4,300
ROUNDED_PLACES = 4  # a decimal with this many places may stand for the exact value that rounds to it ...
ROUNDED_DIGITS = 3  # ... if it has this many significant digits: 0.0333 may, 0.0001 may not
FLOAT_DIGITS = 16  # significant digits from which a decimal is taken for a printed double
FLOAT_DRIFT = 10**9  # doubles that differ by less than one part in this are one result computed in two ways
WHOLE_DRIFT = 10**6  # next to an integer also absolutely: 1.9999999999999998 is 2, 1234567890123456.5 is not an integer
EXACT_DOUBLES = 2**53  # from here on a double no longer knows its last digits

_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:(\.)([0-9]*))?(?:[eE]([+-]?[0-9]{1,18}))?")


@dataclass(frozen=True, slots=True)
class Number:
    """top / bottom, bottom > 0, not necessarily reduced. `places` is None for an integer or a fraction."""

    top: int
    bottom: int = 1
    places: int | None = None  # decimal places as written: 2 for 1.50, 9 for 1.5e-8, -3 for 1e3
    digits: int = 0  # significant digits as written, of a decimal

    @property
    def whole(self) -> bool:
        """Whether the value is an integer, however it was written."""
        return self.bottom == 1 or self.top % self.bottom == 0


@dataclass(frozen=True, slots=True)
class Huge:
    """A decimal literal of more than MAX_DIGITS digits: 0.digits times 10 to the exponent, no zeros at either end."""

    negative: bool
    digits: str
    exponent: int


def read_decimal(text: str) -> Number | Huge | None:
    """An integer or decimal literal, with or without an exponent -> its exact value; None if it is something else."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    sign, whole, point, fraction, power = match.groups()
    fraction = fraction or ""
    if not whole and not fraction:
        return None
    digits = (whole + fraction).lstrip("0")
    places = len(fraction) - (int(power) if power else 0)
    if len(digits) > MAX_DIGITS or abs(places) > MAX_DIGITS:
        return _read_large(sign == "-", digits, places)
    value = int(digits or "0")
    value = -value if sign == "-" else value
    if point is None and power is None:
        return Number(value)
    if places <= 0:
        return Number(value * 10**-places, 1, places, len(digits))
    return Number(value, 10**places, places, len(digits))


def _read_large(negative: bool, digits: str, places: int) -> Number | Huge:
    """Zeros at the ends may be all that is large: 1.000...0 is 1, so that every value has one form only."""
    kept = digits.rstrip("0")
    places -= len(digits) - len(kept)
    if not kept:
        return Number(0)
    if len(kept) + max(-places, 0) <= MAX_DIGITS and places <= MAX_DIGITS:
        value = -int(kept) if negative else int(kept)
        return Number(value * 10**-places) if places <= 0 else Number(value, 10**places)
    return Huge(negative, kept, len(kept) - places)


_REPEATING = re.compile(r"([+-]?)([0-9]{1,50})\.([0-9]{0,50})\\(?:overline|bar|dot) ?\{([0-9]{1,50})\}")


def read_repeating(text: str) -> Number | None:
    """0.1\\overline{6} -> 1/6; None if it is something else."""
    match = _REPEATING.fullmatch(text)
    if match is None:
        return None
    sign, whole, fixed, period = match.groups()
    shift, nines = 10 ** len(fixed), 10 ** len(period) - 1
    top = int(whole + fixed) * nines + int(period)
    return Number(-top if sign == "-" else top, shift * nines)


def percent(number: Number) -> Number:
    """The value of so many percent: 12.5 -> 0.125, with two more decimal places."""
    places = None if number.places is None else number.places + 2
    return Number(number.top, number.bottom * 100, places, number.digits)


def same_number(a: Number | Huge, b: Number | Huge) -> bool:
    """Whether two numbers are the same answer; symmetric.

    They are if the values are equal; if one is a decimal of at least 4 places that the other rounds to; or if one is a
    printed double (16 significant digits or more) and they differ by less than one part in 10**9. Two integers are the
    same only if they are equal, and so are an integer and a decimal whose value is an integer.
    """
    if isinstance(a, Huge) or isinstance(b, Huge):
        return a == b
    gap = abs(a.top * b.bottom - b.top * a.bottom)
    if gap == 0:
        return True
    if a.places is None and b.places is None:
        return False
    if a.whole and b.whole:
        return _same_double(a, b, gap)
    return _rounds_to(a, b, gap) or _rounds_to(b, a, gap) or _drifted(a, b, gap, whole=a.whole or b.whole)


def _rounds_to(decimal: Number, other: Number, gap: int) -> bool:
    """Whether `decimal` is `other` correctly rounded (a tie may go either way). gap: difference times both bottoms."""
    places = decimal.places
    if places is None or places < ROUNDED_PLACES or decimal.digits < ROUNDED_DIGITS or decimal.whole:
        return False
    if other.places is not None and other.places <= places:
        return False
    unit: int = 10**places
    return 2 * unit * gap <= decimal.bottom * other.bottom


def _drifted(a: Number, b: Number, gap: int, whole: bool) -> bool:
    """Whether one is a printed double within the drift of the other. whole: next to an integer."""
    if max(a.digits, b.digits) < FLOAT_DIGITS:
        return False
    if whole and gap * WHOLE_DRIFT > a.bottom * b.bottom:
        return False
    return gap * FLOAT_DRIFT <= max(abs(a.top) * b.bottom, abs(b.top) * a.bottom)


def _same_double(a: Number, b: Number, gap: int) -> bool:
    """Two different integers, at least one written as a decimal: the same only as doubles past 2**53."""
    if min(abs(a.top) // a.bottom, abs(b.top) // b.bottom) < EXACT_DOUBLES:
        return False
    if a.places is not None and b.places is not None:
        return _drifted(a, b, gap, whole=False)
    written, exact = (b, a) if a.places is None else (a, b)
    return _printed_double(written) == exact.top // exact.bottom


def _printed_double(number: Number) -> int | None:
    """The integer that a double holds whose shortest form is this number; None if no double prints so."""
    try:
        value = number.top / number.bottom
    except OverflowError:
        return None
    printed = read_decimal(repr(value))
    if isinstance(printed, Number) and printed.top * number.bottom == number.top * printed.bottom:
        return int(value)
    return None
