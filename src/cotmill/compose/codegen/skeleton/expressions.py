"""Expressions -> tokens, and the numbers of the names in them."""

from __future__ import annotations

import ast
import builtins
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from cotmill.compose.codegen.skeleton.grammar import (
    BINARY,
    END,
    GLOBALS,
    JUNCTIONS,
    LOCALS,
    NEW,
    OUTER,
    RELATIONS,
    UNARY,
    Unsupported,
)  # fmt: skip
from cotmill.compose.codegen.skeleton.order import bound_by

__all__ = ["SIGN", "Names", "Writer", "parameters_of"]

SIGN: dict[type, str] = {cls: sign for table in (BINARY, RELATIONS, UNARY, JUNCTIONS) for sign, cls in table.items()}
_SHORT = 24  # characters of a literal that can be a token


class Names:
    """Names bound in one function, in order."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.number: dict[str, int] = {}  # of the names that can be read here

    def bind(self, name: str) -> int:
        self.number[name] = len(self.order)
        self.order.append(name)
        return self.number[name]


class Writer:
    """Takes a program apart, from left to right."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        self.known = known
        self.tokens: list[str] = []
        self.names: list[str] = []
        self.literals: list[Any] = []
        self.imported: dict[str, str] = {}
        self.scopes = [Names()]

    def name(self, kind: str, name: str) -> None:
        """The token that binds a name."""
        token = f"{kind}:{name}"
        if self.known(token):
            self.tokens.append(token)
        else:
            self.tokens.append(kind)
            self.names.append(name)

    def bind(self, kind: str, name: str) -> None:
        self.name(kind, name)
        if name in self.imported:
            raise Unsupported("an imported name bound anew")
        number = self.scopes[-1].bind(name)
        if number >= (GLOBALS if len(self.scopes) == 1 else LOCALS):
            raise Unsupported("too many names")

    def read(self, name: str) -> str:
        module, *functions = self.scopes
        if functions and name in functions[-1].number:
            return f"L{functions[-1].number[name]}"
        base = sum(len(scope.order) for scope in functions[:-1])
        for scope in reversed(functions[:-1]):
            base -= len(scope.order)
            if name in scope.number:
                if base + scope.number[name] >= OUTER:
                    raise Unsupported("too many names")
                return f"U{base + scope.number[name]}"
        if name in module.number:
            return f"G{module.number[name]}"
        if name in self.imported:
            return f"E:{self.imported[name]}"
        if hasattr(builtins, name):
            return f"B:{name}"
        raise Unsupported(f"{name} is read before it is bound")

    def parameter(self, name: str, default: ast.expr | None) -> None:
        self.bind("Param" if default is None else "Default", name)
        match default:
            case None:
                pass
            case ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
                self.expr(default)
            case _:
                raise Unsupported("a default that is no literal")

    def target(self, node: ast.expr) -> None:
        match node:
            case ast.Name(id=name):
                scope = self.scopes[-1]
                if name in scope.number:
                    self.put(f"{'L' if self.scopes[1:] else 'G'}{scope.number[name]}")
                else:
                    self.bind(NEW, name)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                self.put("Targets")
                for element in elements:
                    if isinstance(element, ast.Starred):
                        raise Unsupported("a starred target")
                    self.target(element)
                self.put(END)
            case ast.Subscript() | ast.Attribute():
                self.expr(node)
            case _:
                raise Unsupported(type(node).__name__)

    def put(self, token: str, *parts: ast.expr) -> None:
        """A token, and the expressions that follow it."""
        self.tokens.append(token)
        for part in parts:
            self.expr(part)

    def many(self, nodes: Sequence[ast.expr]) -> None:
        for node in nodes:
            if isinstance(node, ast.Starred):
                self.put("Star", node.value)
            else:
                self.expr(node)
        self.put(END)

    def expr(self, node: ast.expr) -> None:
        match node:
            case ast.Name(id=name):
                self.put(self.read(name))
            case ast.Constant(value=value):
                self.constant(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                self.constant(-value)
            case ast.UnaryOp(op=op, operand=operand):
                self.put(f"Un:{SIGN[type(op)]}", operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGN:
                self.put(f"Bin:{SIGN[type(op)]}", left, right)
            case ast.BoolOp(op=op, values=[*first, last]):
                self.put(f"Bool:{SIGN[type(op)]}", first[0] if len(first) == 1 else ast.BoolOp(op, first), last)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                self.put(f"Cmp:{SIGN[type(op)]}", left, right)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                self.put("Chain", left)
                for op, right in zip(ops, comparators, strict=True):
                    self.put(f"Link:{SIGN[type(op)]}", right)
                self.put(END)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.put("IfExp", test, body, orelse)
            case ast.Call():
                self.call(node)
            case ast.Attribute(value=value, attr=attr):
                dotted = self.dotted(node)
                if dotted:
                    self.put(f"E:{dotted}")
                else:
                    self.put(f"Attr:{attr}", value)
            case ast.Subscript(value=value, slice=index):
                self.put("Sub", value)
                self.index(index)
            case ast.Lambda(args=args, body=body):
                before = dict(self.scopes[-1].number)
                self.put("Lambda")
                for name, default in parameters_of(args):
                    self.parameter(name, default)
                self.put(END)
                self.expr(body)
                self.scopes[-1].number = before
            case ast.JoinedStr(values=values):
                self.formatted(values)
            case _:
                self.display(node)

    def display(self, node: ast.expr) -> None:
        """A list, set, tuple or dict, or what makes one."""
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                self.put(type(node).__name__)
                self.many(elements)
            case ast.Dict(keys=keys, values=values):
                self.put("Dict")
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        raise Unsupported("** in a dict")
                    self.put("Pair", key, value)
                self.put(END)
            case ast.ListComp(elt=elt, generators=loops) | ast.SetComp(elt=elt, generators=loops):
                self.comprehension(type(node).__name__, loops, [elt])
            case ast.GeneratorExp(elt=elt, generators=loops):
                self.comprehension("Gen", loops, [elt])
            case ast.DictComp(key=key, value=value, generators=loops):
                self.comprehension("DictComp", loops, [key, value])
            case _:
                raise Unsupported(type(node).__name__)

    def call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute) and not self.dotted(function):
            self.put(f"Meth:{function.attr}", function.value)
        else:
            self.put("Call", function)
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                self.put("Star", argument.value)
            else:
                self.expr(argument)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Unsupported("** in a call")
            self.put(f"Kw:{keyword.arg}", keyword.value)
        self.put(END)

    def dotted(self, node: ast.Attribute) -> str:
        """`math.sqrt` where `math` is the module; empty for an attribute of a value."""
        parts = [node.attr]
        inner: ast.expr = node.value
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name) or not self.read(inner.id).startswith("E:"):
            return ""
        if any(part in ("from_iterable", "fromkeys", "now", "strptime", "fromisoformat") for part in parts):
            return ".".join([self.imported[inner.id], *reversed(parts)])
        return ".".join([self.imported[inner.id], *reversed(parts)])

    def index(self, node: ast.expr) -> None:
        if not isinstance(node, ast.Slice):
            self.expr(node)
            return
        self.put("Slice")
        for bound in (node.lower, node.upper, node.step):
            if bound is None:
                self.put("Empty")
            else:
                self.expr(bound)

    def comprehension(self, token: str, loops: Sequence[ast.comprehension], parts: Sequence[ast.expr]) -> None:
        before = dict(self.scopes[-1].number)
        self.put(token)
        for loop in loops:
            if loop.is_async:
                raise Unsupported("async")
            self.put("In", loop.iter)
            for name in bound_by(loop.target):
                self.scopes[-1].number.pop(name, None)
            self.target(loop.target)
            self.many(loop.ifs)
        self.put(END)
        for part in parts:
            self.expr(part)
        self.scopes[-1].number = before

    def formatted(self, values: Sequence[ast.expr]) -> None:
        self.put("Fstr")
        for value in values:
            if isinstance(value, ast.Constant):
                self.constant(value.value)
            elif isinstance(value, ast.FormattedValue) and value.conversion == -1:
                spec = value.format_spec
                match spec:
                    case None:
                        self.put("Hole", value.value)
                    case ast.JoinedStr(values=[ast.Constant(value=str(form))]):
                        self.put(f"Hole:{form}", value.value)
                    case _:
                        raise Unsupported("a format that is worked out")
            else:
                raise Unsupported("a conversion in a formatted string")
        self.put(END)

    def constant(self, value: Any) -> None:
        if value is None or isinstance(value, bool):
            self.put(f"C:{value}")
        elif isinstance(value, (int, float, str)) and not (isinstance(value, float) and not math.isfinite(value)):
            letter, slot = {int: ("I", "<int>"), float: ("F", "<float>"), str: ("S", "<str>")}[type(value)]
            token = f"{letter}:{json.dumps(value)}"
            if len(token) <= _SHORT and self.known(token):
                self.put(token)
            else:
                self.put(slot)
                self.literals.append(value)
        else:
            raise Unsupported(f"a literal of type {type(value).__name__}")


def parameters_of(args: ast.arguments) -> list[tuple[str, ast.expr | None]]:
    if args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs:
        raise Unsupported("parameters beyond plain ones")
    defaults: list[ast.expr | None] = [None] * (len(args.args) - len(args.defaults))
    return [(arg.arg, default) for arg, default in zip(args.args, [*defaults, *args.defaults], strict=True)]
