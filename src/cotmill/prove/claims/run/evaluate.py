"""The value of an expression, worked out by this module alone: nothing of the text or the program is ever executed.

Python's meaning of the operators, the pure builtins and the pure methods of str, list, dict, set and tuple, over inert
values (`cotmill.base.values`). Bounded: integers by digits, containers by length, powers before they are taken. What
lies outside raises `Unknown`; a caller never guesses.
"""

from __future__ import annotations

import ast
import math
import operator
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from cotmill.base.values import Opaque, Record
from cotmill.prove.claims.run.known_calls import (
    CALLS,
    CONSTANTS,
    MAX_DIGITS,
    MAX_LENGTH,
    METHODS,
    Unknown,
    ordered,
    power,
    rows,
    times,
    truthy,
    weight,
)

__all__ = ["NO_NAMES", "Lookup", "Unknown", "evaluate", "truthy"]

Lookup = Callable[[ast.expr], Any]  # value of a node that has one of its own (a name, a recorded call); raises Unknown


def NO_NAMES(node: ast.expr) -> Any:  # noqa: N802  (a constant that happens to be a function)
    """The lookup in which no name has a value."""
    raise Unknown(type(node).__name__)


def evaluate(node: ast.expr, lookup: Lookup = NO_NAMES) -> Any:
    """The value of the expression; `lookup` gives the values of names, attributes and whatever else it knows."""
    kind = type(node)
    if kind is ast.Constant:
        return _bounded(node.value)  # type: ignore[attr-defined]  # as its kind says
    rule = _RULES.get(kind)
    if rule is None:
        raise Unknown(type(node).__name__)
    try:
        return _bounded(rule(node, lookup))
    except Unknown:
        raise
    except (ValueError, LookupError) as error:  # what they say may show a set, in the order of its hashes
        raise Unknown(type(error).__name__) from None
    except (ArithmeticError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise Unknown(f"{type(error).__name__}: {error}") from None


def _bounded(value: Any) -> Any:
    if isinstance(value, int):
        if value.bit_length() > MAX_DIGITS * 3.33:
            raise Unknown("too many digits")
    elif isinstance(value, _SIZED) and len(value) > MAX_LENGTH:
        raise Unknown("too long")
    return value


_SIZED = (str, bytes, list, tuple, dict, set, frozenset, deque)

# Rules, one per kind of node, but for constants


def _name(node: ast.Name, lookup: Lookup) -> Any:
    if node.id in CONSTANTS:
        return CONSTANTS[node.id]
    return lookup(node)


def _shift(left: Any, right: Any) -> Any:
    if isinstance(right, int) and right > MAX_DIGITS * 3:
        raise Unknown("too large a shift")
    return left << right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, (str, bytes)):
        raise Unknown("formatting")  # a width can make it arbitrarily long
    return left % right


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, (Record, Opaque)) or isinstance(right, (Record, Opaque)):
        if left is None or right is None:
            return False
        raise Unknown("equality of objects")  # their class may define it
    return bool(left == right)


def _contains(item: Any, container: Any) -> bool:
    if isinstance(container, Record):
        raise Unknown("membership in an object")
    return item in container


def _identical(left: Any, right: Any) -> bool:
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    raise Unknown("identity")


_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: times, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: _modulo, ast.Pow: power, ast.LShift: _shift, ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: _equal, ast.NotEq: lambda a, b: not _equal(a, b), ast.In: _contains,
    ast.NotIn: lambda a, b: not _contains(a, b), ast.Is: _identical, ast.IsNot: lambda a, b: not _identical(a, b),
}  # fmt: skip


def _binary(node: ast.BinOp, lookup: Lookup) -> Any:
    return _BINARY[type(node.op)](evaluate(node.left, lookup), evaluate(node.right, lookup))


_UNARY: dict[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


def _unary(node: ast.UnaryOp, lookup: Lookup) -> Any:
    value = evaluate(node.operand, lookup)
    if isinstance(node.op, ast.Not):
        return not truthy(value)
    return _UNARY[type(node.op)](value)


def _compare(node: ast.Compare, lookup: Lookup) -> bool:
    left = evaluate(node.left, lookup)
    for sign, part in zip(node.ops, node.comparators, strict=True):
        right = evaluate(part, lookup)
        if not _COMPARE[type(sign)](left, right):
            return False
        left = right
    return True


def _bool(node: ast.BoolOp, lookup: Lookup) -> Any:
    stop_at = isinstance(node.op, ast.Or)
    value: Any = None
    for part in node.values:
        value = evaluate(part, lookup)
        if truthy(value) is stop_at:
            return value
    return value


def _ifexp(node: ast.IfExp, lookup: Lookup) -> Any:
    return evaluate(node.body if truthy(evaluate(node.test, lookup)) else node.orelse, lookup)


def _items(nodes: list[ast.expr], lookup: Lookup, spread: Callable[[Any], Any] = ordered) -> list[Any]:
    items: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            items.extend(spread(evaluate(node.value, lookup)))
        else:
            items.append(evaluate(node, lookup))
    return items


def _dict(node: ast.Dict, lookup: Lookup) -> dict[Any, Any]:
    built: dict[Any, Any] = {}
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            built.update(evaluate(item, lookup))
        else:
            built[evaluate(key, lookup)] = evaluate(item, lookup)
    return built


def _subscript(node: ast.Subscript, lookup: Lookup) -> Any:
    try:
        return lookup(node)
    except Unknown:
        pass
    base = evaluate(node.value, lookup)
    if isinstance(base, Record):
        base = base.items
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        return base[slice(*(None if part is None else evaluate(part, lookup) for part in parts))]
    index = evaluate(node.slice, lookup)
    if isinstance(base, list) and isinstance(index, tuple):  # an array of several dimensions
        for number in index:
            base = base[number]
        return base
    return base[index]


def _attribute(node: ast.Attribute, lookup: Lookup) -> Any:
    try:
        return lookup(node)
    except Unknown:
        pass
    try:
        base = evaluate(node.value, lookup)
    except Unknown:
        if lookup is NO_NAMES and isinstance(node.value, ast.Name):  # how a member of an enumeration is written
            return Opaque("member", f"{node.value.id}.{node.attr}")
        raise
    if isinstance(base, Record) and node.attr in base.attrs:
        return base.attrs[node.attr]
    if isinstance(base, Record) and node.attr.startswith("__"):
        for name, value in base.attrs.items():
            if name.endswith(node.attr) and name.startswith("_"):
                return value  # a private name carries its class's name
    if isinstance(base, (Fraction, date, timedelta)) and node.attr in _FIELDS:
        return getattr(base, node.attr)
    raise Unknown(node.attr)


_MODULES = frozenset({"math", "datetime", "fractions", "collections", "decimal"})
_FIELDS = frozenset({"numerator", "denominator", "year", "month", "day", "hour", "minute", "second", "days", "seconds"})


def _call(node: ast.Call, lookup: Lookup) -> Any:
    try:
        return lookup(node)
    except Unknown:
        pass
    named = {word.arg: evaluate(word.value, lookup) for word in node.keywords if word.arg is not None}
    if isinstance(node.func, ast.Name):
        name = node.func.id
        if name in CALLS:
            return CALLS[name](*_items(node.args, lookup), **named)
        if not node.args and (node.keywords or name[:1].isupper()):
            return Record(name, named)  # how an object is written: its class with its attributes
        raise Unknown(name)
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id in _MODULES and node.func.attr in CALLS:
            return CALLS[node.func.attr](*_items(node.args, lookup), **named)
        base = evaluate(node.func.value, lookup)
        for kind, methods in METHODS:
            if isinstance(base, kind) and node.func.attr in methods:
                args = _items(node.args, lookup)
                if node.func.attr == "join":
                    args = [ordered(args[0])] if args else args
                if node.func.attr in ("replace", "join") and math.prod(map(weight, (base, *args))) > MAX_LENGTH * 10:
                    raise Unknown("too long a text")
                return getattr(base, node.func.attr)(*args, **named)
    raise Unknown("call")


def _formatted(node: ast.JoinedStr, lookup: Lookup) -> str:
    parts: list[str] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion < 0:
            parts.append(CALLS["str"](evaluate(part.value, lookup)))
        else:
            raise Unknown("formatting")
    return "".join(parts)


_RULES: dict[type, Callable[[Any, Lookup], Any]] = {
    ast.Name: _name, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare,
    ast.BoolOp: _bool, ast.IfExp: _ifexp, ast.Dict: _dict, ast.Subscript: _subscript, ast.Attribute: _attribute,
    ast.Call: _call, ast.JoinedStr: _formatted, ast.List: lambda node, lookup: _items(node.elts, lookup),
    ast.Tuple: lambda node, lookup: tuple(_items(node.elts, lookup)),
    ast.Set: lambda node, lookup: set(_items(node.elts, lookup, rows)),
}  # fmt: skip
