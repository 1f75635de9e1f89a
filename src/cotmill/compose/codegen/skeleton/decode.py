"""A skeleton -> its program."""

from __future__ import annotations

import ast
import json
from typing import Any

from cotmill.compose.codegen.skeleton.grammar import (
    BINARY,
    END,
    GO,
    JUNCTIONS,
    NEW,
    PRODUCTIONS,
    RELATIONS,
    SLOTS,
    TYPES,
    UNARY,
    Skeleton,
    head,
)  # fmt: skip

__all__ = ["decode"]

_COMPS = {"ListComp": ast.ListComp, "SetComp": ast.SetComp, "Gen": ast.GeneratorExp, "DictComp": ast.DictComp}


def decode(skeleton: Skeleton) -> str:
    """The program's source, in the layout of `ast.unparse`."""
    return _Decoder(skeleton).program()


class _Decoder:
    def __init__(self, skeleton: Skeleton) -> None:
        self.tokens = skeleton.tokens
        self.at = 0
        self.names = iter(skeleton.names)
        self.literals = iter(skeleton.literals)
        self.scopes: list[list[str]] = [[]]
        self.modules: set[str] = set()

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def program(self) -> str:
        inputs = []
        while self.tokens[self.at] != GO:
            inputs.append(self.named(self.take()))
            self.skip_type()
        self.at += 1
        body = self.items()
        self.scopes.append(list(inputs))
        entry = _function("solution", [ast.arg(name) for name in inputs], [], self.items())
        imports = [ast.Import([ast.alias(module)]) for module in sorted(self.modules)]
        module = ast.Module([*imports, *body, entry], type_ignores=[])
        return ast.unparse(ast.fix_missing_locations(module)) + "\n"

    def skip_type(self) -> None:
        for _ in range(TYPES[self.take()]):
            self.skip_type()

    def named(self, token: str) -> str:
        """The name that a token binds."""
        return token.partition(":")[2] or next(self.names)

    def bind(self, token: str) -> str:
        self.scopes[-1].append(self.named(token))
        return self.scopes[-1][-1]

    def items(self) -> list[Any]:
        found = []
        while self.tokens[self.at] != END:
            found.append(self.node())
        self.at += 1
        return found

    def slot(self, slot: str) -> Any:
        return self.node() if SLOTS[slot].least is None else self.items()

    def node(self) -> Any:
        token = self.take()
        kind, argument = head(token), token.partition(":")[2]
        if kind == "Def":
            name = self.bind(self.take())
            self.scopes.append([])
            parameters, body = self.items(), self.items()
            self.scopes.pop()
            return _function(name, [arg for arg, _ in parameters], [d for _, d in parameters if d], body)
        if kind in ("Param", "Default"):
            arg = ast.arg(self.bind(token))
            return arg, self.node() if kind == "Default" else None
        if kind == NEW:
            return ast.Name(self.bind(token))
        if kind in ("L", "U", "G"):
            return ast.Name(self.name(kind, int(token[1:])))
        return self.build(kind, argument, [self.slot(slot) for slot in PRODUCTIONS[kind]])

    def name(self, kind: str, number: int) -> str:
        module, *functions = self.scopes
        if kind == "L":
            return functions[-1][number]
        return [name for scope in functions[:-1] for name in scope][number] if kind == "U" else module[number]

    def build(self, kind: str, argument: str, parts: list[Any]) -> Any:
        match kind:
            case "Assign":
                return ast.Assign([parts[1]], parts[0])
            case "Aug":
                return ast.AugAssign(parts[0], BINARY[argument](), parts[1])
            case "If":
                return ast.If(*parts)
            case "For":
                return ast.For(parts[1], parts[0], parts[2], [])
            case "While":
                return ast.While(parts[0], parts[1], [])
            case "Return":
                return ast.Return(parts[0])
            case "Return0":
                return ast.Return(None)
            case "Raise":
                return ast.Raise(parts[0], None)
            case "Assert":
                return ast.Assert(parts[0], None)
            case "Expr":
                return ast.Expr(parts[0])
            case "Break" | "Continue" | "Pass":
                return getattr(ast, kind)()
            case "Bin":
                return ast.BinOp(parts[0], BINARY[argument](), parts[1])
            case "Un":
                return ast.UnaryOp(UNARY[argument](), parts[0])
            case "Bool":
                op = JUNCTIONS[argument]
                first = (
                    parts[0].values if isinstance(parts[0], ast.BoolOp) and isinstance(parts[0].op, op) else parts[:1]
                )
                return ast.BoolOp(op(), [*first, parts[1]])
            case "Cmp":
                return ast.Compare(parts[0], [RELATIONS[argument]()], [parts[1]])
            case "Link":
                return RELATIONS[argument](), parts[0]
            case "Chain":
                return ast.Compare(parts[0], [op for op, _ in parts[1]], [right for _, right in parts[1]])
            case "IfExp":
                return ast.IfExp(*parts)
            case "Call" | "Meth":
                function = parts[0] if kind == "Call" else ast.Attribute(parts[0], argument)
                keywords = [part for part in parts[1] if isinstance(part, ast.keyword)]
                return ast.Call(function, [part for part in parts[1] if not isinstance(part, ast.keyword)], keywords)
            case "Kw":
                return ast.keyword(argument, parts[0])
            case "Star":
                return ast.Starred(parts[0])
            case "Attr":
                return ast.Attribute(parts[0], argument)
            case "Sub":
                return ast.Subscript(parts[0], parts[1])
            case "Slice":
                return ast.Slice(*parts)
            case "Empty":
                return None
            case "List" | "Set":
                return getattr(ast, kind)(parts[0])
            case "Tuple" | "Targets":
                return ast.Tuple(parts[0])
            case "Pair":
                return tuple(parts)
            case "Dict":
                return ast.Dict([key for key, _ in parts[0]], [value for _, value in parts[0]])
            case "In":
                return ast.comprehension(parts[1], parts[0], parts[2], 0)
            case "DictComp":
                return ast.DictComp(parts[1], parts[2], parts[0])
            case "ListComp" | "SetComp" | "Gen":
                return _COMPS[kind](parts[1], parts[0])
            case "Lambda":
                return ast.Lambda(_arguments([arg for arg, _ in parts[0]], [d for _, d in parts[0] if d]), parts[1])
            case "Fstr":
                return ast.JoinedStr(parts[0])
            case "Hole":
                spec = ast.JoinedStr([ast.Constant(argument)]) if argument else None
                return ast.FormattedValue(parts[0], -1, spec)
            case "B":
                return ast.Name(argument)
            case "E":
                return self.external(argument)
            case "I" | "F" | "S":
                return _literal(json.loads(argument))
            case "C":
                return ast.Constant({"None": None, "True": True, "False": False}[argument])
            case _:
                return _literal(next(self.literals))

    def external(self, dotted: str) -> ast.expr:
        module, *rest = dotted.split(".")
        self.modules.add(module)
        node: ast.expr = ast.Name(module)
        for part in rest:
            node = ast.Attribute(node, part)
        return node


def _literal(value: Any) -> ast.expr:
    """A number below zero as a sign and a number: so `ast.unparse` puts it in brackets where it must."""
    if isinstance(value, (int, float)) and repr(value)[0] == "-":
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _arguments(args: list[ast.arg], defaults: list[ast.expr]) -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], kw_defaults=[], defaults=defaults)


def _function(name: str, args: list[ast.arg], defaults: list[ast.expr], body: list[ast.stmt]) -> ast.FunctionDef:
    return ast.FunctionDef(name=name, args=_arguments(args, defaults), body=body, decorator_list=[], returns=None)
