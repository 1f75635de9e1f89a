"""Numbers in running text: thousands separators, fractions, percent, currency and units.

A unit is a name and nothing more: 5 m and 500 cm are different answers, as are 5 apples and 5 pears. What is decided
here is only whether two names name the same unit (cm, centimetre, centimeters).
"""

from __future__ import annotations

import re

from cotmill.prove.answers.kinds import Quantity
from cotmill.prove.answers.numerals import MAX_DIGITS, Huge, Number, percent, read_decimal

__all__ = ["known_unit", "read_quantity"]


_SPACE = "[ \u00a0\u2009\u202f]"
_FRONT = re.compile(
    r"([+-]?)\s*(US\$|(?:USD|EUR|GBP|JPY|INR)(?= )|[$\u20ac\u00a3\u00a5\u20b9]?)\s*([+-]?)\s*(?=[0-9.])"
)
_MIXED = re.compile(r"([0-9]+)\s+([0-9]+)\s*/\s*([0-9]+)")
_FRACTION = re.compile(r"([0-9]+)\s*/\s*([0-9]+)")
_GROUPS = rf"(?:(?:,[0-9]{{3}})+|(?:{_SPACE}[0-9]{{3}})+|(?:_[0-9]{{3}})+)"
_GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}{_GROUPS}(?:\.[0-9]+)?(?![0-9])")
_DECIMAL = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![0-9a-zA-Z]))?")
_UNIT = re.compile(r"[a-zA-Z\u00b0\u00b5\u03bc\u03a9'/^ .0-9-]{1,60}")
_WORD = re.compile(r"[a-zA-Z\u00b0\u00b5\u03bc\u03a9'.-]+(?:\^-?[0-9])?|/")

_CURRENCY = {"$": "usd", "US$": "usd", "\u20ac": "eur", "\u00a3": "gbp", "\u00a5": "jpy", "\u20b9": "inr"}
_CURRENCY |= {code: code.lower() for code in ("USD", "EUR", "GBP", "JPY", "INR")}
_FACTORS = {"dozen": 12, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PERCENT = re.compile(r"(?:%|(?:percent|per cent|pct)(?![a-z]))", re.IGNORECASE)
_BRACED_POWER = re.compile(r"\^\{(-?[0-9])\}")

_SAME = {  # normal form -> other names, in the singular
    "m": "meter metre", "cm": "centimeter centimetre", "mm": "millimeter millimetre", "km": "kilometer kilometre",
    "g": "gram gramme", "kg": "kilogram kilo", "mg": "milligram", "t": "tonne",
    "s": "sec second", "min": "minute", "h": "hr hour", "ms": "millisecond", "day": "d",
    "L": "l liter litre", "mL": "ml milliliter millilitre",
    "ft": "foot feet", "in": "inch", "yd": "yard", "mi": "mile", "lb": "pound", "oz": "ounce", "gal": "gallon",
    "N": "newton", "J": "joule", "W": "watt", "V": "volt", "A": "amp ampere", "Hz": "hertz", "Pa": "pascal",
    "mol": "mole", "ohm": "\u03a9", "\u00b5m": "\u03bcm micron", "rad": "radian",
    "\u00b0": "degree deg", "\u00b0C": "celsius", "\u00b0F": "fahrenheit",
    "usd": "dollar buck", "eur": "euro", "inr": "rupee", "jpy": "yen", "cent": "",
    "mi/h": "mph", "km/h": "kmh kph", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "B": "byte",
    "person": "people", "child": "children", "kJ": "kilojoule", "kW": "kilowatt", "kPa": "kilopascal",
}  # fmt: skip
_NORMAL = {name: unit for unit, names in _SAME.items() for name in (unit, *names.split())}

# Words that make of a number and a word something else than a number of things.
_NO_UNIT = frozenset({
    "and", "or", "not", "to", "than", "but", "if", "is", "was", "out", "mod", "modulo", "base", "binary",
    "decimal", "octal", "hex", "hexadecimal", "factorial", "squared", "cubed", "plus", "minus", "times", "over",
    "divided", "root", "pi", "half", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth",
    "fifths", "tenth", "tenths", "choose", "sqrt", "sin", "cos", "tan", "log", "ln", "exp", "inf", "infinity",
    "nan", "am", "pm", "below", "negative", "less", "fewer", "through", "until", "halves", "sixth", "sixths", "seventh",
    "sevenths", "eighth", "eighths", "ninth", "ninths", "twelfth", "twelfths", "hundredth", "hundredths", "thousandth",
    "thousandths", "millionth", "millionths", "tens", "lakh", "lakhs", "crore", "crores", "gross", "st", "nd", "rd",
    "th", "wrong", "incorrect",
})  # fmt: skip
_MULTIPLES = frozenset({"k", "K", "M", "bn", "i", "e", "x", "X"})  # 5k is 5,000 and 5 x is algebra: never just 5
MAX_WORDS = 5


def read_quantity(text: str) -> Quantity | Number | Huge | None:
    """A number with what people write around it, or None. Linear in the length of the text."""
    front = _FRONT.match(text)
    if front is None:
        return None
    outer, currency, inner = front.groups()
    if outer and inner:
        return None
    found = _leading_number(text, front.end())
    if found is None:
        return None
    number, end = found
    if isinstance(number, Huge):
        return Huge("-" in outer + inner, number.digits, number.exponent) if end == len(text) and not currency else None
    if "-" in outer + inner:
        number = Number(-number.top, number.bottom, number.places, number.digits)
    return _with_unit(number, _CURRENCY.get(currency, ""), text[end:])


def _leading_number(text: str, at: int) -> tuple[Number | Huge, int] | None:
    if match := _MIXED.match(text, at):
        whole, top, bottom = match.groups()
        if max(len(whole), len(top), len(bottom)) > MAX_DIGITS or not 0 < int(top) < int(bottom):
            return None
        return Number(int(whole) * int(bottom) + int(top), int(bottom)), match.end()
    if match := _FRACTION.match(text, at):
        top, bottom = match.groups()
        if max(len(top), len(bottom)) > MAX_DIGITS or int(bottom) == 0:
            return None
        return Number(int(top), int(bottom)), match.end()
    match = _GROUPED.match(text, at) or _DECIMAL.match(text, at)
    if match is None:
        return None
    number = read_decimal(re.sub(rf"[,_]|{_SPACE}", "", match.group()))
    return None if number is None else (number, match.end())


def _with_unit(number: Number, currency: str, rest: str) -> Quantity | Number | None:
    name = _BRACED_POWER.sub(r"^\1", rest.strip())
    if not name:
        return Quantity(number, currency) if currency else number
    if match := _PERCENT.match(name):
        after = name[match.end() :]
        return None if currency or _PERCENT.match(after.strip()) else _with_unit(percent(number), "", after)
    first, _, others = name.partition(" ")
    if first.lower() in _FACTORS and rest[0] == " ":
        factor = _FACTORS[first.lower()]
        return _with_unit(Number(number.top * factor, number.bottom), currency, " " + others)
    if name in _CURRENCY and not currency:
        return Quantity(number, _CURRENCY[name])
    unit = _unit(name, spaced=rest[0].isspace() or name[0] == "\u00b0")
    if unit is None or (currency and unit != currency):
        return None
    return Quantity(number, unit)


def known_unit(name: str, spaced: bool) -> str | None:
    """The normal form of a unit that Cotmill knows by name, such as cm or square metres; None for other words."""
    name = _BRACED_POWER.sub(r"^\1", name)
    unit = _unit(name, spaced)
    words = _WORD.findall(name)
    stems = [_normal(word.partition("^")[0]) for word in words if word not in ("/", "per", "square", "sq", "cubic")]
    return unit if stems and all(stem in _SAME for stem in stems) else None


def _unit(name: str, spaced: bool) -> str | None:
    """Normal form of a unit's name, or None if the words are no unit. Unspaced (5cm) only units known by name count."""
    if not _UNIT.fullmatch(name):
        return None
    words = _WORD.findall(name)
    if "".join(words) != name.replace(" ", "") or len(words) > 2 * MAX_WORDS:
        return None
    if any(word.lower().strip(".") in _NO_UNIT or word in _MULTIPLES for word in words):
        return None
    if re.search(r"(?:^|[ /])[a-zA-Z](?:\^-?[0-9])? [a-zA-Z](?:$|[ /^])", name):
        return None  # g t^2 is a product; m/s is a unit
    parts: list[str] = []
    power = ""
    for word in words:
        if word.lower() in ("square", "sq", "sq.", "cubic"):
            power = "^3" if word.lower() == "cubic" else "^2"
            continue
        stem, _, exponent = word.partition("^")
        known = _normal(stem)
        if known not in _SAME and word not in ("/", "per") and (len(stem) < 2 or not spaced):
            return None
        if len(stem) == 1 and stem.isalpha() and not spaced:
            return None  # 5m is five times m
        parts.append("/" if word == "per" else known + (f"^{exponent}" if exponent else power))
        power = ""
    return " ".join(parts).replace(" / ", "/").replace("\u00b0 \u00b0", "\u00b0")


def _normal(word: str) -> str:
    word = word.strip(".") or word
    if word in _NORMAL:
        return _NORMAL[word]
    lower = word.lower()
    for name in (lower, lower.removesuffix("es"), lower.removesuffix("s")):
        if name in _NORMAL and len(name) > 1:
            return _NORMAL[name]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("ches", "shes", "xes", "sses", "oes")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") and not lower.endswith("ss") and len(lower) > 2 else lower
