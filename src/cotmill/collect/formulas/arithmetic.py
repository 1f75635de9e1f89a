"""Exact values of formulas, and equations solved for their unknown."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from fractions import Fraction

from cotmill.collect.formulas.notation import NotUnderstood

__all__ = ["binary", "constant", "decimals", "evaluate", "module_call", "number", "solve"]

MAX_POWER = 100


def evaluate(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    """The value of an expression, exact but for roots. Raises NotUnderstood where it has none."""
    try:
        return _value(node, values)
    except KeyError as error:
        raise NotUnderstood(f"{error.args[0]} in {ast.unparse(node)} is not known") from None
    except (ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
        raise NotUnderstood(f"{ast.unparse(node)} has no value: {error}") from None


def _value(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=value):
            return number(_real(value))
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.UnaryOp(operand=operand):
            return _value(operand, values)
        case ast.Call(func=ast.Name(id="round"), args=[inner, ast.Constant(value=int(digits))]):
            return round(_value(inner, values), digits)
        case ast.Call(func=ast.Attribute(attr="floor" | "ceil" as name), args=[inner]):
            exact = _value(inner, values)
            return Fraction(math.floor(exact) if name == "floor" else math.ceil(exact))
        case ast.Call(func=ast.Attribute(attr=name), args=args):
            parts = [_value(argument, values) for argument in args]
            if any(part.denominator > 1 for part in parts):
                raise NotUnderstood(f"{name} of {', '.join(map(str, parts))}")
            return Fraction((math.gcd if name == "gcd" else math.lcm)(*map(int, parts)))
        case ast.BinOp(left=left, op=operator, right=right):
            return _operated(operator, _value(left, values), _value(right, values))
    raise NotUnderstood(f"{ast.unparse(node)} is no arithmetic")


def _operated(operator: ast.operator, a: Fraction, b: Fraction) -> Fraction:
    match operator:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
        case ast.FloorDiv():
            return Fraction(a // b)
        case ast.Mod():
            return a % b
        case ast.Pow() if abs(b) <= MAX_POWER:
            power = a**b if b.denominator == 1 else float(a) ** float(b)
            if isinstance(power, complex):
                raise NotUnderstood("a root of a negative number")
            return number(power)
    raise NotUnderstood("an operation that is no arithmetic")


def number(value: float) -> Fraction:
    """The number that a literal or a float means, as a person reads it: 0.1 is one tenth."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _real(value: object) -> float:
    if not isinstance(value, (int, float)):
        raise NotUnderstood(f"{value!r} is no number")
    return value


def decimals(value: Fraction) -> int | None:
    """Digits behind the point; None where there are more than six."""
    return next((places for places in range(7) if (value * 10**places).denominator == 1), None)


def module_call(function: str, *args: ast.expr) -> ast.Call:
    """`math.gcd` or `round`, called."""
    module, _, name = function.rpartition(".")
    return ast.Call(ast.Attribute(ast.Name(module), name) if module else ast.Name(name), list(args), [])


def constant(value: Fraction) -> ast.expr:
    """A literal, or a division of two where no decimal would be exact."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), constant(-value))
    if value.denominator == 1:
        return ast.Constant(int(value))
    if number(float(value)) == value:
        return ast.Constant(float(value))
    return ast.BinOp(ast.Constant(value.numerator), ast.Div(), ast.Constant(value.denominator))


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
    """The operation, or what it comes to where one side makes it idle."""
    if isinstance(operator, (ast.Add, ast.Sub)) and _is(right, 0):
        return left
    if isinstance(operator, ast.Add) and _is(left, 0):
        return right
    if isinstance(operator, (ast.Mult, ast.Div)) and _is(right, 1):
        return left
    if isinstance(operator, ast.Mult) and _is(left, 1):
        return right
    if isinstance(operator, ast.Mult) and (_is(left, 0) or _is(right, 0)):
        return ast.Constant(0)
    if isinstance(operator, ast.Div) and _is(left, 0):
        return ast.Constant(0)
    if isinstance(operator, ast.Add) and isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
        return binary(left, ast.Sub(), right.operand)
    if isinstance(operator, ast.Sub) and isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
        return binary(left, ast.Add(), right.operand)
    if isinstance(operator, ast.Sub) and _is(left, 0):
        return ast.UnaryOp(ast.USub(), right)
    if isinstance(operator, (ast.Div, ast.Pow)):
        return ast.BinOp(left, operator, right)
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return constant(_operated(operator, number(_real(left.value)), number(_real(right.value))))
    return ast.BinOp(left, operator, right)


def _is(node: ast.expr, value: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def solve(left: ast.expr, right: ast.expr, unknown: str) -> ast.expr:
    """x of `left = right`, as an expression. Raises NotUnderstood where the equation is not linear in x."""
    while _counts(left, unknown) + _counts(right, unknown) == 1:
        if _counts(right, unknown):
            left, right = right, left
        if isinstance(left, ast.Name):
            return right
        left, right = _peeled(left, right, unknown)
    slope, start = _linear(left, unknown)
    other_slope, other_start = _linear(right, unknown)
    factor = binary(slope, ast.Sub(), other_slope)
    if _is(factor, 0):
        raise NotUnderstood(f"{unknown} drops out of the equation")
    if isinstance(factor, ast.UnaryOp):  # a negative constant is one
        factor = binary(other_slope, ast.Sub(), slope)
        start, other_start = other_start, start
    return binary(binary(other_start, ast.Sub(), start), ast.Div(), factor)


def _counts(node: ast.expr, unknown: str) -> int:
    return sum(isinstance(part, ast.Name) and part.id == unknown for part in ast.walk(node))


def _peeled(left: ast.expr, right: ast.expr, unknown: str) -> tuple[ast.expr, ast.expr]:
    """The outermost operation of the side that holds the unknown, undone on both sides."""
    match left:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand, ast.UnaryOp(ast.USub(), right)
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            return (a, binary(right, ast.Sub(), b)) if _counts(a, unknown) else (b, binary(right, ast.Sub(), a))
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            return (a, binary(right, ast.Add(), b)) if _counts(a, unknown) else (b, binary(a, ast.Sub(), right))
        case ast.BinOp(left=a, op=ast.Mult(), right=b):
            return (a, binary(right, ast.Div(), b)) if _counts(a, unknown) else (b, binary(right, ast.Div(), a))
        case ast.BinOp(left=a, op=ast.Div(), right=b):
            return (a, binary(right, ast.Mult(), b)) if _counts(a, unknown) else (b, binary(a, ast.Div(), right))
    raise NotUnderstood(f"{ast.unparse(left)} is not linear in {unknown}")


def _linear(node: ast.expr, unknown: str) -> tuple[ast.expr, ast.expr]:
    """(a, b) of a*x + b."""
    if not _counts(node, unknown):
        return ast.Constant(0), node
    match node:
        case ast.Name():
            return ast.Constant(1), ast.Constant(0)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            a, b = _linear(operand, unknown)
            return binary(ast.Constant(0), ast.Sub(), a), binary(ast.Constant(0), ast.Sub(), b)
        case ast.BinOp(left=left, op=(ast.Add() | ast.Sub()) as operator, right=right):
            (a, b), (c, d) = _linear(left, unknown), _linear(right, unknown)
            return binary(a, operator, c), binary(b, operator, d)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if not _counts(left, unknown):
            a, b = _linear(right, unknown)
            return binary(left, ast.Mult(), a), binary(left, ast.Mult(), b)
        case ast.BinOp(left=left, op=(ast.Mult() | ast.Div()) as operator, right=right) if not _counts(right, unknown):
            a, b = _linear(left, unknown)
            return binary(a, operator, right), binary(b, operator, right)
    raise NotUnderstood(f"{ast.unparse(node)} is not linear in {unknown}")
