"""Which names a program may read before they are bound: an analysis of its own, to hold the grammar's machine against."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

KNOWN = frozenset(dir(builtins))


def unbound(code: str) -> list[str]:
    """Names that are read where some way through the program has not bound them."""
    found: list[str] = []
    _block(ast.parse(code).body, set(KNOWN), found)
    return found


def _block(body: Iterable[ast.stmt], bound: set[str], found: list[str]) -> set[str] | None:
    """What is bound behind the statements; None where nothing comes behind them."""
    for node in body:
        match node:
            case ast.Import(names=names):
                bound |= {alias.name for alias in names}
            case ast.FunctionDef(name=name, args=args, body=inner):
                bound.add(name)
                _function(args, inner, bound, found)
            case ast.Assign(targets=[target], value=value):
                _read(value, bound, found)
                _store(target, bound, found)
            case ast.AugAssign(target=target, value=value):
                _read(target, bound, found)
                _read(value, bound, found)
            case ast.If(test=test, body=then, orelse=other):
                _read(test, bound, found)
                ways = [_block(then, set(bound), found), _block(other, set(bound), found)]
                open_ways = [way for way in ways if way is not None]
                if not open_ways:
                    return None
                bound = set.intersection(*open_ways)
            case ast.For(target=target, iter=iterated, body=then):
                _read(iterated, bound, found)
                inside = set(bound)
                _store(target, inside, found)
                _block(then, inside, found)
            case ast.While(test=test, body=then):
                _read(test, bound, found)
                _block(then, set(bound), found)
            case ast.Return() | ast.Raise():
                _read(node, bound, found)
                return None
            case ast.Break() | ast.Continue():
                return None
            case ast.Expr() | ast.Assert() | ast.Pass():
                _read(node, bound, found)
            case _:
                raise NotImplementedError(ast.dump(node))
    return bound


def _function(args: ast.arguments, body: list[ast.stmt], bound: set[str], found: list[str]) -> None:
    """A function's own names hide those around it, wherever in it they are bound."""
    targets: list[ast.expr] = []
    for node in ast.walk(ast.Module(body, [])):
        match node:
            case ast.Assign(targets=more):
                targets += more
            case ast.AugAssign(target=target) | ast.For(target=target):
                targets.append(target)
    own = {
        name.id
        for target in targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    _block(body, (bound - own) | {arg.arg for arg in args.args}, found)


def _store(target: ast.expr, bound: set[str], found: list[str]) -> None:
    match target:
        case ast.Name(id=name):
            bound.add(name)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                _store(item, bound, found)
        case _:
            _read(target, bound, found)


def _read(node: ast.AST, bound: set[str], found: list[str]) -> None:
    match node:
        case ast.Name(id=name):
            if name not in bound:
                found.append(name)
        case ast.ListComp(elt=elt, generators=loops) | ast.SetComp(elt=elt, generators=loops):
            _comprehension(loops, [elt], bound, found)
        case ast.GeneratorExp(elt=elt, generators=loops):
            _comprehension(loops, [elt], bound, found)
        case ast.DictComp(key=key, value=value, generators=loops):
            _comprehension(loops, [key, value], bound, found)
        case ast.Lambda(args=args, body=body):
            _read(body, bound | {arg.arg for arg in args.args}, found)
        case _:
            for child in ast.iter_child_nodes(node):
                _read(child, bound, found)


def _comprehension(loops: list[ast.comprehension], parts: list[ast.expr], bound: set[str], found: list[str]) -> None:
    inside = set(bound)
    for loop in loops:
        _read(loop.iter, inside, found)
        _store(loop.target, inside, found)
        for test in loop.ifs:
            _read(test, inside, found)
    for part in parts:
        _read(part, inside, found)
