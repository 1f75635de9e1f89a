"""The value of an expression, worked out by this module alone: nothing of the text or the program is ever executed.

Python's meaning of the operators, the pure builtins and the pure methods of str, list, dict, set and tuple, over inert
values (`cotmill.base.values`). Bounded: integers by digits, containers by length, powers before they are taken. What
lies outside raises `Unknown`; a caller never guesses.
"""

from __future__ import annotations

import ast
import math
import operator
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from cotmill.base.values import Opaque, Record

__all__ = ["NO_NAMES", "Lookup", "Unknown", "evaluate", "is_closed", "is_value", "literal", "parse", "same", "truthy"]

MAX_SOURCE = 20_000  # characters of one expression
MAX_DIGITS = 4_000
MAX_LENGTH = 100_000
Lookup = Callable[[ast.expr], Any]  # value of a node that has one of its own (a name, a recorded call); raises Unknown


class Unknown(Exception):
    """The expression has no value that can be worked out here."""


def NO_NAMES(node: ast.expr) -> Any:  # noqa: N802  (a constant that happens to be a function)
    """The lookup in which no name has a value."""
    raise Unknown(type(node).__name__)


@lru_cache(maxsize=20_000)
def parse(source: str) -> ast.expr | None:
    """Source of one expression -> its tree, or None where it is not one, or too long or too deep to look at."""
    if len(source) > MAX_SOURCE or _too_deep(source):
        return None
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


@lru_cache(maxsize=20_000)
def literal(source: str) -> ast.Constant:
    """A container of plain literals as one constant: quicker to hold against a value than a tree of its parts."""
    return ast.Constant(ast.literal_eval(source))


def _too_deep(source: str) -> bool:
    """Python's parser recurses on brackets and on unary signs."""
    depth = 0
    for char in source:
        if char in "([{":
            depth += 1
            if depth > 40:
                return True
        elif char in ")]}":
            depth -= 1
    return source.count("not ") + source.count("--") + source.count("- -") + source.count("~") > 40 or (
        source.count("**") + source.count(" if ") + source.count(".") + source.count("](") > 400
    )


@lru_cache(maxsize=20_000)
def _closed(node: ast.expr) -> bool:
    parts = list(ast.walk(node))
    builders = {
        id(part.func)
        for part in parts
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and (part.func.id[:1].isupper() or (part.keywords and not part.args))
    }
    return not any(
        isinstance(part, ast.Name) and part.id not in _CONSTANTS and part.id not in CALLS and id(part) not in builders
        for part in parts
    )


def is_closed(node: ast.expr) -> bool:
    """True where no name of the program stands in the expression."""
    return isinstance(node, ast.Constant) or _closed(node)


def is_value(node: ast.expr) -> bool:
    """A value as it is written, and not something to work out: a literal, a container of such, `Node(data=3)`."""
    kind = type(node)
    if kind is ast.Constant:
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(map(is_value, node.elts))
    if isinstance(node, ast.BinOp):  # 10+1j
        return isinstance(node.right, ast.Constant) and isinstance(node.right.value, complex) and is_value(node.left)
    if isinstance(node, ast.Dict):
        return all(key is not None and is_value(key) for key in node.keys) and all(map(is_value, node.values))
    if isinstance(node, ast.Name):
        return node.id in _CONSTANTS
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return (name[:1].isupper() or name in _BUILDERS or (bool(node.keywords) and not node.args)) and all(
            map(is_value, (*node.args, *(word.value for word in node.keywords)))
        )
    return False


# Calls that are how a value is written.
_BUILDERS = frozenset(
    "set frozenset range deque float defaultdict date datetime time timedelta complex bytearray array".split()
)


def evaluate(node: ast.expr, lookup: Lookup = NO_NAMES) -> Any:
    """The value of the expression; `lookup` gives the values of names, attributes and whatever else it knows."""
    rule = _RULES.get(type(node))
    if rule is None:
        raise Unknown(type(node).__name__)
    try:
        return _bounded(rule(node, lookup))
    except Unknown:
        raise
    except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError) as error:
        raise Unknown(f"{type(error).__name__}: {error}") from None


def _bounded(value: Any) -> Any:
    if isinstance(value, int):
        if value.bit_length() > MAX_DIGITS * 3.33:
            raise Unknown("too many digits")
    elif isinstance(value, (str, bytes, list, tuple, dict, set, frozenset, deque)) and len(value) > MAX_LENGTH:
        raise Unknown("too long")
    return value


def truthy(value: Any) -> bool:
    """Truth as a test sees it. Raises Unknown for objects, whose class may say otherwise."""
    if isinstance(value, Record):
        if value.items is not None:
            return bool(value.items)
        raise Unknown("truth of an object")
    return True if isinstance(value, Opaque) else bool(value)


# Equality of a stated value and a recorded one


def same(stated: Any, real: Any) -> bool:
    """Equal as a person would say it: 1500 and 1500.0, (1, 2) and [1, 2]; but never True and 1, nor 1 and '1'."""
    if stated is real:
        return True
    if isinstance(stated, bool) or isinstance(real, bool):
        return isinstance(stated, bool) and isinstance(real, bool) and stated == real
    if isinstance(stated, (int, float)) and isinstance(real, (int, float)):
        return _same_number(stated, real)
    if isinstance(stated, str) or isinstance(real, str):
        return isinstance(stated, str) and isinstance(real, str) and stated == real
    if isinstance(stated, Record) and isinstance(real, Record):
        if not real.attrs and isinstance(real.items, tuple) and stated.items is None:
            return stated.type == real.type and same(tuple(stated.attrs.values()), real.items)  # a named tuple
        return stated.type == real.type and same(stated.attrs, real.attrs) and same(stated.items, real.items)
    if isinstance(real, Record) and real.items is not None:
        return same(stated, real.items)
    if isinstance(stated, tuple) and isinstance(real, Record):
        stated, real = real, stated
    if isinstance(stated, Record) and isinstance(real, tuple):
        return same(tuple(stated.attrs.values()), real)  # a named tuple, once with its fields' names
    if isinstance(stated, dict) and isinstance(real, dict):
        return _same_dict(stated, real)
    if isinstance(stated, _SETS) and isinstance(real, _SETS):
        return set(stated) == set(real)
    if isinstance(stated, _ROWS) and isinstance(real, _ROWS):
        if len(stated) != len(real):
            return False
        kinds = set(map(type, stated))
        if len(kinds) == 1 and kinds == set(map(type, real)) and kinds <= _PLAIN:
            return list(stated) == list(real)
        return all(map(same, stated, real))
    if isinstance(stated, _NUMBERS) and isinstance(real, _NUMBERS):
        return bool(stated == real)
    return type(stated) is type(real) and bool(stated == real)


_SETS = (set, frozenset)
_PLAIN = {int, str, bool}
_ROWS = (list, tuple, deque, range)
_NUMBERS = (int, float, complex, Fraction, Decimal)


def _same_number(stated: float, real: float) -> bool:
    if stated == real:
        return True
    if isinstance(stated, int) and isinstance(real, int):
        return False
    if not (math.isfinite(stated) and math.isfinite(real)):
        return math.isnan(stated) and math.isnan(real)
    return math.isclose(stated, real, rel_tol=1e-12, abs_tol=0.0)


def _same_dict(stated: dict[Any, Any], real: dict[Any, Any]) -> bool:
    if len(stated) != len(real):
        return False
    return all(key in real and type(key) is type(key) and same(item, real[key]) for key, item in stated.items())


# Rules, one per kind of node


def _constant(node: ast.Constant, lookup: Lookup) -> Any:
    return node.value


def _name(node: ast.Name, lookup: Lookup) -> Any:
    if node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    return lookup(node)


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        if right > 0 and left.bit_length() * right > MAX_DIGITS * 3.33:
            raise Unknown("too large a power")
    elif isinstance(right, (Fraction, Decimal)) or isinstance(left, (Fraction, Decimal)):
        if not isinstance(right, int) or abs(right) > 1000:
            raise Unknown("power")
    return left**right


def _times(left: Any, right: Any) -> Any:
    for row, count in ((left, right), (right, left)):
        if isinstance(row, (str, bytes, list, tuple)) and isinstance(count, int) and _weight(row) * count > MAX_LENGTH:
            raise Unknown("too long a repetition")
    return left * right


def _weight(value: Any, left: int = MAX_LENGTH) -> int:
    """How many scalars and characters a value holds, counted up to a bound: shared parts count as often as they show."""
    if isinstance(value, (str, bytes)):
        return len(value) + 1
    if isinstance(value, dict):
        value = (*value, *value.values())
    if not isinstance(value, (list, tuple, set, frozenset, deque)):
        return 1
    total = 1
    for item in value:
        total += _weight(item, left - total)
        if total > left:
            break
    return total


def _shift(left: Any, right: Any) -> Any:
    if isinstance(right, int) and right > MAX_DIGITS * 3:
        raise Unknown("too large a shift")
    return left << right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, (str, bytes)):
        raise Unknown("formatting")  # a width can make it arbitrarily long
    return left % right


_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: _times, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: _modulo, ast.Pow: _power, ast.LShift: _shift, ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: lambda a, b: _equal(a, b), ast.NotEq: lambda a, b: not _equal(a, b),
    ast.In: lambda a, b: _contains(a, b), ast.NotIn: lambda a, b: not _contains(a, b),
    ast.Is: lambda a, b: _identical(a, b), ast.IsNot: lambda a, b: not _identical(a, b),
}  # fmt: skip


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


def _binary(node: ast.BinOp, lookup: Lookup) -> Any:
    return _BINARY[type(node.op)](evaluate(node.left, lookup), evaluate(node.right, lookup))


def _unary(node: ast.UnaryOp, lookup: Lookup) -> Any:
    value = evaluate(node.operand, lookup)
    if isinstance(node.op, ast.Not):
        return not truthy(value)
    return {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert}[type(node.op)](value)


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


def _items(nodes: list[ast.expr], lookup: Lookup) -> list[Any]:
    items: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            items.extend(_rows(evaluate(node.value, lookup)))
        else:
            items.append(evaluate(node, lookup))
    return items


def _rows(value: Any) -> Any:
    if isinstance(value, (str, bytes, list, tuple, set, frozenset, dict, deque, range)) and len(value) <= MAX_LENGTH:
        return value
    raise Unknown("not a row of items")


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
    base = evaluate(node.value, lookup)
    if isinstance(base, Record) and node.attr in base.attrs:
        return base.attrs[node.attr]
    if isinstance(base, Record) and node.attr.startswith("__"):
        for name, value in base.attrs.items():
            if name.endswith(node.attr) and name.startswith("_"):
                return value  # a private name carries its class's name
    if isinstance(base, (Fraction, date, timedelta)) and node.attr in _FIELDS:
        return getattr(base, node.attr)
    raise Unknown(node.attr)


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
        if isinstance(node.func.value, ast.Name) and node.func.value.id in (
            "math",
            "datetime",
            "fractions",
            "collections",
        ):
            if node.func.attr in CALLS:
                return CALLS[node.func.attr](*_items(node.args, lookup), **named)
        base = evaluate(node.func.value, lookup)
        for kind, methods in _METHODS:
            if isinstance(base, kind) and node.func.attr in methods:
                args = _items(node.args, lookup)
                if node.func.attr == "join":
                    args = [_ordered(args[0])] if args else args
                if node.func.attr in ("replace", "join") and math.prod(map(_weight, (base, *args))) > MAX_LENGTH * 10:
                    raise Unknown("too long a text")
                return getattr(base, node.func.attr)(*args, **named)
    raise Unknown("call")


def _ordered(value: Any) -> Any:
    """Rows whose order is a matter of the value: a set's is not."""
    if isinstance(value, (set, frozenset)) and len(value) > 1:
        raise Unknown("the order of a set")
    return _rows(value)


def _range(*parts: int) -> range:
    return range(*parts)


def _list_of(value: Any = ()) -> list[Any]:
    return list(_ordered(value))


def _summed(value: Any, start: Any = 0) -> Any:
    rows = _rows(value)
    if any(not isinstance(item, _NUMBERS) for item in rows):
        raise Unknown("sum of what are not numbers")
    return sum(rows, start)


def _text(value: Any = "") -> str:
    if isinstance(value, (Record, Opaque)) or _weight(value) > MAX_LENGTH // 10:
        raise Unknown("text of an object, or too long")
    return str(value)


def _exact(kind: Callable[..., Any]) -> Callable[..., Any]:
    """Fraction and Decimal, of arguments whose exponents cannot explode."""

    def applied(*args: Any) -> Any:
        if any(isinstance(value, str) and (len(value) > 60 or "e" in value.lower()) for value in args):
            raise Unknown("exponent")
        return kind(*args)

    return applied


def _of_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    def applied(value: Any = (), *rest: Any, **named: Any) -> Any:
        return function(_rows(value), *rest, **named)

    return applied


def _no_objects(function: Callable[..., Any]) -> Callable[..., Any]:
    def applied(*args: Any, **named: Any) -> Any:
        if any(isinstance(value, Opaque) for value in (*args, *named.values())):
            raise Unknown("a function as an argument")
        return function(*args, **named)

    return applied


CALLS: dict[str, Callable[..., Any]] = {
    "len": _of_rows(len), "sum": _summed, "sorted": _no_objects(_of_rows(sorted)), "list": _list_of,
    "tuple": lambda row=(): tuple(_ordered(row)), "set": _of_rows(set), "frozenset": _of_rows(frozenset), "dict": dict, "str": _text,
    "max": _no_objects(max), "min": _no_objects(min), "abs": abs, "round": round, "int": int, "float": float, "bool": truthy,
    "divmod": divmod, "pow": lambda a, b, c=None: _power(a, b) if c is None else pow(a, b, c), "ord": ord, "chr": chr,
    "range": _range, "any": _of_rows(any), "all": _of_rows(all), "bin": bin, "hex": hex, "oct": oct,
    "reversed": lambda row: list(_ordered(row))[::-1], "enumerate": lambda row, start=0: list(enumerate(_ordered(row), start)),
    "zip": lambda *rows: list(zip(*map(_ordered, rows), strict=False)), "sqrt": math.sqrt, "gcd": math.gcd, "floor": math.floor,
    "ceil": math.ceil, "isqrt": math.isqrt, "deque": lambda row=(): deque(_ordered(row)), "Counter": _of_rows(Counter), "complex": complex,
    "defaultdict": lambda _kind=None, items=(): dict(items), "OrderedDict": _of_rows(OrderedDict),
    "Fraction": _exact(Fraction), "Decimal": _exact(Decimal), "date": date, "time": time, "timedelta": timedelta,
}  # fmt: skip
CALLS["datetime"] = datetime
_CONSTANTS: dict[str, Any] = {
    "True": True, "False": False, "None": None, "inf": math.inf, "nan": math.nan, "infinity": math.inf,
}  # fmt: skip
_METHODS: tuple[tuple[Any, frozenset[str]], ...] = (
    (str, frozenset((
        "upper lower strip lstrip rstrip split rsplit splitlines join replace count index rindex find rfind startswith "
        "endswith isdigit isalpha isalnum isupper islower isspace isnumeric isdecimal istitle title capitalize swapcase "
        "partition rpartition removeprefix removesuffix casefold"
    ).split())),
    ((dict,), frozenset("get keys values items".split())),
    ((list, tuple, deque), frozenset("count index".split())),
    ((set, frozenset), frozenset("union intersection difference symmetric_difference issubset issuperset isdisjoint".split())),
    ((int,), frozenset({"bit_length", "bit_count"})),
    ((float,), frozenset({"is_integer"})),
)  # fmt: skip
_RULES: dict[type, Callable[[Any, Lookup], Any]] = {
    ast.Constant: _constant, ast.Name: _name, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare,
    ast.BoolOp: _bool, ast.IfExp: _ifexp, ast.Dict: _dict, ast.Subscript: _subscript, ast.Attribute: _attribute,
    ast.Call: _call, ast.List: lambda node, lookup: _items(node.elts, lookup),
    ast.Tuple: lambda node, lookup: tuple(_items(node.elts, lookup)),
    ast.Set: lambda node, lookup: set(_items(node.elts, lookup)),
}  # fmt: skip
