"""Find the function that a program is called by, and what it can be called with."""

from __future__ import annotations

import ast
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.collect.tidy import statements

__all__ = ["Unfit", "call_input", "find_entry", "module_functions"]

USUAL_NAMES = ("solution", "main", "solve")


class Unfit(Exception):
    """A seed that cannot be unified; becomes a reject."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def module_functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Functions of the module by name; of several with one name the last, as when the program runs."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def find_entry(tree: ast.Module, name: str) -> ast.FunctionDef:
    """The function of that name; without a name the only one, a usual name, or the one that no other calls.

    Raises Unfit(no-entry) where there is none, or where several would do.
    """
    functions = module_functions(tree)
    if name:
        if name not in functions:
            raise Unfit(Reason.NO_ENTRY, f"no function named {name} at the top level; found: {_listed(functions)}")
        return functions[name]
    for usual in USUAL_NAMES:
        if usual in functions:
            return functions[usual]
    called = {
        other
        for part in statements(tree)
        if isinstance(part.node, (ast.FunctionDef, ast.ClassDef))
        for other in part.mentions - {part.node.name}
    }
    uncalled = [function for name, function in functions.items() if name not in called]
    if len(uncalled) != 1:
        raise Unfit(Reason.NO_ENTRY, f"no function stands out as the one to call; found: {_listed(functions)}")
    return uncalled[0]


def _listed(functions: dict[str, ast.FunctionDef]) -> str:
    names = list(functions)
    return (", ".join(names[:8]) + (", ..." if len(names) > 8 else "")) or "none"


def call_input(entry: ast.FunctionDef, positional: list[Any], keywords: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments of a call -> keyword arguments; None where keywords cannot say the same."""
    names = [arg.arg for arg in (*entry.args.posonlyargs, *entry.args.args)]
    return dict(zip(names, positional, strict=False)) | keywords if len(positional) <= len(names) else None
