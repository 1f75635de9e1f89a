"""Which names of a program can bear on what it returns: read from the code alone, and generous where that is unclear.

A program that computes what nobody reads, or takes an input that changes nothing, is no good exercise; most of them can
be told before anything is run.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

__all__ = ["idle_names"]

_RESULT = ""  # stands for what is returned, among the names
_Edges = dict[str, set[str]]  # name -> names that it was made of


def idle_names(code: str) -> list[str]:
    """Names that a function of the program binds, its parameters too, and that do not bear on what it returns.

    Names that only hold a place (`_`, or the target of a loop) are no fault. Raises SyntaxError.
    """
    found: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            found += [name for name in _idle(node) if not name.startswith("_")]
    return found


def _idle(function: ast.FunctionDef) -> Iterator[str]:
    edges: _Edges = defaultdict(set)
    placeholders: set[str] = set()
    _read(function.body, frozenset(), edges, placeholders)
    parameters = [arg.arg for arg in function.args.args]
    reached, waiting = set[str](), [_RESULT]
    if _RESULT not in edges:  # works on what it was given
        waiting += parameters
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += edges.get(name, ())
    for name in dict.fromkeys([*parameters, *edges]):
        if name not in reached and name not in placeholders and name != _RESULT:
            yield name


def _read(body: Iterable[ast.stmt], control: frozenset[str], edges: _Edges, placeholders: set[str]) -> None:
    """`control`: names that decide whether these statements run."""
    for node in body:
        match node:
            case ast.If(test=test, body=then, orelse=other) | ast.While(test=test, body=then, orelse=other):
                inside = control | _names(test)
                _calls(test, inside, edges)
                _leaves(node, inside, edges)
                _read([*then, *other], inside, edges, placeholders)
            case ast.For(target=target, iter=iterated, body=then):
                inside = control | _names(iterated)
                placeholders |= _names(target)
                for name in _names(target):
                    edges[name] |= inside
                _leaves(node, inside, edges)
                _read(then, inside, edges, placeholders)
            case ast.Return(value=value):
                edges[_RESULT] |= control | _names(value)
            case ast.FunctionDef(name=name):
                edges[name] |= control | _names(node)
            case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
                _store(target, control | _names(value), edges)
                _calls(value, control, edges)
            case _:
                _calls(node, control, edges)


def _leaves(node: ast.stmt, inside: frozenset[str], edges: _Edges) -> None:
    """A test that may end a loop or the function bears on all that comes behind it."""
    if any(isinstance(below, (ast.Return, ast.Break, ast.Continue)) for below in ast.walk(node)):
        edges[_RESULT] |= inside


def _store(target: ast.expr, names: frozenset[str], edges: _Edges) -> None:
    if isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            _store(item, names, edges)
        return
    root = _root(target)
    if root:
        edges[root] |= names | (_names(target) - {root})


def _calls(node: ast.AST, control: frozenset[str], edges: _Edges) -> None:
    """What is called may change what it is called on, and what it is given."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            names = control | _names(call)
            given = [*call.args, *([call.func.value] if isinstance(call.func, ast.Attribute) else [])]
            for root in map(_root, given):
                if root:
                    edges[root] |= names - {root}


def _root(node: ast.AST) -> str:
    """The name that a chain of subscripts and attributes begins with; empty where it is none."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _names(node: ast.AST | None) -> frozenset[str]:
    return frozenset(below.id for below in ast.walk(node) if isinstance(below, ast.Name)) if node else frozenset()
