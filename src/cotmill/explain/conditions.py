"""Why a test came out as it did: clauses that hold by themselves, built from what the trace recorded of its sides."""

from __future__ import annotations

import ast
import math
from typing import Any

from cotmill.explain.phrases import joined
from cotmill.explain.reading import Reading
from cotmill.explain.state import UNKNOWN

__all__ = ["outcome", "reasons"]

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
    if reading.density.plain:
        return f"`{source}` is {'true' if truth else 'false'}"
    known = {source, f"{source} = True", f"{source} = False"}  # says nothing new
    clauses = [clause for clause in dict.fromkeys(reasons(test, truth, reading) or []) if clause not in known]
    text = f"`{source}` is {'true' if truth else 'false'}"
    why = "because" if reading.density.style.spoken else "since"
    return f"{text}, {why} {joined(clauses)}" if clauses else text


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
    index = reading.result(test)
    if index == UNKNOWN or isinstance(test, ast.Constant):
        return None
    value = reading.value(index, 60)
    if value is None:
        return None
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
