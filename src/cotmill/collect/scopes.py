"""Which scope every name of a program belongs to, so that a name can be moved or renamed without guessing.

The rules are those of the language reference, section 4.2 (Naming and binding): comprehensions are scopes of their
own, class bodies are not seen by the functions inside them, `:=` in a comprehension binds outside it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Occurrence", "Scope", "Unrenamable", "analyse", "fresh_name", "rename"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Unrenamable(Exception):
    """A name cannot be changed without changing what the program does; the message says where."""


@dataclass(eq=False, slots=True)
class Occurrence:
    """A name at one place: read, bound, deleted or declared there."""

    name: str
    node: Any  # the ast node whose field holds the name
    binds: bool
    scope: Scope  # where it stands, which need not be where it belongs
    top: int  # number of the statement of the module that holds it


@dataclass(eq=False, slots=True)
class Scope:
    """A module, function, lambda, class or comprehension, and the names that belong to it."""

    node: ast.AST
    parent: Scope | None
    bound: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    owned: dict[str, list[Occurrence]] = field(default_factory=dict)  # wherever in the program they stand

    def owner_of(self, name: str) -> Scope:
        """The scope that this name, standing here, belongs to; the module also owns what nobody binds (builtins)."""
        if name in self.declared_global:
            return self.module
        if name in self.bound and name not in self.declared_nonlocal:
            return self
        scope = self.parent
        while scope is not None and scope.parent is not None:
            if not isinstance(scope.node, ast.ClassDef):
                if name in scope.declared_global:
                    return scope.module
                if name in scope.bound and name not in scope.declared_nonlocal:
                    return scope
            scope = scope.parent
        return self.module

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def inside(self, outer: Scope) -> bool:
        """This scope is `outer` or lies in it."""
        scope: Scope | None = self
        while scope is not None and scope is not outer:
            scope = scope.parent
        return scope is not None


def analyse(tree: ast.Module) -> dict[ast.AST, Scope]:
    """The scopes of a module by their nodes; `owned` of each is complete."""
    visitor = _Visitor(tree)
    for occurrence in visitor.found:
        owner = occurrence.scope.owner_of(occurrence.name)
        owner.owned.setdefault(occurrence.name, []).append(occurrence)
    return visitor.scopes


def fresh_name(wanted: str, tree: ast.Module) -> str:
    """`wanted` with the smallest number behind it that makes a name which stands nowhere in the program."""
    taken = {text for node in ast.walk(tree) for text in _names_of(node)}
    number = 1
    while f"{wanted}_{number}" in taken:
        number += 1
    return f"{wanted}_{number}"


def _names_of(node: ast.AST) -> Iterator[str]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


def rename(tree: ast.Module, old: str, new: str) -> None:
    """Rename a module-level name everywhere. A `new` that is in use gets out of the way. Raises Unrenamable."""
    if old == new:
        return
    scopes = analyse(tree)
    module = scopes[tree]
    if new in module.bound:
        rename(tree, new, fresh_name(new, tree))
        scopes = analyse(tree)
        module = scopes[tree]
    for scope in scopes.values():
        if scope is not module and new in scope.owned and _hidden_by(scope, module.owned.get(old, [])):
            _rename_in(scope, new, fresh_name(new, tree))
    _rename_in(module, old, new)


def _hidden_by(scope: Scope, occurrences: list[Occurrence]) -> bool:
    """A name bound in this scope would be seen instead of the module's at one of these places."""
    if isinstance(scope.node, ast.ClassDef):
        return any(occurrence.scope is scope for occurrence in occurrences)
    return any(occurrence.scope.inside(scope) for occurrence in occurrences)


def _rename_in(scope: Scope, old: str, new: str) -> None:
    occurrences = scope.owned.get(old, [])
    if any(isinstance(occurrence.node, ast.arg) for occurrence in occurrences):
        raise Unrenamable(f"a parameter named {old} stands in the way (line {occurrences[0].node.lineno})")
    if isinstance(scope.node, ast.ClassDef):
        raise Unrenamable(f"an attribute named {old} stands in the way (line {occurrences[0].node.lineno})")
    for occurrence in occurrences:
        _set_name(occurrence.node, old, new)


def _set_name(node: Any, old: str, new: str) -> None:
    if isinstance(node, ast.alias):
        if node.asname is None and "." in node.name:
            raise Unrenamable(f"the import of {node.name} cannot be renamed")
        node.asname = new
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        node.names = [new if name == old else name for name in node.names]
    elif isinstance(node, ast.Name):
        node.id = new
    elif isinstance(node, ast.MatchMapping):
        node.rest = new
    else:  # functions, classes, exception handlers, captures of match
        node.name = new


class _Visitor:
    """Walks a module once and notes every occurrence of a name with the scope that it stands in."""

    def __init__(self, tree: ast.Module) -> None:
        self.scope = Scope(tree, None)
        self.scopes: dict[ast.AST, Scope] = {tree: self.scope}
        self.found: list[Occurrence] = []
        for self.top, statement in enumerate(tree.body):
            self.visit(statement)

    def note(self, name: str, node: ast.AST, binds: bool, scope: Scope | None = None) -> None:
        scope = scope or self.scope
        if binds:
            scope.bound.add(name)
        self.found.append(Occurrence(name, node, binds, scope, self.top))

    @contextmanager
    def inside(self, node: ast.AST) -> Iterator[None]:
        outer, self.scope = self.scope, Scope(node, self.scope)
        self.scopes[node] = self.scope
        yield
        self.scope = outer

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit(self, node: ast.AST) -> None:
        handle = _HANDLERS.get(type(node))
        if handle is None:
            self.visit_all(ast.iter_child_nodes(node))
        else:
            handle(self, node)

    def name(self, node: ast.Name) -> None:
        self.note(node.id, node, not isinstance(node.ctx, ast.Load))

    def walrus(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        scope = self.scope
        while isinstance(scope.node, Comprehension) and scope.parent is not None:
            scope = scope.parent
        self.note(node.target.id, node.target, True, scope)

    def function(self, node: Function) -> None:
        self.note(node.name, node, True)
        self.visit_all(node.decorator_list)
        self._annotation(node.returns)
        self._callable(node, node.args, node.body)

    def lambda_(self, node: ast.Lambda) -> None:
        self._callable(node, node.args, [node.body])

    def _callable(self, node: ast.AST, args: ast.arguments, body: Iterable[ast.AST]) -> None:
        parameters = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
        present = [parameter for parameter in parameters if parameter is not None]
        self.visit_all([*args.defaults, *args.kw_defaults])
        for parameter in present:
            self._annotation(parameter.annotation)
        with self.inside(node):
            for parameter in present:
                self.note(parameter.arg, parameter, True)
            self.visit_all(body)

    def class_(self, node: ast.ClassDef) -> None:
        self.note(node.name, node, True)
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        with self.inside(node):
            self.visit_all(node.body)

    def comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        with self.inside(node):
            for number, generator in enumerate(node.generators):
                self.visit_all([generator.target, *generator.ifs] if number == 0 else [generator])
            self.visit_all(results)

    def annotated(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.value, node.target])
        self._annotation(node.annotation)

    def _annotation(self, node: ast.expr | None) -> None:
        """An annotation may be written as text; the names in it count as read."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            with suppress(SyntaxError, ValueError):
                node = ast.parse(node.value, mode="eval").body
        if node is not None:
            self.visit(node)

    def import_(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self.note(alias.asname or alias.name.split(".")[0], alias, True)

    def handler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.note(node.name, node, True)
        self.visit_all(ast.iter_child_nodes(node))

    def capture(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.note(node.name, node, True)
        self.visit_all(ast.iter_child_nodes(node))

    def rest(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.note(node.rest, node, True)
        self.visit_all(ast.iter_child_nodes(node))

    def global_(self, node: ast.Global) -> None:
        self.scope.declared_global.update(node.names)
        for name in node.names:
            self.note(name, node, True)

    def nonlocal_(self, node: ast.Nonlocal) -> None:
        self.scope.declared_nonlocal.update(node.names)
        for name in node.names:
            self.note(name, node, False)


_HANDLERS: dict[type, Callable[[_Visitor, Any], None]] = {
    ast.Name: _Visitor.name,
    ast.NamedExpr: _Visitor.walrus,
    ast.FunctionDef: _Visitor.function,
    ast.AsyncFunctionDef: _Visitor.function,
    ast.Lambda: _Visitor.lambda_,
    ast.ClassDef: _Visitor.class_,
    ast.ListComp: _Visitor.comprehension,
    ast.SetComp: _Visitor.comprehension,
    ast.DictComp: _Visitor.comprehension,
    ast.GeneratorExp: _Visitor.comprehension,
    ast.AnnAssign: _Visitor.annotated,
    ast.Import: _Visitor.import_,
    ast.ImportFrom: _Visitor.import_,
    ast.ExceptHandler: _Visitor.handler,
    ast.MatchAs: _Visitor.capture,
    ast.MatchStar: _Visitor.capture,
    ast.MatchMapping: _Visitor.rest,
    ast.Global: _Visitor.global_,
    ast.Nonlocal: _Visitor.nonlocal_,
}
