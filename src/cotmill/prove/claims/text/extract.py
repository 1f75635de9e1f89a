"""Sentences -> statements: the patterns in which a text states what happened. Nothing is checked here.

One pass from left to right over the items of each sentence. What no pattern takes is looked at again at the end: a
value that stands alone is a mention, an expression with values that stands alone was worked out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.run.trees import is_closed, is_value
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.phrases import sentences_of
from cotmill.prove.claims.text.steps import CHANGES, EXCEPTIONS, Steps
from cotmill.prove.claims.text.wording import FOLDING, GIVES, LINKS, ORDINALS, PASSES, SHARES

__all__ = ["Read", "read"]


class Read(NamedTuple):
    """One sentence: what it states, in order, and whether it says that something is left out."""

    stated: list[said.Statement]
    folds: bool


def read(text: str, program: Program) -> Iterator[Read]:
    """The text's sentences, each with its statements."""
    for sentence in sentences_of(text, program):
        reader = _Reader(sentence, program)
        yield Read(reader.statements(), reader.folds)


_FOLDS = re.compile("|".join(map(re.escape, FOLDING)))
_RETURNS = frozenset({"return", "returns", "returned", "returning"})
_FINAL = frozenset({"answer", "result", "output"})


class _Reader(Steps):
    """The scan of one sentence."""

    def statements(self) -> list[said.Statement]:
        self.folds = _FOLDS.search(" ".join(self.words.values())) is not None or "dots" in self.kinds
        place = 0
        while place < self.count:
            kind = self.kinds[place]
            if kind == "word":
                after = self._word(place, self.words[place])
            elif kind in ("expr", "code"):
                after = self.removal(place) or self.subject(place)
            elif kind == "ord":
                after = self._pass_named(place, int(self.texts[place][:-2]))
            elif self.mark(place) in ("####", "boxed"):
                self.use(place, place + 3)  # the final answer is read and compared by `prove.answer`
                after = place + 3
            elif kind == "lost":
                self.emit(said.Lost, place, place + 1)
                after = place + 1
            else:
                after = place + 1
            place = max(after, place + 1)
        self._leftovers()
        self.stated.sort(key=lambda statement: statement.start)
        return self._with_hints()

    def _word(self, place: int, word: str) -> int:
        if word in ("since", "because"):
            self.because = bool(self.stated)
            return place + 1
        if word in ("so", "therefore", "thus", "then"):
            self.because = False
            return place + 1
        if word == "after" and self.word(place + 1) == "it":
            return self._after_it(place)
        if word in PASSES or word == "passes":
            return self._pass(place, word)
        if word in ORDINALS:
            return self._pass_named(place, ORDINALS[word])
        rule = _WORDS.get(word)
        if rule is not None:
            after = int(rule(self, place))
            if after > place:
                return after
        if self.word(place + 1) in ("is", "leaves", "gets") and self.type_name(place).endswith(EXCEPTIONS):
            after = self.exception(place)
            if after > place:
                return after
        if word == "gives" and self.word(0) == "taking" and self.mark(place + 2) != "=":
            return self.made(place)
        if word in GIVES:
            return self._gives(place, word)
        return place + 1

    def _pass(self, place: int, word: str) -> int:
        number = self.number(place + 1)
        if number is None or number < 1:
            return place + 1
        if word == "passes":
            last = self.number(place + 3)
            if self.word(place + 2) in ("to", "through") and last is not None:
                self.emit(said.Folded, place, place + 4, number, last)
                return place + 4
            return place + 1
        before = self.word(place - 1)
        if before == "in" and self.word(place - 2) == "loop":
            self.emit(said.LeftLoop, place - 1, place + 2, number)
        elif before == "after" and self.word(place - 2) == "until":
            self.use(place, place + 2)
        else:
            self.emit(said.PassBegun, place, place + 2, number, before in ("after", "of"), PASSES[word], None, "")
        return place + 2

    def _after_it(self, place: int) -> int:
        """ "In the first pass ...; after it, swaps = 3"."""
        begun = [statement for statement in self.stated if isinstance(statement, said.PassBegun)]
        if begun:
            self.emit(said.PassBegun, place, place + 2, begun[-1].number, True, begun[-1].sure, None, "")
        return place + 2

    def _pass_named(self, place: int, number: int) -> int:
        """ "In the third pass"."""
        word = self.word(place + 1)
        if word in PASSES and self.kinds[place] in ("word", "ord"):
            over = self.word(place - 1) == "after" or self.word(place - 2) == "after"
            self.emit(said.PassBegun, place, place + 2, number, over, False, None, "")
            return place + 2
        return place + 1

    def _gives(self, place: int, word: str) -> int:
        """A result without a subject: "swap to get [1, 4, 3, 2]", "the middle index is (0 + 9) // 2 = 4"."""
        spot = self.past_fillers(place + 1)
        if self.node(spot) is None or self.kind(spot) == "code" or (word == "to" and self.word(place - 2) == "from"):
            return place + 1
        node = self.node(spot)
        assert node is not None
        if not is_closed(node) or self.mark(spot + 1) in ("=", "->") or isinstance(node, ast.Compare):
            return place + 1
        if self.relates(spot + 1):
            return place + 1
        self.result_at.add(spot)
        return spot

    def pronoun(self, place: int) -> int:
        """ "It is -1,250", "it drops to 5": whatever "it" is."""
        spot = place + 1
        while self.word(spot) in LINKS:
            spot += 1
        node = self.node(spot)
        if self.word(spot - 1) not in ("is", "to", "becomes", "reaches", "equals", "was") or node is None:
            return place
        if not isinstance(node, (ast.Constant, ast.UnaryOp)) or _is_small(node) or not is_closed(node):
            return place
        if self.relates(spot + 1) or self.mark(spot + 1) == "%":
            return place
        self.emit(said.Mention, place, spot + 1, node, True, True)
        return spot + 1

    def _leftovers(self) -> None:
        for place, node in self.nodes.items():
            if place in self.used:
                continue
            quoted = place in self.quoted
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in self.program.functions
            ):
                if not quoted:
                    self.emit(said.Called, place, place + 1, node.func.id, (), tuple(node.args))
            elif (quoted and not isinstance(node, ast.Constant)) or (
                isinstance(node, (ast.Constant, ast.UnaryOp)) and _is_small(node) and not self._is_result(place)
            ):
                continue
            elif is_closed(node):
                if isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp, ast.Call)) and not is_value(node):
                    self.emit(said.Worked, place, place + 1, node)
                elif not isinstance(node, ast.Compare):
                    self.emit(said.Mention, place, place + 1, node, place in self.result_at)

    def _is_result(self, place: int) -> bool:
        """A small number that ends a clause of its own: "the middle index is 4"."""
        return place in self.result_at and (place + 1 == self.count or self.mark(place + 1) in (",", ";"))

    def _with_hints(self) -> list[said.Statement]:
        """A pass knows the first binding and the first test that are told of it."""
        for index, statement in enumerate(self.stated):
            if isinstance(statement, said.PassBegun):
                hint, code = None, ""
                for later in self.stated[index + 1 : index + 2]:
                    if isinstance(later, said.Equality) and isinstance(later.parts[0], ast.Name):
                        if is_closed(later.parts[-1]):
                            hint = (later.parts[0].id, later.parts[-1])
                    elif isinstance(later, said.Test):
                        code = later.code
                self.stated[index] = replace(statement, hint=hint, code=code)
        return self.stated


def _is_small(node: ast.expr) -> bool:
    """A number that a text may use without saying anything: up to a dozen, or no number at all."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant) and _is_small(node.operand)
    value = getattr(node, "value", None)
    if isinstance(value, bool) or value is None or value is Ellipsis:
        return True
    return isinstance(value, int) and value <= 12


_WORDS = {
    "it": _Reader.pronoun,
    "both": _Reader.both,
    "for": _Reader.for_each,
    "each": _Reader.for_each,
    "yield": _Reader.yields,
    "yields": _Reader.yields,
    "call": _Reader.calls,
    "calls": _Reader.calls,
    "calling": _Reader.calls,
    "make": _Reader.calls,
    "work": _Reader.calls,
    "go": _Reader.goes_on,
    "raise": _Reader.raises,
    "raises": _Reader.raises,
    "raised": _Reader.raises,
    "repeat": _Reader.repeats,
    "loop": _Reader.loop_ends,
    "lambda": _Reader.lambda_gives,
    **dict.fromkeys(SHARES, _Reader.share_in_words),
    **dict.fromkeys(_RETURNS, _Reader.returns),
    **dict.fromkeys(_FINAL, _Reader.concludes),
    **dict.fromkeys(CHANGES, _Reader.changes),
}
