"""Expressions as trees: parsed once, and what can be told of them by their form."""

from __future__ import annotations

import ast
from functools import lru_cache
from keyword import iskeyword
from typing import TypeGuard

from cotmill.prove.claims.run.known_calls import CALLS, CONSTANTS

__all__ = ["is_closed", "is_value", "literal", "nodes_of", "parse"]

MAX_SOURCE = 20_000  # characters of one expression


@lru_cache(maxsize=20_000)
def parse(source: str) -> ast.expr | None:
    """Source of one expression -> its tree, or None where it is not one, or too long or too deep to look at."""
    if source.isascii() and source.isidentifier() and not iskeyword(source):  # every fifth; no need for a compiler
        return ast.Name(source, ast.Load())
    if len(source) > MAX_SOURCE or _too_deep(source):
        return None
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


@lru_cache(maxsize=20_000)
def literal(source: str) -> ast.expr:
    """A container of plain literals as one constant: quicker to hold against a value than a tree of its parts.

    One that holds a set stays a tree: as a constant it would be written out in the order of the process's hashes.
    """
    tree = ast.parse(source, mode="eval").body
    if "{" in source and any(isinstance(part, ast.Set) for part in nodes_of(tree)):
        return tree
    return ast.Constant(ast.literal_eval(tree))


def _too_deep(source: str) -> bool:
    """Python's parser recurses on brackets and on unary signs."""
    if len(source) <= 40:
        return False
    depth = 0
    for char in source:
        if char in "([{":
            depth += 1
            if depth > 40:
                return True
        elif char in ")]}":
            depth -= 1
    return source.count("not ") + source.count("--") + source.count("- -") + source.count("~") > 40 or (
        source.count("**") + source.count(" if ") + source.count(".") + source.count("](") > 400
    )


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """The node and all below it, level by level, in the order of `ast.walk`, which is slower."""
    found = [root]
    for node in found:
        for name in node._fields:
            part = getattr(node, name, None)
            if isinstance(part, ast.AST):
                found.append(part)
            elif type(part) is list:
                found.extend([item for item in part if isinstance(item, ast.AST)])
    return found


@lru_cache(maxsize=20_000)
def _closed(node: ast.expr) -> bool:
    parts = nodes_of(node)
    names = [part for part in parts if isinstance(part, ast.Name) and part.id not in CONSTANTS and part.id not in CALLS]
    if not names:
        return True
    builders = {
        id(part.func)
        for part in parts
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and (part.func.id[:1].isupper() or (part.keywords and not part.args))
    }
    builders.update(id(member.value) for part in parts for member in _items(part) if _is_member(member))
    return all(id(name) in builders for name in names)


def _items(node: ast.AST) -> list[ast.expr]:
    """What a value is made of, as it is written."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, ast.Dict):
        return [*filter(None, node.keys), *node.values]
    return [word.value for word in node.keywords] if isinstance(node, ast.Call) else []


def _is_member(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """``Suit.HEARTS`` within a value: a member of a class."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[:1].isupper()


def _is_item(node: ast.expr) -> bool:
    return is_value(node) or _is_member(node)


def is_closed(node: ast.expr) -> bool:
    """True where no name of the program stands in the expression."""
    return isinstance(node, ast.Constant) or _closed(node)


def is_value(node: ast.expr) -> bool:
    """A value as it is written, and not something to work out: a literal, a container of such, `Node(data=3)`."""
    kind = type(node)
    if kind is ast.Constant:
        return True
    if isinstance(node, ast.UnaryOp):
        infinite = isinstance(node.operand, ast.Name) and node.operand.id in CONSTANTS
        return isinstance(node.op, (ast.USub, ast.UAdd)) and (infinite or isinstance(node.operand, ast.Constant))
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(map(_is_item, node.elts))
    if isinstance(node, ast.BinOp):  # 10+1j
        return isinstance(node.right, ast.Constant) and isinstance(node.right.value, complex) and is_value(node.left)
    if isinstance(node, ast.Dict):
        return all(key is not None and _is_item(key) for key in node.keys) and all(map(_is_item, node.values))
    if isinstance(node, ast.Name):
        return node.id in CONSTANTS
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "array" and isinstance(node.func, ast.Attribute):
            return False  # `np.array([1, 2])` is worked out, and its value is shown as a list
        return (name[:1].isupper() or name in _BUILDERS or (bool(node.keywords) and not node.args)) and all(
            map(_is_item, (*node.args, *(word.value for word in node.keywords)))
        )
    return False


# Calls that are how a value is written.
_BUILDERS = frozenset(
    [
        "set",
        "frozenset",
        "range",
        "deque",
        "float",
        "defaultdict",
        "date",
        "datetime",
        "time",
        "timedelta",
        "complex",
        "bytearray",
        "array",
    ]
)
