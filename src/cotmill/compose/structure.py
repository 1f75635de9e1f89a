"""What two programs have in common once names and numbers are left aside: for novelty, and to count distinct shapes."""

from __future__ import annotations

import ast

from cotmill.base.chance import content_id

__all__ = ["novelty_key", "shape_key"]

_NAMED = ("id", "name", "arg", "asname", "rest")
_IDLE = (ast.Load, ast.Store, ast.Del)


def shape_key(code: str) -> str:
    """Same for programs whose syntax trees agree, all names, literals, docstrings and hints removed."""
    return _key(code, keep_identity=False)


def novelty_key(code: str) -> str:
    """Same for programs that differ at most in how names are called and which numbers and texts stand in them.

    A name is replaced by the order of its first appearance, so that `a - b` and `b - a` of the same parameters differ.
    Methods, modules and builtins keep theirs: `min` in place of `max` is another program.
    """
    return _key(code, keep_identity=True)


def _key(code: str, *, keep_identity: bool) -> str:
    """Raises SyntaxError where the code does not parse."""
    tree = ast.parse(code)
    own = _bound(tree) if keep_identity else frozenset()
    parts: list[str] = []
    numbers: dict[str, int] = {}
    waiting: list[ast.AST | str] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        parts.append(type(node).__name__)
        if isinstance(node, ast.Constant):
            parts.append(_literal(node.value))
            continue
        below: list[ast.AST | str] = []
        for field, value in ast.iter_fields(node):
            if field in ("returns", "annotation", "type_comment", "kind"):
                continue
            if isinstance(value, str):
                if keep_identity:
                    known = field not in _NAMED or value not in own
                    below.append(value if known else f"%{numbers.setdefault(value, len(numbers))}")
            elif isinstance(value, ast.AST):
                if not isinstance(value, _IDLE):
                    below.append(value)
            elif isinstance(value, list):
                items = value[1:] if field == "body" and _documented(node) else value
                below += [item for item in items if isinstance(item, ast.AST)]
                below.append(f"/{field}{len(items)}")
        waiting += reversed(below)
    return content_id(*parts)


def _literal(value: object) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def _bound(tree: ast.Module) -> frozenset[str]:
    """Names that the program gives to something itself; imports are known by theirs."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
    return frozenset(found)


def _documented(node: ast.AST) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
        return False
    return ast.get_docstring(node, clean=False) is not None
