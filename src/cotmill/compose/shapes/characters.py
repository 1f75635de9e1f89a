"""Texts as rows of characters, and the alphabets that these come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cotmill.compose.shapes.codecs import Encoded, Joined
from cotmill.compose.shapes.hints import Hints
from cotmill.compose.shapes.sequences import learn_items
from cotmill.compose.shapes.shape import Choice, Shape, Study, closed, margin

__all__ = ["characters", "class_of", "letters"]

CLASSES = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")


def characters(values: Sequence[str], study: Study) -> Shape:
    return Encoded(Joined(""), learn_items(list(map(list, values)), _Letters(study)))


@dataclass(frozen=True, slots=True)
class _Letters:
    """A study whose texts are single characters."""

    study: Study

    @property
    def hints(self) -> Hints:
        return self.study.hints

    @property
    def reach(self) -> float:
        return self.study.reach

    def shape(self, values: Sequence[str], name: str = "") -> Shape:
        return letters(values, self.study)


def letters(values: Sequence[str], study: Study) -> Shape:
    """An alphabet: what was seen where all seems to have been, the program's own, or else whole classes of letters."""
    if closed(values) or not study.reach:
        return Choice(tuple(values))
    seen = sorted(set(values))
    if alphabet := study.hints.alphabet(seen):
        return Choice(tuple(alphabet))
    return Choice(tuple(letter for part in _parts(seen) for letter in part))


def _parts(seen: Sequence[str]) -> Iterator[Sequence[str]]:
    for known in CLASSES:
        part = [letter for letter in seen if letter in known]
        if part:
            low, high = known.index(part[0]), known.index(part[-1])
            wider = round(margin(low, high, len(part))) if len(part) > 1 else 1
            yield known[max(0, low - wider) : high + wider + 1]
    yield [letter for letter in seen if not any(letter in known for known in CLASSES)]


def class_of(letters: Sequence[str]) -> str:
    return next((known for known in CLASSES if set(letters) <= set(known)), "")
