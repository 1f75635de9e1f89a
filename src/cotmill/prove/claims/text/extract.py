"""Sentences -> statements: the patterns in which a text states what happened. Nothing is checked here.

One pass from left to right over the items of each sentence. What no pattern takes is looked at again at the end: a value
that stands alone is a mention, an expression with values that stands alone was worked out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cotmill.prove.claims.run.evaluate import is_closed, is_value
from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.phrases import sentences_of
from cotmill.prove.claims.text.relations import Relations
from cotmill.prove.claims.text.wording import FOLDING, GIVES, ORDINALS, PASSES

__all__ = ["Read", "read"]


class Read:
    """One sentence: what it states, in order, and whether it says that something is left out."""

    __slots__ = ("end", "folds", "start", "stated")

    def __init__(self, start: int, end: int, stated: list[said.Statement], folds: bool) -> None:
        self.start, self.end, self.stated, self.folds = start, end, stated, folds


def read(text: str, program: Program) -> Iterator[Read]:
    """The text's sentences, each with its statements."""
    for sentence in sentences_of(text, program):
        reader = _Reader(sentence, program)
        stated = reader.statements()
        yield Read(sentence.start, sentence.end, stated, reader.folds)


_CHANGES = {
    "append": "append", "appends": "append", "appending": "append", "push": "append", "pushes": "append", "add": "add",
    "adds": "add", "adding": "add", "pop": "pop", "pops": "pop", "popping": "pop", "remove": "remove", "removes": "remove",
    "sort": "sort", "reverse": "reverse", "clear": "clear", "put": "prepend", "take": "pop", "extend": "extend",
}  # fmt: skip
_EXCEPTIONS = ("Error", "Exception", "Exit", "Interrupt", "Iteration", "Warning")
_RETURNS = frozenset({"return", "returns", "returned", "returning"})
_FINAL = frozenset({"answer", "result", "output"})
_FILLERS = frozenset("the a an value list number string final we it its of just simply now which is that with".split())


class _Reader(Relations):
    """The scan of one sentence; `Relations` reads what stands between a subject and its value."""

    def statements(self) -> list[said.Statement]:
        items = self.items
        words = " ".join(item.text for item in items if item.kind == "word")
        self.folds = any(phrase in words for phrase in FOLDING) or any(item.kind == "dots" for item in items)
        place = 0
        while place < len(items):
            item = items[place]
            if item.kind == "word":
                after = self._word(place, item.text)
            elif item.kind == "ord":
                after = self._pass_named(place, int(item.value))
            elif item.kind in ("expr", "code"):
                after = self._removal(place) or self.subject(place)
            else:
                after = place + 1
            place = max(after, place + 1)
        self._leftovers()
        self.stated.sort(key=lambda statement: statement.start)
        return self._with_hints()

    def _removal(self, place: int) -> int:
        """`NAME is removed`; 0 where it is not said."""
        node = self.node(place)
        if (
            self.word(place + 1) in ("is", "gets")
            and self.word(place + 2) in ("removed", "deleted")
            and node is not None
        ):
            self.emit(said.Removed, place, place + 3, node)
            return place + 3
        return 0

    # Words that begin a pattern

    def _word(self, place: int, word: str) -> int:
        if word in ("since", "because"):
            self.because = bool(self.stated)
            return place + 1
        if word in ("so", "therefore", "thus", "then"):
            self.because = False
            return place + 1
        if word in PASSES or word == "passes":
            return self._pass(place, word)
        if word in ORDINALS:
            return self._pass_named(place, ORDINALS[word])
        rule = _WORDS.get(word)
        if rule is not None:
            after = int(rule(self, place))
            if after > place:
                return after
        if self.word(place + 1) in ("is", "leaves", "gets") and self._type_name(place).endswith(_EXCEPTIONS):
            after = self._exception(place)
            if after > place:
                return after
        if word == "gives" and self.word(0) == "taking" and self.mark(place + 2) != "=":
            return self._made(place)
        if word in GIVES:
            return self._gives(place)
        return place + 1

    def _made(self, place: int) -> int:
        """`Taking ... gives VALUE, VALUE`."""
        values: list[ast.expr] = []
        spot = place + 1
        if self.kind(spot) == "expr" and self.mark(spot + 1) == "," and self.word(spot + 2) in ("a", "an"):
            return place + 1  # "gives board, a list of 9 elements"
        while (node := self.node(spot)) is not None:
            values.append(node)
            spot += 1
            if self.mark(spot) != ",":
                break
            spot += 1
        last, count = None, -1
        if [self.word(spot + n) for n in range(4)] == ["and", "so", "on", "until"] and self.node(spot + 4) is not None:
            last = self.node(spot + 4)
            spot += 6 if self.mark(spot + 5) == "," else 5
            if (
                (number := self.number(spot)) is not None
                and self.word(spot + 1) == "in"
                and self.word(spot + 2) == "all"
            ):
                count = number
                spot += 3
        elif not values and self.word(spot) in ("a", "an"):
            for end in range(spot + 2, spot + 5):
                if (number := self.number(end)) is not None and self.word(end - 1) == "of":
                    count, spot = number, end + 2
                    break
        if not values and count < 0:
            return place + 1
        self.emit(said.Made, place + 1, spot, tuple(values), last, count)
        return spot

    def _exception(self, place: int) -> int:
        """`TYPE is caught`, `TYPE leaves FUNCTION`."""
        name = self._type_name(place)
        if self.word(place + 2) in ("caught", "handled"):
            self.emit(said.Caught, place, place + 3, name)
            return place + 3
        left = self.called_name(place + 2)
        if self.word(place + 1) == "leaves" and left:
            self.emit(said.LeftBy, place, place + 3, name, left)
            return place + 3
        return place

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

    def _pass_named(self, place: int, number: int) -> int:
        """ "In the third pass"."""
        word = self.word(place + 1)
        if word in PASSES and self.items[place].kind in ("word", "ord"):
            over = self.word(place - 1) == "after" or self.word(place - 2) == "after"
            self.emit(said.PassBegun, place, place + 2, number, over, False, None, "")
            return place + 2
        return place + 1

    def _for(self, place: int) -> int:
        """`for each NAME in EXPR`."""
        if place == 0 and self.word(0) == "for" and isinstance(self.node(1), ast.Name) and self.mark(2) == "=":
            pairs, after = self.bindings(1)
            for name, value in pairs:
                self.emit(said.Equality, 0, after, (ast.Name(name, ast.Load()), value), stays=True)
            return after
        start = place + 1 if self.word(place) == "for" and self.word(place + 1) in ("each", "every") else place
        targets: list[ast.expr] = []
        spot = start + 1
        while self.kind(spot) == "expr":
            node = self.items[spot].node
            assert node is not None
            targets.append(node)
            spot += 1
            if self.mark(spot) != ",":
                break
            spot += 1
        if not targets or self.word(spot) != "in" and self.mark(spot) != "in" or self.node(spot + 1) is None:
            return place
        source = self.node(spot + 1)
        assert source is not None
        target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
        if not all(
            isinstance(part, (ast.Name, ast.Tuple, ast.Attribute, ast.Subscript, ast.Starred)) for part in targets
        ):
            return place
        self.emit(said.Each, start, spot + 2, target, source, self.opens and spot + 2 >= len(self.items) - 1)
        return spot + 2

    def _repeat(self, place: int) -> int:
        """``Repeat while `CODE`:`` and `Repeat:` that open a block."""
        if place or not self.opens:
            return place
        if self.word(1) == "while" and self.kind(2) in ("code", "expr") and len(self.items) == 4:
            self.emit(said.Repeats, 0, 4, self.items[2].text)
            return 4
        if len(self.items) == 2:
            self.emit(said.Repeats, 0, 2, "")
            return 2
        return place

    def _return(self, place: int) -> int:
        if len(self.items) == 1:  # "Return."
            self.emit(said.Returned, place, place + 1, (ast.Constant(None),))
            return place + 1
        spot = self._past_fillers(place + 1)
        if self.node(spot) is None:
            return place
        parts, after, _rough = self.chain(spot)
        if self.word(after) == "which" and self.word(after + 1) in ("is", "equals"):
            more, after, _rough = self.chain(after + 2)
            parts += more
        elif self.mark(after) == "," and self.word(after + 1) == "which" and self.node(after + 3) is not None:
            more, after, _rough = self.chain(after + 3)
            parts += more
        kind, attributes, end = self.described(after)
        if kind:
            self.emit(said.Described, place, end, parts[-1], kind, attributes)
            after = end
        elif (end := self.measure(after)) > after:
            self.emit(said.Measured, place, end, parts[-1], self.number(end - 2))
            after = end
        self.emit(said.Returned, place, after, tuple(parts))
        return after

    def _yield(self, place: int) -> int:
        if self.node(place + 1) is None or place and self.kind(place - 1) == "expr":
            return place
        parts, after, _rough = self.chain(place + 1)
        self.emit(said.Yielded, place, after, tuple(parts))
        return after

    def _final(self, place: int) -> int:
        """ "The answer is 18"."""
        spot = place + 1
        while self.word(spot) in ("is", "equals", "becomes", "of", "the", "as", "calculation", "function", "was") or (
            self.mark(spot) in (":", "=") or self.word(spot) in _FILLERS
        ):
            spot += 1
        if spot == place + 1 or self.node(spot) is None:
            return place
        parts, after, _rough = self.chain(spot)
        if self.mark(after) == "%":
            after += 1
        self.emit(said.Returned, place, after, tuple(parts), True)
        return after

    def _change(self, place: int) -> int:
        """`Append VALUE to NAME, now VALUE` and its kin; `Sort NAME, now VALUE`."""
        verb = _CHANGES[self.word(place)]
        spot = self._past_fillers(place + 1)
        thing = self.node(spot)
        if thing is None:
            return place
        item: ast.expr | None = None
        target = thing
        after = spot + 1
        if verb == "extend":
            if self.word(after) not in ("by", "with") or self.node(after + 1) is None:
                return place
            parts, after, _rough = self.chain(after + 1)
            if len(parts) > 1:
                self.emit(said.Equality, spot + 2, after, tuple(parts))
            item = parts[-1]
        elif verb not in ("sort", "reverse", "clear"):
            parts, after, _rough = self.chain(spot)
            link = 3 if [self.word(after + n) for n in range(3)] == ["in", "front", "of"] else 1
            if link == 1 and self.word(after) not in ("to", "from", "onto"):
                return place  # "add 4 * 4 = 16": the identity is told on its own
            end = after + link
            while (
                self.word(end) in ("front", "back", "end", "top", "of", "left", "right") or self.word(end) in _FILLERS
            ):
                end += 1
            found = self.node(end)
            if found is None or not isinstance(found, (ast.Name, ast.Attribute, ast.Subscript)):
                return place
            if len(parts) > 1:
                self.emit(said.Equality, spot, after, tuple(parts))
            item, target, after = parts[-1], found, end + 1
        now: ast.expr | None = None
        if self.mark(after) == "," and self.word(after + 1) in ("a", "an") and self.mark(after + 3) == ",":
            after += 3  # ", a combinations"
        if self.mark(after) == "," and self.word(after + 1) == "now" and self.node(after + 2) is not None:
            now = self.node(after + 2)
            after += 3
        idle = [self.word(after + n) for n in range(1, 4)] == ["which", "changes", "nothing"]
        after += 4 if idle else 0
        self.emit(said.Changed, place, after, verb, item, target, now, idle)
        return self.measured(after, target)

    def _call(self, place: int) -> int:
        """`Call NAME with NAME = VALUE and NAME = VALUE`, `Make a NAME with ...`, `Calling NAME with ... gives VALUE`."""
        spot = place + 1
        if self.word(place) == "make":
            if self.word(spot) not in ("a", "an"):
                return place
            spot += 1
        name = self.called_name(spot)
        if not name:
            return place
        spot += 1
        named: list[tuple[str, ast.expr]] = []
        sized: list[tuple[str, int]] = []
        described: list[tuple[str, str, tuple[tuple[str, ast.expr], ...]]] = []
        owner = self.node(spot + 1) if self.word(spot) == "on" else None
        if owner is not None:
            named.append(("self", owner))
            spot += 2
        elif self.word(spot) == "on" and self.word(spot + 1) in ("a", "an") and self.called_name(spot + 2):
            spot += 3
        while self.word(spot) == "with":
            spot = self._arguments(spot + 1, named, sized, described)
        gives = self.node(spot + 1) if self.word(spot) == "gives" else None
        if gives is not None:
            spot += 2
        self.emit(said.Called, place, spot, name, tuple(named), (), gives, tuple(sized), tuple(described))
        return spot

    def _arguments(self, place: int, named: list[Any], sized: list[Any], described: list[Any]) -> int:
        """`NAME = VALUE, NAME, a list of N elements and NAME, a CLASS with ...`: the place after the arguments."""
        end = spot = place
        while isinstance(node := self.node(spot), ast.Name):
            pairs, after = self.bindings(spot, one=True)
            if pairs:
                named.extend(pairs)
            elif (after := self.measure(spot + 1)) > spot + 1:
                sized.append((node.id, self.number(after - 2)))
            else:
                kind, attributes, after = self.described(spot + 1)
                if not kind:
                    break
                described.append((node.id, kind, attributes))
            end = spot = after
            spot += self.mark(spot) == ","
            spot += self.word(spot) == "and"
        return end

    def _go(self, place: int) -> int:
        name = self.called_name(place + 3)
        if self.word(place + 1) != "on" or self.word(place + 2) != "in" or not name:
            return place
        self.emit(said.Resumed, place, place + 4, name)
        return place + 4

    def _raise(self, place: int) -> int:
        """`This raises TYPE: 'MESSAGE'`."""
        name = self._type_name(place + 1)
        if not name:
            return place
        message = self.node(place + 3) if self.mark(place + 2) == ":" else None
        text = message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else None
        after = place + 4 if text is not None else place + 2
        self.emit(said.Raised, place, after, name, text)
        return after

    def _type_name(self, place: int) -> str:
        """The name of an exception's type as the text writes it."""
        if self.kind(place) not in ("word", "expr"):
            return ""
        item = self.items[place]
        raw = item.text if item.kind == "expr" else str(item.value)
        return raw if raw[:1].isupper() and raw.isidentifier() else ""

    def _loop(self, place: int) -> int:
        """`The loop ends after N passes`."""
        if (
            self.word(place + 1) not in ("ends", "stops", "finishes", "ended", "terminates")
            or self.word(place + 2) != "after"
        ):
            return place
        number = self.number(place + 3)
        if number is None:
            return place
        self.emit(said.LoopEnded, place, place + 5, number, True)
        return place + 5

    def _lambda(self, place: int) -> int:
        """``The lambda `CODE` gives VALUE for NAME = VALUE, VALUE for ...``."""
        spot = place + 1
        if self.kind(spot) in ("code", "expr"):
            spot += 1
        if self.word(spot) != "gives":
            return place
        spot += 1
        while self.node(spot) is not None and self.word(spot + 1) == "for":
            value, first = self.node(spot), spot
            spot += 2
            named, spot = self.bindings(spot)
            self.emit(said.Called, first, spot, "<lambda>", named, (), value)
            while self.mark(spot) == "," or self.word(spot) in ("and", "so", "on", "until"):
                spot += 1
        count = self.number(spot)
        if count is not None and self.word(spot + 1) == "in" and self.word(spot + 2) == "all":
            self.emit(said.CountedCalls, spot, spot + 3, "<lambda>", count)
            spot += 3
        return spot

    def _gives(self, place: int) -> int:
        """A result without a subject: "swap to get [1, 4, 3, 2]", "the middle index is (0 + 9) // 2 = 4"."""
        spot = self._past_fillers(place + 1)
        if self.node(spot) is None or self.kind(spot) == "code":
            return place + 1
        node = self.node(spot)
        assert node is not None
        if not is_closed(node) or self.mark(spot + 1) in ("=", "->") or isinstance(node, ast.Compare):
            return place + 1
        if self.relates(spot + 1):
            return place + 1
        self.result_at.add(spot)
        return spot

    def _past_fillers(self, place: int) -> int:
        while self.word(place) in _FILLERS:
            place += 1
        return place

    # What is left

    def _leftovers(self) -> None:
        for place, item in enumerate(self.items):
            node = item.node
            if place in self.used or node is None or item.kind not in ("expr", "code"):
                continue
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in self.program.functions
            ):
                if not item.quoted:
                    self.emit(said.Called, place, place + 1, node.func.id, (), tuple(node.args))
            elif item.quoted and not isinstance(node, ast.Constant):
                continue
            elif isinstance(node, (ast.Constant, ast.UnaryOp)) and _is_small(node) and not self._is_result(place):
                continue
            elif is_closed(node):
                if isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp, ast.Call)) and not is_value(node):
                    self.emit(said.Worked, place, place + 1, node)
                elif not isinstance(node, ast.Compare):
                    self.emit(said.Mention, place, place + 1, node, place in self.result_at)

    def _is_result(self, place: int) -> bool:
        """A small number that ends a clause of its own: "the middle index is 4"."""
        return place in self.result_at and (place + 1 == len(self.items) or self.mark(place + 1) in (",", ";"))

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
    "for": _Reader._for, "each": _Reader._for, "yield": _Reader._yield, "yields": _Reader._yield, "call": _Reader._call,
    "calls": _Reader._call, "calling": _Reader._call, "make": _Reader._call, "go": _Reader._go, "raise": _Reader._raise,
    "raises": _Reader._raise, "raised": _Reader._raise, "loop": _Reader._loop, "lambda": _Reader._lambda,
    **dict.fromkeys(_RETURNS, _Reader._return), **dict.fromkeys(_FINAL, _Reader._final),
    **dict.fromkeys(_CHANGES, _Reader._change),
}  # fmt: skip
