"""Whether a problem states a number that its program knows nothing of: a second set of values, another rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cotmill.explain.posed.answer import constants
from cotmill.explain.posed.stands import Leaf, leaf_of, leaves, places

__all__ = ["stray"]

FREE = frozenset((0, 1))  # where counting begins
COUNTED = 10  # numbers up to here are words of any rule: "the two above it"
_QUOTED = re.compile(r'"[^"\n]{1,80}"|\u201c[^\u201d\n]{1,80}\u201d')  # shows a form: write it as "2024-03-04 Monday"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def stray(inputs: dict[str, Any], code: str, text: str) -> str:
    """The first number of the text that is neither a value of the input, nor how many there are, nor in the code."""
    texts = {leaf.value for value in inputs.values() for leaf in leaves(value) if isinstance(leaf.value, str)}
    known = {leaf for value in inputs.values() for leaf in leaves(value)}
    known |= {leaf_of(size) for value in inputs.values() for size in _sizes(value)}
    for constant in constants(code):
        if isinstance(constant, str):
            known |= {Leaf("number", Fraction(found)) for found in _NUMBER.findall(constant)}
        elif isinstance(constant, (int, float)) and math.isfinite(constant):
            known.add(leaf_of(constant))
    forms = [found.span() for found in _QUOTED.finditer(text)]
    for place in places(text, texts):
        if any(start < place.start < end for start, end in forms):
            continue
        if place.said is None or place.said.kind != "number" or place.leaves & known:
            continue
        surface, value = text[place.start : place.end], place.said.value
        assert isinstance(value, Fraction)  # of that kind
        if value not in FREE and (any(map(str.isdigit, surface)) or abs(value) > COUNTED):
            return surface
    return ""


def _sizes(value: Any) -> Iterator[int]:
    """Of all containers in it."""
    if isinstance(value, (list, dict, str)):
        yield len(value)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _sizes(part)
