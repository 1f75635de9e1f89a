"""Examples that a program states of itself: doctests, asserts -> inputs and answers.

    >>> double(4)                                assert double(4) == 8
    8

Calls with literals only; what JSON cannot hold is passed over, and so is every example that compares otherwise.
"""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator
from typing import Any

from cotmill.base.unified import misfit
from cotmill.collect.entry import Unfit, call_input, find_entry
from cotmill.collect.lift import literal, plain_literal
from cotmill.collect.stated import parse

__all__ = ["examples"]


def examples(code: str, entry: str, more: str = "") -> list[tuple[dict[str, Any], Any]]:
    """(input, answer) of each example of the entry in its docstrings, at its top level, and in `more`, each once."""
    try:
        tree = parse(code)
        function = find_entry(tree, entry)
    except (ValueError, Unfit):
        return []
    found: list[tuple[dict[str, Any], Any]] = []
    for call, answer in (*_asserted(tree), *_doctests(ast.get_docstring(tree)), *_doctests(ast.get_docstring(function)),
                         *_in_text(more)):  # fmt: skip
        try:
            arguments = _input(function, call)
            expected = _as_lists(answer)
        except ValueError:
            continue
        if arguments is not None and (arguments, expected) not in found:
            found.append((arguments, expected))
    return found


def _input(function: ast.FunctionDef, call: ast.expr) -> dict[str, Any] | None:
    """The keyword arguments of a call of this function with literals. Raises ValueError where one is none."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != function.name:
        return None
    keywords = {item.arg: plain_literal(item.value) for item in call.keywords if item.arg is not None}
    arguments = call_input(function, [plain_literal(argument) for argument in call.args], keywords)
    return None if arguments is None or misfit(function, arguments) else arguments


def _as_lists(node: ast.expr) -> Any:
    """A literal as JSON holds an answer: tuples are lists. Raises ValueError where it is none."""
    value = literal(node)
    return plain_literal(ast.parse(repr(_listed(value)), mode="eval").body)


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _asserted(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Both sides of `assert f(2) == 4` and of `assert f(2) is True`, at the top level or in the main block."""
    statements = [inner for node in tree.body for inner in (node.body if isinstance(node, ast.If) else [node])]
    for statement in statements:
        if isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare):
            test = statement.test
            if len(test.ops) == 1 and isinstance(test.ops[0], (ast.Eq, ast.Is)):
                yield test.left, test.comparators[0]


def _doctests(text: str | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    try:
        found = doctest.DocTestParser().get_examples(text or "")
    except ValueError:
        return
    for example in found:
        try:
            yield ast.parse(example.source.strip(), mode="eval").body, ast.parse(example.want.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            continue


def _in_text(text: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    yield from _doctests(text)
    try:
        yield from _asserted(parse(text))
    except ValueError:
        return
