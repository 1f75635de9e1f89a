"""Why a test came out as it did: clauses that hold by themselves, built from what the trace recorded of its sides."""

from __future__ import annotations

import ast
import math
from collections import deque
from typing import Any

from cotmill.explain.phrases import joined
from cotmill.explain.places import place_of
from cotmill.explain.reading import Reading
from cotmill.explain.source import place
from cotmill.explain.state import UNKNOWN

__all__ = ["again", "because", "binds", "is_simple_test", "outcome", "reasons", "why"]

_TRUE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_FALSE = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<", ast.Is: "is not",
    ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_ALIKE = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def outcome(test: ast.expr, truth: bool, reading: Reading) -> str:
    """``x % 2 == 0` is false, since 3 % 2 = 1``; without a reason where the trace gives none."""
    source = reading.program.text(test)
    reading.asked.add(place(test))
    if reading.density.plain:
        return f"`{source}` is {'true' if truth else 'false'}"
    known = {source, f"{source} = True", f"{source} = False"}  # says nothing new
    clauses = [clause for clause in dict.fromkeys(reasons(test, truth, reading) or []) if clause not in known]
    reading.seen.update(clauses)
    text = f"`{source}` is {'true' if truth else 'false'}"
    return f"{text}, {because(reading)} {joined(clauses)}" if clauses else text


def because(reading: Reading) -> str:
    return "because" if reading.density.style.spoken else "since"


def why(test: ast.expr, reading: Reading) -> str:
    """The reason why a test failed, short; empty where there is none."""
    return "" if reading.density.plain else again(test, False, reading) or joined(reasons(test, False, reading) or [""])


def again(test: ast.expr, truth: bool, reading: Reading) -> str:
    """``3 > 2``: the sides of a test that the text has quoted before; empty where the values alone do not tell it."""
    clauses = [] if reading.density.plain else _by_values(test, truth, reading)
    text = joined(list(dict.fromkeys(clauses))) if clauses else ""
    return text if len(text) <= AGAIN else ""


AGAIN = 90  # characters
OWN = 30  # characters of a value that is tested for its truth and said once more
_SUMS = (ast.Add, ast.Sub)
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)


def is_simple_test(test: ast.expr) -> bool:
    """Comparisons of names, numbers and lengths: what a person has in view."""
    return isinstance(test, (ast.Compare, ast.BoolOp)) and all(
        isinstance(part, _SIMPLE) or _is_length(part) for part in ast.walk(test)
    )


def binds(test: ast.expr) -> bool:
    """``(n := len(xs)) > 2``: the test gives a name its value, which must be told."""
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(test))


_SIMPLE = (
    ast.Compare, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.expr_context, ast.cmpop, ast.boolop,
    ast.operator, ast.unaryop,
)  # fmt: skip


def _is_length(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _by_values(test: ast.expr, truth: bool, reading: Reading) -> list[str] | None:
    """Comparisons of values, as many as decide the outcome."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _by_values(test.operand, not truth, reading)
    if isinstance(test, ast.BoolOp):
        if truth == isinstance(test.op, ast.And):
            parts = [_by_values(operand, truth, reading) for operand in test.values]
            return [clause for part in parts if part for clause in part] if all(parts) else None
        decided = next((operand for operand in test.values if _truth(operand, reading) is truth), None)
        return None if decided is None else _by_values(decided, truth, reading)
    if isinstance(test, ast.Name) and isinstance(reading.known(test)[1], (list, dict, set, deque)):
        return [f"{test.id} is {'not ' * truth}empty"]
    if not isinstance(test, ast.Compare):
        return None
    if len(test.ops) > 1:
        return _of_range(test, truth, reading) if truth else None
    return _by_sides(test, truth, reading)


def _by_sides(test: ast.Compare, truth: bool, reading: Reading) -> list[str] | None:
    operator, left, right = test.ops[0], test.left, test.comparators[0]
    word = (_TRUE if truth else _FALSE)[type(operator)]
    if isinstance(operator, (ast.Is, ast.IsNot)) and isinstance(right, ast.Constant) and isinstance(left, _PLACES):
        return [f"{place_of(left, reading)} {word} {right.value!r}"]
    if not truth and isinstance(operator, _ORDER) and not (_ordered(left, reading) and _ordered(right, reading)):
        return None
    sides, clauses = [], []
    for node in (left, right):
        text, clause = _side(node, reading)
        if clause and _is_short_sum(node):
            text = reading.written(node, True)
        elif clause and not _is_length(node) and clause not in reading.seen:
            reading.seen.add(clause)
            clauses.append(clause)
        sides.append(text)
    if any("`" in text for text in sides) or (word in ("==", "!=") and not _names(test).isdisjoint(sides)):
        return None
    if clauses and _is_literal(right) and (word == "==" or isinstance(left, ast.NamedExpr)):
        return [f"{reading.written(left, True)} == {sides[1]}"] if word == "==" and _is_sum(left) else clauses
    if word == "==" and sides[0] == sides[1]:
        named = next((side.id for side in (left, right) if isinstance(side, ast.Name)), "")
        plain = named and (_is_literal(left) or _is_literal(right))
        return [f"{named} == {sides[0]}" if plain else f"both are {sides[0]}"]
    if word == "!=" and clauses and _is_literal(right):
        return [*clauses[:-1], f"{clauses[-1]}, not {sides[1]}"]
    return [*clauses, f"{sides[0]} {word} {sides[1]}"]


def _is_short_sum(node: ast.expr) -> bool:
    """``x + 1``: nobody works it out before comparing."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, _SUMS) and _is_sum(node)


def _is_sum(node: ast.expr) -> bool:
    """``n % 3``, ``abs(a - b)``: worked out at a glance once the values are put in."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "abs" and _is_sum(node.args[0])
    return isinstance(node, ast.BinOp) and all(
        isinstance(side, (ast.Name, ast.Constant)) for side in (node.left, node.right)
    )


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def reasons(test: ast.expr, truth: bool, reading: Reading) -> list[str] | None:
    """Clauses that explain the outcome; None where there is no simple reason."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return reasons(test.operand, not truth, reading)
    if isinstance(test, ast.BoolOp):
        return _of_boolean(test, truth, reading)
    if isinstance(test, ast.Compare):
        if len(test.ops) > 1:
            return _of_range(test, truth, reading)
        return _of_comparison(test, truth, reading)
    return _of_value(test, reading)


def _of_boolean(test: ast.BoolOp, truth: bool, reading: Reading) -> list[str] | None:
    """All operands where all had to agree, else the one that decided."""
    if truth == isinstance(test.op, ast.And):
        clauses: list[str] = []
        for operand in test.values:
            clauses += reasons(operand, truth, reading) or []
        return clauses or None
    for operand in test.values:
        if _truth(operand, reading) is truth:
            return reasons(operand, truth, reading)
    return None


def _truth(operand: ast.expr, reading: Reading) -> bool | None:
    """The outcome of an operand, where the trace has it."""
    known, value = reading.known(operand)
    if known and (value is None or isinstance(value, (bool, int, float, str, list, tuple, dict, set))):
        return bool(value)
    if isinstance(operand, ast.UnaryOp) and isinstance(operand.op, ast.Not):
        inner = _truth(operand.operand, reading)
        return None if inner is None else not inner
    if isinstance(operand, ast.BoolOp):
        return _truth_of_all(operand, reading)
    return reading.truth(operand)


def _truth_of_all(operand: ast.BoolOp, reading: Reading) -> bool | None:
    """The outcome of `and` and `or` inside a test, which the trace has by their operands; what came after the one
    that decided was not evaluated."""
    deciding = isinstance(operand.op, ast.Or)
    for part in operand.values:
        truth = _truth(part, reading)
        if truth is None or truth is deciding:
            return truth
    return not deciding


def _of_range(test: ast.Compare, truth: bool, reading: Reading) -> list[str] | None:
    """``0 <= x < n``: told in one piece where it holds."""
    if not truth:
        return _names_in(test, reading)
    parts = [_side(test.left, reading)[0]]
    for operator, right in zip(test.ops, test.comparators, strict=True):
        parts += [_TRUE[type(operator)], _side(right, reading)[0]]
    return [" ".join(parts)]


def _of_comparison(test: ast.Compare, truth: bool, reading: Reading) -> list[str] | None:
    operator, left, right = test.ops[0], test.left, test.comparators[0]
    left_text, left_clause = _side(left, reading)
    right_text, right_clause = _side(right, reading)
    clauses = [clause for clause in (left_clause, right_clause) if clause]
    if not truth and isinstance(operator, _ORDER) and not (_ordered(left, reading) and _ordered(right, reading)):
        return clauses or _names_in(test, reading)
    if isinstance(operator, _ALIKE) and isinstance(left, ast.Name) and _is_literal(right):
        return [f"{left.id} = {left_text}"] if left_text != left.id else None  # else it would say the test again
    word = (_TRUE if truth else _FALSE)[type(operator)]
    comparison = f"{left_text} {word} {right_text}"
    if left_text.startswith("`") or right_text.startswith("`"):
        return clauses or None
    if clauses and (_is_literal(right) or _is_literal(left)):
        return clauses
    return [*clauses, comparison]


def _side(node: ast.expr, reading: Reading) -> tuple[str, str]:
    """A side as it stands in the comparison, and the clause that works it out (empty where there is nothing to do)."""
    if isinstance(node, ast.NamedExpr):
        text, clause = _side(node.value, reading)
        reading.bound.add(node.target.id)
        return text, f"{node.target.id} = {clause or text}"
    text = reading.written(node, True)
    if isinstance(node, (ast.Name, ast.Constant)):
        return text, ""
    index = reading.result(node)
    value = None if index == UNKNOWN else reading.value(index, 60)
    if value is None or isinstance(reading.texts.values[index], range):
        return text, ""
    return value, "" if value == text else f"{reading.chain(node, index)}"


def _is_literal(node: ast.expr) -> bool:
    """A constant, one with a minus before it, or an empty container."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


def _ordered(node: ast.expr, reading: Reading) -> bool:
    """A number or a text, for which `not a < b` is `a >= b`."""
    known, value = reading.known(node)
    if not known:
        return isinstance(node, (ast.BinOp, ast.UnaryOp)) and all(
            _ordered(part, reading) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)
        )
    return _is_ordered(value)


def _is_ordered(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isnan(value)
    return isinstance(value, (int, str))


def _of_value(test: ast.expr, reading: Reading) -> list[str] | None:
    """A value tested for its truth."""
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance":
        return _names_in(test.args[0], reading)
    index = reading.result(test)
    if index == UNKNOWN or isinstance(test, ast.Constant):
        return None
    value = reading.value(index, 60)
    if value is None:
        return None
    if isinstance(test, ast.Name) and len(value) > OWN:
        return None  # it was shown when it was made
    stages = [stage for stage in reading.stages(test)[:1] if not stage.startswith("`") and stage != value]
    return [" = ".join([*stages, value])] if stages else None


def _names_in(test: ast.expr, reading: Reading) -> list[str] | None:
    """The values of the names in a test, where all are simple."""
    clauses = []
    for node in ast.walk(test):
        if isinstance(node, (ast.Call, ast.Subscript, ast.Attribute)):
            return None
        if isinstance(node, ast.Name):
            value = reading.named(node.id)
            if value is None:
                return None
            clauses.append(f"{node.id} = {value}")
    return clauses or None
