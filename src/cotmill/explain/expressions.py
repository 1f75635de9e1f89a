"""Expressions with their values put in: ``total + price * qty[i]`` as ``10 + 3 * qty[1]`` and as ``10 + 3 * 4``.

Nothing is computed here. A name stands for the value it had before the statement, any other expression for the value
that the trace recorded for it; what has neither stays as it was written.
"""

# ruff: noqa: ARG001 - one signature for all that write a kind of node
from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Protocol

__all__ = ["Known", "is_number", "is_plain", "render", "settled"]

# Binding strength, weakest first, as in the table of the language reference (section 6.17).
LAMBDA, TERNARY, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, SIGN, POWER, ATOM = range(15)

_BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", SUM), ast.Sub: ("-", SUM), ast.Mult: ("*", PRODUCT), ast.Div: ("/", PRODUCT),
    ast.FloorDiv: ("//", PRODUCT), ast.Mod: ("%", PRODUCT), ast.MatMult: ("@", PRODUCT), ast.Pow: ("**", POWER),
    ast.LShift: ("<<", SHIFT), ast.RShift: (">>", SHIFT), ast.BitOr: ("|", BIT_OR), ast.BitXor: ("^", BIT_XOR),
    ast.BitAnd: ("&", BIT_AND),
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], tuple[str, int]] = {
    ast.USub: ("-", SIGN), ast.UAdd: ("+", SIGN), ast.Invert: ("~", SIGN), ast.Not: ("not ", NOT),
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_OPAQUE = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr, ast.Await, ast.Yield,
    ast.YieldFrom,
)  # fmt: skip
_VALUED = (ast.Call, ast.Subscript, ast.Attribute, ast.BoolOp, ast.Compare)


class Known(Protocol):
    """What the trace says of the expressions of one statement. None where it says nothing, or nothing short."""

    def named(self, name: str) -> str | None:
        """The value of a name as text, where it should stand for the name."""

    def receiver(self, name: str) -> str:
        """A name whose method is called: the value of a text, else the name."""

    def recorded(self, node: ast.expr) -> str | None:
        """The recorded value of an expression as text, where it should stand for the expression."""

    def followed(self, node: ast.Call) -> bool:
        """Whether the call is one of the program's own functions, whose arguments are told when it begins."""

    def chosen(self, node: ast.IfExp) -> ast.expr | None:
        """The side of a conditional expression that was evaluated."""

    def source(self, node: ast.expr) -> str:
        """The source of an expression, word for word."""


def is_plain(node: ast.AST) -> bool:
    """True where values can be put in all through; lambdas, comprehensions and f-strings bind names of their own."""
    return not any(isinstance(part, _OPAQUE) for part in ast.walk(node))


def is_number(node: ast.expr) -> bool:
    """A number as it stands in the source."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def render(node: ast.expr, known: Known, *, deep: bool, strength: int = 0) -> str:
    """Text of the expression. `deep`: calls, subscripts and attributes inside give way to their values.

    `strength` is how strongly the surroundings bind: parentheses are put where the text binds less. The outermost
    node is never replaced by its own recorded value: that is the result, which the caller states.
    """
    writer = _WRITERS.get(type(node))
    return writer(node, known, deep, strength) if writer else known.source(node)


def _part(node: ast.expr, known: Known, deep: bool, strength: int) -> str:
    """An operand: its value where one stands for it, else its text."""
    if isinstance(node, _OPAQUE) or (deep and isinstance(node, _VALUED)):
        value = known.recorded(node)
        if value is not None:
            return _guarded(value, strength)
    if isinstance(node, ast.Call) and not deep:
        return _call_of(node, [settled(item, known) for item in node.args], known, settled, deep)
    return render(node, known, deep=deep, strength=strength)


def _guarded(value: str, strength: int) -> str:
    """A negative number in parentheses where the operator before or after it would take hold of its sign."""
    return f"({value})" if strength > SUM and value.startswith("-") else value


def _wrapped(text: str, own: int, strength: int) -> str:
    return f"({text})" if own < strength else text


def _name(node: ast.Name, known: Known, deep: bool, strength: int) -> str:
    value = known.named(node.id)
    return node.id if value is None else _guarded(value, strength)


def _constant(node: ast.Constant, known: Known, deep: bool, strength: int) -> str:
    return "..." if node.value is Ellipsis else repr(node.value)


def _binary(node: ast.BinOp, known: Known, deep: bool, strength: int) -> str:
    sign, own = _BINARY[type(node.op)]
    left_needs, right_needs = (own + 1, own) if own == POWER else (own, own + 1)
    left = _part(node.left, known, deep, left_needs)
    right = _part(node.right, known, deep, right_needs)
    return _wrapped(f"{left} {sign} {right}", own, strength)


def _unary(node: ast.UnaryOp, known: Known, deep: bool, strength: int) -> str:
    sign, own = _UNARY[type(node.op)]
    return _wrapped(f"{sign}{_part(node.operand, known, deep, own)}", own, strength)


def _boolean(node: ast.BoolOp, known: Known, deep: bool, strength: int) -> str:
    word, own = (" or ", OR) if isinstance(node.op, ast.Or) else (" and ", AND)
    return _wrapped(word.join(_part(value, known, deep, own + 1) for value in node.values), own, strength)


def _compare(node: ast.Compare, known: Known, deep: bool, strength: int) -> str:
    parts = [_part(node.left, known, deep, COMPARE + 1)]
    for operator, right in zip(node.ops, node.comparators, strict=True):
        parts += [_COMPARE[type(operator)], _part(right, known, deep, COMPARE + 1)]
    return _wrapped(" ".join(parts), COMPARE, strength)


def settled(node: ast.expr, known: Known, deep: bool = True, strength: int = 0) -> str:
    """An argument or an index by its value alone, where it is known."""
    if isinstance(node, (ast.Slice, ast.Tuple, ast.Starred)):
        return render(node, known, deep=True, strength=strength)
    value = None if isinstance(node, (ast.Name, ast.Constant)) else known.recorded(node)
    return _part(node, known, True, strength) if value is None else value


def _call(node: ast.Call, known: Known, deep: bool, strength: int) -> str:
    if known.followed(node):
        return _call_of(node, [settled(item, known) for item in node.args], known, settled, deep)
    return _call_of(node, [_part(item, known, deep, 0) for item in node.args], known, _part, deep)


def _call_of(node: ast.Call, arguments: list[str], known: Known, write: Callable[..., str], deep: bool) -> str:
    for keyword in node.keywords:
        value = write(keyword.value, known, deep, 0)
        arguments.append(f"{keyword.arg}={value}" if keyword.arg else f"**{value}")
    return f"{_function(node.func, known, deep)}({', '.join(arguments)})"


def _function(node: ast.expr, known: Known, deep: bool) -> str:
    """What is called keeps its name; what it is called on may give way to its value."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        held = (
            known.receiver(node.value.id) if isinstance(node.value, ast.Name) else _part(node.value, known, deep, ATOM)
        )
        return f"{held}.{node.attr}"
    return _part(node, known, deep, ATOM)


def _attribute(node: ast.Attribute, known: Known, deep: bool, strength: int) -> str:
    held = node.value.id if isinstance(node.value, ast.Name) else _part(node.value, known, False, ATOM)
    return f"{held}.{node.attr}"


def _subscript(node: ast.Subscript, known: Known, deep: bool, strength: int) -> str:
    held = node.value.id if isinstance(node.value, ast.Name) else _part(node.value, known, False, ATOM)
    index = settled(node.slice, known)
    if isinstance(node.slice, ast.Tuple) and node.slice.elts and index.startswith("("):
        index = index[1:-1]
    return f"{held}[{index}]"


def _slice(node: ast.Slice, known: Known, deep: bool, strength: int) -> str:
    lower, upper = (settled(end, known) if end else "" for end in (node.lower, node.upper))
    return f"{lower}:{upper}" + (f":{settled(node.step, known)}" if node.step else "")


def _elements(opening: str, closing: str) -> Callable[[ast.List | ast.Set, Known, bool, int], str]:
    def write(node: ast.List | ast.Set, known: Known, deep: bool, strength: int) -> str:
        return opening + ", ".join(_part(item, known, deep, 0) for item in node.elts) + closing

    return write


def _tuple(node: ast.Tuple, known: Known, deep: bool, strength: int) -> str:
    inside = ", ".join(_part(item, known, deep, 0) for item in node.elts)
    return f"({inside},)" if len(node.elts) == 1 else f"({inside})"


def _dict(node: ast.Dict, known: Known, deep: bool, strength: int) -> str:
    pairs = (
        f"{_part(key, known, deep, 0)}: {_part(value, known, deep, 0)}" if key else f"**{_part(value, known, deep, 0)}"
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return "{" + ", ".join(pairs) + "}"


def _conditional(node: ast.IfExp, known: Known, deep: bool, strength: int) -> str:
    side = known.chosen(node)
    return _wrapped(known.source(node), TERNARY, strength) if side is None else _part(side, known, deep, strength)


def _walrus(node: ast.NamedExpr, known: Known, deep: bool, strength: int) -> str:
    return _part(node.value, known, deep, strength)


def _starred(node: ast.Starred, known: Known, deep: bool, strength: int) -> str:
    if isinstance(node.value, ast.Name):
        return f"*{node.value.id}"
    return f"*{_part(node.value, known, deep, BIT_OR)}"


_WRITERS: dict[type[ast.expr], Callable[..., str]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.List: _elements("[", "]"),
    ast.Set: _elements("{", "}"),
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.Starred: _starred,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
}
