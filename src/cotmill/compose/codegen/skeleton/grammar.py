"""The grammar of program skeletons: tokens, and what stands behind each.

A skeleton is a program's syntax tree in pre-order: a token per node, `End` behind each list. What is bound comes before
what uses it (`Assign` gives the value first and then the target, a comprehension its loops first), so that a machine
that reads from left to right knows at every place which names can be read (machine/).

    def solution(xs): return sum(x * 2 for x in xs)
    Input:xs list int Go  End      Return Call B:sum Gen In L0 New:x End End Bin:* L1 I:2 End   End
    inputs                helpers  body

Names are read by number: `L3` is the fourth name bound in this function, `U0` the first of the functions around it,
`G1` the second of the module. A name that is bound stands in its token, `New:total`, or is left open, `New`; literals
that are rare are left open as well, `<int>`, `<float>`, `<str>` (fill.py fills them in).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = [
    "BINARY", "BLOCKS", "END", "GLOBALS", "GO", "INPUT", "JUNCTIONS", "LEAVES", "LOCALS", "NAMED", "NEW", "OUTER",
    "PRODUCTIONS", "RELATIONS", "SLOTS", "TYPES", "UNARY", "Skeleton", "Unsupported",
    "argument", "head",
]  # fmt: skip

END, GO, NEW, INPUT = "End", "Go", "New", "Input"
TYPES = {"int": 0, "float": 0, "str": 0, "bool": 0, "none": 0, "any": 0, "list": 1, "dict": 2}  # parts that follow
NAMED = frozenset((INPUT, NEW, "Param", "Default"))  # tokens that bind a name
LOCALS, OUTER, GLOBALS = 40, 16, 12  # names that a scope can tell apart

PRODUCTIONS: dict[str, tuple[str, ...]] = {
    # statements
    "Assign": ("expr", "target"), "Aug": ("place", "expr"), "If": ("expr", "body", "orelse"),
    "For": ("expr", "target", "loop"), "While": ("expr", "loop"), "Return": ("expr",), "Return0": (),
    "Expr": ("expr",), "Break": (), "Continue": (), "Pass": (), "Raise": ("expr",), "Assert": ("expr",),
    "Def": ("name", "params", "function"),
    # expressions
    "Bin": ("expr", "expr"), "Un": ("expr",), "Bool": ("expr", "expr"), "Cmp": ("expr", "expr"),
    "Chain": ("expr", "links"), "IfExp": ("expr", "expr", "expr"), "Call": ("expr", "args"),
    "Meth": ("expr", "args"), "Attr": ("expr",), "Sub": ("expr", "index"), "List": ("items",), "Tuple": ("items",),
    "Set": ("items",), "Dict": ("pairs",), "ListComp": ("loops", "expr"), "SetComp": ("loops", "expr"),
    "Gen": ("loops", "expr"), "DictComp": ("loops", "expr", "expr"), "Lambda": ("params", "expr"), "Fstr": ("parts",),
    # parts of them
    "Slice": ("bound", "bound", "bound"), "Empty": (), "Targets": ("targets",), "Star": ("expr",), "Kw": ("expr",),
    "Pair": ("expr", "expr"), "In": ("expr", "target", "ifs"), "Link": ("expr",), "Param": (), "Default": ("literal",),
    "Hole": ("expr",), NEW: (),
    # names and literals
    "L": (), "U": (), "G": (), "B": (), "E": (), "I": (), "F": (), "S": (), "C": (), "<int>": (), "<float>": (),
    "<str>": (),
}  # fmt: skip

_EXPR = frozenset(
    ("Bin", "Un", "Bool", "Cmp", "Chain", "IfExp", "Call", "Meth", "Attr", "Sub", "List", "Tuple", "Set", "Dict",
     "ListComp", "SetComp", "Gen", "DictComp", "Lambda", "Fstr", "L", "U", "G", "B", "E", "I", "F", "S", "C", "<int>",
     "<float>", "<str>")
)  # fmt: skip
_STATEMENT = frozenset(
    ("Assign", "Aug", "If", "For", "While", "Return", "Return0", "Expr", "Break", "Continue", "Pass", "Raise",
     "Assert", "Def")
)  # fmt: skip
_LITERAL = frozenset(("I", "F", "S", "C", "<int>", "<float>", "<str>"))
_TARGET = frozenset((NEW, "L", "Sub", "Attr", "G"))


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand in one place of a production."""

    heads: frozenset[str]
    least: int | None = None  # a list with at least so many items, ended by End; None: one node


SLOTS: dict[str, Slot] = {
    "expr": Slot(_EXPR), "literal": Slot(_LITERAL), "index": Slot(_EXPR | {"Slice"}), "bound": Slot(_EXPR | {"Empty"}),
    "target": Slot(_TARGET | {"Targets"}), "targets": Slot(_TARGET | {"Targets"}, 1),
    "name": Slot(frozenset({NEW})), "place": Slot(_TARGET - {NEW}),
    "module": Slot(frozenset({"Def", "Assign"}), 0), "body": Slot(_STATEMENT, 1), "loop": Slot(_STATEMENT, 1),
    "function": Slot(_STATEMENT, 1), "orelse": Slot(_STATEMENT, 0), "args": Slot(_EXPR | {"Star", "Kw"}, 0),
    "items": Slot(_EXPR | {"Star"}, 0), "pairs": Slot(frozenset({"Pair"}), 0), "loops": Slot(frozenset({"In"}), 1),
    "ifs": Slot(_EXPR, 0), "links": Slot(frozenset({"Link"}), 2), "params": Slot(frozenset({"Param", "Default"}), 0),
    "parts": Slot(frozenset({"Hole", "S", "<str>"}), 1),
}  # fmt: skip

# What stands behind the colon of `Bin:+`, `Cmp:<`, `Un:not`, `Bool:and`.
BINARY = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "<<": ast.LShift, ">>": ast.RShift, "|": ast.BitOr, "&": ast.BitAnd, "^": ast.BitXor,
}  # fmt: skip
RELATIONS = {
    "==": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "in": ast.In,
    "not-in": ast.NotIn, "is": ast.Is, "is-not": ast.IsNot,
}  # fmt: skip
UNARY = {"-": ast.USub, "not": ast.Not, "~": ast.Invert, "+": ast.UAdd}
JUNCTIONS = {"and": ast.And, "or": ast.Or}

BLOCKS = frozenset(("module", "body", "loop", "function", "orelse"))  # slots that hold statements
LEAVES = frozenset(("L", "U", "G", "I", "F", "S", "C", "<int>", "<float>", "<str>"))


class Unsupported(Exception):
    """The grammar has no word for it; the message names it."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A program taken apart."""

    tokens: tuple[str, ...]
    names: tuple[str, ...]  # of the tokens that leave them open, in their order
    literals: tuple[Any, ...]  # of the tokens that leave them open, in their order


@lru_cache(maxsize=8192)
def head(token: str) -> str:
    """The token's production: `Bin:+` -> `Bin`, `L3` -> `L`."""
    if token[0] in "LUG" and token[1:].isdigit():
        return token[0]
    return token.partition(":")[0]


@lru_cache(maxsize=8192)
def argument(token: str) -> str:
    """What stands behind the colon: `Bin:+` -> `+`; empty where there is none."""
    return token.partition(":")[2]
