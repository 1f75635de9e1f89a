"""Patterns that begin with their own word: for each, call, return, append, raise, and their kin."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.relations import Relations

__all__ = ["CHANGES", "EXCEPTIONS", "Steps"]

CHANGES = {
    "append": "append",
    "appends": "append",
    "appending": "append",
    "push": "append",
    "pushes": "append",
    "add": "add",
    "adds": "add",
    "adding": "add",
    "pop": "pop",
    "pops": "pop",
    "popping": "pop",
    "remove": "remove",
    "removes": "remove",
    "sort": "sort",
    "reverse": "reverse",
    "clear": "clear",
    "put": "prepend",
    "take": "pop",
    "extend": "extend",
}
_RUNS = frozenset(["runs", "ran", "executes", "iterates", "repeats", "makes", "takes"])
_TIMES = frozenset(["times", "time", "iterations", "iteration", "passes", "pass", "rounds", "round"])
EXCEPTIONS = ("Error", "Exception", "Exit", "Interrupt", "Iteration", "Warning")
_FILLERS = frozenset(
    (
        "the",
        "a",
        "an",
        "value",
        "list",
        "number",
        "string",
        "final",
        "we",
        "it",
        "its",
        "of",
        "just",
        "simply",
        "now",
        "which",
        "is",
        "that",
        "with",
    )
)


class Steps(Relations):
    """Each method takes the place of its first word and gives the place after what it read, or the same place."""

    def removal(self, place: int) -> int:
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

    def made(self, place: int) -> int:
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

    def exception(self, place: int) -> int:
        """`TYPE is caught`, `TYPE leaves FUNCTION`."""
        name = self.type_name(place)
        if self.word(place + 2) in ("caught", "handled"):
            self.emit(said.Caught, place, place + 3, name)
            return place + 3
        left = self.called_name(place + 2)
        if self.word(place + 1) == "leaves" and left:
            self.emit(said.LeftBy, place, place + 3, name, left)
            return place + 3
        return place

    def both(self, place: int) -> int:
        """`both are VALUE`: the two sides of the test that comes here are equal."""
        node = self.node(place + 2)
        if self.word(place + 1) != "are" or node is None or not is_closed(node):
            return place
        test = ast.Compare(node, [ast.Eq()], [node])
        self.emit(said.Test, place, place + 3, "", test, truth=True, because=self.because)
        return place + 3

    def for_each(self, place: int) -> int:
        """`for each NAME in EXPR`."""
        if place == 0 and self.word(0) == "for" and isinstance(self.node(1), ast.Name) and self.mark(2) == "=":
            pairs, after = self.bindings(1)
            for name, value in pairs:
                self.emit(said.Equality, 0, after, (ast.Name(name, ast.Load()), value), stays=True)
            return after
        if place == 0 and self.opens and self.word(0) == "for" and self.word(2) == "from":
            return self._counted()
        start = place + 1 if self.word(place) == "for" and self.word(place + 1) in ("each", "every") else place
        targets: list[ast.expr] = []
        spot = start + 1
        while self.kind(spot) == "expr":
            node = self.node(spot)
            assert node is not None
            targets.append(node)
            spot += 1
            if self.mark(spot) != ",":
                break
            spot += 1
        if not targets or (self.word(spot) != "in" and self.mark(spot) != "in") or self.node(spot + 1) is None:
            return place
        source = self.node(spot + 1)
        assert source is not None
        target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
        if not all(
            isinstance(part, (ast.Name, ast.Tuple, ast.Attribute, ast.Subscript, ast.Starred)) for part in targets
        ):
            return place
        self.emit(said.Each, start, spot + 2, target, source, self.opens and spot + 2 >= self.count - 1)
        return spot + 2

    def _counted(self) -> int:
        """`for NAME from 1 to 5:`, `for NAME from 5 down to 1:`."""
        down = self.word(4) == "down"
        first, last = self.node(3), self.node(5 + down)
        target = self.node(1)
        if self.word(4 + down) != "to" or not isinstance(target, ast.Name) or first is None or last is None:
            return 0
        step = ast.Constant(-1 if down else 1)
        end = ast.BinOp(last, ast.Add(), step)
        source = ast.Call(ast.Name("range", ast.Load()), [first, end, step], [])
        self.emit(said.Each, 0, 6 + down, target, source, opens=True)
        return 6 + down

    def repeats(self, place: int) -> int:
        """``Repeat while `CODE`:``, `Repeat 5 times:`, `Repeat up to 5 times:` and `Repeat:` that open a block."""
        if place or not self.opens:
            return place
        spot = 3 if self.word(1) == "up" and self.word(2) == "to" else 1
        if self.word(spot + 1) == "times" and (count := self.number(spot)) is not None:
            source = ast.Call(ast.Name("range", ast.Load()), [ast.Constant(count)], [])
            self.emit(said.Each, 0, spot + 2, ast.Name("_", ast.Store()), source, opens=True)
            return spot + 2
        if self.word(1) == "while" and self.kind(2) in ("code", "expr") and self.count == 4:
            self.emit(said.Repeats, 0, 4, self.texts[2])
            return 4
        if self.count == 2:
            self.emit(said.Repeats, 0, 2, "")
            return 2
        return place

    def returns(self, place: int) -> int:
        if self.count == 1:  # "Return."
            self.emit(said.Returned, place, place + 1, (ast.Constant(None),))
            return place + 1
        spot = self.past_fillers(place + 1)
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

    def yields(self, place: int) -> int:
        if self.node(place + 1) is None or (place and self.kind(place - 1) == "expr"):
            return place
        parts, after, _rough = self.chain(place + 1)
        self.emit(said.Yielded, place, after, tuple(parts))
        return after

    def concludes(self, place: int) -> int:
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

    def changes(self, place: int) -> int:
        """`Append VALUE to NAME, now VALUE` and its kin; `Sort NAME, now VALUE`."""
        verb = CHANGES[self.word(place)]
        spot = self.past_fillers(place + 1)
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
            kind, attributes, end = self.described(after)
            if kind:  # "Append x, a Step with name 'C', to ready"
                self.emit(said.Described, spot, end, parts[-1], kind, attributes)
                after = end + (self.mark(end) == ",")
            link = 3 if [self.word(after + n) for n in range(3)] == ["in", "front", "of"] else 1
            if link == 1 and self.word(after) not in ("to", "from", "onto"):
                if verb == "append" and (grown := self._bound_next(after)) is not None:
                    self.emit(said.Changed, place, after, verb, parts[-1], grown, None)
                    if len(parts) > 1:
                        self.emit(said.Equality, spot, after, tuple(parts))
                    return after
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

    def _bound_next(self, place: int) -> ast.expr | None:
        """What is said to be changed after `push 5`: `, so stack = [5]`."""
        spot = place + (self.mark(place) == ",")
        spot += self.word(spot) in ("so", "and", "giving", "now", "then")
        node = self.node(spot)
        if spot == place or self.mark(spot + 1) != "=" or not isinstance(node, (ast.Name, ast.Attribute)):
            return None
        return node

    def calls(self, place: int) -> int:
        """`Call NAME with NAME = VALUE`, `Make a NAME with ...`, `Calling NAME with ... gives VALUE`."""
        spot = place + 1
        if self.word(place) == "call" and self.word(place - 1) in ("this", "that"):
            return place  # a noun
        if self.word(place) == "work":
            if self.word(spot) != "out":
                return place
            spot += 1
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
        parts, after = self._given_back(spot)
        reasoned = self.mark(after) == "," and self.word(after + 1) in ("since", "because")
        gives = parts[0] if len(parts) == 1 and is_closed(parts[0]) and not reasoned else None
        end = after if gives is not None else spot
        whole = [self.word(spot + n) for n in range(1, 4)] == ["the", "same", "way"]
        self.emit(said.Called, place, end, name, tuple(named), (), gives, tuple(sized), tuple(described), whole)
        if parts and gives is None:  # the call's only line, told at once
            self.emit(said.Returned, spot, after, tuple(parts))
            return after
        return end

    def _given_back(self, place: int) -> tuple[list[ast.expr], int]:
        """`gives 2 * 3 = 6`: the parts and the place after them."""
        if self.word(place) != "gives" or self.node(place + 1) is None:
            return [], place
        parts, after, _rough = self.chain(place + 1)
        return parts, after

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

    def goes_on(self, place: int) -> int:
        name = self.called_name(place + 3)
        if self.word(place + 1) != "on" or self.word(place + 2) != "in" or not name:
            return place
        self.emit(said.Resumed, place, place + 4, name)
        return place + 4

    def raises(self, place: int) -> int:
        """`This raises TYPE: 'MESSAGE'`."""
        name = self.type_name(place + 1)
        if not name:
            return place
        message = self.node(place + 3) if self.mark(place + 2) == ":" else None
        text = message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else None
        after = place + 4 if text is not None else place + 2
        self.emit(said.Raised, place, after, name, text)
        return after

    def type_name(self, place: int) -> str:
        """The name of an exception's type as the text writes it."""
        if self.kind(place) not in ("word", "expr"):
            return ""
        raw = self.texts[place]
        return raw if raw[:1].isupper() and raw.isidentifier() else ""

    def loop_ends(self, place: int) -> int:
        """`The loop ends after N passes`, `the outer loop runs N times`."""
        if self.word(place + 1) in _RUNS:
            return self._loop_runs(place)
        if (
            self.word(place + 1) not in ("ends", "stops", "finishes", "ended", "terminates")
            or self.word(place + 2) != "after"
        ):
            return place
        number = self.number(place + 3)
        if number is None:
            return place
        reason = self.mark(place + 5) == "," and self.word(place + 6) in ("since", "because")
        self.emit(said.LoopEnded, place, place + 5, number, True, reason)
        return place + 5

    def _loop_runs(self, place: int) -> int:
        spot = place + 2
        while self.word(spot) in ("for", "a", "total", "of", "exactly", "only", "just"):
            spot += 1
        number = self.number(spot)
        if number is None or self.word(spot + 1) not in _TIMES:
            return place
        nested = {"outer": False, "inner": True}.get(self.word(place - 1))
        self.emit(said.LoopRan, place, spot + 2, number, nested)
        return spot + 2

    def lambda_gives(self, place: int) -> int:
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

    def past_fillers(self, place: int) -> int:
        while self.word(place) in _FILLERS:
            place += 1
        return place
