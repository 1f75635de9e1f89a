"""What a script or a function prints at its end is its result.

One ``print(x)`` gives x itself. Several prints, or a print of several values, give the text that appears::

    print("area", area)                         f"area {area}\\n{note}"
    print(note)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cotmill.base.reasons import Reason
from cotmill.collect.entry import Unfit

__all__ = ["join_prints", "printed", "return_the_print"]


def printed(statement: ast.stmt) -> ast.expr | None:
    """x of `print(x)`."""
    arguments = _arguments(statement)
    return arguments[0] if len(arguments) == 1 else None


def _arguments(statement: ast.stmt) -> list[ast.expr]:
    """Arguments of a plain print of at least one value."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=args, keywords=[])):
            return [] if any(isinstance(argument, ast.Starred) for argument in args) else args
    return []


def join_prints(body: list[ast.stmt], functions: frozenset[str]) -> None:
    """Make one print of a text of the prints at the end of a body; changes it in place.

    Prints that call one of the `functions` are examples of its use, and stay as they are.
    """
    begin = len(body)
    while begin and _arguments(body[begin - 1]):
        begin -= 1
    prints = body[begin:]
    names = {node.id for statement in prints for node in ast.walk(statement) if isinstance(node, ast.Name)}
    if not prints or names & functions or (len(prints) == 1 and printed(prints[0]) is not None):
        return
    pieces: list[ast.expr] = []
    for number, statement in enumerate(prints):
        for place, argument in enumerate(_arguments(statement)):
            if number or place:
                pieces.append(ast.Constant(" " if place else "\n"))
            text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            pieces.append(argument if text else ast.FormattedValue(argument, -1))
    call = ast.Call(ast.Name("print", ast.Load()), [ast.JoinedStr(pieces)], [])
    body[begin:] = [ast.fix_missing_locations(ast.copy_location(ast.Expr(call), prints[0]))]


def return_the_print(entry: ast.FunctionDef) -> None:
    """In a function that returns nothing and ends in its only prints, return what they print instead. Raises Unfit.

    A function that returns something, or prints nothing, stays as it is.
    """
    join_prints(entry.body, frozenset())
    own = list(_own_nodes(entry))
    if any(isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and node.value is not None for node in own):
        return
    prints = [node for node in ast.walk(entry) if isinstance(node, ast.Name) and node.id == "print"]
    if not prints:
        return
    result = printed(entry.body[-1])
    if result is None or len(prints) > 1 or any(isinstance(node, ast.Return) for node in own):
        why = f"{entry.name} returns nothing and does not end in its only prints"
        raise Unfit(Reason.NOT_UNIFIABLE, why)
    entry.body[-1] = ast.Return(value=result)


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions in it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield child
            yield from _own_nodes(child)
