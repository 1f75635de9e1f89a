"""Stage work: of the samples that have the same program and the same input, the one with the smallest id stays.

Two programs are the same when their syntax trees are, names of functions, parameters and variables, layout and
docstrings aside (`ast`), or when their text is (`exact`). Samples with one key meet in one group, so memory does not
grow with the data set, and the choice does not depend on order.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.reasons import Reason
from cotmill.base.records import Sample
from cotmill.base.stage import Reject

__all__ = ["ast_key", "exact_key", "keep_first"]


def exact_key(sample: Sample) -> str:
    """Same text of program and input."""
    return content_id(sample.code)


def ast_key(sample: Sample) -> str:
    """Same syntax tree after renaming, same input values in the order of the entry's parameters."""
    code, _, _ = sample.code.rpartition("\ninput = ")
    normal, parameters = _normalised(code)
    arguments: dict[str, Any] = json.loads(sample.input)
    values = [[parameters.index(name) if name in parameters else name, value] for name, value in arguments.items()]
    return content_id(normal, json.dumps(sorted(values, key=repr)))


KEYS: dict[str, Callable[[Sample], str]] = {"ast": ast_key, "exact": exact_key, "off": lambda sample: sample.id}


def keep_first(group: list[Sample]) -> Iterator[Sample | Reject]:
    """The group comes in the order of ids."""
    first, *others = group
    yield first
    for other in others:
        yield Reject(Reason.DUPLICATE, f"same program and input as {first.id}", other.id)


@lru_cache(maxsize=64)
def _normalised(code: str) -> tuple[str, tuple[str, ...]]:
    """(dump of the renamed syntax tree, names of the entry's parameters)."""
    tree = ast.parse(code)
    parameters: tuple[str, ...] = ()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "solution":
            parameters = tuple(arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
    return ast.dump(_Renamer(tree).visit(tree)), parameters


class _Renamer(ast.NodeTransformer):
    """Gives every name that the program itself binds a number, in order of appearance; drops docstrings and hints."""

    def __init__(self, tree: ast.Module) -> None:
        self._bound = _bound_names(tree)
        self._numbers: dict[str, str] = {}

    def _rename(self, name: str) -> str:
        return self._numbers.setdefault(name, f"n{len(self._numbers)}") if name in self._bound else name

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        for field in ("id", "name", "arg", "attr", "rest"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                setattr(node, field, self._rename(name))
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [self._rename(name) for name in node.names]
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        return super().generic_visit(node)


def _bound_names(tree: ast.Module) -> set[str]:
    """Names of functions, classes, parameters, variables and attributes that the program binds."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound.add(node.attr)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return {name for name in bound if not (name.startswith("__") and name.endswith("__"))} - set(dir(builtins))
