"""Where the values of a program's input stand in a problem: numbers, texts word for word, truth values, emptiness."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cotmill.explain.posed.mentions import mentions

__all__ = ["Leaf", "Place", "leaf_of", "leaves", "needs_quotes", "places", "spans_of"]


class Leaf(NamedTuple):
    """A value without parts. Kinds: ``number``, ``text``, ``truth``, ``none``, ``empty``."""

    kind: str
    value: Fraction | str | bool | None = None


class Place(NamedTuple):
    """Where something stands, and each leaf that it can stand for."""

    start: int
    end: int
    leaves: frozenset[Leaf]
    said: Leaf | None = None  # the one that a reader takes it for


_QUOTES = {"'": "'", '"': '"', "`": "`", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a i an and are as at be but by can did do does for from had has have he her his how if in into is it its many "
        "me more most much my no not of on one or our she so than that the their them then there they this to up us "
        "was we were what when which who will with you your",
    )
)  # what stands in any text
_NAMES = {
    ",": "comma", " ": "space", "-": "hyphen|dash|minus", ".": "period|dot|full stop", ";": "semicolon", ":": "colon",
    "\n": "newline|line break", "_": "underscore", "/": "slash", "|": "bar|pipe", "*": "star|asterisk", "#": "hash",
    "+": "plus", "": "empty|blank",
}  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WORDS = {
    "true": Leaf("truth", True), "yes": Leaf("truth", True), "false": Leaf("truth", False), "no": Leaf("truth", False),
    **dict.fromkeys(("none", "null", "nothing", "missing", "unknown", "blank"), Leaf("none")),
}  # fmt: skip
_EMPTY = frozenset(("empty", "no", "none", "nothing", "without", "neither"))
_BARE = re.compile(
    r"\b(?:true|yes|false|no|none|null|nothing|missing|unknown|blank|empty|without|neither)\b|\[\]|\{\}", re.IGNORECASE
)


def leaf_of(value: Any) -> Leaf:
    """Of a JSON value without parts, or of an empty container."""
    if isinstance(value, bool):
        return Leaf("truth", value)
    if isinstance(value, (int, float)):
        return Leaf("number", Fraction(repr(value)))
    if isinstance(value, str):
        return Leaf("text", value)
    return Leaf("none") if value is None else Leaf("empty")


def leaves(value: Any) -> Iterator[Leaf]:
    """All of a JSON value in its order, keys before what they lead to."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield Leaf("text", key)
            yield from leaves(item)
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item)
    else:
        yield leaf_of(value)


def places(text: str, texts: Collection[str]) -> list[Place]:
    """Where numbers, these texts, truth values and words of emptiness stand, in order. Of texts inside one another the
    longest counts; a number inside a text is none."""
    found: list[Place] = []
    rest = text
    for wanted in sorted(set(texts), key=lambda wanted: (-len(wanted), wanted)):
        if _NUMBER.fullmatch(wanted):
            continue
        leaf = Leaf("text", wanted)
        spans = list(spans_of(wanted, rest))
        found += (Place(start, end, frozenset((leaf,)), leaf) for start, end in spans)
        for start, end in spans:
            rest = f"{rest[:start]}{chr(0) * (end - start)}{rest[end:]}"
    for mention in mentions(rest):
        values = {Leaf("number", value) for value in mention.values}
        if (surface := rest[mention.start : mention.end]) in texts:
            values.add(Leaf("text", surface))
        said = None if mention.said is None else Leaf("number", mention.said)
        found.append(Place(mention.start, mention.end, frozenset(values), said))
    for word in _BARE.finditer(rest):
        bare = word.group().lower()
        meant = [_WORDS[bare]] if bare in _WORDS else []
        meant += [Leaf("empty")] * (bare in _EMPTY or not bare.isalpha())
        found.append(Place(word.start(), word.end(), frozenset(meant)))
    return sorted(found, key=lambda place: (place.start, place.end))


def spans_of(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a text stands word for word: as it is or escaped, and at the beginning of a sentence with a capital.
    What stands in any text counts in quotes alone, and a sign by its name too."""
    forms = {wanted, json.dumps(wanted)[1:-1], json.dumps(wanted, ensure_ascii=False)[1:-1], repr(wanted)[1:-1]}
    if len(wanted) > 2 and wanted[0].islower() and wanted.replace(" ", "").isalpha():
        forms.add(wanted[0].upper() + wanted[1:])
    quoted = [re.escape(left + form + right) for form in forms for left, right in _QUOTES.items()]
    bare = [_bounded(form) for form in forms] if not needs_quotes(wanted) else []
    named = [rf"\b(?:{_NAMES[wanted]})s?\b"] if wanted in _NAMES else []
    return (found.span() for found in re.finditer("|".join(sorted(quoted, reverse=True) + bare + named), text))


def needs_quotes(wanted: str) -> bool:
    """Whether it would be found in any text."""
    return (
        wanted.lower() in _LITTLE or wanted != wanted.strip() or (len(wanted) < 3 and not any(map(str.isalnum, wanted)))
    )


def _bounded(form: str) -> str:
    before = r"(?<!\w)(?<!\d[-.,:/])" if form[:1].isdigit() else r"(?<!\w)" if form[:1].isalnum() else ""
    after = r"(?!\w|[-.,:/]\d)" if form[-1:].isdigit() else r"(?!\w)" if form[-1:].isalnum() else ""
    return before + re.escape(form) + after
