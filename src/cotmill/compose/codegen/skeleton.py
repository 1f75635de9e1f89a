"""A program <-> its skeleton (grammar.py), the names it binds and the literals in its slots.

`encode` says no to what the grammar has no word for (classes, generators, `global`, `try`, ...); such programs are not
learned from. `decode` is its inverse but for layout, comments, annotations and docstrings.
"""

from __future__ import annotations

import ast
import builtins
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.compose.codegen.grammar import (
    END,
    GLOBALS,
    GO,
    INPUT,
    LOCALS,
    NEW,
    OUTER,
    PRODUCTIONS,
    SLOTS,
    TYPES,
    head,
)  # fmt: skip

__all__ = ["Skeleton", "Unsupported", "decode", "encode", "type_tokens"]

_BIN = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "<<": ast.LShift, ">>": ast.RShift, "|": ast.BitOr, "&": ast.BitAnd, "^": ast.BitXor,
}  # fmt: skip
_CMP = {
    "==": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "in": ast.In,
    "not-in": ast.NotIn, "is": ast.Is, "is-not": ast.IsNot,
}  # fmt: skip
_UN = {"-": ast.USub, "not": ast.Not, "~": ast.Invert, "+": ast.UAdd}
_BOOL = {"and": ast.And, "or": ast.Or}
_SIGN: dict[type, str] = {cls: sign for table in (_BIN, _CMP, _UN, _BOOL) for sign, cls in table.items()}
_COMPS = {"ListComp": ast.ListComp, "SetComp": ast.SetComp, "Gen": ast.GeneratorExp, "DictComp": ast.DictComp}
_SHORT = 24  # characters of a string that can be a token


class Unsupported(Exception):
    """The grammar has no word for it; the message names it."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A program taken apart."""

    tokens: tuple[str, ...]
    names: tuple[str, ...]  # of the tokens that leave them open, in their order
    literals: tuple[Any, ...]  # of the tokens that leave them open, in their order


def type_tokens(values: Sequence[Any]) -> tuple[str, ...]:
    """The type that all these JSON values have, as tokens; `any` where they differ. Three levels deep."""
    return _type(values, 3)


def _type(values: Sequence[Any], depth: int) -> tuple[str, ...]:
    kinds = {_KINDS.get(type(value), "any") for value in values}
    if kinds == {"int", "float"}:
        return ("float",)
    if len(kinds) != 1:
        return ("any",)
    kind = kinds.pop()
    if kind == "list":
        inner = [item for value in values for item in value]
        return ("list", *(_type(inner, depth - 1) if depth else ("any",)))
    if kind == "dict":
        keys, items = [k for v in values for k in v], [i for v in values for i in v.values()]
        return ("dict", *_type(keys, 0), *(_type(items, depth - 1) if depth else ("any",)))
    return (kind,)


_KINDS = {int: "int", float: "float", str: "str", bool: "bool", type(None): "none", list: "list", dict: "dict"}


# --- program -> skeleton


class _Names:
    """Names bound in one function, in order."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.number: dict[str, int] = {}  # of the names that can be read here

    def bind(self, name: str) -> int:
        self.number[name] = len(self.order)
        self.order.append(name)
        return self.number[name]


def encode(code: str, inputs: Sequence[dict[str, Any]], known: Callable[[str], bool] = lambda _: True) -> Skeleton:
    """The skeleton of a unified program. `known` says which literal tokens a model has; others become slots.

    Raises Unsupported.
    """
    return _Encoder(known).program(ast.parse(code), inputs)


class _Encoder:
    def __init__(self, known: Callable[[str], bool]) -> None:
        self.known = known
        self.tokens: list[str] = []
        self.names: list[str] = []
        self.literals: list[Any] = []
        self.imported: dict[str, str] = {}
        self.scopes = [_Names()]

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
        parameters = _parameters(entry)
        for name, default in parameters:
            if default is not None and not all(name in given for given in inputs):
                raise Unsupported("an input that is not always given")
            self.name(INPUT, name)
            self.tokens += type_tokens([given[name] for given in inputs])
        self.tokens.append(GO)
        for statement in _ordered(others):
            self.statement(statement)
        self.tokens.append(END)
        self.scopes.append(_Names())
        for name, _ in parameters:
            self.scopes[-1].bind(name)
        self.block(entry.body)
        return Skeleton(tuple(self.tokens), tuple(self.names), tuple(self.literals))

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                if "." in alias.name and not alias.asname:
                    raise Unsupported("import of a submodule")
                self.imported[alias.asname or alias.name] = alias.name
            else:
                self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    # names

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

    # statements

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
            case ast.AugAssign(target=target, op=op, value=value):
                self.put(f"Aug:{_SIGN[type(op)]}")
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
        parameters = _parameters(node)
        self.scopes.append(_Names())
        for name, default in parameters:
            self.parameter(name, default)
        self.put(END)
        self.block(node.body)
        self.scopes.pop()

    def parameter(self, name: str, default: ast.expr | None) -> None:
        self.bind("Param" if default is None else "Default", name)
        if default is not None:
            if not isinstance(default, ast.Constant):
                raise Unsupported("a default that is no literal")
            self.constant(default.value)

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

    # expressions

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
                self.put(f"Un:{_SIGN[type(op)]}", operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGN:
                self.put(f"Bin:{_SIGN[type(op)]}", left, right)
            case ast.BoolOp(op=op, values=[*first, last]):
                self.put(f"Bool:{_SIGN[type(op)]}", first[0] if len(first) == 1 else ast.BoolOp(op, first), last)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                self.put(f"Cmp:{_SIGN[type(op)]}", left, right)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                self.put("Chain", left)
                for op, right in zip(ops, comparators, strict=True):
                    self.put(f"Link:{_SIGN[type(op)]}", right)
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
                for name, default in _parameters_of(args):
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
            for name in _bound_by(loop.target):
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
                if spec is not None and not (isinstance(spec, ast.JoinedStr) and len(spec.values) == 1):
                    raise Unsupported("a format of its own")
                form = spec.values[0].value if isinstance(spec, ast.JoinedStr) else ""  # type: ignore[attr-defined]
                self.put(f"Hole:{form}" if form else "Hole", value.value)
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


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parameters(node: ast.FunctionDef) -> list[tuple[str, ast.expr | None]]:
    return _parameters_of(node.args)


def _parameters_of(args: ast.arguments) -> list[tuple[str, ast.expr | None]]:
    if args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs:
        raise Unsupported("parameters beyond plain ones")
    defaults: list[ast.expr | None] = [None] * (len(args.args) - len(args.defaults))
    return [(arg.arg, default) for arg, default in zip(args.args, [*defaults, *args.defaults], strict=True)]


def _bound_by(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def _ordered(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Module-level statements so that each comes behind what it reads. Raises Unsupported for a circle."""
    made = {name: statement for statement in statements for name in _made_by(statement)}
    ordered: list[ast.stmt] = []
    state: dict[int, int] = {}

    def visit(statement: ast.stmt) -> None:
        if state.get(id(statement)) == 1:
            raise Unsupported("functions that call each other")
        if id(statement) in state:
            return
        state[id(statement)] = 1
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and made.get(node.id, statement) is not statement:
                visit(made[node.id])
        state[id(statement)] = 2
        ordered.append(statement)

    for statement in statements:
        visit(statement)
    return ordered


def _made_by(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [name for target in targets for name in _bound_by(target)]
    raise Unsupported(f"{type(statement).__name__} at module level")


# --- skeleton -> program


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
                return ast.AugAssign(parts[0], _BIN[argument](), parts[1])
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
                return ast.BinOp(parts[0], _BIN[argument](), parts[1])
            case "Un":
                return ast.UnaryOp(_UN[argument](), parts[0])
            case "Bool":
                op = _BOOL[argument]
                first = (
                    parts[0].values if isinstance(parts[0], ast.BoolOp) and isinstance(parts[0].op, op) else parts[:1]
                )
                return ast.BoolOp(op(), [*first, parts[1]])
            case "Cmp":
                return ast.Compare(parts[0], [_CMP[argument]()], [parts[1]])
            case "Link":
                return _CMP[argument](), parts[0]
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
    if isinstance(value, (int, float)) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _arguments(args: list[ast.arg], defaults: list[ast.expr]) -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], kw_defaults=[], defaults=defaults)


def _function(name: str, args: list[ast.arg], defaults: list[ast.expr], body: list[ast.stmt]) -> ast.FunctionDef:
    return ast.FunctionDef(name=name, args=_arguments(args, defaults), body=body, decorator_list=[], returns=None)
