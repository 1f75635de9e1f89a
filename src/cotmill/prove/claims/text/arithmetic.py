"""Arithmetic in words: "20% of 100 is 20", "half of 16", "the sum of 3 and 4 is 7"."""

from __future__ import annotations

import ast
from fractions import Fraction

from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.items import Items
from cotmill.prove.claims.text.wording import LINKS, MEASURING, OPERATIONS, SHARES

__all__ = ["Arithmetic"]


MAX_SHARE = 1e15


class Arithmetic(Items):
    """Each method takes the place of its first item and gives the place after what it read, or the same place."""

    def operation(self, place: int) -> int:
        """`the sum of 3 and 4 is 7`, read from the 3."""
        sign = OPERATIONS.get(self.word(place - 2)) if self.word(place - 1) in ("of", "between") else None
        left, right = self.node(place), self.node(place + 2)
        spot = self._to_result(place + 3)
        if sign is None or self.word(place + 1) not in ("and", "by") or left is None or right is None:
            return place
        if self.node(spot) is None:
            return place
        parts, after, rough = self.chain(spot)
        self.emit(said.Equality, place, after, (ast.BinOp(left, sign(), right), *parts), rough=rough)
        return after

    def share(self, place: int) -> int:
        """`20% of 100 is 20`, `1/2 of 15, which is 15/2`, read from the share."""
        part = _ratio(self.node(place))
        spot = place + 1
        if part is not None and self.mark(spot) == "%":
            part, spot = part / 100, spot + 1
        elif isinstance(self.node(place), ast.Constant):
            return place  # "3 of 5"
        return self._share_of(place, part, spot)

    def measure_of(self, place: int, name: ast.Name) -> int:
        """`the sum of the scores is 312`: said of something about the name, and not of the name."""
        head = place - 1
        while self.word(head) in ("the", "all", "these", "our"):
            head -= 1
        if self.word(head) != "of" or self.word(head - 1) in ("", "value", "contents", "state", "copy", "out"):
            return place
        spot = self._to_result(place + 1)
        function = MEASURING.get(self.word(head - 1))
        if spot == place + 1 or self.node(spot) is None:
            return place
        parts, after, rough = self.chain(spot)
        if function:
            call = ast.Call(ast.Name(function, ast.Load()), [name], [])
            self.emit(said.Equality, place, after, (call, *parts), rough=rough)
        return after if function else place + 1

    def left_over(self, place: int) -> int:
        """`5 acres are left`: what is spoken of has this value now."""
        for spot in range(place + 1, place + 4):
            said_last = self._spelled(spot)
            if self.word(spot - 1) in ("is", "are") and said_last in ("left", "remaining"):
                break
            if said_last in ("remain", "remains") and spot > place + 1:
                break
        else:
            return place
        node = self.node(place)
        if not isinstance(node, ast.Constant) and _ratio(node) is None:
            return place
        self.emit(said.Mention, place, spot + 1, node, True, True)
        return spot + 1

    def _spelled(self, place: int) -> str:
        return self.words.get(place) or (self.texts[place] if self.kind(place) == "expr" else "")

    def share_in_words(self, place: int) -> int:
        """`half of 16 is 8`, `two thirds of 9`, `twice 7 is 14`."""
        word = self.word(place)
        part = SHARES[word]
        times = self.number(place - 1) if word.endswith("s") else 1
        if word in ("twice", "double", "triple") and self.node(place + 1) is not None:
            return self._share_of(place, part, place)
        return place if times is None else self._share_of(place, part * times, place + 1)

    def _share_of(self, place: int, part: Fraction | None, spot: int) -> int:
        if part is None or self.word(spot) not in ("of", "twice", "double", "triple"):
            return place
        whole = self.node(spot + 1)
        if whole is None or not is_closed(whole):
            return place
        first, after, _rough = self.chain(spot + 1)
        if len(first) > 1:  # "20% of 100 = 20"
            whole, results = first[0], first[1:]
        else:
            spot = self._to_result(after)
            results, end, _rough = (
                self.chain(spot) if spot > after and self.node(spot) is not None else ([], after, False)
            )
            after = end
        if not all(map(is_closed, results)):
            return place
        self.emit(said.Share, place, after, part, whole, tuple(results))
        return after

    def _to_result(self, place: int) -> int:
        """Past the verb: "is", ", which gives"."""
        spot = place
        if self.mark(spot) == "," and self.word(spot + 1) in ("which", "that"):
            spot += 2
        while self.word(spot) in LINKS:
            spot += 1
        return spot


def _ratio(node: ast.expr | None) -> Fraction | None:
    """The value of `20`, `12.5` or `1 / 2`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        above, below = _ratio(node.left), _ratio(node.right)
        return None if above is None or not below else above / below
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    if isinstance(node.value, (int, float)) and abs(node.value) < MAX_SHARE:
        return Fraction(str(node.value))
    return None
