"""Lists: lengths, elements, order, distinctness, permutations; rows of a fixed length; rectangular grids."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from cotmill.compose.shapes.numbers import Ints
from cotmill.compose.shapes.order import are_distinct, flat, order_of
from cotmill.compose.shapes.shape import Choice, Shape, Study, margin

__all__ = ["Arrangement", "Grid", "Items", "Permutation", "Row", "learn_items", "learn_list", "lengths"]

ROW = 5  # most elements of a row whose columns are quantities of their own


@dataclass(frozen=True, slots=True)
class Items:
    """A list of like elements."""

    low: int  # length
    high: int
    element: Shape
    head: Shape | None = None  # the first element, where it is not like the others
    order: str = ""  # "rising", "falling", or none
    distinct: bool = False
    mirrored: float = 0.0  # share of lists that read the same backwards
    total: float | None = None  # what the elements add up to

    def draw(self, rng: Random) -> list[Any]:
        return self.draw_sized(rng, rng.randint(self.low, self.high))

    def draw_sized(self, rng: Random, length: int) -> list[Any]:
        """Shorter where there are not so many distinct elements."""
        items = self._distinct(rng, length) if self.distinct else [self.element.draw(rng) for _ in range(length)]
        if self.order:
            items.sort(reverse=self.order == "falling")
        elif self.head is not None and items:
            items[0] = self.head.draw(rng)
        if self.mirrored and rng.random() < self.mirrored:
            items[(length + 1) // 2 :] = items[: length // 2][::-1]
        if self.total is not None and sum(items):
            items = [item * self.total / sum(items) for item in items]
        return items

    def _distinct(self, rng: Random, length: int) -> list[Any]:
        if isinstance(self.element, Ints) and not self.element.spread:
            low, high, step = self.element.low, self.element.high, self.element.step
            return rng.sample(range(low, max(high, low + (length - 1) * step) + 1, step), length)
        items: list[Any] = []
        for _ in range(length * 20):
            item = self.element.draw(rng)
            if item not in items:
                items.append(item)
            if len(items) >= length:
                break
        return items[:length]


@dataclass(frozen=True, slots=True)
class Permutation:
    """start, start + 1, ... in any order."""

    low: int  # length
    high: int
    start: int

    def draw(self, rng: Random) -> list[int]:
        return self.draw_sized(rng, rng.randint(self.low, self.high))

    def draw_sized(self, rng: Random, length: int) -> list[int]:
        return rng.sample(range(self.start, self.start + length), length)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The same elements, in any order or in this one."""

    values: tuple[Any, ...]
    fixed: bool = False

    def draw(self, rng: Random) -> list[Any]:
        return list(self.values) if self.fixed else rng.sample(self.values, len(self.values))

    def draw_sized(self, rng: Random, length: int) -> list[Any]:
        return rng.sample(self.values, min(length, len(self.values)))


@dataclass(frozen=True, slots=True)
class Row:
    """A list of fixed length whose elements are quantities of their own: an edge, an interval, a card."""

    columns: tuple[Shape, ...]
    order: str = ""
    distinct: bool = False

    def draw(self, rng: Random) -> list[Any]:
        for _ in range(20):
            row = [column.draw(rng) for column in self.columns]
            if not self.distinct or len(set(row)) == len(row):
                break
        return sorted(row, reverse=self.order == "falling") if self.order else row


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines of one length: lists, or texts."""

    rows: tuple[int, int]  # least and most
    columns: tuple[int, int]
    line: Any  # Sized: of a row, or of all cells where the whole grid is one set of them
    square: bool = False
    whole: bool = False
    mirrored: bool = False  # equal to its transpose
    diagonal: tuple[Any, ...] = ()  # what stands on all of it, where that is one value

    def draw(self, rng: Random) -> list[list[Any]]:
        return self.draw_sized(rng, rng.randint(*self.rows))

    def draw_sized(self, rng: Random, length: int) -> list[list[Any]]:
        return self.draw_rectangle(rng, length, length if self.square else rng.randint(*self.columns))

    def draw_rectangle(self, rng: Random, rows: int, columns: int) -> list[list[Any]]:
        if self.whole:
            cells = self.line.draw_sized(rng, rows * columns)
            return [list(cells[row * columns : (row + 1) * columns]) for row in range(rows)]
        lines = [self.line.draw_sized(rng, columns) for _ in range(rows)]
        if self.mirrored and rows == columns:
            for row in range(rows):
                for column in range(row):
                    lines[row][column] = lines[column][row]
        if self.diagonal and rows == columns:
            for row in range(rows):
                lines[row][row] = self.diagonal[0]
        return lines


def lengths(seen: Sequence[int], study: Study) -> tuple[int, int]:
    """The range of lengths; one length in all values stays, unless asked to go far."""
    low, high = min(seen), max(seen)
    if not study.reach or (low == high and study.reach <= 1):
        return low, high
    wider = math.ceil(study.reach * min(margin(low, high, len(set(seen))) or 1, max(2, high / 2)))
    return max(min(low, 1), low - wider), high + wider


def learn_list(values: Sequence[list[Any]], study: Study, name: str = "") -> Shape:
    filled = [value for value in values if value]
    if not filled:
        return Choice((None,)) if not values else Items(0, 0, Choice((None,)))
    if len(values) > 2 and all(value == values[0] for value in values) and _plain(values[0]):
        return Arrangement(tuple(values[0]), fixed=True)
    sizes = {len(value) for value in values}
    if all(isinstance(item, list) for value in filled for item in value):
        if (grid := _grid(values, study)) is not None:
            return grid
    elif all(isinstance(item, str) for value in filled for item in value):
        if (lines := _lines(filled, study)) is not None:
            return lines
    elif len(sizes) == 1 and len(filled[0]) <= ROW and _columns_differ(filled):
        return _row(filled, study)
    return learn_items(values, study, name)


def learn_items(values: Sequence[Sequence[Any]], study: Study, name: str = "") -> Shape:
    """Of lists or of texts as sequences of characters."""
    low, high = lengths([len(value) for value in values], study)
    filled = [value for value in values if value]
    plain = _plain(flat(filled))
    if plain and (fixed := _permutation(filled, low, high)) is not None:
        return fixed
    if all(isinstance(item, list) and len(item) == len(filled[0][0]) <= ROW for item in flat(filled)):
        element: Shape = _row(flat(filled), study)
    else:
        element = study.shape(flat(filled), name.removesuffix("s"))
    firsts = [value[0] for value in filled]
    rest = [item for value in filled for item in value[1:]]
    head = None
    if rest and (_kinds(firsts).isdisjoint(_kinds(rest)) or (None in rest and None not in firsts)):
        head = study.shape(firsts, name)
        if None not in rest:
            element = study.shape(rest, name)
    order = order_of(filled)
    distinct = plain and are_distinct(filled)
    mirrored = 0.0
    if plain and not order and max(map(len, values)) > 2:
        share = sum(len(value) > 2 and value == value[::-1] for value in values) / len(values)
        mirrored = max(share, 0.3 if study.hints.mirrors else 0.0) if not distinct else 0.0
    return Items(low, high, element, head, order, distinct, mirrored, _total(filled))


def _grid(values: Sequence[list[list[Any]]], study: Study) -> Shape | None:
    filled = [value for value in values if value and value[0]]
    if not filled or any(len(line) != len(value[0]) for value in filled for line in value):
        return None
    rows, columns = [len(value) for value in filled], [len(value[0]) for value in filled]
    square = rows == columns
    lines = [line for value in filled for line in value]
    if max(rows) > 1 and _kinds([value[0][0] for value in filled]).isdisjoint(
        _kinds([line[0] for value in filled for line in value[1:]])
    ):
        return None  # a line of names on top
    if max(rows) == 1 and max(columns) == 1:
        return None
    narrow = len(set(columns)) == 1 and not square
    if narrow and (columns[0] <= 2 or _columns_differ(lines) or (columns[0] <= ROW and len(set(rows)) > 1)):
        return None  # a list of rows
    cells = [[cell for line in value for cell in line] for value in filled]
    whole = learn_items(cells, study)
    if isinstance(whole, (Permutation, Arrangement)) or (isinstance(whole, Items) and whole.distinct):
        return Grid(lengths(rows, study), lengths(columns, study), whole, square, whole=True)
    line = learn_items(lines, study)
    assert isinstance(line, (Items, Permutation, Arrangement))
    mirrored, diagonal = _symmetry(filled) if square and max(rows) > 2 else (False, ())
    return Grid(lengths(rows, study), lengths(columns, study), line, square, mirrored=mirrored, diagonal=diagonal)


def _symmetry(squares: Sequence[list[list[Any]]]) -> tuple[bool, tuple[Any, ...]]:
    """Whether all equal their transposes, and the one value on all diagonals, if there is one."""
    if len({repr(cell) for square in squares for line in square for cell in line}) == 1:
        return False, ()
    mirrored = all(square == [list(line) for line in zip(*square, strict=True)] for square in squares)
    diagonal = [square[index][index] for square in squares for index in range(len(square))]
    same = len(diagonal) > 6 and all(cell == diagonal[0] for cell in diagonal)
    return mirrored, (diagonal[0],) if same and not isinstance(diagonal[0], (list, dict)) else ()


def _lines(values: Sequence[list[str]], study: Study) -> Shape | None:
    """Texts that are the lines of a map: of one length in each value, and not in all."""
    widths = [len(value[0]) for value in values]
    if any(len(line) != width for value, width in zip(values, widths, strict=True) for line in value):
        return None
    if min(map(len, values)) < 2 or min(widths) < 2 or len(set(widths)) < 2:
        return None
    line = study.shape([line for value in values for line in value])
    rows = [len(value) for value in values]
    return (
        Grid(lengths(rows, study), lengths(widths, study), line, rows == widths)
        if hasattr(line, "draw_sized")
        else None
    )


def _row(rows: Sequence[list[Any]], study: Study) -> Shape:
    columns = tuple(study.shape(column) for column in zip(*rows, strict=True))
    cells = flat(rows)
    if not cells or not _plain(cells):
        return Row(columns)
    alike = len({isinstance(cell, str) for cell in cells}) == 1
    order = ""
    if alike and not _columns_differ(rows):
        order = order_of(rows)
    distinct = alike and are_distinct(rows)
    if alike and not order and not _columns_differ(rows):
        columns = (study.shape(cells),) * len(columns)
    return Row(columns, order, distinct)


def _columns_differ(rows: Sequence[list[Any]]) -> bool:
    """Whether the columns are quantities of different kinds: other types, or ranges that do not meet."""
    columns = list(zip(*rows, strict=True))
    kinds = {frozenset(_kind(cell) for cell in column) for column in columns}
    if len(kinds) > 1:
        return True
    if len(rows) < 3 or not all(isinstance(cell, (int, float)) for column in columns for cell in column):
        return False
    ends = [(min(column), max(column)) for column in columns]
    return any(one[1] < other[0] or other[1] < one[0] for one, other in pairwise(ends))


def _kinds(values: Sequence[Any]) -> set[str]:
    return {
        f"{_kind(value)} of {_kind(value[0])}" if isinstance(value, list) and value else _kind(value)
        for value in values
    }


def _kind(value: Any) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def _plain(items: Sequence[Any]) -> bool:
    return all(isinstance(item, (int, float, str)) and not isinstance(item, bool) for item in items)


def _permutation(values: Sequence[Sequence[Any]], low: int, high: int) -> Shape | None:
    if max(map(len, values)) < 3:
        return None
    first = sorted(values[0]) if len({_kind(item) for item in values[0]}) == 1 else []
    if (
        len(set(first)) > 1
        and len(values) > 2
        and all(sorted(map(str, value)) == sorted(map(str, first)) for value in values)
    ):
        return Arrangement(tuple(values[0]))
    if not all(isinstance(item, int) for value in values for item in value):
        return None
    start = min(values[0])
    if start in (0, 1) and all(sorted(value) == list(range(start, start + len(value))) for value in values):
        return Permutation(low, high, start)
    return None


def _total(values: Sequence[Sequence[Any]]) -> float | None:
    """What all lists of fractions add up to."""
    if len(values) < 2 or not all(isinstance(item, float) for value in values for item in value):
        return None
    sums = [sum(value) for value in values]
    return round(sums[0], 9) if max(sums) - min(sums) < 1e-9 and max(map(len, values)) > 1 else None
