"""Verdicts out of what a model wrote, where no server held it to a JSON schema.

    read_flags('Sure! ```json\\n{"solvable": true, "why": "..."}\\n```', ["solvable"])   # {"solvable": True}
    read_flags("**Solvable**: yes", ["solvable"])                                      # {"solvable": True}
    read_flags("solvable: yes\\nsolvable: no", ["solvable"])                            # None

JSON objects are read wherever they stand, and so are lines and loose objects that say the same in other signs. Each
flag must be stated exactly once: who states it twice, even alike, changed their mind or quotes somebody. Nothing is
stated either where all are yes and words follow that are no further field: "wait, not consistent".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["read_flags", "read_note"]

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_MARKS = "[\"'*_`]{0,6}"
_SIGN = rf"{_MARKS}\s{{0,3}}[:=]{_MARKS}\s{{0,3}}{_MARKS}"
_BEFORE = r"(?:^[ \t>#+*-]{0,8}(?:\d{1,2}[.)][ \t])?|[{,;]\s{0,8})"  # so that "it is not solvable: ..." states nothing
_AFTER = rf"[ \t]{{0,8}}(?:$|\}}|\.(?:\s|$)|[,;]\s{{0,8}}(?:$|\}}|{_MARKS}\w+{_SIGN}))"  # nor "yes, but ..."
_FIELD = re.compile(rf"[ \t>#*,;+-]{{0,8}}{_MARKS}\w+{_MARKS}[ ]?[:=]")


def read_flags(text: str, names: Sequence[str]) -> dict[str, bool] | None:
    """Each name (in lower case) with what the text says of it: true or false, yes or no. None where any is not said
    exactly once."""
    try:
        objects = list(_objects(text, names))
    except _TwiceError:
        return None
    said = [(name, found[name]) for _, found in objects for name in names if name in found]
    end = max((span.stop for span, _ in objects), default=0)
    for span, _ in objects:
        text = text[: span.start] + "\n" * (span.stop - span.start) + text[span.stop :]
    for match in _in_words(text, names):
        said.append((match["name"].lower(), match["value"] if match["more"] is None else ""))
        end = max(end, match.end("value"))
    read = {name: _FLAGS.get(value.strip().lower()) if isinstance(value, str) else value for name, value in said}
    flags = {name: flag for name, flag in read.items() if isinstance(flag, bool)}
    if len(said) != len(flags) or len(flags) != len(names):
        return None
    goes_on = any(re.search(r"\w", line) and not _FIELD.match(line) for line in text[end:].splitlines())
    return None if all(flags.values()) and goes_on else flags


def read_note(text: str, name: str) -> str:
    """The text under this name in the first JSON object that has it; empty where none does."""
    try:
        note = next((found[name] for _, found in _objects(text, [name])), "")
    except _TwiceError:
        return ""
    return note if isinstance(note, str) else ""


class _TwiceError(Exception):
    """An object says one thing twice."""


def _objects(text: str, names: Sequence[str]) -> Iterator[tuple[slice, dict[str, Any]]]:
    """The JSON objects that have one of these names, from left to right, with their places; none within another."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    at = text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found, end = {}, at + 1
        if any(name in found for name in names):
            yield slice(at, end), found
        else:
            end = at + 1  # one that has may lie within
        at = text.find("{", end)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {name.lower(): value for name, value in pairs}
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def _in_words(text: str, names: Sequence[str]) -> Iterator[re.Match[str]]:
    name, value = rf"(?P<name>{'|'.join(map(re.escape, names))})", r"(?P<value>\w+)"
    pattern = f"{_BEFORE}{_MARKS}{name}{_SIGN}{value}{_MARKS}(?P<more>(?!{_AFTER}))?"
    return re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE)
