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
_OPAQUE = (  # no skeleton has a word for most of these, and what they do to names is not followed here
    ast.FunctionDef, ast.ClassDef, ast.Yield, ast.YieldFrom, ast.Try, ast.With, ast.Match, ast.Global, ast.Nonlocal,
)  # fmt: skip
_Edges = dict[str, set[str]]  # name -> names that it was made of


def idle_names(code: str) -> list[str]:
    """Names that a function of the module binds, its parameters too, and that do not bear on what it returns.

    Functions that `solution` does not come to are among them. Names that only hold a place (`_`, or the
    target of a loop) are no fault. Raises SyntaxError.
    """
    tree = ast.parse(code)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls: _Edges = {name: set(_names(node)) for name, node in functions.items()}
    used = _reached(calls, ["solution"]) if "solution" in functions else functions.keys()
    found = [name for name in functions if name not in used]
    module = _bound(below for node in tree.body if node not in functions.values() for below in ast.walk(node))
    for function in functions.values():
        found += [name for name in _idle(function, module) if not name.startswith("_")]
    return found


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    """Variables and parameters that are bound there."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def _reached(edges: _Edges, start: Iterable[str]) -> set[str]:
    reached, waiting = set[str](), [*start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += edges.get(name, ())
    return reached


def _idle(function: ast.FunctionDef, module: set[str]) -> Iterator[str]:
    """`module`: its variables; those that are not the function's own outlive it."""
    _, *nodes = ast.walk(function)
    if any(isinstance(node, _OPAQUE) for node in nodes):
        return
    edges: _Edges = defaultdict(set)
    placeholders: set[str] = set()
    _read(function.body, frozenset(), edges, placeholders)
    _share(nodes, edges)
    own, parameters = _bound(nodes), [arg.arg for arg in function.args.args]
    start = [_RESULT, *(module - own)]
    if _RESULT not in edges:  # works on what it was given
        start += parameters
    reached = _reached(edges, start)
    for name in dict.fromkeys([*parameters, *edges]):
        if name in own and name not in reached and name not in placeholders:
            yield name


def _share(nodes: Iterable[ast.AST], edges: _Edges) -> None:
    """What is taken out of a value and then changed changes the value."""
    changed, taken = set(), []
    for node in nodes:
        match node:
            case ast.Assign(targets=[target], value=value):
                taken.append((target, frozenset({_root(value)}) - {""}))
            case ast.For(target=target, iter=value):
                taken.append((target, _names(value)))
            case ast.Call() | ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                changed.add(_root(node))
    for target, holders in taken:
        for name in _names(target) & changed:
            for holder in holders - {name}:
                edges[holder].add(name)


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
            case ast.Return(value=value) | ast.Raise(exc=value):
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
    if any(isinstance(below, (ast.Return, ast.Raise, ast.Break, ast.Continue)) for below in ast.walk(node)):
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
    """The name that a chain of subscripts, attributes and method calls begins with; empty where it is none."""
    while True:
        match node:
            case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Starred(value=inner):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner)):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def _names(node: ast.AST | None) -> frozenset[str]:
    return frozenset(below.id for below in ast.walk(node) if isinstance(below, ast.Name)) if node else frozenset()
