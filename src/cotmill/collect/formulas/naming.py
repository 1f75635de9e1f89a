"""Names for the inputs and results of a program: identifiers, each once, none that Python knows already."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from cotmill.collect.formulas.phrases import Phrase

__all__ = ["Names", "identifier", "name_phrases"]

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"solution", "math", "gcd", "lcm", "input", "output"}
MAX_WORDS = 5
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def identifier(words: str) -> str:
    """Words -> snake_case; empty where nothing is left of them."""
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    parts = [part for part in re.split(r"[^a-z0-9]+", plain.replace("'s", "").replace("'", "")) if part]
    unique = [part for index, part in enumerate(parts) if index == 0 or part != parts[index - 1]]
    if len(unique) > MAX_WORDS:
        unique = unique[: MAX_WORDS - 1] + unique[-1:]
    name = "_".join(unique)
    if not name or name[0].isdigit():
        return ""
    return name


class Names:
    """The names that a program has so far."""

    def __init__(self) -> None:
        self.taken: set[str] = set(RESERVED)

    def take(self, candidates: Iterable[str]) -> str:
        """The first candidate that is free, as an identifier; the last resort is a number behind the first."""
        names = [name for name in map(identifier, candidates) if name] or ["number"]
        chosen = next((name for name in names if name not in self.taken), "")
        count = 2
        while not chosen:
            numbered = f"{names[0]}_{count}"
            chosen = numbered if numbered not in self.taken else ""
            count += 1
        self.taken.add(chosen)
        return chosen


def name_phrases(phrases: Sequence[Phrase], names: Names) -> list[str]:
    """A name for each phrase: its base, and where bases are alike what tells them apart."""
    bases = [phrase.base or "number" for phrase in phrases]
    chosen = [""] * len(phrases)
    for base in dict.fromkeys(bases):
        group = [index for index, other in enumerate(bases) if other == base]
        told = _told_apart([phrases[index] for index in group], base)
        for index, name in zip(group, told, strict=True):
            chosen[index] = names.take([name, *_qualified(phrases[index], base)])
    return chosen


def _qualified(phrase: Phrase, base: str) -> list[str]:
    found = []
    if phrase.verb:
        found.append(f"{base} {phrase.verb}")
    if phrase.place:
        found.append(f"{base} {phrase.place}")
    if phrase.owner:
        found.append(f"{phrase.owner} {base}")
    return found


def _told_apart(group: list[Phrase], base: str) -> list[str]:
    if len(group) == 1:
        alone = group[0]
        if alone.said or not _qualified(alone, base):
            return [base]
        return [_qualified(alone, base)[0]]
    ways = (
        [f"{base} {phrase.verb}" if phrase.verb else base for phrase in group],
        [f"{phrase.owner} {base}" if phrase.owner else base for phrase in group],
        [f"{base} {phrase.place}" if phrase.place else base for phrase in group],
        [_join(phrase.owner, base, phrase.verb) for phrase in group],
        [_join("", base, phrase.verb, phrase.place) for phrase in group],
        [_join(phrase.owner, base, phrase.verb, phrase.place) for phrase in group],
    )
    for way in ways:
        if len({identifier(name) for name in way}) == len(way):
            return way
    best = max(ways[:3], key=lambda way: len(set(way)))
    counts: Counter[str] = Counter()
    repeated = {name for name, times in Counter(best).items() if times > 1}
    told = []
    for name in best:
        counts[name] += 1
        place = counts[name] - 1
        told.append(f"{_ORDINALS[place]} {name}" if name in repeated and place < len(_ORDINALS) else name)
    return told


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
