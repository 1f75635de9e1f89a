"""Whether a problem gives its answer away: its value where no input needs it, a line that states it, a worked step."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from cotmill.base.literal import literal
from cotmill.explain.posed.mentions import Mention, mentions
from cotmill.explain.posed.stands import Leaf, leaf_of, leaves, places, spans_of

__all__ = ["given_away"]

_LINE = re.compile(
    r"^[ \t>#*_-]*(?:(?:the|final|correct|expected|sample)[ ]+)*(?:answers?|solution|output|result|explanation|reasoning|hint|step[ ]1)"
    r"[ *_]*[:=][ *_]*(?=[^\s_?.*])",
    re.IGNORECASE | re.MULTILINE,
)
_BOXED = re.compile(r"\\boxed|^[ ]*####", re.MULTILINE)
_STATED = re.compile(
    r"\b(?:answer|result|output|solution)[ ]*(?:is|are|equals|=|comes[ ]to|turns[ ]out[ ]to[ ]be)[ :]*(?:the[ ]\w+[ ])?"
    r"(?P<value>\S[^\n]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|where|unless|for|otherwise|or|exactly|whether)\b", re.IGNORECASE)
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False, "none": None, "null": None}
_SIGNS = {"x": "*", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/", "\u2212": "-", "\u2013": "-"}
_NUMBER = r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
_EQUATION = re.compile(
    rf"(?<![\w.)])(?P<left>\$?{_NUMBER}%?(?:[ ]*[-+*/x\u00d7\u00b7\u00f7\u2212\u2013][ ]*\$?{_NUMBER}%?)+)[ ]*=[ ]*\$?(?P<right>{_NUMBER})"
)
_GAP = re.compile(r"(?:[\W_]|\b(?:and|then|or|is|are|has|have|gets?|with|to)\b)*")


def given_away(answer: Any, inputs: dict[str, Any], code: str, text: str) -> str:
    """How, for a person; empty where it is not. `code` is the program, whose own constants may be told as often as they
    stand there, as each input may."""
    if line := _LINE.search(text) or _BOXED.search(text):
        return f"it states an answer: {text[line.start() :].strip().splitlines()[0]:.80}"
    if worked := next(_worked(text), ""):
        return f"it holds a worked step: {worked}"
    if stated := _stated(answer, text):
        return f"it states the answer: {stated:.80}"
    known = _known(inputs, code)
    if _count(answer, text, inputs) > sum(_count(answer, part, {}) for part in known):
        return f"the answer {literal(answer):.80} stands in it"
    return ""


def _known(inputs: dict[str, Any], code: str) -> list[str]:
    """The inputs' values and the program's constants, as texts."""
    tree = ast.parse(code)
    quiet = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    lists = [node for node in ast.walk(tree) if isinstance(node, (ast.List, ast.Tuple, ast.Dict))]
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in quiet]
    return [*map(literal, inputs.values()), *map(ast.unparse, lists), *map(ast.unparse, constants)]


def _count(answer: Any, text: str, inputs: dict[str, Any]) -> int:
    """How often it stands in a text. A number inside a text of the inputs is none."""
    wanted = list(leaves(answer))
    if len(wanted) > 1:
        return sum(1 for _ in _runs(wanted, text))
    leaf = wanted[0]
    if leaf.kind == "number":
        texts = {part.value for value in inputs.values() for part in leaves(value) if isinstance(part.value, str)}
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
    """"the answer is 9", where that is no rule such as "the answer is 0 if there is none"."""
    for found in _STATED.finditer(text):
        sentence = re.split(r"[.?!;](?:\s|$)", found["value"])[0]
        if _CONDITION.search(sentence) or _CONDITION.search(_sentence_before(text, found.start())):
            continue
        word = (re.match(r"[A-Za-z]+", sentence) or [""])[0].lower()
        if isinstance(answer, bool) or answer is None:
            if word in _TRUTHS and _TRUTHS[word] is answer:
                return found.group()
        elif _count(answer, sentence, {}):
            return found.group()
    return ""


def _sentence_before(text: str, place: int) -> str:
    return re.split(r"[.?!;\n]", text[:place])[-1]


def _worked(text: str) -> Iterator[str]:
    """Equations of numbers that are right: ``16 - 3 = 13``."""
    for found in _EQUATION.finditer(text):
        value = _value(found["left"])
        right = Fraction(found["right"].replace(",", ""))
        if value is not None and abs(value - right) <= Fraction(1, 100) * (right.denominator != 1):
            yield found.group()


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
