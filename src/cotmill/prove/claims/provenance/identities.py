"""Tokens -> identities: `20 miles + 15 miles = 35 miles` is two sides that must have one value.

Units are words between a number and the next operator; a slash and a word is a unit too (`$8/share`). A side with an
unknown in it (`2x + 5`) has no value. Each token is looked at a bounded number of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cotmill.prove.claims.provenance.prose import Token

__all__ = ["Chain", "Side", "chains_of", "solved"]

MAX_OPERATIONS = 100  # of one side
MAX_DEPTH = 6  # brackets within brackets
MAX_BITS = 4000  # of a value's numerator and denominator together
UNIT_WORDS = 8  # words between a number and the operator after it
_ENDS_UNITS = frozenset({
    "and", "so", "then", "which", "because", "if", "but", "since", "or", "thus", "therefore", "hence", "that",
})  # fmt: skip
_ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "those", "these", "all", "its", "your", "my"})

Values = tuple[Fraction, Fraction]  # with 20 % as 1/5, and with 20 % as 20


class Side(NamedTuple):
    """One side of an identity. `values` is None where it cannot be worked out (division by zero, too large)."""

    values: Values | None
    operands: tuple[Token, ...]
    signs: str  # its operators
    first: int  # its first token
    after: int  # the token behind it and its units
    units: str  # the words behind its last number
    parts: tuple[Fraction, ...]  # what its operations come to, one by one

    @property
    def operations(self) -> int:
        return len(self.signs)


@dataclass(frozen=True)
class Chain:
    """Sides with equals signs between them; None for a side that is not a number."""

    sides: tuple[Side | None, ...]
    start: int  # places in the text
    end: int
    sign: str  # "=" or a comparison


def chains_of(tokens: list[Token]) -> Iterator[Chain | Token]:
    """The text's identities, and the numbers that stand in none, in order."""
    at = 0
    while at < len(tokens):
        side = _Reader(tokens).side(at) if _may_begin(tokens, at) else None
        if side is None:
            token = tokens[at]
            if token.kind in ("eq", "cmp"):
                chain, at = _chain(tokens, None, at)
                if chain is not None:
                    yield chain
                    continue
            if token.kind == "num":
                yield token
            at += 1
            continue
        chain, after = _chain(tokens, side, side.after)
        if chain is not None:
            yield chain
        else:
            yield from side.operands
        at = max(after, side.after)


def _may_begin(tokens: list[Token], at: int) -> bool:
    kind = tokens[at].kind
    return kind in ("num", "open") or (kind == "op" and tokens[at].text == "-")


def _chain(tokens: list[Token], left: Side | None, at: int) -> tuple[Chain | None, int]:
    """The chain that goes on at this token, which may be a sign, and where it ends."""
    sides, sign = [None if left is None or _is_unknown(tokens, left) else left], ""
    while at < len(tokens):
        token = tokens[at]
        if token.kind not in ("eq", "verb", "cmp") or (sign and (token.kind == "cmp") != (sign != "=")):
            break
        if token.kind == "verb" and (sides[-1] is None or not sides[-1].operations):
            break
        right = _Reader(tokens).side(at + 1) if at + 1 < len(tokens) and _may_begin(tokens, at + 1) else None
        if token.kind == "verb" and (right is None or right.first != at + 1):
            break
        sign = token.text if token.kind == "cmp" else "="
        if right is None:
            sides.append(None)
            at = _next_sign(tokens, at + 1)
            continue
        at = right.after
        sides.append(None if _goes_on(tokens, right) else right)
    known = [side for side in sides if side is not None]
    if not sign or not known:
        return None, at
    start = tokens[known[0].first].start
    end = tokens[known[-1].after - 1].end
    return Chain(tuple(sides), start, end, sign), at


def _next_sign(tokens: list[Token], at: int) -> int:
    """The next equals sign of the same clause, or the place given."""
    for ahead in range(at, min(at + UNIT_WORDS, len(tokens))):
        kind = tokens[ahead].kind
        if kind == "eq":
            return ahead
        if kind in ("stop", "punct", "num", "verb"):
            break
    return at


def _is_unknown(tokens: list[Token], side: Side) -> bool:
    """Whether the side is the end of a longer one with a name in it: `Age/2`, `S + 5`."""
    before = tokens[side.first - 1] if side.first else None
    if before is None or before.kind != "op":
        return _goes_on(tokens, side)
    return before.text in "*/+" or not side.operations or _goes_on(tokens, side)


def _goes_on(tokens: list[Token], side: Side) -> bool:
    """Whether the side continues with a name: `24 - 5 + x`, `2x`."""
    if side.after >= len(tokens):
        return False
    after = tokens[side.after]
    following = tokens[side.after + 1] if side.after + 1 < len(tokens) else None
    if after.kind == "op" and following is not None:
        symbol = after.end - after.start == 1  # "times" before a word is a word
        return (symbol and following.kind in ("word", "open") and after.text in "+*") or is_name(following)
    return is_name(after) and tokens[side.after - 1].end == after.start  # "39 g" has a unit


def is_name(token: Token) -> bool:
    """Whether the token is a letter that stands for a number."""
    return token.kind == "word" and len(token.text) == 1 and token.text not in "aAI"


def solved(tokens: list[Token]) -> list[Token]:
    """The tokens with the value of each unknown in its place, where the text states one value of it: `x = 25`.

    So an equation is checked as a person checks it, by putting the solution in.
    """
    values: dict[str, set[Fraction]] = {}
    for at, token in enumerate(tokens):
        if token.kind != "eq":
            continue
        if _is_lone(tokens, at - 1) and (value := _last_value(tokens, at)) is not None:
            values.setdefault(tokens[at - 1].text, set()).add(value)
        elif _is_lone(tokens, at + 1) and at and tokens[at - 1].kind == "num":
            values.setdefault(tokens[at + 1].text, set()).add(tokens[at - 1].value)
    known = {name: found.pop() for name, found in values.items() if len(found) == 1}
    return [
        token._replace(kind="num", value=known[token.text], named=True) if is_name(token) and token.text in known
        else token for token in tokens
    ]  # fmt: skip


def _is_lone(tokens: list[Token], at: int) -> bool:
    """Whether a name stands there that is no part of a longer expression."""
    if not 0 <= at < len(tokens) or not is_name(tokens[at]):
        return False
    around = tokens[max(0, at - 1) : at] + tokens[at + 1 : at + 2]
    return not any(token.kind in ("op", "num", "open", "close") for token in around)


def _last_value(tokens: list[Token], at: int) -> Fraction | None:
    """The last value of a chain that goes on at this sign: 3 for `B = 15 / 5 = 3`."""
    value = None
    while at + 1 < len(tokens) and tokens[at].kind == "eq" and _may_begin(tokens, at + 1):
        side = _Reader(tokens).side(at + 1)
        if side is None or side.values is None or _goes_on(tokens, side):
            break
        value, at = side.values[0], side.after
        if at >= len(tokens):
            break
    return value


class _Reader:
    """Reads one side, longest first."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.operands: list[Token] = []
        self.signs = ""
        self.units = ""
        self.parts: list[Fraction] = []
        self.failed = False

    def side(self, first: int) -> Side | None:
        read = self.sum(first, 0)
        if read is None:
            return None
        values, after = read[0], self.past_units(read[1])
        while after + 1 < len(self.tokens) and self.tokens[after].text == "/" and self.tokens[after + 1].kind == "word":
            if is_name(self.tokens[after + 1]):
                break
            after += 2
        after = self.past_units(after)
        return Side(
            None if self.failed else values, tuple(self.operands), self.signs, first, after, self.units,
            tuple(self.parts),
        )  # fmt: skip

    def sum(self, at: int, depth: int) -> tuple[Values, int] | None:
        return self.operated(at, depth, "+-")

    def operated(self, at: int, depth: int, signs: str) -> tuple[Values, int] | None:
        """Operands of one rank with their operators, from the left."""
        read = self.operand(at, depth) if signs == "*/" else self.operated(at, depth, "*/")
        while read is not None:
            values, after = read
            sign, following = self.operator(after, signs)
            if not sign or len(self.signs) >= MAX_OPERATIONS:
                break
            kept = len(self.operands), self.signs
            right = self.operand(following, depth) if signs == "*/" else self.operated(following, depth, "*/")
            if right is None:
                del self.operands[kept[0] :]
                self.signs = kept[1]
                break
            self.signs += sign
            read = self.applied(sign, values, right[0]), right[1]
        return read

    def operator(self, at: int, signs: str) -> tuple[str, int]:
        """The operator that follows, units skipped, and where its operand begins; "" if none of this rank does."""
        ahead = self.past_units(at)
        if ahead >= len(self.tokens):
            return "", at
        token = self.tokens[ahead]
        if token.kind == "op" and token.text in signs:
            following = self.past_articles(ahead + 1)
            return (token.text, following) if self.begins(following) else ("", at)
        if "*" in signs and token.named and ahead == at and self.tokens[at - 1].end >= token.start - 1:
            return "*", at  # 2x
        implied = "*" in signs and ahead == at and token.kind == "open" and self.tokens[at - 1].end >= token.start - 1
        if implied and self.begins(at + 1) and self.is_factor(at):
            return "*", at
        return "", at

    def past_articles(self, at: int) -> int:
        if at < len(self.tokens) and self.tokens[at].text.lower() in _ARTICLES:
            return at + 1
        return at

    def is_factor(self, at: int) -> bool:
        """Whether a bracket is multiplied with what it touches, or stands beside before an operator; else a remark."""
        for ahead in range(at + 1, min(at + 24, len(self.tokens))):
            token = self.tokens[ahead]
            if token.kind == "close":
                after = self.tokens[ahead + 1] if ahead + 1 < len(self.tokens) else None
                glued = self.tokens[at - 1].end == self.tokens[at].start
                return glued or (after is not None and after.kind in ("op", "eq", "open"))
            if token.kind not in ("num", "op"):
                return False
        return False

    def begins(self, at: int) -> bool:
        return at < len(self.tokens) and (
            self.tokens[at].kind in ("num", "open")
            or (self.tokens[at].text == "-" and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "num")
        )

    def operand(self, at: int, depth: int) -> tuple[Values, int] | None:
        if at >= len(self.tokens):
            return None
        token = self.tokens[at]
        if token.text == "-" and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "num":
            inner = self.operand(at + 1, depth)
            return None if inner is None else ((-inner[0][0], -inner[0][1]), inner[1])
        if token.kind == "open" and depth < MAX_DEPTH:
            inner = self.sum(at + 1, depth + 1)
            if inner is None:
                return None
            closing = self.past_units(inner[1])
            if closing >= len(self.tokens) or self.tokens[closing].kind != "close":
                return None
            return self.powered(inner[0], closing + 1)
        if token.kind != "num":
            return None
        self.operands.append(token)
        mixed = self.mixed(at)
        if mixed is not None:
            return mixed
        part = token.value / 100 if token.percent else token.value
        return self.powered((part, token.value), at + 1)

    def mixed(self, at: int) -> tuple[Values, int] | None:
        """2 1/2 -> 5/2."""
        whole, rest = self.tokens[at], self.tokens[at + 1 : at + 4]
        if len(rest) < 3 or rest[0].kind != "num" or rest[1].text != "/" or rest[2].kind != "num":
            return None
        top, bottom = rest[0].value, rest[2].value
        if not (whole.value.denominator == 1 and 0 < top < bottom <= 16) or rest[2].end - rest[0].start > 5:
            return None
        value = whole.value + top / bottom
        self.operands[-1] = whole._replace(value=value, end=rest[2].end)
        return (value, value), at + 4

    def powered(self, values: Values, at: int) -> tuple[Values, int]:
        if at + 1 < len(self.tokens) and self.tokens[at].text == "^" and self.tokens[at + 1].kind == "num":
            power = self.tokens[at + 1].value
            if power.denominator == 1 and 0 <= power <= 64:
                self.signs += "^"
                return (self.bounded(values[0] ** int(power)), self.bounded(values[1] ** int(power))), at + 2
        return values, at

    def past_units(self, at: int) -> int:
        """The token behind the unit words, if an operator, a sign or a closing bracket stands there; else `at`."""
        ahead = at
        words: list[str] = []
        while ahead < len(self.tokens) and len(words) <= UNIT_WORDS:
            token = self.tokens[ahead]
            following = self.tokens[ahead + 1] if ahead + 1 < len(self.tokens) else None
            if token.kind == "op" and token.end - token.start == 2 and not self.begins(self.past_articles(ahead + 1)):
                words.append("of")
                ahead += 1
            elif token.kind == "word" and token.text.lower() not in _ENDS_UNITS and not self.is_factor_name(ahead):
                words.append(token.text.lower())
                ahead += 1
            elif token.text in ("/", "-") and following is not None and following.kind == "word":
                if is_name(following):
                    return at
                words.append("/" + following.text.lower())
                ahead += 2
            else:
                break
        if ahead < len(self.tokens) and self.tokens[ahead].kind in ("op", "eq", "close", "cmp", "verb"):
            if words:
                self.units = " ".join(words)
            return ahead
        return at

    def is_factor_name(self, at: int) -> bool:
        """A letter that touches what stands before it: the unknown of 2x, and not the unit of 39 g."""
        return is_name(self.tokens[at]) and self.tokens[at - 1].end == self.tokens[at].start

    def applied(self, sign: str, left: Values, right: Values) -> Values:
        if sign == "/" and 0 in right:
            self.failed = True
            return left
        results = []
        for a, b in zip(left, right, strict=True):
            results.append(a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else a / b)
        values = self.bounded(results[0]), self.bounded(results[1])
        self.parts.append(values[0])
        return values

    def bounded(self, value: Fraction) -> Fraction:
        if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
            self.failed = True
            return Fraction(0)
        return value
