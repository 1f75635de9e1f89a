"""What is left of a problem when numbers, texts and names are left aside: for telling near twins apart."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

__all__ = ["masked"]

_VALUE = "0"  # stands for a literal of any kind and length
_NAME = "x"
_LITERAL = re.compile(
    r"(?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)"
    r'|(?<!\w)"(?:[^"\\\n]|\\.)*"(?!\w)'
    r"|(?:(?<![\w)\]])-)?(?<![\w.])\d[\d_]*(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+|st|nd|rd|th)?(?!\w)"
    r"|\b(?:True|False|None|true|false|null)\b"
)
_LIST = re.compile(r"0(?:\s*[,:]\s*0)+(?:\s*,)?")
_BRACKET = re.compile(r"(?<![\w)\]])(?:\[\s*0?\s*\]|\{\s*0?\s*\}|\(\s*0\s*,?\s*\))")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def masked(problem: str, code: str) -> tuple[str, ...]:
    """Words and marks of a problem, each literal as `0` and each name as `x`.

    A name is one that the program binds, written as in the code or in words ("eggs sold" of ``eggs_sold``), any word
    with an underscore in it, and any that begins with a capital letter: Maria is nobody in particular.
    """
    text = _LITERAL.sub(_VALUE, problem)
    before = ""
    while before != text:  # [[1, 2], [3]] is a literal as much as 1
        before = text
        text = _BRACKET.sub(_VALUE, _LIST.sub(_VALUE, text))
    pattern = _names(code)
    if pattern is not None:
        text = pattern.sub(_NAME, text)
    return tuple(_NAME if "_" in word or word[0].isupper() else word for word in _TOKEN.findall(text))


@lru_cache(maxsize=64)
def _names(code: str) -> re.Pattern[str] | None:
    """Finds the names that a program binds, the longest first; None where it binds none."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
    ways = sorted({re.escape(name).replace("_", "[_ ]") for name in found}, key=lambda way: (-len(way), way))
    return re.compile(rf"\b(?:{'|'.join(ways)})\b") if ways else None
