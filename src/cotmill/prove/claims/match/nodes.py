"""Small questions about expressions and values, and how they are shown in a reason."""

from __future__ import annotations

import ast
from collections import deque
from functools import lru_cache
from typing import Any

from cotmill.base.literal import literal
from cotmill.base.values import Record
from cotmill.prove.claims.run.program import squeezed
from cotmill.prove.claims.run.trees import nodes_of

__all__ = ["base_of", "contents", "loop_sources", "loop_targets", "shown", "shown_code", "sized", "spelled"]


def base_of(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


_SPELLED: dict[int, tuple[ast.AST, str]] = {}  # by identity; the node is kept, so that its id stays its own


def spelled(node: ast.AST) -> str:
    """Source without spaces."""
    known = _SPELLED.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    text = squeezed(ast.unparse(node))
    if len(_SPELLED) > 5000:
        _SPELLED.clear()
    _SPELLED[id(node)] = node, text
    return text


def shown_code(node: ast.expr) -> str:
    return _shortened(ast.unparse(node))


def shown(value: Any) -> str:
    return _shortened(literal(value))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def contents(value: Any) -> Any:
    return value.items if isinstance(value, Record) and value.items is not None else value


def sized(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict, set, frozenset, str, deque))


@lru_cache(maxsize=1_000)  # asked of every statement that a text passes by on its way to a loop
def loop_targets(node: ast.AST) -> tuple[str, ...]:
    """What the loop or the comprehensions of a statement bind."""
    own, inside = ([node.target], node.iter) if isinstance(node, (ast.For, ast.AsyncFor)) else ([], node)
    inner = [part.target for part in nodes_of(inside) if isinstance(part, ast.comprehension)]
    return tuple(spelled(target).strip("()") for target in (*own, *inner))


def loop_sources(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter]
    return [part.iter for part in ast.walk(node) if isinstance(part, ast.comprehension)]
