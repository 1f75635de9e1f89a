"""Work a word problem through without running it: which values would its names hold on these inputs?

A program is only ever executed in the sandbox. This is a small interpreter of plain arithmetic, loops and calls of the
problem's own functions, with a limit on steps and sizes; it serves to choose inputs that make sense (no 2.5 dogs, no
negative prices) before anything is run. What it does not know it refuses.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

__all__ = ["Unworkable", "rehearse"]

MAX_STEPS = 2_000
LARGEST = 1e12

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_CALLS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "sum": sum, "len": len, "round": round, "abs": abs, "int": int, "float": float,
    "divmod": divmod,
}  # fmt: skip
# The names of these are chosen by the operators, so that what is enumerated is a list or a short range.
_SEQUENCES: dict[str, Callable[..., Any]] = {"range": range, "enumerate": enumerate, "zip": zip}


class Unworkable(Exception):
    """Not plain arithmetic, or arithmetic that goes wrong: a division by 0, a loop without end."""


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _Break(Exception):
    pass


def rehearse(tree: ast.Module, arguments: dict[str, Any]) -> tuple[Any, dict[str, list[Any]]]:
    """(what `solution(**arguments)` gives, every value that each name was given). Raises Unworkable."""
    player = _Player(tree)
    try:
        return player.call("solution", (), arguments), player.seen
    except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, _Break) as error:
        raise Unworkable(str(error)) from None


class _Player:
    def __init__(self, tree: ast.Module) -> None:
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        if len(self.functions) < len(tree.body):
            raise Unworkable("more than functions")
        self.seen: dict[str, list[Any]] = {}
        self.steps = 0
        self.names: dict[str, Any] = {}

    def call(self, name: str, values: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        parameters = [arg.arg for arg in self.functions[name].args.args]
        outer, self.names = self.names, {}
        for parameter, value in {**dict(zip(parameters, values, strict=False)), **keywords}.items():
            self.bind(parameter, list(value) if isinstance(value, list) else value)
        try:
            self.run(self.functions[name].body)
        except _Return as done:
            return done.value
        finally:
            self.names = outer
        raise Unworkable("no return")

    def bind(self, name: str, value: Any) -> None:
        if isinstance(value, (int, float)) and abs(value) > LARGEST:
            raise Unworkable("too large")
        self.names[name] = value
        self.seen.setdefault(name, []).append(value)

    def run(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise Unworkable("too long")
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self.assign(node.targets[0], self.value(node.value))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.bind(node.target.id, self.binary(node.op, self.names[node.target.id], self.value(node.value)))
        elif isinstance(node, ast.Return) and node.value is not None:
            raise _Return(self.value(node.value))
        elif isinstance(node, ast.If):
            self.run(node.body if self.value(node.test) else node.orelse)
        elif isinstance(node, (ast.For, ast.While)) and not node.orelse:
            self.loop(node)
        elif isinstance(node, ast.Break):
            raise _Break
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self.value(node.value)
        elif not isinstance(node, ast.Pass):
            raise Unworkable(type(node).__name__)

    def loop(self, node: ast.For | ast.While) -> None:
        try:
            if isinstance(node, ast.While):
                while self.value(node.test):
                    self.run(node.body)
            else:
                for item in self.value(node.iter):
                    self.assign(node.target, item)
                    self.run(node.body)
        except _Break:
            return

    def assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value)
        elif isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                self.assign(part, item)
        else:
            raise Unworkable(type(target).__name__)

    def value(self, node: ast.expr) -> Any:
        self.steps += 1
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.Name(id=name):
                return self.names[name]
            case ast.BinOp(left=left, op=kind, right=right):
                return self.binary(kind, self.value(left), self.value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.value(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.Compare(left=left, ops=[kind], comparators=[right]) if type(kind) in _COMPARE:
                return _COMPARE[type(kind)](self.value(left), self.value(right))
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self.value(part) for part in values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.value(test) else orelse)
            case ast.List(elts=items):
                return [self.value(item) for item in items]
            case ast.Tuple(elts=items):
                return tuple(self.value(item) for item in items)
            case ast.Dict(keys=keys, values=values):
                return {self.value(key): self.value(item) for key, item in zip(keys, values, strict=True) if key}
            case ast.Subscript(value=place, slice=index):
                return self.value(place)[self.value(index)]
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.called(name, tuple(self.value(arg) for arg in args), node.keywords)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=("append" | "index") as method), args=[arg]):
                return getattr(self.names[name], method)(self.value(arg))
        raise Unworkable(type(node).__name__)

    def called(self, name: str, values: tuple[Any, ...], keywords: list[ast.keyword]) -> Any:
        if name in self.functions:
            return self.call(name, values, {word.arg: self.value(word.value) for word in keywords if word.arg})
        if name in _SEQUENCES:
            if name == "range" and any(abs(value) > MAX_STEPS for value in values):
                raise Unworkable("a long range")
            return _SEQUENCES[name](*values, **{word.arg: self.value(word.value) for word in keywords if word.arg})
        if name in _CALLS and not keywords:
            return _CALLS[name](*values)
        raise Unworkable(name)

    def binary(self, kind: ast.operator, left: Any, right: Any) -> Any:
        if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
            raise Unworkable("not numbers")
        if isinstance(kind, ast.Pow) and (abs(right) > 20 or abs(left) > 10_000):
            raise Unworkable("a large power")
        if type(kind) not in _BINARY:
            raise Unworkable(type(kind).__name__)
        value = _BINARY[type(kind)](left, right)
        if isinstance(value, complex):
            raise Unworkable("a complex number")
        return value
