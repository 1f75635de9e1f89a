"""What holds between the parts of an input: a closed list of relations, each with a way to mend what breaks it.

Values are decoded ones (a JSON text counts as what it says), by parameter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from cotmill.compose.paths import Path, change, leaves
from cotmill.compose.shapes.numbers import Floats, Ints
from cotmill.compose.shapes.sequences import Grid
from cotmill.compose.shapes.shape import Shape

__all__ = ["Among", "Apart", "Beside", "Bounded", "Order", "Product", "Relation", "Same", "Term", "Values"]

Values = dict[str, Any]


class Relation(Protocol):
    @property
    def firm(self) -> bool:
        """Whether so much speaks for it that an input that runs without it is no reason to give it up."""

    def holds(self, values: Values) -> bool: ...

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        """Change the values towards it; may fail."""


@dataclass(frozen=True, slots=True)
class Term:
    """A number that an input has: a parameter, its length, the width of a grid, the sum or the largest of a list."""

    name: str
    what: str = "value"  # value, length, width, total, greatest
    path: Path = ()

    def of(self, values: Values) -> float | None:
        value = values.get(self.name)
        if self.what == "value":
            found = leaves(value, self.path)
            return found[0] if len(found) == 1 and _is_number(found[0]) else None
        if self.what == "length":
            return len(value) if isinstance(value, (list, dict, str)) else None
        if not isinstance(value, list) or not value:
            return None
        if self.what == "width":
            widths = {len(line) if isinstance(line, (list, str)) else -1 for line in value}
            width = widths.pop()
            return None if widths or width < 0 else width
        if not all(map(_is_number, value)):
            return None
        return sum(value) if self.what == "total" else max(value)

    def become(self, number: int, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        """Give it this value, where that can be done."""
        shape = shapes[self.name]
        if self.what == "value":
            values[self.name] = change(values[self.name], self.path, lambda leaf: type(leaf)(number))
        elif self.what == "length" and number >= 0 and hasattr(shape, "draw_sized"):
            width = Term(self.name, "width").of(values)
            if isinstance(shape, Grid) and not shape.square and width:
                values[self.name] = shape.draw_rectangle(rng, number, int(width))
            else:
                values[self.name] = shape.draw_sized(rng, number)
        elif self.what == "width" and number > 0 and isinstance(shape, Grid):
            rows = number if shape.square else len(values[self.name])
            values[self.name] = shape.draw_rectangle(rng, rows, number)


@dataclass(frozen=True, slots=True)
class Order:
    """left + offset == right, or left + offset <= right."""

    left: Term
    right: Term
    equal: bool
    offset: int = 0
    firm: bool = False

    def holds(self, values: Values) -> bool:
        left, right = self.left.of(values), self.right.of(values)
        if left is None or right is None:
            return False
        return left + self.offset == right if self.equal else left + self.offset <= right

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        left, right = self.left.of(values), self.right.of(values)
        if left is None or right is None:
            return
        if self.equal:
            if _freely(self.left, shapes) or not _freely(self.right, shapes):
                self.left.become(int(right) - self.offset, values, shapes, rng)
            else:
                self.right.become(int(left) + self.offset, values, shapes, rng)
            return
        limit = int(right - self.offset)
        shape = shapes[self.left.name]
        if self.left.what == self.right.what == "value" and isinstance(left, int) and rng.random() < 0.5:
            self.left.become(limit, values, shapes, rng)
            self.right.become(int(left + self.offset), values, shapes, rng)
        elif self.left.what == "value":
            low = shape.low if isinstance(shape, (Ints, Floats)) else 0
            if isinstance(left, int):
                self.left.become(rng.randint(min(int(low), limit), limit), values, shapes, rng)
        elif self.left.what == "length":
            self.left.become(rng.randint(min(1, max(0, limit)), max(0, limit)), values, shapes, rng)


def _freely(term: Term, shapes: dict[str, Shape]) -> bool:
    return term.what == "value" and isinstance(shapes[term.name], Ints)


@dataclass(frozen=True, slots=True)
class Product:
    """A length that is the product of two numbers: a board in one list."""

    length: Term
    one: Term
    other: Term
    firm: bool = True

    def holds(self, values: Values) -> bool:
        one, other = self.one.of(values), self.other.of(values)
        return one is not None and other is not None and one * other == self.length.of(values)

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        one, other = self.one.of(values), self.other.of(values)
        if one is not None and other is not None:
            self.length.become(int(one * other), values, shapes, rng)


@dataclass(frozen=True, slots=True)
class Bounded:
    """Whole numbers that count something: start <= each < start + term."""

    name: str
    path: Path
    start: int
    term: Term
    firm: bool = False

    def holds(self, values: Values) -> bool:
        limit = self.term.of(values)
        return limit is not None and all(
            _is_number(leaf) and self.start <= leaf < self.start + limit
            for leaf in leaves(values[self.name], self.path)
        )

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        limit = int(self.term.of(values) or 0)
        if limit < 1:
            return
        end = self.start + limit

        def inside(leaf: Any) -> Any:
            return leaf if _is_number(leaf) and self.start <= leaf < end else rng.randrange(self.start, end)

        values[self.name] = change(values[self.name], self.path, inside)


@dataclass(frozen=True, slots=True)
class Among:
    """Each leaf is one of those that stand elsewhere; compared as texts, since JSON has no other keys."""

    name: str
    path: Path
    source: str
    where: Path
    firm: bool = False

    def holds(self, values: Values) -> bool:
        known = {str(leaf) for leaf in leaves(values[self.source], self.where)}
        return all(str(leaf) in known for leaf in leaves(values[self.name], self.path))

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        known = list(dict.fromkeys(str(leaf) for leaf in leaves(values[self.source], self.where)))
        if known:
            values[self.name] = change(
                values[self.name],
                self.path,
                lambda leaf: leaf if str(leaf) in known else _like(leaf, rng.choice(known)),
            )


@dataclass(frozen=True, slots=True)
class Same:
    """Two lists or texts with the same elements, in any order."""

    name: str
    other: str
    firm: bool = True

    def holds(self, values: Values) -> bool:
        one, other = values[self.name], values[self.other]
        if not isinstance(one, (list, str)) or type(one) is not type(other):
            return False
        return Counter(map(repr, one)) == Counter(map(repr, other))

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        source = values[self.other]
        mixed = rng.sample(list(source), len(source))
        values[self.name] = "".join(mixed) if isinstance(source, str) else mixed


@dataclass(frozen=True, slots=True)
class Beside:
    """Two lists of numbers of which the first is nowhere greater."""

    name: str
    other: str
    firm: bool = False

    def holds(self, values: Values) -> bool:
        one, other = values[self.name], values[self.other]
        if not isinstance(one, list) or not isinstance(other, list) or len(one) != len(other):
            return False
        return all(_is_number(a) and _is_number(b) and a <= b for a, b in zip(one, other, strict=True))

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        pairs = [sorted(pair) for pair in zip(values[self.name], values[self.other], strict=False)]
        if all(_is_number(item) for pair in pairs for item in pair):
            values[self.name], values[self.other] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@dataclass(frozen=True, slots=True)
class Apart:
    """Parameters that are never equal: three different pegs."""

    names: tuple[str, ...]
    firm: bool = False

    def holds(self, values: Values) -> bool:
        return len({repr(values[name]) for name in self.names}) == len(self.names)

    def mend(self, values: Values, shapes: dict[str, Shape], rng: Random) -> None:
        taken: Sequence[Any] = []
        for name in self.names:
            for _ in range(20):
                if values[name] not in taken:
                    break
                values[name] = shapes[name].draw(rng)
            taken = [*taken, values[name]]


def _like(leaf: Any, text: str) -> Any:
    """The text as a value of the leaf's type; the leaf itself where it is none."""
    if isinstance(leaf, str):
        return text
    return int(text) if text.removeprefix("-").isdigit() and not isinstance(leaf, bool) else leaf


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
