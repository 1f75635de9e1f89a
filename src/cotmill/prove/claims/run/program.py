"""The program's source as the claim check needs it: names, statements by line, expressions by place, tests by text."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from cotmill.prove.claims.run.trees import nodes_of

__all__ = ["Program", "Statement", "program_of", "squeezed"]

_BUILTINS = frozenset(dir(builtins))
Place = tuple[int, int, int, int]  # line, col, end_line, end_col as in `ast`: columns in UTF-8 bytes


@dataclass(frozen=True)
class Statement:
    """A statement with what its own line evaluates: for a compound statement the header only."""

    node: ast.AST
    expressions: tuple[ast.expr, ...]  # all expressions and parts of expressions, outermost first
    changes: frozenset[str]  # names that it binds, or changes in place by its own form
    binds: frozenset[str] = frozenset()  # of these, the names that it binds itself


@dataclass(frozen=True)
class Program:
    spoken: frozenset[str]  # every identifier, also of builtins and methods
    names: frozenset[str]  # what a text may call by name: variables, parameters, functions, classes, set attributes
    functions: dict[str, tuple[str, ...]]  # every function's parameters, by name
    classes: frozenset[str]
    enumerations: frozenset[str]  # of these, the ones whose members are values
    statements: dict[int, Statement]  # by line, the innermost that covers it
    places: dict[Place, ast.expr]
    has_xor: bool  # in a text about it, "^" is no power
    constants: frozenset[object]  # numbers and strings in the source
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)  # names said as words, by first


@lru_cache(maxsize=64)
def program_of(code: str) -> Program:
    """Source -> Program. Raises SyntaxError (or ValueError) where it is not Python."""
    tree = ast.parse(code)
    tree.body = [node for node in tree.body if not _feeds(node)]
    collected = _Collected()
    for node in nodes_of(tree):
        collected.add(node)
    names = collected.names | (collected.loaded - _BUILTINS)
    statements: dict[int, Statement] = {}
    _add_statements(tree.body, statements, collected.functions.keys())
    return Program(
        spoken=frozenset(names | collected.loaded | collected.attributes),
        names=frozenset(names),
        functions=collected.functions,
        classes=frozenset(collected.classes),
        enumerations=frozenset(collected.enumerations),
        statements=statements,
        places=collected.places,
        has_xor=collected.has_xor,
        constants=frozenset(collected.constants),
        phrases=_phrases(names),
    )


class _Collected:
    """What one walk over the tree finds."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.loaded: set[str] = set()
        self.attributes: set[str] = set()
        self.functions: dict[str, tuple[str, ...]] = {}
        self.classes: set[str] = set()
        self.enumerations: set[str] = set()
        self.places: dict[Place, ast.expr] = {}
        self.constants: set[object] = set()
        self.has_xor = False

    def add(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            self.places[node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0] = node
        if isinstance(node, ast.Name):
            (self.loaded if isinstance(node.ctx, ast.Load) else self.names).add(node.id)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, (int, float, str)):
                self.constants.add(node.value)
        elif isinstance(node, ast.Attribute):
            self.attributes.add(node.attr)
            if isinstance(node.ctx, ast.Store):
                self.names.add(node.attr)
        elif isinstance(node, ast.arg):
            self.names.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.names.add(node.name)
            args = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            self.functions[node.name] = tuple(arg.arg for arg in args)
        elif isinstance(node, ast.ClassDef):
            self.names.add(node.name)
            self.classes.add(node.name)
            if any(ast.unparse(base).endswith(("Enum", "Flag")) for base in node.bases):
                self.enumerations.add(node.name)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs)) and node.name:
            self.names.add(node.name)
        elif isinstance(node, ast.BitXor):
            self.has_xor = True


def _feeds(node: ast.stmt) -> bool:
    """`input = {...}` and `output = solution(**input)`: what runs the program is no part of what it does."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in ("input", "output")


# "The input is family tree", "a dict of 26": no sentence that has these words one after the other names `is_family`.
_PARTICLES = frozenset(
    re.findall(r"\w+", "a an and are as at be by can do for has have if in is it no not of on or the to was with")
)


def _phrases(names: set[str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """`eggs_sold` may be said as "eggs sold": names of several words by their first word, longest first."""
    said: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in sorted(names):
        words = tuple(word for word in name.lower().split("_") if word)
        if len(words) > 1 and words[0] not in _PARTICLES:
            said.setdefault(words[0], []).append((words, name))
    for options in said.values():
        options.sort(key=lambda option: -len(option[0]))
    return said


def _add_statements(body: list[ast.stmt], statements: dict[int, Statement], functions: Collection[str]) -> None:
    for node in body:
        parts = [part for own in _own_parts(node) for part in nodes_of(own) if isinstance(part, ast.expr)]
        lines = _own_lines(node)
        statement = Statement(node, tuple(parts), _changes(node, parts, functions), _binds(parts))
        for line in lines:
            statements[line] = statement
        for name in ("body", "orelse", "finalbody"):
            _add_statements(getattr(node, name, []), statements, functions)
        for handler in getattr(node, "handlers", ()):
            statements.setdefault(
                handler.lineno, Statement(handler, (), frozenset([handler.name] if handler.name else []))
            )
            _add_statements(handler.body, statements, functions)
        for case in getattr(node, "cases", ()):
            statements[case.pattern.lineno] = Statement(case, (), frozenset())
            _add_statements(case.body, statements, functions)


def _own_parts(node: ast.stmt) -> list[ast.AST]:
    """The parts of a statement that its own line evaluates."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter, node.target]
    if isinstance(node, (ast.If, ast.While)):
        return [node.test]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in node.items]
    if isinstance(node, ast.Match):
        return [node.subject]
    if isinstance(node, ast.Try):
        return []
    if isinstance(node, ast.AugAssign):
        whole = ast.BinOp(_loaded(node.target), node.op, node.value)
        return [ast.copy_location(whole, node), node.target]
    return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.AST)]


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    return target


def _own_lines(node: ast.stmt) -> range:
    first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
        return range(first, max(first + 1, body[0].lineno))
    return range(first, (node.end_lineno or node.lineno) + 1)


def _changes(node: ast.stmt, parts: list[ast.expr], functions: Collection[str]) -> frozenset[str]:
    names: set[str] = set()
    for part in parts:
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
        elif isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store):
            names.update(_base(part))
    method = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    if isinstance(method, ast.Attribute) and method.attr not in functions:
        names.update(_base(method))
    return frozenset(names)


def _binds(parts: list[ast.expr]) -> frozenset[str]:
    return frozenset(part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def squeezed(source: str) -> str:
    """Source without its spaces: how two writings of one expression are compared."""
    return "".join(source.split())
