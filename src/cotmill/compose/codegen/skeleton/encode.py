"""A unified program -> its skeleton (grammar.py): the names it binds and the literals that tokens leave open.

Says no to what the grammar has no word for (classes, generators, `global`, `try`, ...): such programs are not learned
from. Layout, comments, annotations and docstrings are lost, and what stands behind a `return` in its block.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from cotmill.compose.codegen.skeleton.expressions import SIGN, Names, Writer, parameters_of
from cotmill.compose.codegen.skeleton.grammar import END, GO, INPUT, NEW, Skeleton, Unsupported
from cotmill.compose.codegen.skeleton.input_types import type_tokens
from cotmill.compose.codegen.skeleton.order import ordered

__all__ = ["encode"]


def encode(code: str, inputs: Sequence[dict[str, Any]], known: Callable[[str], bool] = lambda _: True) -> Skeleton:
    """The skeleton of a unified program. `known` says which literal tokens a model has; others become slots.

    Raises Unsupported.
    """
    return _Encoder(known).program(ast.parse(code), inputs)


class _Encoder(Writer):
    def program(self, tree: ast.Module, inputs: Sequence[dict[str, Any]]) -> Skeleton:
        entry: ast.FunctionDef | None = None
        others: list[ast.stmt] = []
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == "solution":
                entry = statement
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                self.imports(statement)
            elif not _is_docstring(statement):
                others.append(statement)
        if entry is None:
            raise Unsupported("no solution")
        parameters = parameters_of(entry.args)
        for name, default in parameters:
            if default is not None and not all(name in given for given in inputs):
                raise Unsupported("an input that is not always given")
            self.name(INPUT, name)
            self.tokens += type_tokens([given[name] for given in inputs])
        self.tokens.append(GO)
        for statement in ordered(others):
            self.statement(statement)
        self.tokens.append(END)
        self.scopes.append(Names())
        for name, _ in parameters:
            self.scopes[-1].bind(name)
        self.block(entry.body)
        return Skeleton(tuple(self.tokens), tuple(self.names), tuple(self.literals))

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if "." in (alias.name if isinstance(node, ast.Import) else node.module or "."):
                raise Unsupported("import of a submodule")
            if isinstance(node, ast.Import):
                self.imported[alias.asname or alias.name] = alias.name
            else:
                self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def block(self, statements: Sequence[ast.stmt]) -> None:
        kept = [statement for statement in statements if not _is_docstring(statement)]
        for position, statement in enumerate(kept or [ast.Pass()]):
            self.statement(statement)
            if isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue)) and position + 1 < len(kept):
                break  # nothing behind it runs
        self.put(END)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[target], value=value):
                self.put("Assign", value)
                self.target(target)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.put("Assign", value)
                self.target(target)
            case ast.AugAssign(target=target, op=op, value=value) if type(op) in SIGN:
                self.put(f"Aug:{SIGN[type(op)]}")
                self.target(target)
                self.expr(value)
            case ast.If(test=test, body=body, orelse=orelse):
                self.put("If", test)
                self.block(body)
                if orelse:
                    self.block(orelse)
                else:
                    self.put(END)
            case ast.For(target=target, iter=iterated, body=body, orelse=[]):
                self.put("For", iterated)
                self.target(target)
                self.block(body)
            case ast.While(test=test, body=body, orelse=[]):
                self.put("While", test)
                self.block(body)
            case ast.Return(value=None):
                self.put("Return0")
            case ast.Return(value=ast.expr() as value):
                self.put("Return", value)
            case ast.Raise(exc=ast.expr() as value, cause=None):
                self.put("Raise", value)
            case ast.Assert(test=test):
                self.put("Assert", test)
            case ast.Expr(value=value):
                self.put("Expr", value)
            case ast.Break() | ast.Continue() | ast.Pass():
                self.put(type(node).__name__)
            case ast.FunctionDef(decorator_list=[]):
                self.function(node)
            case ast.Import() | ast.ImportFrom():
                self.imports(node)
                self.put("Pass")
            case _:
                raise Unsupported(type(node).__name__)

    def function(self, node: ast.FunctionDef) -> None:
        self.put("Def")
        self.bind(NEW, node.name)
        parameters = parameters_of(node.args)
        self.scopes.append(Names())
        for name, default in parameters:
            self.parameter(name, default)
        self.put(END)
        self.block(node.body)
        self.scopes.pop()


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
