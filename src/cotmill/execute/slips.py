"""Wrong values as people write them down: off by one, a digit misread, another number that stands there, a lost sign.

Never equal to the right value, of the same type, and with a Python literal that gives back the value.
"""

from __future__ import annotations

import ast
import itertools
import math
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from cotmill.base.literal import literal

__all__ = ["SLIPS", "slip"]

SLIPS = ("off-by-one", "digit", "operand", "sign", "truth", "letter", "dropped", "swapped", "element")
LEADING = 4  # digits from the first one on in which a slip is worth the name: a later one is rounding
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(right: Any, near: tuple[Any, ...], rng: random.Random) -> tuple[str, Any] | None:
    """A wrong value, and which of SLIPS it is; None where the value allows none. `near`: values in sight."""
    kinds = list(_KINDS.get(type(right), ()))
    rng.shuffle(kinds)
    for name, make in kinds:
        found = [wrong for wrong in make(right, near, rng) if _is_wrong(wrong, right)]
        if found:
            return name, rng.choice(found)
    return None


def _is_wrong(wrong: Any, right: Any) -> bool:
    if type(wrong) is not type(right) or wrong == right:
        return False
    if isinstance(right, float) and math.isclose(wrong, right, rel_tol=1e-3):
        return False
    try:
        again = ast.literal_eval(literal(wrong))
    except (ValueError, SyntaxError):  # infinity, an object inside
        return False
    return type(again) is type(wrong) and bool(again == wrong)


def _off_by_one(right: float, _near: tuple[Any, ...], _rng: random.Random) -> Iterator[Any]:
    yield right + 1
    if right != 0:  # a count does not fall below nothing
        yield right - 1


def _digit(right: float, _near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    """One digit is another one, or two neighbours change places."""
    text = repr(right)
    digits = [found.start() for found in re.finditer(r"\d", text.partition("e")[0])]
    if len(digits) < 2:
        return
    first = next((place for place, at in enumerate(digits) if text[at] != "0"), 0)
    digits = digits[first : first + LEADING]
    at = rng.choice(digits)
    least = 1 if at == digits[0] else 0
    yield _number(text[:at] + str(rng.choice([d for d in range(least, 10) if str(d) != text[at]])) + text[at + 1 :])
    for one, other in itertools.pairwise(digits):
        if text[other] != "0" or one != digits[0]:
            changed = list(text)
            changed[one], changed[other] = changed[other], changed[one]
            yield _number("".join(changed))


def _number(text: str) -> Any:
    return ast.literal_eval(text)


def _operand(_right: Any, near: tuple[Any, ...], _rng: random.Random) -> Iterator[Any]:
    yield from near


def _sign(right: float, near: tuple[Any, ...], _rng: random.Random) -> Iterator[Any]:
    """A minus is lost, or a difference taken the wrong way round: then a larger number is in sight."""
    if right < 0 or any(type(value) is type(right) and value > right for value in near):
        yield -right


def _truth(right: bool, _near: tuple[Any, ...], _rng: random.Random) -> Iterator[Any]:
    yield not right


def _letter(right: str, _near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    """A character is another one of its kind, lost, or doubled."""
    if not right:
        return
    at = rng.randrange(len(right))
    old = right[at]
    kind = next((kind for kind in (LETTERS, LETTERS.upper(), "0123456789") if old in kind), "")
    if kind:
        yield right[:at] + rng.choice(kind) + right[at + 1 :]
    if len(right) > 2:
        yield right[:at] + right[at + 1 :]
        yield right[:at] + old + right[at:]


def _dropped(right: Any, _near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    """One element is lost."""
    if not right:
        return
    at = rng.randrange(len(right))
    if isinstance(right, dict):
        yield {key: item for place, (key, item) in enumerate(right.items()) if place != at}
    elif isinstance(right, set):
        yield right - {sorted(right, key=literal)[at]}
    else:
        yield right[:at] + right[at + 1 :]


def _swapped(right: Any, _near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    """Two neighbours have changed places."""
    if len(right) < 2:
        return
    at = rng.randrange(len(right) - 1)
    yield right[:at] + type(right)((right[at + 1], right[at])) + right[at + 2 :]


def _swapped_letters(right: str, near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    yield from ("".join(wrong) for wrong in _swapped(list(right), near, rng))


def _element(right: Any, near: tuple[Any, ...], rng: random.Random) -> Iterator[Any]:
    """One element is wrong."""
    if not right:
        return
    at = rng.randrange(len(right))
    key = list(right)[at] if isinstance(right, dict) else at
    wrong = slip(right[key], near, rng)
    if wrong is not None and isinstance(right, dict):
        yield {**right, key: wrong[1]}
    elif wrong is not None:
        yield right[:at] + type(right)((wrong[1],)) + right[at + 1 :]


_Make = Callable[[Any, tuple[Any, ...], random.Random], Iterator[Any]]
_NUMBER: tuple[tuple[str, _Make], ...] = (
    ("off-by-one", _off_by_one), ("digit", _digit), ("operand", _operand), ("sign", _sign),
)  # fmt: skip
_SEQUENCE: tuple[tuple[str, _Make], ...] = (("dropped", _dropped), ("swapped", _swapped), ("element", _element))
_KINDS: dict[type, tuple[tuple[str, _Make], ...]] = {
    int: _NUMBER,
    float: _NUMBER,
    bool: (("truth", _truth),),
    str: (("letter", _letter), ("swapped", _swapped_letters), ("operand", _operand)),
    list: _SEQUENCE,
    tuple: _SEQUENCE,
    set: (("dropped", _dropped),),
    dict: (("dropped", _dropped), ("element", _element)),
}
