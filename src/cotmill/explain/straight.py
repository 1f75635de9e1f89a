"""Programs without branches, loops and calls of their own: one function that binds name after name and returns."""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Straight", "reads", "straight"]


@dataclass(frozen=True, slots=True)
class Straight:
    """Each name is bound once, in this order; no input is bound again."""

    steps: dict[str, ast.expr]
    result: ast.expr  # what is returned

    def origin(self, name: str) -> str:
        """The name that a copy (``result = total``) stands for; any other name itself."""
        while isinstance(value := self.steps.get(name), ast.Name):
            name = value.id
        return name


def straight(code: str, inputs: Collection[str]) -> Straight | None:
    """None where the program is anything else."""
    tree = ast.parse(code)
    function = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(function, ast.FunctionDef) or {arg.arg for arg in function.args.args} != set(inputs):
        return None
    *body, end = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not isinstance(end, ast.Return) or end.value is None:
        return None
    steps: dict[str, ast.expr] = {}
    for statement in body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
            return None
        target = statement.targets[0]
        if not isinstance(target, ast.Name) or target.id in steps or target.id in inputs:
            return None
        if not reads(statement.value) <= {*steps, *inputs}:
            return None
        steps[target.id] = statement.value
    return Straight(steps, end.value)


def reads(node: ast.expr) -> set[str]:
    """The names in an expression."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
