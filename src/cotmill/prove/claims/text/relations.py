"""Between a subject and its value: chains of `=`, verbs, comparisons in words, adjectives, lengths."""

from __future__ import annotations

import ast
import math

from cotmill.prove.claims.run.trees import is_closed, is_value, parse
from cotmill.prove.claims.text import statements as said
from cotmill.prove.claims.text.arithmetic import Arithmetic
from cotmill.prove.claims.text.wording import (
    ADJECTIVES,
    ASKING,
    COMPARISONS,
    ENDS,
    LINKS,
    MEASURES,
    MOVES,
    SETTING,
    STAYS,
)

__all__ = ["Relations"]

_NEGATED = {"isn't": "is", "doesn't": "does", "don't": "do", "aren't": "are", "wasn't": "was"}
_SIGNS: dict[str, type[ast.cmpop]] = {
    ">=": ast.GtE,
    "<=": ast.LtE,
    ">": ast.Gt,
    "<": ast.Lt,
    "==": ast.Eq,
    "!=": ast.NotEq,
    "in": ast.In,
    "not in": ast.NotIn,
}
_COMPARING_VERBS = frozenset(["exceeds", "exceed", "beats", "beat", "matches", "match", "equals", "differs", "differ"])
_LEADS_ON = frozenset(["leaves", "leave", "leaving", "gives", "give", "giving", "yields", "makes", "gets"])
MAX_SUBJECTS = 40  # names that one sentence may speak of together
_ARE_NOW = (["is", "now"], ["are", "now"])
_HOLDING = (["holds"], ["contains"], ["hold"], ["contain"])
_TAKING_UP = (["take", "up"], ["takes", "up"])
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)


class Relations(Arithmetic):
    """How a subject is tied to what is said of it."""

    def subject(self, place: int) -> int:
        """What is said of the expression at this place; the place after it."""
        is_code = self.kinds[place] == "code"
        if is_code and self.node(place) is None:
            return place + 1
        after = self._unpacking(place)
        if after > place:
            return after
        after = max(self.share(place), self.left_over(place))
        if after > place:
            return after
        parts, after, rough = self.chain(place)
        kind, attributes, end = self.described(after)
        if kind:
            if len(parts) > 1:
                self.emit(said.Equality, place, after, tuple(parts), because=self.because)
            self.emit(said.Described, place if len(parts) == 1 else after, end, parts[0], kind, attributes)
            return end
        if isinstance(parts[0], ast.Compare) and len(parts) == 2 and _truth(parts[1]) is not None:
            self._test(place, after, parts[0], bool(_truth(parts[1])))
            return after
        if len(parts) > 1 or (isinstance(parts[0], _PLACES) and self.measure(after) > after):
            return self._told_chain(place, parts, after, rough)
        single = parts[0]
        if (
            is_code
            or isinstance(single, ast.Compare)
            or (place in self.quoted and self._stated_truth(place + 1)[0] is not None)
        ):
            return self._tested(place, single)
        if is_closed(single) and (end := self.operation(place)) > place:
            return end
        if isinstance(single, ast.Name) and (end := self.measure_of(place, single)) > place:
            return end
        group = self._group(place)
        if len(group) > 1:
            after = self._said_of_all(group)
            if after > place:
                return after
        return self._said_of(place, [single], place + 1)

    def _told_of(self, place: int, parts: list[ast.expr], after: int) -> int:
        """ "y becomes root, a Node with key 45"; "cells becomes `grid.flat`, a list of 64 elements"."""
        kind, attributes, end = self.described(after)
        if kind:
            self.emit(said.Equality, place, after, tuple(parts), because=self.because)
            self.emit(said.Described, after, end, parts[0], kind, attributes)
            return end
        end = self.measure(after)
        return self._told_chain(place, parts, after, rough=False) if end > after else after

    def _told_chain(self, place: int, parts: list[ast.expr], after: int, rough: bool) -> int:
        if all(map(is_value, parts)) and all(self.mark(spot) == "->" for spot in range(place + 1, after, 2)):
            self.emit(said.Sequence, place, after, tuple(parts))
            return after
        described = self.measure(after)
        if described > after:
            if len(parts) > 1:
                self.emit(said.Equality, place, after, tuple(parts), because=self.because)
            return self.measure_at(after, described, parts[0])
        rough = rough or self._is_rough(after)
        stays = self.word(place - 1) == "for"
        self.emit(said.Equality, place, after, tuple(parts), rough=rough, stays=stays, because=self.because)
        after = self.measured(after, parts[0])
        if isinstance(parts[0], ast.Name) and is_closed(parts[-1]):
            after = self._series(parts[0], after)
        last = parts[-1]
        other = self.node(after + 2)
        if self.mark(after) == "," and self.word(after + 1) == "not" and other is not None and is_closed(other):
            differ = ast.Compare(last, [ast.NotEq()], [other])
            self.emit(said.Test, after, after + 3, "", differ, truth=True, because=self.because)
            return after + 3
        if is_closed(last):
            return self._said_of(after - 1, [last], after, continued=True)
        return after

    def _is_rough(self, place: int) -> bool:
        return any(self.word(n) in ("rounded", "approximately", "about", "roughly") for n in range(place, place + 3))

    def _unpacking(self, place: int) -> int:
        """`a, b = 1, 0 + 1`: as many names as values, both sides taken before the change."""
        if self.word(place - 1) == "in":
            return place  # "'9' in pairs, digit = 0"
        names: list[ast.expr] = []
        spot = place
        while (
            isinstance(self.node(spot + (self.mark(spot) == "*")), _PLACES)
            and self.kind(spot) in ("expr", "mark")
            and len(names) < MAX_SUBJECTS
        ):
            starred = self.mark(spot) == "*"
            spot += starred
            node = self.node(spot)
            assert node is not None
            names.append(ast.Starred(node, ast.Store()) if starred else node)
            if self.mark(spot + 1) != ",":
                break
            spot += 2
        if len(names) < 2 or self.mark(spot + 1) != "=":
            return place
        spot += 2
        values: list[ast.expr] = []
        while self.node(spot) is not None:
            node = self.node(spot)
            assert node is not None
            values.append(node)
            spot += 1
            if len(values) == len(names) or self.mark(spot) != ",":
                break
            spot += 1
        if len(values) == 1 and len(names) > 1:
            if self.mark(spot) == "=" or isinstance(values[0], ast.Constant):
                return place  # "k = 2: prime, count = 1"
            self.emit(said.Equality, place, spot, (ast.Tuple(names, ast.Store()), values[0]))
            return spot
        if len(values) != len(names) or self.mark(spot) == "=":
            return place
        self.emit(said.Equality, place, spot, (ast.Tuple(names, ast.Store()), ast.Tuple(values, ast.Load())))
        return spot

    def _tested(self, place: int, node: ast.expr) -> int:
        is_code = self.kinds[place] == "code"
        truth, after = self._stated_truth(place + 1)
        if truth is not None:
            self._test(place, after, node, truth)
            return after
        if is_code and self.word(0) != "taking":
            spot = self._past_links(place + 1)
            value = self.node(spot)
            if spot > place + 1 and value is not None and is_closed(value) and self.kind(spot) == "expr":
                parts, after, rough = self.chain(spot)
                self.emit(said.Equality, place, after, (node, *parts), rough=rough, because=self.because)
                return after
        if is_code:
            return place + 1
        if any(self.word(n) in ASKING for n in range(max(0, place - 3), place)):
            self.use(place, place + 1)
            return place + 1
        self._test(place, place + 1, node, self.word(place - 1) != "not")
        return place + 1

    def _test(self, place: int, after: int, node: ast.expr, truth: bool) -> None:
        code = self.texts[place] if place in self.quoted else ""
        self.emit(said.Test, place, after, code, node, truth, because=self.because and not code)

    def _stated_truth(self, place: int) -> tuple[bool | None, int]:
        """ "is true", "is not true", "holds", "fails", ": false"."""
        spot = place
        truth = True
        seen = self.mark(spot) in (":", "?")
        spot += seen
        while self.word(spot) in (
            "is",
            "evaluates",
            "to",
            "also",
            "now",
            "still",
            "not",
            "isn't",
            "therefore",
            "so",
            "again",
            "comes",
            "out",
        ):
            if self.word(spot) in ("not", "isn't"):
                truth = not truth
            seen = True
            spot += 1
        word = self.word(spot)
        if word in ("holds", "fails"):
            return truth == (word == "holds"), spot + 1
        stated = _truth(self.node(spot))
        if seen and stated is None and word in ("true", "false"):
            stated = word == "true"
        if self.mark(place) == "?" and word in ("yes", "no"):
            stated = word == "yes"
        if seen and stated is not None:
            return stated == truth, spot + 1
        return None, place

    def _group(self, place: int) -> list[int]:
        """Places of the subjects `a, b and c` that begin here."""
        group = [place]
        spot = place + 1
        while len(group) < MAX_SUBJECTS:
            skip = 0
            if self.mark(spot) == ",":
                skip += 1
            if self.word(spot + skip) in ("and", "or"):
                skip += 1
            if not skip or not isinstance(self.node(spot + skip), _PLACES) or self.kind(spot + skip) != "expr":
                return group
            group.append(spot + skip)
            spot += skip + 1
        return group

    def _said_of_all(self, group: list[int]) -> int:
        """ "Both best and cur start at -2"; "lo and hi are 0 and 9"."""
        if not all(isinstance(self.node(place), _PLACES) for place in group):
            return -1
        after = group[-1] + 1
        spot = self._past_links(after)
        if spot == after or self.node(spot) is None or self.mark(after) == "=":
            return -1
        values = [spot]
        end = spot + 1
        while len(values) < len(group):
            skip = 1 if self.mark(end) == "," else 0
            skip += self.word(end + skip) == "and"
            if not skip or self.node(end + skip) is None:
                break
            values.append(end + skip)
            end += skip + 1
        if len(values) not in (1, len(group)) or not all(is_closed(self.nodes[n]) for n in values):
            return -1
        for index, place in enumerate(group):
            value = values[index] if len(values) > 1 else values[0]
            parts = (self.nodes[place], self.nodes[value])
            self.emit(said.Equality, place, place + 1, parts, because=self.because)
            self.use(value, value + 1)
        return end

    def relates(self, place: int) -> bool:
        """Whether something is said of the expression before this place."""
        spot = self._past_links(place)
        return (spot > place and (self.node(spot) is not None or self.word(spot) in ADJECTIVES)) or self.mark(
            place
        ) == "="

    def _past_links(self, place: int) -> int:
        while self.word(place) in LINKS or self.word(place) in _NEGATED:
            place += 1
        return place

    def _said_of(self, place: int, parts: list[ast.expr], after: int, continued: bool = False) -> int:
        """Verb and value, comparison or adjective after a subject. `place` is the subject's item."""
        spot = after
        which = False
        if self.mark(spot) == "," and self.word(spot + 1) in ("which", "that"):
            spot += 2
            which = True
        elif self.word(spot) in ("which", "that"):
            spot += 1
            which = True
        negated = False
        verbs: list[str] = []
        while True:
            word = self.word(spot)
            if self._comparison(spot)[0] and not (verbs and verbs[-1] == "not" and word == "in"):
                break
            if word in _NEGATED:
                negated = True
                word = _NEGATED[word]
            elif word == "not":
                negated = not negated
            elif word in ("does", "do", "did"):
                pass
            elif word not in LINKS:
                break
            verbs.append(word)
            spot += 1
        sign, width = self._comparison(spot)
        told = bool(verbs) or not isinstance(parts[-1], ast.Name) or self.word(spot) in _COMPARING_VERBS
        if sign and told and self.node(spot + width) is not None:
            done = self._compared(place, parts[-1], sign, spot + width, negated, verbs, continued or which)
            if done > 0:
                return done
        asked, width = self._predicate(spot)
        if verbs and asked and verbs[0] in ("is", "are", "was"):
            call = ast.Call(ast.Name(asked, ast.Load()), [parts[-1]], [])
            said_so = (call, ast.Constant(value=not negated))
            self.emit(said.Equality, place, spot + width, said_so, because=False)
            return spot + width
        if verbs and self.word(spot) == "negative" and self.word(spot + 1) == "infinity":
            infinite = ast.Constant(-math.inf)
            self.emit(said.Equality, place, spot + 2, (*parts, infinite), because=self.because)
            return spot + 2
        if verbs and self.word(spot) in ADJECTIVES:
            return self._described_by(place, parts[-1], spot, negated)
        if continued and not which:
            return after
        if not verbs or negated or verbs[0] == "it" or self.node(spot) is None:
            return after
        return self._valued(place, parts, spot, verbs, which, after)

    def _predicate(self, place: int) -> tuple[str, int]:
        """The function that "prime" (of "9 is prime") or "leap year" names, and its width in items."""
        words = "is"
        for width in range(1, 4):
            words += f"_{self.word(place + width - 1)}"
            if len(self.program.functions.get(words, ())) == 1:
                return words, width
        return "", 0

    def _comparison(self, place: int) -> tuple[str, int]:
        for words, sign in COMPARISONS.get(self.word(place), ()):
            if all(self.word(place + n) == word for n, word in enumerate(words)):
                return sign, len(words)
        return "", 0

    def _compared(
        self, place: int, left: ast.expr, sign: str, spot: int, negated: bool, verbs: list[str], literal: bool
    ) -> int:
        right = self.node(spot)
        assert right is not None
        rows = (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.Name, ast.Attribute)
        if (
            sign == "in"
            and not isinstance(right, rows)
            and not isinstance(getattr(right, "value", 0), (list, dict, set, str))
        ):
            return -1
        if sign == "in" and not verbs:
            return -1
        if any(self.word(n) in ASKING for n in range(max(0, place - 3), place)):
            self.use(place, spot + 1)
            return spot + 1
        if sign == "==" and not negated and isinstance(left, _PLACES) and not literal:
            parts, after, rough = self.chain(spot)  # "best equals 3"
            self.emit(said.Equality, place, after, (left, *parts), stays=True, rough=rough, because=self.because)
            return after
        if sign == "%":
            node: ast.expr = ast.Compare(ast.BinOp(left, ast.Mod(), right), [ast.Eq()], [ast.Constant(0)])
        else:
            node = ast.Compare(left, [_SIGNS[sign]()], [right])
        self.emit(said.Test, place, spot + 1, "", node, not negated, because=self.because, soft=True)
        return spot + 1

    def _described_by(self, place: int, subject: ast.expr, spot: int, negated: bool) -> int:
        if any(self.word(n) in ASKING for n in range(max(0, place - 3), place)):
            return spot + 1
        node = parse(ADJECTIVES[self.word(spot)].format("_"))
        assert node is not None
        filled = _Fill(subject).visit(_copied(node))
        self.emit(said.Test, place, spot + 1, "", filled, not negated, because=self.because, soft=True)
        return spot + 1

    def _valued(self, place: int, parts: list[ast.expr], spot: int, verbs: list[str], which: bool, after: int) -> int:
        subject = parts[-1]
        meaning = [
            verb for verb in verbs if verb not in ("the", "a", "an", "now", "then", "also", "new", "value", "it", "its")
        ]
        if not meaning:
            return after
        if verbs[0] in MOVES and verbs[1:2] == ["it"]:
            return after  # "the deposit raised it to 210"
        if verbs == ["is"] and self.word(spot + 1) == "by":
            return after  # "the grid is 3 by 3"
        if meaning in _HOLDING and self.word(spot + 1) == "and" and self.node(spot + 2) is not None:
            return after  # "the window holds 4 and 8"
        if meaning in _TAKING_UP:
            return after
        moves = any(verb in MOVES for verb in meaning)
        if moves and "to" not in meaning:
            return self._moved(place, subject, spot, meaning, after)
        if meaning[-1] == "from" or meaning[-1] == "by" or "from" in meaning:
            return self._moved(place, subject, spot, meaning, after)
        if set(meaning) <= {
            "to",
            "at",
            "as",
            "with",
            "up",
            "down",
            "back",
            "out",
            "over",
            "off",
            "all",
            "both",
            "each",
        }:
            earlier = {self.word(n) for n in range(max(0, place - 12), place)}
            if meaning[-1] != "to" or not earlier & SETTING or self.word(place - 1) == "from":
                return after
        if meaning == ["of"] and self.word(spot + 1) in ("is", "was"):  # "the last digit of 4729 is 9"
            self.emit(said.Mention, spot, spot + 1, self.nodes[spot], False)
            return self._said_of(place, parts, spot + 1)
        if meaning == ["of"]:
            closed = isinstance(subject, ast.Name) and isinstance(self.node(spot), ast.Constant)
            if not closed or self.word(spot + 1) in ("and", "or") or self.mark(spot + 1) in (",", "%"):
                return after
        elif (
            meaning[-1] == "of"
            or meaning[0] == "of"
            or meaning[0] == "with"
            or (meaning[-1] == "with" and len(meaning) == 1)
        ):
            return after
        if meaning[-1] in ("has", "have", "holds", "contains", "contain", "hold", "with"):
            measured = self.measured(after, subject)
            if measured > after:
                return measured
            if meaning[-1] in ("has", "have"):
                return after
        if verbs[-2:] in _ARE_NOW:
            meaning = verbs
        return self._equal(place, parts, spot, meaning, which)

    def _moved(self, place: int, subject: ast.expr, spot: int, meaning: list[str], after: int) -> int:
        """ "goes from 3 to 5", "increases by 2 to 5"; without the end value nothing is claimed."""
        if meaning[-1] not in ("from", "by") or meaning[0] == "from":
            return after
        _parts, end, _rough = self.chain(spot)
        if self.word(end) == "to" and self.node(end + 1) is not None:
            return self._equal(place, [subject], end + 1, ["goes", "to"], False)
        return after

    def _equal(self, place: int, parts: list[ast.expr], spot: int, verbs: list[str], which: bool) -> int:
        more, after, rough = self.chain(spot)
        if isinstance(parts[0], ast.Constant) and len(more) > 1 and verbs[-1] in _LEADS_ON:
            self.emit(said.Equality, spot, after, tuple(more), rough=rough, because=self.because)
            return after
        if not any(is_closed(part) for part in more):
            return self._told_of(place, [*parts, *more], after)
        if isinstance(more[0], ast.Compare) and not isinstance(parts[0], _PLACES):
            return spot
        if self.number(spot) is not None and self.word(spot + 1) in MEASURES and verbs[-1] in STAYS:
            return spot
        rough = rough or self._is_rough(after)
        stays = any(verb in STAYS for verb in verbs) or which or verbs[-2:] in _ARE_NOW
        whole = (*parts, *more)
        if isinstance(parts[0], ast.Constant) and "are" in verbs:
            return spot  # "the scores above 78 are 85 and 91"
        if isinstance(parts[0], ast.Constant) and isinstance(parts[0].value, str) and self.texts[spot].isalpha():
            return after  # "'o' is one"
        if is_closed(parts[0]) and len(more) == 1 and isinstance(parts[0], ast.Constant) and is_closed(more[0]):
            share = self.mark(after) == "%"  # "0.4, that is 40%"
            left = ast.BinOp(parts[0], ast.Mult(), ast.Constant(100)) if share else parts[0]
            node = ast.Compare(left, [ast.Eq()], [more[0]])
            self.emit(said.Test, place, after, "", node, True, because=self.because, soft=True)
            return after
        ends = any(verb in ENDS for verb in verbs)
        self.emit(said.Equality, place, after, whole, stays=stays, rough=rough, because=self.because, ends=ends)
        after = self._series(parts[0], after)
        last = more[-1]
        if is_closed(last):
            return self._said_of(after - 1, [last], after, continued=True)
        return after

    def _series(self, subject: ast.expr, after: int) -> int:
        """ "goes to 2 and then 3": more values of the same subject."""
        while True:
            spot = after
            if self.mark(spot) == ",":
                spot += 1
            if self.word(spot) == "and":
                spot += 1
            if self.word(spot) != "then" or self.node(spot + 1) is None:
                return after
            node = self.node(spot + 1)
            if not isinstance(node, ast.Constant) or self.relates(spot + 2):
                return after
            self.emit(said.Equality, spot, spot + 2, (subject, node))
            after = spot + 2


def _truth(node: ast.expr | None) -> bool | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None


def _copied(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


class _Fill(ast.NodeTransformer):
    """Puts the subject where the pattern has `_`."""

    def __init__(self, subject: ast.expr) -> None:
        self.subject = subject

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.subject if node.id == "_" else node
