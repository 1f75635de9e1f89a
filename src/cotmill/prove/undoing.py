"""The check of a solution that works backward: does each step follow from the result and what is given?

Such a text does not follow the run, so its order says nothing. Every equation must hold for the values that the run
had, and every number in it must be given, be the output, or have been worked out before from such numbers alone. A
value that appears from nowhere, the hidden input above all, does not pass.

`total = x + (x - 6) = 2 * x - 6 = 30` brings numbers of its own. They are taken where both sides are the same whatever
`x` is: they are compared at other values of it, too.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cotmill.prove.claims.match.nodes import shown
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.run.trees import is_closed, is_value
from cotmill.prove.claims.text.extract import read
from cotmill.prove.claims.text.statements import Equality, Mention, Returned, Statement, Worked

__all__ = ["Step", "undoing"]


class Step(NamedTuple):
    """A claim of the text and what became of it."""

    statement: Statement
    verdict: str  # "verified", "refuted", "unsupported", "uncheckable"
    why: str


def undoing(text: str, program: Program, names: Mapping[str, Any], hidden: str, output: Any) -> Iterator[Step]:
    """The claims of the text. `names`: what each name of the program held; `hidden`: the input that is asked for."""
    inputs = program.functions.get("solution", ())
    known = [*(names[name] for name in inputs if name != hidden), *program.constants, output]

    def value_of(node: ast.expr) -> Any:
        if isinstance(node, ast.Name) and node.id in names:
            return names[node.id]
        raise Unknown(ast.unparse(node))

    for sentence in read(text, program):
        for statement in sentence.stated:
            if isinstance(statement, (Equality, Returned)):
                parts = statement.parts
            elif isinstance(statement, (Mention, Worked)):
                parts = (statement.node,)
            else:
                yield Step(statement, "unsupported", "a step backward is an equation")
                continue
            try:
                values = [evaluate(part, value_of) for part in parts]
            except Unknown as reason:
                yield Step(statement, "uncheckable", f"cannot be worked out ({reason})")
                continue
            if isinstance(statement, Returned):
                values.append(output)
            if not all(same(value, values[0]) for value in values):
                yield Step(statement, "refuted", f"its sides are {', '.join(map(shown, values))}")
                continue
            own = _collected(parts, known, hidden, names)
            if foreign := _foreign(parts, [*known, *own]):
                yield Step(statement, "unsupported", f"{foreign} comes from nowhere")
            else:
                known += [values[0], *own]
                yield Step(statement, "verified", "")


def _foreign(parts: tuple[ast.expr, ...], known: list[Any]) -> str:
    """A number of the equation that has no source; its result needs none, where the equation works it out."""
    worked = any(is_closed(part) and not is_value(part) for part in parts)
    for part in parts:
        for number in _values(part) if not (worked and is_value(part)) else ():
            if not any(same(number, value) for value in known):
                return shown(number)
    return ""


def _collected(parts: tuple[ast.expr, ...], known: list[Any], hidden: str, names: Mapping[str, Any]) -> list[Any]:
    """Numbers of expressions in the hidden input alone that say the same as one before them with known numbers."""
    alone = [part for part in parts if {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} == {hidden}]
    if len(alone) < 2 or _foreign((alone[0],), known):
        return []
    here = names[hidden]
    for other in (here + 1, 3 * here + 7, 0.5):
        values = [evaluate(part, lambda _node, value=other: value) for part in alone]  # type: ignore[misc]
        if not all(same(value, values[0]) or _about(value, values[0]) for value in values):
            return []
    return [value for part in alone for value in _values(part)]


def _about(a: Any, b: Any) -> bool:
    """Equal but for the last digits that two ways of working out may differ in."""
    return isinstance(a, (int, float)) and isinstance(b, (int, float)) and math.isclose(a, b, rel_tol=1e-9)


def _values(node: ast.expr) -> list[Any]:
    """The values that stand in an expression; a negative number is one."""
    if is_value(node):
        return [evaluate(node)]
    return [value for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) for value in _values(part)]
