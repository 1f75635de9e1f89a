"""The one comparison of answers in Cotmill: does a stated answer equal the right one?

    equal("\\\\frac{1}{2}", "0.5")          # True
    compare("5 cm", "5 m").verdict         # "different"
    extract("... so the answer is 9.")     # "9"

Both sides are text. Each is read into a typed value (`answers.literals`), typed values are compared by the rules of
docs/answers.md, and only what is symbolic on at least one side is asked of math-verify, in a process of its own
(`answers.symbolic`). It fails closed: what could not be checked is not equal.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from cotmill.prove.answers.extract import extract
from cotmill.prove.answers.kinds import Bare, Interval, Named, Quantity, Refused, SetOf, Symbolic, Text
from cotmill.prove.answers.latex_text import is_constant, strip_wrappers
from cotmill.prove.answers.literals import as_interval, read, read_json
from cotmill.prove.answers.numerals import Huge, Number, same_number
from cotmill.prove.answers.symbolic import Judgement, askable, judge

__all__ = ["Comparison", "compare", "equal", "equal_json", "extract"]

Verdict = Literal["equal", "different", "could-not-check"]

MAX_QUESTIONS = 12  # pairs that one comparison may ask of math-verify
MAX_SET_STEPS = 20_000  # comparisons that one pair of answers may spend on finding members of sets


@dataclass(frozen=True, slots=True)
class Comparison:
    """`how` is the layer that decided: same-text, typed, symbolic; or too-large, no-time, not-understood."""

    verdict: Verdict
    how: str


class _CannotCheck(Exception):
    """The message is the `how` of the comparison."""


def equal(prediction: str, gold: str) -> bool:
    """Whether the two texts state the same answer; False where that could not be checked. Symmetric."""
    return compare(prediction, gold).verdict == "equal"


_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


def compare(prediction: str, gold: str, *, any_order: bool = False) -> Comparison:
    """Compare two texts, whatever they hold; with `any_order` items without brackets may stand in any order.

    Raises MachineryError if math-verify cannot be started.
    """
    if prediction == gold:
        return Comparison("equal", "same-text")
    if _INTEGER.fullmatch(prediction) and _INTEGER.fullmatch(gold):
        return Comparison("equal" if int(prediction) == int(gold) else "different", "typed")
    try:
        return _compare_read(prediction, gold, any_order=any_order)
    except _CannotCheck as error:
        return Comparison("could-not-check", str(error))
    except RecursionError:
        return Comparison("could-not-check", "too-large")


def _compare_read(prediction: str, gold: str, *, any_order: bool) -> Comparison:
    a, b = read(prediction), read(gold)
    if isinstance(a, str) != isinstance(b, str) and _quoted(a, prediction) & _quoted(b, gold):
        return Comparison("equal", "typed")  # quotes around the whole answer are only a way to write it
    if any_order and isinstance(a, Bare) and isinstance(b, Bare) and len(a.items) == len(b.items):
        a, b = _as_set(a), _as_set(b)
    matcher = _Matcher()
    if not matcher.same(a, b):
        return Comparison("different", "typed")
    if not matcher.questions:
        return Comparison("equal", "typed")
    return _ask(matcher.questions)


def _as_set(listed: Bare) -> Bare | SetOf:
    latex = _bracketed(r"\{", listed.items, r"\}")
    return listed if latex is None else SetOf(listed.items, latex)


def _quoted(value: Any, text: str) -> set[str]:
    """What may stand in the quotes: a text without quotes as it is, and without what is around it."""
    texts = [value] if isinstance(value, str) else [text, strip_wrappers(text)]
    return {" ".join(found.split()) for found in texts}


def equal_json(a: str, b: str) -> bool:
    """Whether two JSON texts hold the same value: numbers by the rules for numbers, everything else exactly.

    For an executed answer against a stated one. Texts are never read as numbers; what is not JSON is not equal.
    """
    if a == b:
        return _is_json(a)
    try:
        return _Matcher().same(read_json(a), read_json(b))
    except (ValueError, RecursionError, _CannotCheck):
        return False


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass
class _Matcher:
    """One comparison of two typed values. What only math-verify can tell is put off: `same` is then True for now."""

    questions: list[tuple[Any, Any]] = field(default_factory=list)
    set_steps: int = 0

    def same(self, a: Any, b: Any) -> bool:
        """Whether the values are the same by type and value, but for the `questions` that it leaves."""
        if isinstance(a, (Number, Huge)) and isinstance(b, (Number, Huge)):
            return same_number(a, b)
        if isinstance(a, str) or isinstance(b, str):
            return _same_string(a, b)
        if isinstance(a, (bool, type(None))) or isinstance(b, (bool, type(None))):
            return a is b
        if isinstance(a, list) and isinstance(b, list):
            return len(a) == len(b) and all(map(self.same, a, b))
        if isinstance(a, Text) and isinstance(b, Text):
            return _folded(a.text) == _folded(b.text) or _chosen(a.text, b.text) or _chosen(b.text, a.text)
        return self.same_rarer(a, b)

    def same_rarer(self, a: Any, b: Any) -> bool:
        if isinstance(a, Refused) or isinstance(b, Refused):
            return self.same_refused(a, b)
        if isinstance(a, Named) or isinstance(b, Named):
            return self.same_named(a, b)
        if isinstance(a, Quantity) or isinstance(b, Quantity):
            return self.same_quantity(a, b)
        if isinstance(a, Symbolic) or isinstance(b, Symbolic):
            return self.same_symbolic(a, b)
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(self.same(a[key], b[key]) for key in a)
        if isinstance(a, SetOf) or isinstance(b, SetOf):
            return self.same_set(a, b)
        if isinstance(a, Interval) or isinstance(b, Interval):
            return self.same_interval(as_interval(a), as_interval(b))
        left, right = _items(a), _items(b)
        if left is None or right is None:
            return False
        return len(left) == len(right) and all(map(self.same, left, right))

    def same_refused(self, a: Any, b: Any) -> bool:
        if isinstance(a, Refused) and isinstance(b, Refused) and _folded(a.text) == _folded(b.text):
            return True
        raise _CannotCheck("too-large")

    def same_named(self, a: Any, b: Any) -> bool:
        """x = 5 is 5, and is not y = 5."""
        if isinstance(a, Named) and isinstance(b, Named):
            return a.name == b.name and self.same(a.value, b.value)
        named, other = (a, b) if isinstance(a, Named) else (b, a)
        if isinstance(other, Symbolic) and not is_constant(other.latex):
            return self.same_symbolic(a, b)
        return self.same(named.value, other)

    def same_quantity(self, a: Any, b: Any) -> bool:
        """The same value; the same unit, or none on one side."""
        left, right = (value.number if isinstance(value, Quantity) else value for value in (a, b))
        if not isinstance(left, (Number, Huge, Symbolic)) or not isinstance(right, (Number, Huge, Symbolic)):
            return False
        if isinstance(a, Quantity) and isinstance(b, Quantity) and a.unit != b.unit:
            return False
        return self.same(left, right)

    def same_symbolic(self, a: Any, b: Any) -> bool:
        if _latex(a) is None or _latex(b) is None:
            return False
        self.questions.append((a, b))
        return True

    def same_interval(self, a: Interval | None, b: Interval | None) -> bool:
        if a is None or b is None or (a.low_in, a.high_in) != (b.low_in, b.high_in):
            return False
        return self.same(a.low, b.low) and self.same(a.high, b.high)

    def same_set(self, a: Any, b: Any) -> bool:
        """The same members, in any order and however often; items without brackets may be meant as a set."""
        if a == {} or b == {}:
            return isinstance(a if b == {} else b, SetOf) and not (a if b == {} else b).items
        if not isinstance(a, (SetOf, Bare)) or not isinstance(b, (SetOf, Bare)):
            return False
        if any(isinstance(item, (Symbolic, Refused)) for item in (*a.items, *b.items)):
            return self.same_symbolic(a, b)
        return self.holds(a.items, b.items) and self.holds(b.items, a.items)

    def holds(self, items: tuple[Any, ...], members: tuple[Any, ...]) -> bool:
        """Whether each member has its like among the items."""
        known = {key for key in map(_key, items) if key is not None}
        for member in members:
            key = _key(member)
            if key is not None and key in known:
                continue
            self.set_steps += len(items)
            if self.set_steps > MAX_SET_STEPS:
                raise _CannotCheck("too-large")
            if not any(self.same(item, member) for item in items):
                return False
        return True


def _same_string(a: Any, b: Any) -> bool:
    """A quoted text is exact; next to unquoted words only its white space is free."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b or _composed(a) == _composed(b)
    quoted, other = (a, b) if isinstance(a, str) else (b, a)
    return isinstance(other, Text) and " ".join(_composed(quoted).split()) == " ".join(_composed(other.text).split())


_CHOSEN = re.compile(r"(?:(?:option|choice) )?\(?([a-zA-Z])[).:] (.*)", re.DOTALL | re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:or|and)\b|\b[a-zA-Z]\)|\bis (?:not|wrong|incorrect|false)\b", re.IGNORECASE)


def _chosen(letter: str, text: str) -> bool:
    """Whether the text is the choice of this letter with what stands behind it: "(B) 23" is B, "(A) or (B)" not A."""
    match = _CHOSEN.fullmatch(text) if len(letter) == 1 else None
    return match is not None and match[1].casefold() == letter.casefold() and not _ANOTHER.search(match[2])


def _items(value: Any) -> list[Any] | tuple[Any, ...] | None:
    if isinstance(value, (list, tuple)):
        return value
    return value.items if isinstance(value, Bare) else None


def _folded(text: str) -> str:
    return " ".join(_composed(text).casefold().split())


def _composed(text: str) -> str:
    """One spelling of letters that Unicode can write in two ways: an o with dots, an o and dots."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _key(value: Any) -> object:
    """Equal keys for values that are surely the same, to find members of large sets quickly; None for most types."""
    if isinstance(value, Number):
        return Fraction(value.top, value.bottom)
    if isinstance(value, Text):
        return ("text", _folded(value.text))
    return ("str", value) if isinstance(value, str) else None


def _latex(value: Any) -> str | None:
    """LaTeX of a value that can be compared with an expression; None for words, dicts, quantities."""
    if isinstance(value, (Symbolic, SetOf)):
        return value.latex
    if isinstance(value, Number):
        return str(value.top) if value.bottom == 1 else rf"\frac{{{value.top}}}{{{value.bottom}}}"
    if isinstance(value, Named):
        inner = _latex(value.value)
        return None if inner is None else f"{value.name} = {inner}"
    if isinstance(value, Text):
        infinite = value.text in ("inf", "-inf")
        return value.text.replace("inf", r"\infty") if infinite or len(value.text) == 1 else None
    if isinstance(value, Interval):
        return _bracketed("[" if value.low_in else "(", (value.low, value.high), "]" if value.high_in else ")")
    if isinstance(value, (list, tuple)):
        return _bracketed("[" if isinstance(value, list) else "(", value, "]" if isinstance(value, list) else ")")
    return _bracketed("", value.items, "") if isinstance(value, Bare) else None


def _bracketed(opening: str, items: list[Any] | tuple[Any, ...], closing: str) -> str | None:
    """None for fewer than two items: math-verify would take [5] for 5."""
    inner = [_latex(item) for item in items]
    return None if None in inner or len(inner) < 2 else f"{opening}{', '.join(item or '' for item in inner)}{closing}"


def _ask(questions: list[tuple[Any, Any]]) -> Comparison:
    """Ask math-verify all questions at once: all must be the same."""
    pairs = [(_latex(a) or "", _latex(b) or "") for a, b in questions]
    pending = [(pair, question) for pair, question in zip(pairs, questions, strict=True) if pair[0] != pair[1]]
    if len(pending) > MAX_QUESTIONS or not all(askable(text) for pair, _ in pending for text in pair):
        return Comparison("could-not-check", "too-large")
    if not pending:
        return Comparison("equal", "symbolic")
    judgements = judge([pair for pair, _ in pending])
    if judgements is None:
        return Comparison("could-not-check", "no-time")
    verdicts = [_verdict(a, b, judgement) for judgement, (_, (a, b)) in zip(judgements, pending, strict=True)]
    if False in verdicts:
        return Comparison("different", "symbolic")
    if None in verdicts:
        return Comparison("could-not-check", "not-understood")
    return Comparison("equal", "symbolic")


CONSTANT_AGREEMENT = 10**30  # constants are known to 40 digits: sqrt(10**16 - 1) is not 10**8


def _verdict(a: Any, b: Any, judgement: Judgement) -> bool | None:
    """Two constants are compared by their values, by the rules for numbers; everything else is as math-verify says."""
    left, right = judgement.values
    if left is None or right is None or judgement.same is None:
        return judgement.same
    gap = abs(left.top * right.bottom - right.top * left.bottom)
    if gap * CONSTANT_AGREEMENT <= max(abs(left.top) * right.bottom, abs(right.top) * left.bottom):
        return True
    if isinstance(a, Number) or isinstance(b, Number):  # one is written as a number, perhaps rounded
        return same_number(a if isinstance(a, Number) else _exact(left), b if isinstance(b, Number) else _exact(right))
    return judgement.same and gap * CONSTANT_AGREEMENT <= left.bottom * right.bottom


def _exact(value: Number) -> Number:
    return Number(value.top, value.bottom)
