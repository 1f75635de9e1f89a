"""Lift literal inputs: values that a program states for itself become parameters, and the input holds them.

Before::

    def solution():
        eggs = 16
        eaten = 3
        return eggs - eaten

After, with the input ``{"eggs": 16, "eaten": 3}``::

    def solution(eggs, eaten):
        return eggs - eaten

A literal has no effect of its own, so hoisting it is safe wherever its name does not occur before. Left in place are
values that only start something (``total = 0``, ``found = []``) and values that do not reach what the function does.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from cotmill.base.values import NotJson, canonical_json
from cotmill.collect.scopes import Occurrence, Scope, analyse

__all__ = ["lift_defaults", "lift_literals", "literal", "plain_literal"]

Parents = dict[ast.AST, ast.AST]  # node -> the node that holds it

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|"
    r"hundred|thousand|million|dozen|half|twice|third|quarter)\b",
    re.IGNORECASE,
)
_FRAME_READERS = frozenset({"locals", "vars", "eval", "exec", "dir"})
_GROWING = frozenset({"append", "appendleft", "add", "extend", "insert", "update", "setdefault"})
_TAKES_ANY_SEQUENCE = frozenset(
    {"len", "sum", "min", "max", "sorted", "enumerate", "zip", "list", "tuple", "set", "any", "all", "reversed"}
)
_ORDER_BLIND = frozenset({"len", "min", "max", "sorted", "any", "all"})


def literal(node: ast.expr) -> Any:
    """The value of a literal. Raises ValueError for everything else."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from None


def plain_literal(node: ast.expr) -> Any:
    """The value of a literal that JSON holds without loss: no tuple, set, bytes. Raises ValueError otherwise."""
    value = literal(node)
    if not _is_plain(value):
        raise ValueError("not a JSON value")
    return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if not (value is None or isinstance(value, (bool, int, float, str))):
        return False
    try:
        canonical_json(value)  # refuses infinities, lone surrogates, huge integers
    except NotJson:
        return False
    return True


def lift_defaults(entry: ast.FunctionDef) -> dict[str, Any]:
    """Literal defaults of all parameters -> their values; the defaults go. Changes nothing where one is no literal."""
    args = entry.args
    defaults = [*args.defaults, *(default for default in args.kw_defaults if default is not None)]
    positional = [*args.posonlyargs, *args.args][len(args.posonlyargs) + len(args.args) - len(args.defaults) :]
    names = [arg.arg for arg in positional]
    names += [arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is not None]
    try:
        values = {name: plain_literal(default) for name, default in zip(names, defaults, strict=True)}
    except ValueError:
        return {}
    args.defaults, args.kw_defaults = [], [None] * len(args.kwonlyargs)
    return values


def lift_literals(tree: ast.Module, entry: ast.FunctionDef) -> dict[str, Any]:
    """Turn literals bound in an entry without parameters into parameters; gives name -> value, in order.

    Changes `entry` in place, and drops its docstring if that states numbers: it speaks of one input of many.
    """
    scope = analyse(tree)[entry]
    if any(isinstance(node, ast.Name) and node.id in _FRAME_READERS for node in ast.walk(entry)):
        return {}
    places = {id(node): number for number, statement in enumerate(entry.body) for node in ast.walk(statement)}
    parents = {child: node for node in ast.walk(entry) for child in ast.iter_child_nodes(node)}
    alive = _names_alive(entry, scope)
    lifted: dict[str, Any] = {}
    body: list[ast.stmt] = []
    for number, statement in enumerate(entry.body):
        found = _bound_literals(statement, scope, parents)
        first = all(places.get(id(use.node), -1) >= number for name in found for use in scope.owned[name])
        if found and first and all(name in alive and name not in lifted for name in found):
            lifted |= found
            entry.args.args += [ast.arg(arg=name) for name in found]
        else:
            body.append(statement)
    entry.body = body
    if lifted:
        _drop_dated_docstring(entry)
    entry.body = entry.body or [ast.Pass()]
    return lifted


def _drop_dated_docstring(entry: ast.FunctionDef) -> None:
    docstring = ast.get_docstring(entry)
    if docstring is not None and _NUMBER.search(docstring):
        del entry.body[0]


def _bound_literals(statement: ast.stmt, scope: Scope, parents: Parents) -> dict[str, Any]:
    """Name -> value if this statement does nothing but bind names of the scope to values worth lifting."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return {}
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = list(zip(target.elts, value.elts, strict=True))
    found: dict[str, Any] = {}
    for part, expression in pairs:
        if not isinstance(part, ast.Name) or part.id in found or part.id not in scope.owned:
            return {}
        try:
            found[part.id] = _liftable(expression, scope.owned[part.id], parents)
        except ValueError:
            return {}
    return found


def _liftable(expression: ast.expr, uses: list[Occurrence], parents: Parents) -> Any:
    """The JSON value that may stand for this literal, seen how its name is used. Raises ValueError if there is none."""
    value = literal(expression)
    if isinstance(value, (tuple, set)):
        elements = expression.elts if isinstance(expression, (ast.Tuple, ast.Set)) else []
        items = [literal(element) for element in elements]
        scalars = all(_is_plain(item) and not isinstance(item, (list, dict)) for item in items)
        alike = bool(items) and scalars and len(items) == len(value)
        if not alike or not _list_will_do(uses, parents, isinstance(value, set)):
            raise ValueError("a list would not do")
        return items
    if not _is_plain(value) or _starts_something(value, uses, parents):
        raise ValueError("not an input")
    return value


def _list_will_do(uses: list[Occurrence], parents: Parents, is_set: bool) -> bool:
    """The name is bound once, and every use of it gives the same with a list in place of the tuple or set."""
    reads = [use.node for use in uses if not use.binds]
    if len(uses) - len(reads) != 1 or not all(node in parents for node in reads):
        return False
    return all(_same_for_list(node, parents[node], is_set) for node in reads)


def _same_for_list(node: ast.AST, parent: ast.AST, is_set: bool) -> bool:
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and node in parent.args:
        blind = parent.func.id in _ORDER_BLIND and not parent.keywords  # a key makes ties, which keep the order
        return blind if is_set else parent.func.id in _TAKES_ANY_SEQUENCE
    if isinstance(parent, ast.Compare):
        return node in parent.comparators and all(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops)
    if is_set:
        return False  # the order of a pass over a set is not the order in which it is written
    if isinstance(parent, ast.Subscript):
        return node is parent.value and isinstance(parent.ctx, ast.Load) and not isinstance(parent.slice, ast.Slice)
    return isinstance(parent, (ast.For, ast.comprehension)) and node is parent.iter


def _starts_something(value: Any, uses: list[Occurrence], parents: Parents) -> bool:
    """A value that is there to be changed: an empty container, a neutral number that is rebound, a list that grows."""
    if isinstance(value, (list, dict)):
        return not value or any(_grows(use.node, parents.get(use.node)) for use in uses)
    if sum(use.binds for use in uses) == 1:
        return False
    return value is None or isinstance(value, bool) or value in (0, 1, -1, "")


def _grows(node: ast.AST, parent: ast.AST | None) -> bool:
    if isinstance(parent, ast.Attribute):
        return parent.attr in _GROWING
    return isinstance(parent, ast.AugAssign) and node is parent.target


def _names_alive(entry: ast.FunctionDef, scope: Scope) -> set[str]:
    """Names whose values reach something; the others are only read to compute each other by plain arithmetic."""
    holders: dict[ast.AST, str] = {}  # a node inside `name = <arithmetic>` -> name
    for statement in entry.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, inner = statement.targets[0], list(ast.walk(statement.value))
            calm = not any(isinstance(node, (ast.Call, ast.NamedExpr, ast.Await)) for node in inner)
            if isinstance(target, ast.Name) and target.id in scope.owned and calm:
                holders |= dict.fromkeys(inner, target.id)
    feeds: dict[str, list[str]] = {}  # name -> names that its arithmetic reads
    names: list[str] = []
    for name, uses in scope.owned.items():
        for node in (use.node for use in uses if not use.binds):
            if node in holders:
                feeds.setdefault(holders[node], []).append(name)
            else:
                names.append(name)
    alive: set[str] = set()
    while names:
        if (name := names.pop()) not in alive:
            alive.add(name)
            names += feeds.get(name, ())
    return alive
