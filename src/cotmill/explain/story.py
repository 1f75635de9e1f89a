"""A program of plain arithmetic as a problem in words: what is given, how each quantity comes about, what is asked.

    The eggs laid are 16. The eggs sold are the eggs laid minus 3. What are the eggs sold?

Only where the words define the answer: every name is bound once, to a number or to sums, differences, products and
quotients of names and numbers, and every name is made of words.
"""

from __future__ import annotations

import ast
from typing import Any

from cotmill.explain.expressions import is_number
from cotmill.explain.literals import literal
from cotmill.explain.styles import is_plural, spoken

__all__ = ["story"]

MAX_QUANTITIES = 16
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by",
}  # fmt: skip
_SUMS = (ast.Add, ast.Sub)


def story(code: str, inputs: dict[str, Any]) -> str:
    """The problem; empty where the program is anything else than plain arithmetic on named quantities."""
    body = _body(ast.parse(code), inputs)
    if not body or not isinstance(end := body[-1], ast.Return) or not isinstance(end.value, ast.Name):
        return ""
    told = {name: literal(value) for name, value in inputs.items() if type(value) in (int, float)}
    if len(told) < len(inputs) or len(inputs) + len(body) > MAX_QUANTITIES:
        return ""
    copies: dict[str, str] = {}
    for statement in body[:-1]:
        if not isinstance(statement, ast.Assign) or not isinstance(target := statement.targets[0], ast.Name):
            return ""
        if len(statement.targets) > 1 or target.id in told or target.id in copies:
            return ""
        if isinstance(statement.value, ast.Name) and statement.value.id in told:
            copies[target.id] = statement.value.id
        elif text := _words(statement.value, {*told, *copies}, copies):
            told[target.id] = text
        else:
            return ""
    asked = copies.get(end.value.id, end.value.id)
    if asked not in told or asked in inputs or not all(map(_is_sayable, told)):
        return ""
    sentences = [f"The {spoken(name)} {_verb(name)} {text}." for name, text in told.items()]
    return f"{' '.join(sentences)}\n\nWhat {_verb(asked)} the {spoken(asked)}?"


def _body(tree: ast.Module, inputs: dict[str, Any]) -> list[ast.stmt]:
    """Statements of a program that is one function of these inputs, without its docstring."""
    function = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(function, ast.FunctionDef) or {arg.arg for arg in function.args.args} != set(inputs):
        return []
    documented = ast.get_docstring(function) is not None
    return function.body[1:] if documented else function.body


def _is_sayable(name: str) -> bool:
    return len(name) > 2 and name.isascii() and " " not in name and "_" not in spoken(name) and name.islower()


def _verb(name: str) -> str:
    return "are" if is_plural(name) else "is"


def _words(node: ast.expr, known: set[str], copies: dict[str, str]) -> str:
    """``the eggs laid minus 3``; empty where a part cannot be said."""
    if is_number(node):
        return ast.unparse(node)
    if isinstance(node, ast.Name):
        return f"the {spoken(copies.get(node.id, node.id))}" if node.id in known else ""
    if not isinstance(node, ast.BinOp) or type(node.op) not in _OPERATORS:
        return ""
    left, right = _words(node.left, known, copies), _words(node.right, known, copies)
    if not left or not right:
        return ""
    if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, _SUMS) != isinstance(node.op, _SUMS):
        left = f"({left})"
    if isinstance(node.right, ast.BinOp):
        right = f"({right})"  # words have no order of precedence that all readers share
    return f"{left} {_OPERATORS[type(node.op)]} {right}"
