"""The items of one sentence as patterns look at them: words, marks, chains of `=`, bindings, lengths, descriptions."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.phrases import Sentence
from cotmill.prove.claims.text.wording import MEASURES, NUMERALS

__all__ = ["Items"]

_STATED = frozenset(["is", "becomes", "to", "equals", "now", "reaches", "stays"])  # before a value in words


class Items:
    """One sentence, and what was read from it so far."""

    def __init__(self, sentence: Sentence, program: Program) -> None:
        self.kinds, self.texts = sentence.kinds, sentence.texts
        self.starts, self.ends = sentence.starts, sentence.ends
        self.words, self.marks, self.nodes = sentence.words, sentence.marks, sentence.nodes
        self.quoted = sentence.quoted
        self.count = len(sentence.kinds)
        self.opens = sentence.opens
        self.program = program
        self.stated: list[said.Statement] = []
        self.used: set[int] = set()
        self.result_at: set[int] = set()
        self.because = False
        self.folds = False

    def word(self, place: int) -> str:
        return self.words.get(place, "")

    def mark(self, place: int) -> str:
        return self.marks.get(place, "")

    def kind(self, place: int) -> str:
        return self.kinds[place] if 0 <= place < self.count else ""

    def node(self, place: int) -> ast.expr | None:
        """The node of an expression, of quoted code, or of a number in words that ends a clause."""
        node = self.nodes.get(place)
        if node is not None:
            return node
        word = self.words.get(place)
        if word in NUMERALS and self.word(place - 1) in _STATED and self._ends(place + 1):
            return ast.Constant(NUMERALS[word])
        return None

    def _ends(self, place: int) -> bool:
        return place >= self.count or self.mark(place) in (",", ";") or self.word(place) in ("and", "but", "so", "now")

    def number(self, place: int) -> int | None:
        """A whole number in digits or in words."""
        node = self.node(place)
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        return NUMERALS.get(self.word(place))

    def called_name(self, place: int) -> str:
        node = self.node(place)
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return node.attr
        return ""

    def use(self, first: int, last: int) -> None:
        self.used.update(range(first, last))

    def emit(self, kind: Any, first: int, last: int, *fields: Any, **named: Any) -> None:
        """A statement over the items first..last (exclusive)."""
        last = min(last, self.count)
        self.use(first, last)
        self.stated.append(kind(self.starts[first], self.ends[last - 1], *fields, **named))

    def chain(self, place: int) -> tuple[list[ast.expr], int, bool]:
        """`a = 1 + 2 = 3` from its first part on: parts, the place after it, whether it is about so much."""
        parts: list[ast.expr] = []
        rough = False
        node = self.node(place)
        while node is not None:
            parts.append(node)
            place += 1
            if self.mark(place) not in ("=", "->", ":=", "~"):
                break
            if self.mark(place) == "->" and isinstance(node, ast.Compare):
                break  # "1 <= 2 -> out = [1]"
            if self.mark(place) == "->" and self.mark(place - 2) == "=":
                break  # "ch = '(' -> stack becomes ['(']", "(0 + 4) % 26 = 4 -> 'e'"
            rough = rough or self.mark(place) == "~"
            following = self.node(place + 1)
            if following is None:
                break
            own = isinstance(parts[0], ast.Compare) or self.texts[place + 1].startswith("(")  # "= (3 < 5) = True"
            if isinstance(following, ast.Compare) and is_closed(following) and not own:
                parts.append(following.left)  # "values[3] = 19 < 31"
                self.emit(said.Test, place + 1, place + 2, "", following, truth=True, because=self.because, soft=True)
                place += 2
                break
            node = following
            place += 1
        return parts, place, rough

    def measured(self, place: int, subject: ast.expr) -> int:
        """`, which now has N elements`, `so NAME now has N entries` after the subject."""
        spot = place
        if self.mark(spot) == ",":
            spot += 1
        if self.word(spot) in ("which", "so", "it"):
            spot += 1
        if self.word(spot) == "it":
            spot += 1
        if self.word(spot) in ("now", "then"):
            spot += 1
        if self.word(spot) not in ("has", "have", "holds", "contains", "with"):
            return place
        spot += 1
        number = self.number(spot)
        if number is None or self.word(spot + 1) not in MEASURES:
            return place
        self.emit(said.Measured, spot, spot + 2, subject, number)
        return spot + 2

    def measure(self, place: int) -> int:
        """`, a list of 168 elements`: the place after it."""
        if self.mark(place) == ",":
            place_of = place + 1
        elif self.word(place) == "is":
            place_of = place + (2 if self.word(place + 1) == "now" else 1)
        else:
            return place
        if self.word(place_of) not in ("a", "an"):
            return place
        for spot in range(place_of + 1, place_of + 5):
            if self.number(spot) is not None and self.word(spot + 1) in MEASURES and self.word(spot - 1) == "of":
                return spot + 2
        return place

    def described(self, place: int) -> tuple[str, tuple[tuple[str, ast.expr], ...], int]:
        """`, a TreeNode with val = 41 and left = None`: class, attributes, the place after it; else no class."""
        nothing: tuple[str, tuple[tuple[str, ast.expr], ...], int] = ("", (), place)
        spot = place + 1
        if self.word(place) == "is":
            spot += self.word(spot) == "now"
        elif self.mark(place) != ",":
            return nothing
        if self.word(spot) not in ("a", "an"):
            return nothing
        kind = self.called_name(spot + 1)
        if kind not in self.program.classes:
            return nothing
        attributes, after = self.bindings(spot + 3) if self.word(spot + 2) == "with" else ((), spot + 2)
        return kind, attributes, after

    def bindings(self, place: int, one: bool = False) -> tuple[tuple[tuple[str, ast.expr], ...], int]:
        """`NAME = VALUE, NAME = VALUE and NAME VALUE` from here on (or only one), and the place after it."""
        found: list[tuple[str, ast.expr]] = []
        end = spot = place
        bare = self.mark(place + 1) != "="
        while isinstance(target := self.node(spot), ast.Name) and (self.mark(spot + 1) != "=") is bare:
            if not bare and self.node(spot + 2) is not None:
                parts, end, _rough = self.chain(spot + 2)
                found.append((target.id, parts[-1]))
            elif not one and (value := self.node(spot + 1)) is not None:
                found.append((target.id, value))
                end = spot + 2
            else:
                break
            if one:
                break
            spot = end
            spot += self.mark(spot) == ","
            spot += self.word(spot) == "and"
        return tuple(found), end

    def measure_at(self, place: int, end: int, subject: ast.expr) -> int:
        number = self.number(end - 2)
        assert number is not None
        self.emit(said.Measured, place, end, subject, number)
        return end
