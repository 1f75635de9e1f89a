"""The order of a module's statements in which each comes behind what it reads."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cotmill.compose.codegen.skeleton.grammar import Unsupported

__all__ = ["bound_by", "ordered"]


def bound_by(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def ordered(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Module-level statements so that each comes behind what it reads.

    Raises Unsupported for a circle, for a name that is bound twice, and for statements that bind none.
    """
    made: dict[str, ast.stmt] = {}
    for statement in statements:
        for name in _made_by(statement):
            if made.setdefault(name, statement) is not statement:
                raise Unsupported("a name bound twice at module level")
    found: list[ast.stmt] = []
    state: dict[int, int] = {}

    def visit(statement: ast.stmt) -> None:
        if state.get(id(statement)) == 1:
            raise Unsupported("functions that call each other")
        if id(statement) in state:
            return
        state[id(statement)] = 1
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and made.get(node.id, statement) is not statement:
                visit(made[node.id])
        state[id(statement)] = 2
        found.append(statement)

    for statement in statements:
        visit(statement)
    return found


def _made_by(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [name for target in targets for name in bound_by(target)]
    raise Unsupported(f"{type(statement).__name__} at module level")
