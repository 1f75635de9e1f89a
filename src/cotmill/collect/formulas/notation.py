"""Formulas as data sets write them -> steps.

ASDiv (Miao et al., 2020): ``14-6=8; 14+8=22``, ``42/12=3 r6`` (quotient and remainder), ``8:10=4:5``, ``LCM[6,9]=18``,
``8*4=32 square feet(Rug A) < 5*7=35 square feet(Rug B)``, ``x:The number; 5x-28=232``, ``6 (hour)*60 (min/hour)``.
Worked solutions are read by `worked`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = [
    "NUMBER",
    "NotUnderstood",
    "Side",
    "Step",
    "expression",
    "is_worked",
    "parse_formula",
    "split_answer",
    "units_in",
]


class NotUnderstood(ValueError):
    """A formula that no program can be made of; the message says which part and why."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison, and whose it is."""

    expression: ast.expr
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """One equation. What `expressions` holds depends on the kind."""

    kind: Literal["value", "solve", "compare", "ratio", "time"]
    expressions: tuple[ast.expr, ...] = ()  # value: one; solve: left and right side; ratio: its terms; time: none
    stated: Fraction | None = None  # the result that the equation states
    remainder: Fraction | None = None  # of a division with remainder
    sides: tuple[Side, ...] = ()  # of a comparison
    units: tuple[tuple[Fraction, str], ...] = ()  # what the equation or its line says that a number counts
    text: str = ""  # time: the time as stated; a worked solution: the line, with the result in place of the equation
    place: int = 0  # a worked solution: where in `text` the result begins, in characters


_UNIT = re.compile(r"\(\s*[A-Za-z][A-Za-z/ .']*\)")
NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
_RESULT = re.compile(rf"\s*(?P<value>-?(?:{NUMBER})(?:/\d+)?)\s*(?P<percent>%)?\s*(?:r\s*(?P<rest>\d+))?(?P<unit>.*)")
_RATIO = re.compile(r"[^=<>A-Za-z]+:[^=<>A-Za-z]+(=[^=<>A-Za-z]+:[^=<>A-Za-z]+)?$")
_UNKNOWN = re.compile(r"\s*([A-Za-z])\s*:\s*([A-Za-z].*)")
_FUNCTIONS = {"GCD": "gcd", "LCM": "lcm"}


def is_worked(formula: str) -> bool:
    """Whether this is a worked solution and not a formula."""
    return "####" in formula


def split_answer(text: str) -> tuple[str, str]:
    """`9 (apples)` -> (`9`, `apples`)."""
    found = re.fullmatch(r"(.*?)\s*\(([^()]*)\)\s*", text.strip(), re.DOTALL)
    return (found[1].strip(), found[2].strip()) if found else (text.strip(), "")


def parse_formula(formula: str) -> tuple[list[Step], dict[str, str]]:
    """Steps, and what each unknown stands for (empty where the formula does not say). Raises NotUnderstood."""
    steps: list[Step] = []
    unknowns: dict[str, str] = {}
    for part in formula.split(";"):
        if declared := _UNKNOWN.fullmatch(part):
            unknowns[declared[1]] = declared[2].strip()
        elif part.strip():
            steps.append(_step(part.strip()))
    names = {node.id for step in steps for side in step.expressions for node in ast.walk(side)
             if isinstance(node, ast.Name) and node.id not in _FUNCTIONS.values()}  # fmt: skip
    return steps, unknowns | dict.fromkeys(sorted(names - unknowns.keys()), "")


def _step(part: str) -> Step:
    if part.startswith("hh:mm"):
        return Step("time", text=part.rpartition("=")[2].strip())
    if found := re.search(r"[<>]| equals ", part):
        sides = (part[: found.start()], part[found.end() :])
        units = units_in(re.sub(r"[()]", " ", part))
        return Step("compare", sides=tuple(map(_side, sides)), units=units, text=found[0].strip())
    bare = _UNIT.sub(" ", part)
    if _RATIO.match(bare.strip()):
        terms = [expression(term) for side in bare.split("=") for term in side.split(":")]
        return Step("ratio", tuple(terms))
    left, equals, right = bare.partition("=")
    if not equals:
        raise NotUnderstood(f"{part!r} is no equation")
    result = _RESULT.fullmatch(right)
    if result and not re.search(r"[-+*/^()=\d]|\b[a-z]\b", result["unit"]) and not _unknown_in(left):
        value = Fraction(result["value"].replace(",", "")) / (100 if result["percent"] else 1)
        rest = Fraction(result["rest"]) if result["rest"] else None
        return Step("value", (expression(left),), value, rest, units=units_in(re.sub(r"[()]", " ", part)))
    return Step("solve", (expression(left), expression(right)))


def _unknown_in(text: str) -> bool:
    return bool(re.search(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", text))


def _side(text: str) -> Side:
    """`8*4=32 square feet(Rug A)`, `10 apples`."""
    text, label = split_answer(text)
    text = _UNIT.sub(" ", text).partition("=")[0]
    return Side(expression(text), label)


def expression(text: str) -> ast.expr:
    """Arithmetic as people write it -> its tree. Raises NotUnderstood."""
    code = (
        text.strip()
        .replace("^", "**")
        .replace("[", "(")
        .replace("]", ")")
        .replace("\u00d7", "*")
        .replace("\u00f7", "/")
    )
    code = re.sub(r"(?<=\d),(?=\d{3}\b)", "", code) if "(" not in code else code
    code = re.sub(r"(?<=\d)\s+[A-Za-z]{2,}[A-Za-z ]*(?=$|[-+*/)])", " ", code)  # a unit behind its number
    for name, function in _FUNCTIONS.items():
        code = code.replace(name, f" {function}")
    code = re.sub(r"(?<=[\d)])\s*(?=\()|(?<=[\d)])(?=[A-Za-z])|(?<=\b[xyn])(?=[xy]\b)|(?<=\b[A-Za-z])(?=\()", "*", code)
    code = re.sub(r"(?<![\d.])0+(?=\d)", "", code)  # 05
    try:
        tree = ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotUnderstood(f"{text.strip()!r} is no arithmetic") from None
    _check(tree, text.strip())
    return tree


def _check(tree: ast.expr, text: str) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            good = isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS.values() and not node.keywords
        elif isinstance(node, ast.Constant):
            good = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        elif isinstance(node, ast.Name):
            good = len(node.id) == 1 or node.id in _FUNCTIONS.values()
        else:
            good = isinstance(node, (
                ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd, ast.Load,
            ))  # fmt: skip
        if not good:
            raise NotUnderstood(f"{text!r} holds more than arithmetic")


_COUNTED = re.compile(rf"(?P<number>{NUMBER})\s*-?\s*(?P<unit>[A-Za-z]{{2,}}(?:/[a-z]+|\s+[a-z]{{3,}})?)")


def units_in(text: str) -> tuple[tuple[Fraction, str], ...]:
    """What its numbers count: (18, "roses")."""
    found = _COUNTED.finditer(re.sub(r"<<[^<>]*>>", "", text))
    return tuple((Fraction(match["number"].replace(",", "")), match["unit"].lower()) for match in found)
