"""Worked solutions -> steps: ``<<16-3-4=9>>`` before each result, ``#### 9`` at the end (GSM8K, Cobbe et al., 2021).

An equation that stands there without an annotation is read as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction

from cotmill.collect.formulas.notation import NUMBER, NotUnderstood, Step, expression, units_in

__all__ = ["final_answer", "parse_worked"]

_ANNOTATION = re.compile(r"<<([^<>=]*)=([^<>]*)>>")
_TERM = rf"\(*\s*\$?\s*(?:{NUMBER})\s*%?(?:\s*(?!x\b)[A-Za-z]+(?:/[A-Za-z]+)?){{0,2}}\s*\)*"
_PLAIN = re.compile(
    rf"(?P<left>{_TERM}(?:\s*(?:[-+*/x\u00d7\u00f7\u2013])\s*{_TERM})+)\s*=\s*(?P<right>\$?\s*(?:{NUMBER})%?)"
)
_ARITHMETIC_AT_END = re.compile(rf"(?:[-+*/x\u00d7\u00f7=($%.,\u2013\s]|{NUMBER})+$")
_NUMBER_AT_START = re.compile(rf"^\s*\$?\s*(?:{NUMBER})")


def final_answer(worked: str) -> str:
    """What stands behind the last `####`."""
    return worked.rpartition("####")[2].strip().replace(",", "").lstrip("$")


def parse_worked(worked: str) -> list[Step]:
    """The equations of a worked solution, line by line. Raises NotUnderstood where there is none."""
    steps = [step for line in worked.rpartition("####")[0].splitlines() for step in _steps_of_line(line)]
    if not steps:
        raise NotUnderstood("the solution states no equation")
    return steps


def _steps_of_line(line: str) -> list[Step]:
    return [_step(line, *place) for place in sorted(_equations(line))]


def _equations(line: str) -> Iterator[tuple[int, int, str, str]]:
    """Where each equation of a line stands, without the result behind it, and its two sides."""
    known = set()
    for match in _ANNOTATION.finditer(line):
        if re.search(r"[-+*/x]", match[1].strip(" -")):  # `<<5=5>>` computes nothing
            known.add(_value(match[2]))
            yield match.start(), match.end(), match[1], match[2]
    bare = _ANNOTATION.sub(lambda match: " " * len(match[0]), line)
    for match in _PLAIN.finditer(bare):
        if _value(match["right"]) not in known:
            yield match.start(), match.start("right"), match["left"], match["right"]


def _step(line: str, begin: int, end: int, left: str, right: str) -> Step:
    value = _value(right)
    if value is None:
        raise NotUnderstood(f"{right.strip()!r} is no number")
    tree = expression(_plain(left))
    if any(isinstance(node, ast.Name) for node in ast.walk(tree)):
        raise NotUnderstood(f"an unknown in {left.strip()!r}")
    before, after = (_ANNOTATION.sub("", part) for part in (line[:begin], line[end:]))
    if before.rstrip()[-1:] in "=$":
        before = _ARITHMETIC_AT_END.sub(" ", before)
    money = "$ " if "$" in (line[:begin].rstrip()[-1:], line[end : end + 1]) or "$" in left else ""
    text = f"{before} = {money}1 {_NUMBER_AT_START.sub('', after)}"
    return Step("value", (tree,), value, units=units_in(_ANNOTATION.sub("", line)), text=text,
                place=len(before) + 3 + len(money))  # fmt: skip


def _plain(left: str) -> str:
    """`10 jars * $5/jar` as `10*5`."""
    if re.search(r"[A-Za-z]{2}|[A-Za-z]$", left):
        left = re.sub(r"/?(?!x\b)[A-Za-z]+", "", left)
    left = re.sub(r"[$,\s]", "", left).replace("x", "*").replace("\u2013", "-")
    return re.sub(r"([\d.]+)%", r"(\1/100)", left)


def _value(text: str) -> Fraction | None:
    clean = re.sub(r"[$,\s]", "", text)
    percent = clean.endswith("%")
    try:
        return Fraction(clean.rstrip("%.")) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        return None
