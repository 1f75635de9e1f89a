"""A program of plain arithmetic as a problem in words: what is given, how each quantity comes about, what is asked.

    The eggs laid are 16. The eggs sold are the eggs laid minus 3. What are the eggs sold?

Only where the words define the answer: every name is bound once, to a number or to sums, differences, products and
quotients of names and numbers, and every name is made of words.
"""

from __future__ import annotations

import ast
from typing import Any

from cotmill.base.literal import literal
from cotmill.explain.expressions import is_number
from cotmill.explain.straight import Straight, straight
from cotmill.explain.styles import is_plural, spoken

__all__ = ["story", "story_backward"]

MAX_QUANTITIES = 16
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by",
}  # fmt: skip
_SUMS = (ast.Add, ast.Sub)


def story(code: str, inputs: dict[str, Any], asked: str = "") -> str:
    """The problem; empty where the program is anything else than plain arithmetic on named quantities.

    `asked` is the quantity that it asks for: the one that is returned where none is given.
    """
    program = straight(code, inputs)
    told = _quantities(program, inputs) if program is not None else {}
    if program is None or not told:
        return ""
    asked = program.origin(asked or _returned(program))
    if asked in inputs:
        return ""
    return f"{_sentences(told)}\n\n{_question(asked)}"


def story_backward(code: str, inputs: dict[str, Any], hidden: str, output: Any) -> str:
    """The problem with the result given and an input asked for."""
    program = straight(code, inputs)
    told = _quantities(program, inputs) if program is not None else {}
    if program is None or not told:
        return ""
    last = program.origin(_returned(program))
    if last in inputs:
        return ""
    told[hidden] = "not known"
    end = f"In the end the {spoken(last)} {_verb(last)} {literal(output)}."
    return f"{_sentences(told)} {end}\n\n{_question(hidden)}"


def _returned(program: Straight) -> str:
    return program.result.id if isinstance(program.result, ast.Name) else ""


def _sentences(told: dict[str, str]) -> str:
    return " ".join(f"The {spoken(name)} {_verb(name)} {text}." for name, text in told.items())


def _question(name: str) -> str:
    return f"What {_verb(name)} the {spoken(name)}?"


def _quantities(program: Straight, inputs: dict[str, Any]) -> dict[str, str]:
    """What each quantity is, in words; empty where one cannot be said."""
    told = {name: literal(value) for name, value in inputs.items() if type(value) in (int, float)}
    if len(told) < len(inputs) or len(inputs) + len(program.steps) >= MAX_QUANTITIES or not _returned(program):
        return {}
    for name, value in program.steps.items():
        if not isinstance(value, ast.Name):
            told[name] = _words(value, program)
    return told if all(told.values()) and all(map(_is_sayable, told)) else {}


def _is_sayable(name: str) -> bool:
    return len(name) > 2 and name.isascii() and " " not in name and "_" not in spoken(name) and name.islower()


def _verb(name: str) -> str:
    return "are" if is_plural(name) else "is"


def _words(node: ast.expr, program: Straight) -> str:
    """``the eggs laid minus 3``; empty where a part cannot be said."""
    if is_number(node):
        return ast.unparse(node)
    if isinstance(node, ast.Name):
        return f"the {spoken(program.origin(node.id))}"
    if not isinstance(node, ast.BinOp) or type(node.op) not in _OPERATORS:
        return ""
    left, right = _words(node.left, program), _words(node.right, program)
    if not left or not right:
        return ""
    if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, _SUMS) != isinstance(node.op, _SUMS):
        left = f"({left})"
    if isinstance(node.right, ast.BinOp):
        right = f"({right})"  # words have no order of precedence that all readers share
    return f"{left} {_OPERATORS[type(node.op)]} {right}"
