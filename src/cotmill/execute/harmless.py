"""Which programs may share a process with others: those whose source shows that they leave nothing behind in it.

The screen is an allow-list over the syntax tree. A program passes when every name it reads is its own or a builtin that
only computes, every module member it uses is listed here, and every attribute is a method of a built-in value or its
own; then nothing that outlives it can be reached, and so nothing can be changed:

* no frame, code object, namespace, module or class internals: no `__attribute__` but those listed, no `getattr`,
  `globals`, `type(name, bases, body)`, no format string with a field that asks for attributes;
* a program with classes or attributes of its own reaches nothing that takes attributes, or keeps values, and is not its
  own: of the modules only members written in C;
* no code that runs after the program: no `__del__`, no coroutine, no generator that does something when it is closed,
  since what it does then can be to leave another one behind.

It decides only who may share a child (sandbox.py), never what is safe: every layer of the sandbox holds all the same.
"""

from __future__ import annotations

import ast
import bisect
import builtins
import cmath
import collections
import datetime as dt
import decimal
import fractions
import functools
import itertools
import math
import string
import types
from collections.abc import Callable
from typing import Any

__all__ = ["is_harmless"]

LONGEST = 20_000  # characters; the screen costs time in the process that holds the sandbox


def _public(module: types.ModuleType) -> frozenset[str]:
    return frozenset(name for name in vars(module) if not name.startswith("_"))


_EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)
) - {"ExceptionGroup"}  # that one takes attributes
BUILTINS = _EXCEPTIONS | {
    "abs", "all", "any", "ascii", "bin", "bool", "bytes", "callable", "chr", "complex", "dict", "divmod", "enumerate",
    "filter", "float", "format", "frozenset", "hex", "int", "isinstance", "issubclass", "iter", "len", "list", "map",
    "max", "min", "next", "object", "oct", "ord", "pow", "print", "property", "range", "repr", "reversed", "round",
    "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "zip", "NotImplemented", "classmethod",
    "__name__",
    "input",  # where it is not bound there is nothing to read: a program's standard input is empty
}  # fmt: skip
_UNLISTED = frozenset(vars(builtins)) - BUILTINS  # a name bound in one scope is the builtin in another

# Members of modules that compute: CLOSED ones are written in C, take no attributes and keep no values; OPEN ones do, as
# a function or class written in Python takes attributes, and as `re` keeps the patterns that it has seen.
CLOSED = {
    "math": _public(math),
    "cmath": _public(cmath),
    "itertools": _public(itertools),
    "bisect": _public(bisect),
    "heapq": frozenset({"heapify", "heappop", "heappush", "heappushpop", "heapreplace"}),
    "collections": frozenset({"OrderedDict", "defaultdict", "deque"}),
    "functools": frozenset({"cmp_to_key", "partial", "reduce"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta"}),
    "operator": frozenset({
        "add", "and_", "concat", "contains", "eq", "floordiv", "ge", "getitem", "gt", "itemgetter", "le", "lt", "mod",
        "mul", "ne", "neg", "not_", "or_", "pow", "sub", "truediv", "truth", "xor",
    }),
    "sys": frozenset({"maxsize"}),
    "string": frozenset({
        "ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits", "printable",
        "punctuation", "whitespace",
    }),
}  # fmt: skip
OPEN = {
    "collections": frozenset({"Counter"}),
    "copy": frozenset({"copy", "deepcopy"}),
    "decimal": frozenset({"Decimal", "ROUND_DOWN", "ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_UP"}),  # its exceptions
    "fractions": frozenset({"Fraction"}),
    "functools": frozenset({"cache", "lru_cache"}),
    "heapq": frozenset({"merge", "nlargest", "nsmallest"}),
    "json": frozenset({"dumps", "loads"}),
    "random": frozenset({"choice", "choices", "randint", "random", "randrange", "seed", "shuffle", "uniform"}),
    "re": frozenset({
        "I", "IGNORECASE", "compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub",
    }),
    "statistics": frozenset({"mean", "median", "mode", "multimode", "pstdev", "pvariance", "stdev", "variance"}),
    "typing": frozenset({
        "Any", "Callable", "Dict", "FrozenSet", "Iterable", "Iterator", "List", "Mapping", "Optional", "Sequence",
        "Set", "Tuple", "Union",
    }),
}  # fmt: skip
DECORATORS = {"dataclasses": frozenset({"dataclass"})}  # a call of it could change any class

_OF_VALUES = (
    str, bytes, int, float, complex, list, tuple, dict, set, frozenset, range, collections.OrderedDict,
    collections.defaultdict, collections.deque, collections.Counter, fractions.Fraction, dt.date,
    dt.datetime, dt.time, dt.timedelta, decimal.Decimal,
)  # fmt: skip
_OF_PATTERNS = frozenset({
    "end", "findall", "finditer", "fullmatch", "group", "groupdict", "groups", "match", "pattern", "search", "span",
    "split", "start", "sub",
})  # and of what they match  # fmt: skip
METHODS = (
    frozenset(name for kind in _OF_VALUES for name in dir(kind) if not name.startswith("_"))
    | _OF_PATTERNS
    | {"args", "add_note", "close", "send", "value", "cache_clear", "setter", "getter"}
) - {"format", "format_map"}
_INNER = {"format", "format_map"} | frozenset(
    name
    for kind in (
        types.FunctionType, types.MethodType, types.GeneratorType, types.CodeType, types.FrameType, types.TracebackType,
        types.ModuleType, types.CoroutineType, type, BaseException, property, functools.partial,
    )
    for name in dir(kind)
)  # no attribute of its own makes these readable  # fmt: skip
READ = frozenset({"__init__", "__name__", "__post_init__"})
SPECIAL = (READ - {"__name__"}) | {
    "__abs__", "__add__", "__and__", "__bool__", "__call__", "__contains__", "__enter__", "__eq__", "__exit__",
    "__float__", "__floordiv__", "__ge__", "__getitem__", "__gt__", "__hash__", "__iadd__", "__int__", "__iter__",
    "__le__", "__len__", "__lt__", "__mod__", "__mul__", "__ne__", "__neg__", "__next__", "__or__", "__pow__",
    "__radd__", "__repr__", "__reversed__", "__rmul__", "__rsub__", "__setitem__", "__str__", "__sub__", "__truediv__",
    "__xor__",
}  # methods that a class may define  # fmt: skip

_NODES = (
    ast.FunctionDef, ast.ClassDef, ast.Return, ast.Delete, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While,
    ast.If, ast.With, ast.Raise, ast.Try, ast.Assert, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Expr,
    ast.Pass, ast.Break, ast.Continue, ast.Match,
    ast.Module, ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Yield, ast.YieldFrom, ast.Compare, ast.Call,
    ast.FormattedValue, ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.List,
    ast.Tuple, ast.Slice, ast.comprehension, ast.ExceptHandler, ast.arguments, ast.arg, ast.keyword, ast.withitem,
    ast.match_case, ast.MatchValue, ast.MatchSingleton, ast.MatchSequence, ast.MatchStar, ast.MatchAs, ast.MatchOr,
)  # fmt: skip
_PLAIN = frozenset({"ctx", "op", "ops", "names"})  # hold nothing to look at: operators, and the names of imports
_FIELDS = {kind: tuple(field for field in kind._fields if field not in _PLAIN) for kind in _NODES}


@functools.lru_cache(maxsize=1024)
def is_harmless(code: str) -> bool:
    """Whether a program shows in its source that it leaves nothing behind in its process."""
    if len(code) > LONGEST or not code.isascii():
        return False
    try:
        return _Screen().passes(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


class _Screen:
    """One program: one pass over its tree notes what it binds, imports and uses; then that is held to the lists."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}  # name -> module
        self._members: dict[str, tuple[str, str]] = {}  # name -> module, member
        self._ambiguous = False  # whether a name is imported from two places
        self._bound: set[str] = set()
        self._made: set[str] = set()  # attributes that it gives its own objects
        self._names: list[ast.Name] = []  # that it reads
        self._attributes: list[ast.Attribute] = []
        self._bases: list[ast.expr] = []  # of its classes
        self._looked_into: set[int] = set()  # ids of the nodes whose attributes are read
        self._decorators: set[int] = set()  # ids of the nodes that name what decorates a class
        self._types_asked: set[int] = set()  # ids of the names in calls of `type` that give no class away
        self._yields = self._delegates = False  # whether it has generators, and such that hand over to another iterator
        self._guards: list[ast.Try | ast.With] = []  # statements with code that runs when they are left early
        self._makes_objects = False  # whether it has classes, or sets attributes
        self._reaches_open = False  # whether it uses what takes attributes, or keeps values, and is not its own

    def passes(self, tree: ast.Module) -> bool:
        """Whether nothing stands in it that is not allowed."""
        waiting: list[Any] = [tree]
        while waiting:
            node = waiting.pop()
            if type(node) not in _FIELDS:
                return False
            note = _NOTES.get(type(node))
            if note is not None:
                note(self, node)
            for field in _FIELDS[type(node)]:
                part = getattr(node, field, None)
                if isinstance(part, list):
                    waiting += [item for item in part if isinstance(item, ast.AST)]
                elif isinstance(part, ast.AST):
                    waiting.append(part)
        imported = self._modules.keys() | self._members.keys()
        return (
            not self._ambiguous
            and imported.isdisjoint(_UNLISTED | self._bound)
            and self._modules.keys().isdisjoint(self._members)
            and all(self._allows_import(module, member) for module, member in self._members.values())
            and all(module in CLOSED or module in OPEN or module in DECORATORS for module in self._modules.values())
            and _UNLISTED.isdisjoint(self._bound)
            and not any(_is_dunder(name) and name not in SPECIAL for name in self._bound | self._made)
            and all(map(self._allows_name, self._names))
            and all(map(self._allows_attribute, self._attributes))
            and all(map(self._allows_base, self._bases))
            and not (self._makes_objects and self._reaches_open)
            and not (self._yields and any(map(_has_yield, self._guards)))
            and not (self._delegates and "close" in self._bound | self._made)
        )

    # --- what one node says ---------------------------------------------------------------------------------------

    def note_name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._names.append(node)
        else:
            self._bound.add(node.id)

    def note_attribute(self, node: ast.Attribute) -> None:
        self._looked_into.add(id(node.value))
        self._attributes.append(node)
        if not isinstance(node.ctx, ast.Load):
            self._made.add(node.attr)
            self._makes_objects = True
        elif node.attr == "__name__":
            self.note_types([node.value])

    def note_compare(self, node: ast.Compare) -> None:
        if self.note_types([node.left, *node.comparators]):
            self._reaches_open = True  # an `__eq__` of the program's own would get the type

    def note_types(self, nodes: list[ast.expr]) -> bool:
        """Whether any of these nodes is `type(x)`, here where it is only looked at."""
        asked = {
            id(node.func)
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"
            if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
        }
        self._types_asked |= asked
        return bool(asked)

    def note_binding(self, node: ast.FunctionDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self._bound.add(node.name)

    def note_argument(self, node: ast.arg) -> None:
        self._bound.add(node.arg)

    def note_class(self, node: ast.ClassDef) -> None:
        self._makes_objects = True
        self._bound.add(node.name)
        self._bases += [*node.bases, *(keyword.value for keyword in node.keywords)]
        for decorator in node.decorator_list:
            self._decorators |= {id(decorator), id(getattr(decorator, "func", None))}

    def note_yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self._yields = True
        self._delegates |= isinstance(node, ast.YieldFrom)

    def note_guard(self, node: ast.Try | ast.With) -> None:
        self._guards.append(node)

    def note_import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            self._ambiguous |= self._modules.setdefault(name, alias.name) != alias.name

    def note_members(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            name, member = alias.asname or alias.name, ("." * node.level + (node.module or ""), alias.name)
            self._ambiguous |= self._members.setdefault(name, member) != member

    # --- what is allowed ------------------------------------------------------------------------------------------

    def _allows_import(self, module: str, member: str) -> bool:
        """Whether this member of a module is listed; notes whether it is an open one."""
        if module == "__future__":
            return member == "annotations"
        closed = CLOSED.get(module, frozenset())
        if member in closed or member in DECORATORS.get(module, ()):
            return True
        self._reaches_open = True
        return member in OPEN.get(module, ())

    def _allows_name(self, node: ast.Name) -> bool:
        name = node.id
        if name in self._modules:
            return id(node) in self._looked_into
        if name in self._members:
            module, member = self._members[name]
            return member not in DECORATORS.get(module, ()) or id(node) in self._decorators
        return name in self._bound or name in BUILTINS or id(node) in self._types_asked

    def _allows_attribute(self, node: ast.Attribute) -> bool:
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            module = self._modules[node.value.id]
            if name in DECORATORS.get(module, ()) and id(node) not in self._decorators:
                return False
            return isinstance(node.ctx, ast.Load) and self._allows_import(module, name)
        if not isinstance(node.ctx, ast.Load):
            return True  # as `passes` holds what a program makes against what it reaches
        if name == "format":
            return isinstance(node.value, ast.Constant) and _plain_fields(node.value.value)
        own = (name in self._bound or name in self._made) and name not in _INNER and not _is_dunder(name)
        return own or name in METHODS or name in READ

    def _allows_base(self, base: ast.expr) -> bool:
        if not isinstance(base, ast.Name) or base.id in self._members or base.id in self._modules:
            return False
        return base.id in self._bound or base.id == "object" or base.id in _EXCEPTIONS


_NOTES: dict[type, Callable[[_Screen, Any], None]] = {
    ast.Name: _Screen.note_name,
    ast.Attribute: _Screen.note_attribute,
    ast.Compare: _Screen.note_compare,
    ast.FunctionDef: _Screen.note_binding,
    ast.ExceptHandler: _Screen.note_binding,
    ast.MatchAs: _Screen.note_binding,
    ast.MatchStar: _Screen.note_binding,
    ast.arg: _Screen.note_argument,
    ast.ClassDef: _Screen.note_class,
    ast.Yield: _Screen.note_yield,
    ast.YieldFrom: _Screen.note_yield,
    ast.Try: _Screen.note_guard,
    ast.With: _Screen.note_guard,
    ast.Import: _Screen.note_import,
    ast.ImportFrom: _Screen.note_members,
}


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _has_yield(node: ast.AST) -> bool:
    return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(node))


def _plain_fields(text: object) -> bool:
    """Whether a format string asks for nothing but its arguments themselves."""
    return isinstance(text, str) and all(
        set(field or "").isdisjoint(".[") and "{" not in (specification or "")
        for _, field, specification, _ in string.Formatter().parse(text)
    )
