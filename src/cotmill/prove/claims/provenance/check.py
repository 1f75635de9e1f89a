"""Whether a solution that was written without the program hangs together.

Every identity must hold. Every operand must come from the problem, the program's constants, what everybody knows, or
an earlier result. Every result must be used, be the answer, or be a value of the run. A larger number in the prose must
come from somewhere too, and the answer must have been worked out.
"""

from __future__ import annotations

import operator
import re
from collections import deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from cotmill.base.trace import Return, Set, Trace
from cotmill.prove.claims.provenance.identities import Chain, Side, chains_of, solved
from cotmill.prove.claims.provenance.prose import Token, tokens_of
from cotmill.prove.claims.provenance.sources import given_numbers, known_numbers, numbers_in, parts, plain
from cotmill.prove.claims.run.program import Program

__all__ = ["Finding", "Reading", "Sources", "read"]

MAX_ROUNDED = 100  # of the last results, those that a decimal may stand for
LARGE = 12  # a number up to this may stand in prose without a source
_ROUNDS = re.compile(r"round|about|approx|nearest|whole|almost|roughly|estimat|\u2248|~", re.IGNORECASE)
_CENTS = re.compile(r"cent|\u00a2|penn", re.IGNORECASE)
_COMPARE = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


class Finding(NamedTuple):
    """A claim of the text and what became of it. `step` is the trace's event with its result, -1 if none has it."""

    start: int
    end: int
    kind: str  # "identity", "comparison", "statement", "number", "answer"
    verdict: str
    step: int
    why: str


@dataclass(frozen=True)
class Sources:
    """Numbers that need no reason."""

    given: frozenset[Fraction]  # by the problem, the input and the program's constants
    known: frozenset[Fraction]  # by everybody
    steps: dict[Fraction, int]  # values of the run -> the first event that has it
    rounds: bool  # the problem speaks of rounding
    answer: Fraction | None
    parts: frozenset[Fraction]  # of an answer that is made of numbers

    @staticmethod
    def of(problem: str, input: dict[str, Any], program: Program, trace: Trace) -> Sources:
        steps: dict[Fraction, int] = {}
        for moment, event in enumerate(trace.events):
            if isinstance(event, (Set, Return)) and event.value >= 0:
                number = plain(trace.values[event.value])
                if number is not None:
                    steps.setdefault(number, moment)
        for number in numbers_in(trace.values):
            steps.setdefault(number, -1)
        tokens = tokens_of(problem)
        given = given_numbers(tokens) | numbers_in([*program.constants, input])
        rounds, output = bool(_ROUNDS.search(problem)), trace.output
        return Sources(
            frozenset(given), frozenset(known_numbers(tokens)), steps, rounds, plain(output), frozenset(parts(output))
        )


class Reading(NamedTuple):
    findings: list[Finding]
    last: Fraction | None  # what the last identity comes to
    coverage: float  # share of the run's numbers that the text has


def read(text: str, sources: Sources) -> Reading:
    """Everything that the text claims, in order, and at the end what its results come to."""
    return _Reading(text, solved(tokens_of(text)), sources).read()


@dataclass(frozen=True)
class _Result:
    """What a chain comes to: the values of its sides, which are the same number in several forms."""

    values: frozenset[Fraction]
    chain: Chain
    place: int  # of its finding
    last: Fraction | None  # the value of its last side


@dataclass
class _Reading:
    text: str
    tokens: list[Token]
    sources: Sources
    earlier: set[Fraction] = field(default_factory=set)
    rounded: deque[Fraction] = field(default_factory=lambda: deque(maxlen=MAX_ROUNDED))  # results that are not whole
    results: list[_Result] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    free: set[Fraction] = field(default_factory=set)  # numbers that need no reason
    told: set[Fraction] = field(default_factory=set)  # what the identities of the whole text come to
    worked: set[Fraction] = field(default_factory=set)  # what is worked out of other numbers

    def read(self) -> Reading:
        self.free = set(self.sources.given | self.sources.known | known_numbers(self.tokens))
        items = list(chains_of(self.tokens))
        self.told = {
            value
            for item in items
            if isinstance(item, Chain) and any(side is not None and side.operations for side in item.sides)
            for value in _values(item.sides)
        }
        for item in items:
            if not isinstance(item, Chain):
                self.number(item)
            elif item.sign != "=":
                self.comparison(item)
            elif len([side for side in item.sides if side is not None]) == 1 and not _operations(item):
                self.statement(item)
            else:
                self.identity(item)
        self.unused()
        self.worked_out()
        last = self.results[-1].last if self.results else None
        run = {value for value, moment in self.sources.steps.items() if moment >= 0}
        stated = self.earlier | {token.value for token in self.tokens if token.kind == "num"}
        return Reading(self.found, last, len(run & stated) / len(run) if run else 0.0)

    # Claims of the text, each in its turn.

    def number(self, token: Token) -> None:
        """A number of the prose."""
        value = token.value
        if value in self.free or value in self.earlier or value in self.told or self.is_known(value):
            return
        if value > LARGE and not token.named:
            self.add(token, "number", "unsupported", f"{token.text} comes from nowhere", value)

    def comparison(self, chain: Chain) -> None:
        """`$125 > $96`."""
        sides = [side for side in chain.sides if side is not None]
        for side in sides:
            why = self.foreign(side)
            if why:
                self.add(chain, "comparison", "unsupported", why)
                return
        if len(sides) != 2 or sides[0].values is None or sides[1].values is None:
            return
        true = _COMPARE[chain.sign](sides[0].values[0], sides[1].values[0])
        self.add(chain, "comparison", "verified" if true else "refuted", "" if true else "this is not so")

    def statement(self, chain: Chain) -> None:
        """`Chair = 3 feet`: a number under a name."""
        side = next(side for side in chain.sides if side is not None)
        values = set(side.values or ())
        self.earlier |= values
        if side.operands[-1].named:
            return
        if values & (self.sources.given | self.told) or any(map(self.is_known, values)):
            self.add(chain, "statement", "verified", "", *values)
        else:
            self.add(chain, "statement", "unsupported", f"{side.operands[-1].text} comes from nowhere")

    def identity(self, chain: Chain) -> None:
        sides = [side for side in chain.sides if side is not None]
        if len(sides) > 1 and not sides[0].operations and sides[0].units and sides[1].operations:
            same = self.same(sides[0], sides[1], chain)
            sides = sides if same else sides[1:]  # "Eight doses = 8 * 56 = 448": a name that begins with a number
        algebra = any(token.named for side in sides for token in side.operands)
        verdict, why = self.judged(sides, chain, algebra=algebra)
        values = _values(sides)
        if not algebra and len(sides) > 1:
            last = sides[-1].values[0] if sides[-1].values else None
            self.results.append(_Result(values, chain, len(self.found), last))
        self.add(chain, "identity", verdict, why, *(sides[-1].values or ()))
        self.worked |= {value for value in values if any(self.makes(side, value) for side in sides)}
        self.worked |= {
            token.value for side in sides for token in side.operands if token.named and self.makes(side, token.value)
        }
        self.earlier |= values
        for side in sides:
            self.earlier.add(Fraction(1 + sum(sign == "+" for sign in side.signs)))  # how many were added
            self.rounded += [value for value in side.values or () if value.denominator != 1]
            if algebra:
                self.earlier |= {token.value for token in side.operands}

    def judged(self, sides: list[Side], chain: Chain, *, algebra: bool) -> tuple[str, str]:
        for left, right in pairwise(sides):
            if left.values is None or right.values is None:
                return "uncheckable", "it cannot be worked out"
            if not self.same(left, right, chain):
                return "refuted", f"{_shown(left.values[0])} is not {_shown(right.values[0])}"
        parts: set[Fraction] = set()
        for side in sides if not algebra else ():
            simplified = side is not sides[0] and side.signs == "/"  # 200/250 = 4/5
            why = self.foreign(side, parts) if side.operations and not simplified else ""
            if why:
                return "unsupported", why
            parts.update(side.parts)
        return "verified", ""

    def foreign(self, side: Side, parts: AbstractSet[Fraction] = frozenset()) -> str:
        """Why an operand of this side may not stand there; empty if all may. `parts` were worked out on its left."""
        shares = self.shares(side)
        for token in side.operands:
            if token.value not in parts and token not in shares and not self.is_sourced(token):
                return f"{token.text} comes from nowhere"
        return ""

    def shares(self, side: Side) -> set[Token]:
        """Operands that make a fraction which has a source as a whole: 4 and 5 of 4/5."""
        found: set[Token] = set()
        for top, bottom in pairwise(side.operands):
            if bottom.value and self.text[top.end : bottom.start].strip() == "/":
                share = top.value / bottom.value
                if share in self.earlier or share in self.free:
                    found |= {top, bottom}
        return found

    def is_sourced(self, token: Token) -> bool:
        value = token.value
        if value in self.free or value in self.earlier or (token.percent and value / 100 in self.free | self.earlier):
            return True
        unit = Fraction(1, 10**token.places)
        return bool(token.places or token.cut) and any(abs(value - exact) < unit for exact in self.rounded)

    def same(self, left: Side, right: Side, chain: Chain) -> bool:
        """Whether two sides are one number, as it is written: rounded where it says so, percent, cents."""
        if left.values is None or right.values is None:
            return False
        if set(left.values) & set(right.values):
            return True
        line = self.line(chain)
        if not right.operations and self.rounds_to(left.values, right, line):
            return True
        if not left.operations and not right.operations:
            return self.converts(left.values[0], right.values[0])
        hundred = _CENTS.search(line) is not None
        return hundred and left.values[0] in (100 * right.values[0], right.values[0] / 100)

    def rounds_to(self, exact: Iterable[Fraction], written: Side, line: str) -> bool:
        token = written.operands[-1]
        freely = self.sources.rounds or _ROUNDS.search(line) is not None
        for value, places in zip(written.values or (), (token.places + 2 * token.percent, token.places), strict=True):
            unit = Fraction(1, 10**places)
            for number in exact:
                gap = abs(number - value)
                if (token.places and 2 * gap <= unit) or ((token.cut or freely) and gap < unit):
                    return True
        return False

    def converts(self, left: Fraction, right: Fraction) -> bool:
        """900 minutes = 15 hours: their ratio is a known one."""
        return bool(left and right) and (left / right in self.free or right / left in self.free)

    def line(self, chain: Chain) -> str:
        end = self.text.find("\n", chain.end)
        return self.text[max(chain.start - 300, 0) : chain.end + 300 if end < 0 else min(end, chain.end + 300)]

    def makes(self, side: Side, value: Fraction) -> bool:
        """Whether the number is worked out on this side, or told in another unit: 19 = 19 and 19 = 19 / 1 do not."""
        if any(token.value == value and not token.named and not self.is_sourced(token) for token in side.operands):
            return False
        return bool(side.operations) or (value not in (side.values or ()) and all(map(self.is_sourced, side.operands)))

    # What it all comes to.

    def unused(self) -> None:
        """A result that leads nowhere is a step that belongs to another problem, or a wrong number."""
        last: dict[Fraction, int] = {}
        for index, token in enumerate(self.tokens):
            if token.kind == "num":
                last[token.value] = token.start
                after = self.tokens[index + 1 : index + 3]
                if len(after) == 2 and after[0].text == "/" and after[1].kind == "num" and after[1].value:
                    last[token.value / after[1].value] = token.start
        for result in self.results:
            values = result.values
            if any(last.get(value, -1) >= result.chain.end for value in values | {100 * value for value in values}):
                continue
            if self.found[result.place].verdict == "verified" and not self.leads_on(result):
                why = "its result is neither used, nor the answer, nor a value of the run"
                self.found[result.place] = self.found[result.place]._replace(verdict="unsupported", why=why)

    def leads_on(self, result: _Result) -> bool:
        if any(map(self.is_known, result.values)):
            return True
        answer = self.sources.answer
        if answer is None:
            return False
        if any(answer in (100 * value, value / 100) for value in result.values):
            return True
        freely = self.sources.rounds or _ROUNDS.search(self.line(result.chain)) is not None
        return freely and any(abs(value - answer) < 1 for value in result.values)

    def worked_out(self) -> None:
        """The answer is the result of an identity; of several numbers one at least, and the others are given or too."""
        if not any(finding.kind == "identity" for finding in self.found):
            return
        verdict, why = "unsupported", "the answer is not worked out"
        answer, wanted = self.sources.answer, self.sources.parts
        worked = self.worked | (self.earlier & self.sources.given)
        if answer is not None:
            values = worked | {100 * value for value in worked} | {value / 100 for value in worked}
            if answer in values or (self.sources.rounds and any(abs(value - answer) < 1 for value in worked)):
                return
        elif not wanted:
            verdict, why = "uncheckable", "an answer that is not made of numbers is not seen to be worked out"
        elif wanted <= self.worked | self.sources.given and not self.worked.isdisjoint(wanted):
            return
        end = len(self.text)
        self.found.append(Finding(end, end, "answer", verdict, -1, why))

    def is_known(self, value: Fraction) -> bool:
        return value in self.sources.steps or value == self.sources.answer

    def add(self, what: Chain | Token, kind: str, verdict: str, why: str, *values: Fraction) -> None:
        steps = [self.sources.steps[value] for value in values if value in self.sources.steps]
        self.found.append(Finding(what.start, what.end, kind, verdict, max(steps, default=-1), why))


def _operations(chain: Chain) -> int:
    return sum(side.operations for side in chain.sides if side is not None)


def _values(sides: Iterable[Side | None]) -> frozenset[Fraction]:
    return frozenset(value for side in sides if side is not None for value in side.values or ())


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}"
