"""A problem with other inputs: which values stand verbatim in its text, and what could stand there.

    found = find({"pears": 12, "given": 3}, "Ann has 12 pears and gives 3 away.")
    changes(found, rng, 1)   # [({"pears": 15, "given": 5}, "Ann has 15 pears and gives 5 away.")]

A value is found where the text has it exactly as often as the input has, so that it is clear what each mention means,
or once more as often where the text also lists the inputs ("pears = 12 and given = 3"). What is only listed is found
where no number is told: else it may be told in other words ("a dozen pears"). Equal values are changed to equal ones.
What is not found stays as it is, and so do 0 and 1, which may be switches. Numbers keep their order, their decimals and
about their size. Texts are found in quotes only, and changed where no number can be: other words or letters of their
own.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from cotmill.base.literal import literal
from cotmill.base.number_words import MULTIPLES, SCALES, SHARES, TENS, UNITS
from cotmill.base.values import canonical_json

__all__ = ["Changeable", "Found", "changes", "find"]

DRAWS = 200  # inputs drawn, of which those are taken first that keep most of what relates the numbers
DIGITS = 15  # of numbers that are changed: floats are exact

Place = tuple[str | int, ...]  # of a value within the input
Span = tuple[int, int]  # of a text

_NUMBER = re.compile(
    r"(?:(?<![\w)\]%.,-])(?P<sign>-))?(?<![\w.])(?P<whole>\d{1,3}(?:,\d{3})+(?!,?\d)|\d+)(?P<decimals>\.\d+)?(?!\d)"
    r"(?P<ordinal>st|nd|rd|th)?",
    re.ASCII,
)
_IN_WORDS = UNITS | TENS
_OTHERWISE = (*SHARES, *MULTIPLES, *SCALES, "dozen", "percent")
_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(TENS)})-(?:{'|'.join(UNITS)})|{'|'.join((*_IN_WORDS, *_OTHERWISE))})\b|%", re.IGNORECASE
)
_QUOTES = ('""', "''", "``", "\u201c\u201d", "\u2018\u2019")


class Mention(NamedTuple):
    """Where a value stands in a text."""

    start: int
    end: int
    plain: bool  # so that another can be put there: "3", not "three" or "3rd"


@dataclass(frozen=True, slots=True)
class Found:
    """A value of the input that can be changed."""

    value: Decimal | str
    places: tuple[Place, ...]
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Changeable:
    """A problem of which something can be changed."""

    input: dict[str, Any]
    text: str
    found: tuple[Found, ...]  # all numbers, or all texts; never empty


def find(input: dict[str, Any], text: str) -> Changeable | None:
    """What can be changed; None where nothing can be."""
    places: dict[Decimal | str, list[Place]] = defaultdict(list)
    for place, leaf in _leaves(input):
        if isinstance(leaf, str):
            places[leaf].append(place)
        elif (number := _number(leaf)) is not None:
            places[number].append(place)
    mentions, listed = _mentioned(text), _listed(input, text)

    def told(found: list[Mention]) -> list[Mention]:
        return [mention for mention in found if not any(start <= mention.start < end for start, end in listed)]

    tells_numbers = any(told(found) for value, found in mentions.items() if value not in (0, 1))
    numbers: list[Found] = []
    texts: list[Found] = []
    for value, where in places.items():
        found = _quoted(value, text) if isinstance(value, str) else mentions.get(value, [])
        in_list, in_words = len(found) - len(told(found)), len(told(found))
        if not all(mention.plain for mention in found) or in_list != (len(where) if listed else 0):
            continue
        if in_words == len(where) or (listed and not in_words and not tells_numbers):
            spans = tuple((mention.start, mention.end) for mention in found)
            (texts if isinstance(value, str) else numbers).append(Found(value, tuple(where), spans))
    return Changeable(input, text, tuple(numbers or texts)) if numbers or texts else None


def changes(problem: Changeable, rng: Random, count: int) -> list[tuple[dict[str, Any], str]]:
    """Up to so many changed inputs, no two alike, each with its text; those first that keep most relations and fewest
    values."""
    drawn: dict[str, tuple[int, int, dict[str, Any], str]] = {}
    for _ in range(DRAWS):
        new = _drawn(problem.found, rng)
        kept = sum(old == value for old, value in new.items())
        if kept == len(new):
            continue
        input = copy.deepcopy(problem.input)
        for found in problem.found:
            for place in found.places:
                _put(input, place, new[found.value])
        change = (_broken(problem.input, input), kept, input, _written(problem, new))
        drawn.setdefault(canonical_json(input), change)
    best = sorted(drawn.values(), key=lambda change: change[:2])
    return [(input, text) for _, _, input, text in best[:count]]


def _listed(input: dict[str, Any], text: str) -> list[Span]:
    """Where the text gives each input by its name, as `name = literal`; empty where it does not give all of them so."""
    spans = []
    for name, value in input.items():
        named = f"(?:{re.escape(name)}|{re.escape(name.replace('_', ' '))})"
        found = [match.span() for match in re.finditer(rf"\b{named} = {re.escape(literal(value))}(?![\w.]*\w)", text)]
        spans += found if len(found) == 1 else []
    return spans if len(spans) == len(input) else []


def _leaves(input: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    waiting: list[tuple[Place, Any]] = [((), input)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, (dict, list)):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*place, key), item) for key, item in items]
        else:
            yield place, value


def _number(leaf: Any) -> Decimal | None:
    """A number that can be changed."""
    if isinstance(leaf, bool) or not isinstance(leaf, (int, float)) or leaf in (-1, 0, 1) or abs(leaf) >= 10**DIGITS:
        return None
    number = Decimal(repr(leaf)).normalize()
    return number if _decimals(number) <= DIGITS else None


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _mentioned(text: str) -> dict[Decimal | None, list[Mention]]:
    """Number -> where it stands; None -> words for shares and multiples."""
    found: dict[Decimal | None, list[Mention]] = defaultdict(list)
    for match in _NUMBER.finditer(text):
        digits = match["whole"].replace(",", "")
        plain = not match["ordinal"] and not (digits[0] == "0" and len(digits) > 1)
        number = Decimal(f"{match['sign'] or ''}{digits}{match['decimals'] or ''}").normalize()
        found[number].append(Mention(*match.span(), plain))
    for match in _WORDS.finditer(text):
        parts = [_IN_WORDS[word] for word in match.group().lower().split("-") if word in _IN_WORDS]
        found[Decimal(sum(parts)) if parts else None].append(Mention(*match.span(), plain=False))
    return found


def _quoted(value: str, text: str) -> list[Mention]:
    found = []
    for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text) if value.strip() else ():
        start, end = match.span()
        found.append(Mention(start, end, text[max(0, start - 1) : start] + text[end : end + 1] in _QUOTES))
    return found


def _drawn(found: tuple[Found, ...], rng: Random) -> dict[Decimal | str, Decimal | str]:
    """Old value -> new one. Numbers with as many decimals keep their order."""
    new: dict[Decimal | str, Decimal | str] = {}
    by_decimals: dict[int, list[Decimal]] = defaultdict(list)
    for item in found:
        if isinstance(item.value, str):
            new[item.value] = _other_text(item.value, rng)
        else:
            by_decimals[_decimals(item.value)].append(item.value)
    for old in by_decimals.values():
        new |= zip(sorted(old), sorted(_other_number(number, rng) for number in old), strict=True)
    return new


def _other_number(number: Decimal, rng: Random) -> Decimal:
    """Half to twice as large, as round, never 0; whole ones are never 1, what is less than 1 stays so."""
    decimals = _decimals(number)
    units = int(abs(number).scaleb(decimals))
    step = 10 ** max(0, len(str(units)) - len(str(units).rstrip("0")) - 1)
    least, most = max(1 if decimals else 2, (units + 1) // 2), 2 * units + 1
    if abs(number) < 1:
        most = min(most, 10**decimals - 1)
    other = rng.randint(-(-least // step), most // step) * step
    return Decimal(other).scaleb(-decimals).copy_sign(number).normalize()


def _other_text(text: str, rng: Random) -> str:
    """As many of its own words, or where there is one, letters and digits; the rest stays where it is."""
    if len(words := text.split(" ")) > 1:
        return " ".join(rng.choice(words) for _ in words)
    alike = [str.isdigit, str.isupper, str.islower]
    kinds = {kind: [letter for letter in text if kind(letter)] for kind in alike}
    return "".join(next((rng.choice(kinds[kind]) for kind in alike if kind(letter)), letter) for letter in text)


def _put(input: Any, place: Place, value: Decimal | str) -> None:
    for key in place[:-1]:
        input = input[key]
    old = input[place[-1]]
    input[place[-1]] = value if isinstance(old, str) else type(old)(value)


def _written(problem: Changeable, new: dict[Decimal | str, Decimal | str]) -> str:
    """The text with the new values, numbers with commas and decimals as the old ones."""
    text = problem.text
    spans = [(span, new[found.value]) for found in problem.found for span in found.mentions]
    for (start, end), value in sorted(spans, reverse=True):
        old = text[start:end]
        if isinstance(value, Decimal):
            shown = f"{value:,.{len(old.partition('.')[2])}f}"
            value = shown if "," in old else shown.replace(",", "")
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def _broken(old: dict[str, Any], new: dict[str, Any]) -> int:
    """How many pairs of parameters are no longer equal, ordered or divisible as they were."""
    names = [name for name, value in old.items() if isinstance(value, (int, float))]
    return sum(_relation(old[a], old[b]) != _relation(new[a], new[b]) for a, b in itertools.permutations(names, 2))


def _relation(a: float, b: float) -> tuple[bool, bool]:
    return a < b, isinstance(a, int) and isinstance(b, int) and abs(b) > 1 and a % b == 0
