"""Inputs and results -> the text of a program, once all names are known."""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cotmill.collect.formulas.arithmetic import decimals, number
from cotmill.collect.formulas.naming import Names, name_phrases
from cotmill.collect.formulas.notation import NotUnderstood
from cotmill.collect.formulas.question import GENERIC, question_names
from cotmill.collect.formulas.workings import Result, Workings

__all__ = ["FormulaProgram", "write"]

# What problems leave to common knowledge: legs, days, hours, coins, percent, shares of a whole, pi.
COMMON = frozenset(map(Fraction, (
    *range(13), 14, 15, 16, 20, 24, 25, 28, 30, 31, 36, 48, 50, 52, 60, 90, 100, 120, 144, 180, 360, 365, 366, 1000,
    2000, 3600, 5280, "3.14", "22/7", "0.5", "0.25", "0.1", "0.05", "0.01", "0.75", "1.5", "0.2",
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormulaProgram:
    """`code` is unified already: definitions with the entry `solution`."""

    code: str
    input: dict[str, Any]


def write(workings: Workings, returned: Result | ast.expr, problem: str, unit: str) -> FormulaProgram:
    """The program that returns a result, or an expression of results. Raises NotUnderstood."""
    end: ast.expr = ast.Name(returned.key) if isinstance(returned, Result) else returned
    kept = _needed(workings, end)
    _refuse_strange(kept)
    trees = [*(result.expression for result in kept), end]
    inputs = sorted({int(key[1:]) for tree in trees for key in _keys(tree) if key[0] == "@"})
    if not inputs:
        raise NotUnderstood("none of its numbers stands in the problem")
    names = Names()
    given_names = name_phrases([workings.phrases[index] for index in inputs], names)
    known = {f"@{index}": name for index, name in zip(inputs, given_names, strict=True)}
    if isinstance(returned, Result):
        known[returned.key] = names.take(_answer_names(returned, problem, unit))
    for result in kept:
        if result.key not in known:
            known[result.key] = names.take([*result.names, f"{result.names[0]} so far"])
    given = {known[f"@{index}"]: _json(workings.mentions[index].value) for index in inputs}
    return FormulaProgram(_text(kept, known, given, end), given)


def _answer_names(last: Result, problem: str, unit: str) -> list[str]:
    adds_up = isinstance(last.expression, ast.BinOp) and isinstance(last.expression.op, (ast.Add, ast.Mult))
    asked = question_names(problem, unit, adds_up=adds_up)
    own = last.names[:1] if last.is_unknown else []
    if asked[0] in GENERIC:
        own = [name for name in last.names[:1] if name not in GENERIC and not name.endswith(" left")]
    return [*own, *asked[:-3], *last.names[:1], *asked[-3:]]


def _text(kept: Sequence[Result], known: Mapping[str, str], given: dict[str, Any], end: ast.expr) -> str:
    lines = [f"def solution({', '.join(given)}):"]
    values = dict(given)
    for result in kept:
        text, value = _rounded(_renamed(result.expression, known), values, result.value)
        values[known[result.key]] = value
        lines.append(f"    {known[result.key]} = {text}")
    lines.append(f"    return {_renamed(end, known)}")
    code = "\n".join(lines)
    return f"import math\n\n{code}" if "math." in code else code


def _keys(tree: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id[0] in "@#"]


def _needed(workings: Workings, end: ast.expr) -> list[Result]:
    """The results that go into an expression, in order."""
    wanted: set[str] = set()
    frontier = [end]
    while frontier:
        for key in _keys(frontier.pop()):
            if key[0] == "#" and key not in wanted:
                wanted.add(key)
                frontier.append(workings.results[int(key[1:])].expression)
    return [result for result in workings.results if result.key in wanted]


def _refuse_strange(kept: Sequence[Result]) -> None:
    """A number that is neither in the text, nor worked out, nor common knowledge. Raises NotUnderstood."""
    for result in kept:
        for node in ast.walk(result.expression):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, (int, float))
                and number(node.value) not in COMMON
            ):
                raise NotUnderstood(f"{node.value} stands neither in the problem nor in an earlier equation")


def _json(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else float(value)


class _Renamer(ast.NodeTransformer):
    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.known.get(node.id, node.id))


def _renamed(tree: ast.expr, known: Mapping[str, str]) -> str:
    return ast.unparse(ast.fix_missing_locations(_Renamer(known).visit(copy.deepcopy(tree))))


def _rounded(text: str, values: dict[str, Any], exact: Fraction) -> tuple[str, Any]:
    """The expression, rounded where binary fractions would show: 32.15 - 31.5 is 0.65."""
    value = eval(text, {"math": math, "__builtins__": {"round": round}}, values)  # noqa: S307 - arithmetic written here
    places = decimals(exact)
    if isinstance(value, float) and places is not None and value != float(exact):
        return f"round({text}, {max(2, places)})", round(value, max(2, places))
    return text, value
