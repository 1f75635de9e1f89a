"""Drop what a program does not need: unused imports, unreached definitions, examples of its own use.

What is dropped is never evaluated, so a statement stays where there is doubt: it stays if it binds a name that the
entry reaches, if it may change data that the entry reaches (itself or through a function that it calls), or if it sets
up an imported module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from cotmill.collect.scopes import analyse

__all__ = ["Statement", "statements", "tidy"]

# with these, a program can reach a definition that nobody names
_DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars", "__subclasses__", "__init_subclass__", "__import__"})


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement of the module and the module-level names that it has to do with."""

    node: ast.stmt
    binds: frozenset[str]
    mentions: frozenset[str]  # reads, also inside nested functions; and what it binds

    @property
    def is_definition(self) -> bool:
        """A function, a class or an import: evaluating it does nothing but bind its name."""
        return self.is_import or isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, (ast.Import, ast.ImportFrom))


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
    keeper = _Keeper(statements(tree), entry)
    if any(_is_dynamic(node) for node in ast.walk(tree)):
        keeper.keep(part for part in keeper.parts if part.is_definition and not part.is_import)
    keeper.run()
    _only_imports(tree, keeper.needed)
    tree.body = [part.node for part in keeper.parts if part in keeper.kept]


class _Keeper:
    """Follows names from the entry to statements, and from statements to the names that they mention."""

    def __init__(self, parts: list[Statement], entry: str) -> None:
        self.parts, self.entry = parts, entry
        self.kept: set[Statement] = set()
        self.needed: set[str] = set()
        self.touched: set[str] = set()  # needed data, and functions that mention it
        self.names = [entry]  # still to be followed
        self.binders: dict[str, list[Statement]] = {}
        self.mentioners: dict[str, list[Statement]] = {}
        for part in parts:
            for name in part.binds:
                self.binders.setdefault(name, []).append(part)
            for name in part.mentions:
                self.mentioners.setdefault(name, []).append(part)
        self.functions = {name for part in parts if part.is_definition and not part.is_import for name in part.binds}
        self.imports = {name for part in parts if part.is_import for name in part.binds}

    def run(self) -> None:
        self.keep(part for part in self.parts if self._stays_anyway(part))
        while self.names:
            name = self.names.pop()
            if name not in self.needed:
                self.needed.add(name)
                self.keep(self.binders.get(name, ()))
                if name in self.binders and name not in self.functions and name not in self.imports:
                    self._touch(name)

    def keep(self, parts: Iterable[Statement]) -> None:
        for part in parts:
            if part not in self.kept:
                self.kept.add(part)
                if not part.is_import:  # of `import a, b` only what is mentioned elsewhere is needed
                    self.names += part.mentions

    def _touch(self, name: str) -> None:
        """This data is needed: keep the statements that may change it."""
        names = [name]
        while names:
            if (name := names.pop()) in self.touched:
                continue
            self.touched.add(name)
            for part in self.mentioners.get(name, ()):
                if part.is_definition:
                    names += part.binds
                elif self._may_change(part):
                    self.keep([part])

    def _may_change(self, part: Statement) -> bool:
        if part.mentions & {self.entry, "print", "input"}:
            return False  # an example of its use
        if isinstance(part.node, (ast.Assign, ast.AnnAssign)) and part.binds:
            return any(isinstance(node, ast.Call) for node in ast.walk(part.node))
        return True

    def _stays_anyway(self, part: Statement) -> bool:
        if _unnamed_import(part.node) or _registers(part, self.functions):
            return True
        calls = isinstance(part.node, ast.Expr) and isinstance(part.node.value, ast.Call)
        return calls and bool(part.mentions & self.imports) and self._may_change(part)


def _is_dynamic(node: ast.AST) -> bool:
    return (
        (isinstance(node, ast.Name) and node.id in _DYNAMIC)
        or (isinstance(node, ast.Attribute) and node.attr in _DYNAMIC)
        or (isinstance(node, ast.FunctionDef) and node.name in _DYNAMIC)
    )


def _unnamed_import(node: ast.stmt) -> bool:
    """`from __future__ import ...` and `from module import *` bind nothing that could be looked for."""
    return isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")


def _registers(part: Statement, functions: set[str]) -> bool:
    """A definition with a decorator of the program's own, which may enter it into a table."""
    decorators = getattr(part.node, "decorator_list", [])
    return any(isinstance(node, ast.Name) and node.id in functions for item in decorators for node in ast.walk(item))


def _only_imports(tree: ast.Module, needed: set[str]) -> None:
    """Of `import a, b` keep the names that are needed."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _unnamed_import(node):
            wanted = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in needed]
            node.names = wanted or node.names
