"""Drop what a program does not need: unused imports, unreached definitions, examples of its own use.

What is dropped is never evaluated, so a statement stays where there is doubt: it stays if it binds a name that the
entry reaches, if it touches data that the entry reaches, or if it sets up an imported module.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from cotmill.collect.scopes import analyse

__all__ = ["Statement", "statements", "tidy"]

# with these, a program can reach a definition that nobody names
_DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars", "__subclasses__", "__init_subclass__", "__import__"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the module and the module-level names that it has to do with."""

    node: ast.stmt
    binds: frozenset[str]
    mentions: frozenset[str]  # reads, also inside nested functions; and what it binds

    @property
    def is_definition(self) -> bool:
        """A function, a class or an import: evaluating it does nothing but bind its name."""
        return isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))


def statements(tree: ast.Module) -> list[Statement]:
    """The statements of a module, in order."""
    binds: list[set[str]] = [set() for _ in tree.body]
    mentions: list[set[str]] = [set() for _ in tree.body]
    for name, occurrences in analyse(tree)[tree].owned.items():
        for occurrence in occurrences:
            mentions[occurrence.top].add(name)
            if occurrence.binds and occurrence.scope.parent is None:
                binds[occurrence.top].add(name)
    return [
        Statement(node, frozenset(bound), frozenset(mentioned))
        for node, bound, mentioned in zip(tree.body, binds, mentions, strict=True)
    ]


def tidy(tree: ast.Module, entry: str) -> None:
    """Keep what the function `entry` needs, in order; everything else goes."""
    parts = statements(tree)
    dynamic = any(_is_dynamic(node) for node in ast.walk(tree))
    functions = {name for part in parts if part.is_definition for name in part.binds if not _imports(part.node)}
    imports = {name for part in parts if _imports(part.node) for name in part.binds}
    kept = [
        (dynamic and part.is_definition and not _imports(part.node))
        or _registers(part, functions)
        or _unnamed_import(part.node)
        for part in parts
    ]
    needed = {entry}.union(*(part.mentions for keep, part in zip(kept, parts, strict=True) if keep))
    grown = True
    while grown:
        grown = False
        data = needed - functions - imports
        for number, part in enumerate(parts):
            if not kept[number] and (part.binds & needed or _sets_up(part, entry, data, imports)):
                kept[number] = grown = True
                needed |= part.binds if _imports(part.node) else part.mentions
    _only_imports(tree, needed)
    tree.body = [part.node for keep, part in zip(kept, parts, strict=True) if keep]


def _is_dynamic(node: ast.AST) -> bool:
    return (
        (isinstance(node, ast.Name) and node.id in _DYNAMIC)
        or (isinstance(node, ast.Attribute) and node.attr in _DYNAMIC)
        or (isinstance(node, ast.FunctionDef) and node.name in _DYNAMIC)
    )


def _imports(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _unnamed_import(node: ast.stmt) -> bool:
    """`from __future__ import ...` and `from module import *` bind nothing that could be looked for."""
    return isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")


def _registers(part: Statement, functions: set[str]) -> bool:
    """A definition with a decorator of the program's own, which may enter it into a table."""
    decorators = getattr(part.node, "decorator_list", [])
    return any(isinstance(node, ast.Name) and node.id in functions for item in decorators for node in ast.walk(item))


def _sets_up(part: Statement, entry: str, data: set[str], imports: set[str]) -> bool:
    """A statement that changes data which the entry reaches, or an imported module; not an example of its use."""
    if part.is_definition or part.mentions & {entry, "print", "input"}:
        return False
    if isinstance(part.node, (ast.Assign, ast.AnnAssign)) and part.binds:
        return False
    if part.mentions & data:
        return True
    return isinstance(part.node, ast.Expr) and isinstance(part.node.value, ast.Call) and bool(part.mentions & imports)


def _only_imports(tree: ast.Module, needed: set[str]) -> None:
    """Of `import a, b` keep the names that are needed."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _unnamed_import(node):
            wanted = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in needed]
            node.names = wanted or node.names
