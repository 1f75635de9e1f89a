"""Whether a problem gives its answer away: its value where no input needs it, a line that states it, a worked step."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any

from cotmill.base.literal import literal
from cotmill.explain.posed.stands import Leaf, leaf_of, leaves, places, spans_of

__all__ = ["given_away"]

_LINE = re.compile(
    r"(?:^[ \t>#*_-]*|(?<=[.?!])\s+[*_]*)(?:(?:the|final|correct|expected|sample)[ ]+)*"
    r"(?:answers?|solution|output|result|explanation|reasoning|hint|step[ ]1)[ *_]*[:=][ *_]*(?=[^\s_?.*])",
    re.IGNORECASE | re.MULTILINE,
)
_BOXED = re.compile(r"\\boxed|^[ ]*####", re.MULTILINE)
_STATED = re.compile(
    r"\b(?:answer|result|output|solution)[ ]*(?:is|are|equals|=|comes[ ]to|turns[ ]out[ ]to[ ]be)[ :]*(?:the[ ]\w+[ ])?"
    r"(?P<value>\S[^\n]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|where|unless|otherwise|or|exactly|whether)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!;][)'\"\u201d]*(?:\s|$)|\n")
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False, "none": None, "null": None}
_SIGNS = {"x": "*", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/", "\u2212": "-", "\u2013": "-"}
_NUMBER = r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
_LEFT = re.compile(rf"(?<![\w.)])\$?{_NUMBER}%?(?:[ ]*[-+*/x\u00d7\u00b7\u00f7\u2212\u2013][ ]*\$?{_NUMBER}%?)++")
_RIGHT = re.compile(rf"[ ]*=[ ]*\$?({_NUMBER})")
_GAP = re.compile(r"(?:[\W_]|\b(?:and|then|or|is|are|has|have|gets?|with|to)\b)*")


def given_away(answer: Any, inputs: dict[str, Any], code: str, text: str) -> str:
    """How, for a person; empty where it is not. An answer that is an input too may stand as often as the inputs have
    it, one that the program has as a constant in a rule as well: "0 if there is none"."""
    if line := _LINE.search(text) or _BOXED.search(text):
        return f"it states an answer: {text[line.start() :].strip().splitlines()[0]:.80}"
    if worked := next(_worked(text), ""):
        return f"it holds a worked step: {worked}"
    if stated := _stated(answer, text):
        return f"it states the answer: {stated:.80}"
    told = text
    own = constants(code)
    if any(answer == constant and type(answer) is type(constant) for constant in own):  # "0 if there is none"
        told = "\n".join(part for part in _SENTENCE.split(text) if not _CONDITION.search(part))
    texts = {part.value for value in inputs.values() for part in leaves(value) if isinstance(part.value, str)}
    if _count(answer, told, texts) > max(_needed(answer, inputs), *_rivals(answer, code, told), 0):
        return f"the answer {literal(answer):.80} stands in it"
    return ""


def _needed(answer: Any, inputs: dict[str, Any]) -> int:
    """How often the inputs hold it."""
    if isinstance(answer, (dict, list, str)):
        return sum(_count(answer, literal(value), ()) for value in inputs.values())
    wanted = leaf_of(answer)
    return sum(leaf == wanted for value in inputs.values() for leaf in leaves(value))


def _rivals(answer: Any, code: str, told: str) -> Iterator[int]:
    """How often the other texts stand there that the program may return: a question names them all."""
    returned = {
        leaf.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Return) and node.value is not None
        for leaf in ([node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value])
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value
    }
    if isinstance(answer, str) and answer in returned:
        yield from (_count(other, told, ()) for other in returned if other != answer)


def constants(code: str) -> list[Any]:
    """Numbers and texts in the program, its own words about itself left out."""
    tree = ast.parse(code)
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in quiet]
    return [*found, *(-value for value in found if isinstance(value, (int, float)) and not isinstance(value, bool))]


def _count(answer: Any, text: str, texts: Collection[str]) -> int:
    """How often it stands in a text. A number inside one of `texts` is none."""
    wanted = list(leaves(answer))
    if len(wanted) > 1:
        return sum(1 for _ in _runs(wanted, text))
    leaf = wanted[0]
    if leaf.kind == "number":
        found = places(text, texts)
        return sum(place.said is not None and _is(place.said, leaf) for place in found)
    if leaf.kind == "text" and leaf.value:
        assert isinstance(leaf.value, str)
        return sum(1 for _ in spans_of(leaf.value, text))
    return 0  # a truth value or nothing: words that stand everywhere


def _is(said: Leaf, wanted: Leaf) -> bool:
    """The number itself, or what it is when rounded."""
    if said.kind != "number" or wanted.kind != "number":
        return said == wanted
    assert isinstance(said.value, Fraction)
    assert isinstance(wanted.value, Fraction)
    if said.value == wanted.value or wanted.value.denominator == 1 or said.value.denominator == 1:
        return said.value == wanted.value
    return any(said.value == round(wanted.value, digits) for digits in range(2, 7))


def _runs(wanted: Sequence[Leaf], text: str) -> Iterator[int]:
    """Where all stand one after the other with no more than commas and little words between them."""
    texts = {leaf.value for leaf in wanted if isinstance(leaf.value, str)}
    found = places(text, texts)
    for start in range(len(found)):
        matched, end = 0, found[start].start
        for place in itertools.islice(found, start, None):
            if place.start < end:
                continue
            if wanted[matched] not in place.leaves or not _GAP.fullmatch(text, end, place.start):
                break
            matched, end = matched + 1, place.end
            if matched == len(wanted):
                yield start
                break


def _stated(answer: Any, text: str) -> str:
    """ "the answer is 9", where that is no rule such as "the answer is 0 if there is none"."""
    for found in _STATED.finditer(text):
        sentence = _SENTENCE.split(found["value"])[0]
        if _CONDITION.search(sentence) or _CONDITION.search(_SENTENCE.split(text[: found.start()])[-1]):
            continue
        word = (re.match(r"[A-Za-z]+", sentence) or [""])[0].lower()
        if isinstance(answer, bool) or answer is None:
            if word in _TRUTHS and _TRUTHS[word] is answer:
                return found.group()
        elif not answer and isinstance(answer, (str, list, dict)):
            if word in ("empty", "nothing") or sentence.startswith((literal(answer), '""')):
                return found.group()
        elif _count(answer, sentence, ()) or any(leaf_of(answer) in place.leaves for place in places(sentence, ())):
            return found.group()
    return ""


def _worked(text: str) -> Iterator[str]:
    """Equations of numbers that are right: ``16 - 3 = 13``."""
    for left in _LEFT.finditer(text):
        if right := _RIGHT.match(text, left.end()):
            value, given = _value(left.group()), Fraction(right[1].replace(",", ""))
            if value is not None and abs(value - given) <= Fraction(1, 100) * (given.denominator != 1):
                yield left.group() + right.group()


def _value(expression: str) -> Fraction | None:
    """Of numbers and signs alone, by the usual order; None where it has none."""
    parts = re.findall(rf"({_NUMBER})(%?)|(\S)", expression.replace("$", ""))
    terms: list[Fraction] = []
    sign = ""
    for digits, percent, other in parts:
        if other:
            sign = _SIGNS.get(other, other)
            continue
        number = Fraction(digits.replace(",", "")) / (100 if percent else 1)
        if sign == "*":
            terms[-1] *= number
        elif sign == "/":
            if not number:
                return None
            terms[-1] /= number
        else:
            terms.append(-number if sign == "-" else number)
    return sum(terms, Fraction(0))
