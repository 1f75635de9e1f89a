"""Stage work: of the samples that ask the same of the same program and input, the one with the smallest id stays.

Two programs are the same when their syntax trees are, names of functions, parameters and variables, layout and
docstrings aside (`ast`), or when their text is (`exact`). Samples with one key meet in one group, so memory does not
grow with the data set, and the choice does not depend on order.

No two programs that differ may have one key; that two which are the same have two is the smaller harm. A name is
therefore left aside only where it names a function, parameter or variable and nothing else: attributes, methods and
what else a class holds, imported names, builtins and keywords of foreign calls keep theirs.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from cotmill.base.chance import content_id
from cotmill.base.reasons import Reason
from cotmill.base.records import Sample
from cotmill.base.stage import Reject

__all__ = ["KEYS", "ast_key", "exact_key", "keep_first"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
# A program that uses one of these may see its own names, docstrings and hints, and keeps all of them.
REFLECTION = frozenset({
    "eval", "exec", "compile", "locals", "globals", "vars", "dir", "getattr", "setattr", "hasattr", "delattr",
    "attrgetter", "methodcaller", "inspect", "get_type_hints", "singledispatch", "_getframe", "__import__", "__name__",
    "__qualname__", "__doc__", "__dict__", "__slots__", "__annotations__", "__signature__", "__code__", "__defaults__",
    "__kwdefaults__", "__globals__", "__closure__",
})  # fmt: skip


def exact_key(sample: Sample) -> str:
    """Same text of program and input, same question."""
    return content_id(sample.code, sample.direction, sample.asked, sample.answer)


def ast_key(sample: Sample) -> str:
    """Same syntax tree after renaming, same inputs in the order of the parameters, same question and answer.

    An input that is asked for is known by its place, a variable by its name.
    """
    code, _, _ = sample.code.rpartition("\ninput = ")
    try:
        normal, parameters = _normalised(code)
    except (RecursionError, ValueError):  # nested too deeply to be walked; a number of too many digits to be written
        return exact_key(sample)
    arguments: dict[str, Any] = json.loads(sample.input)
    values = [[parameters.index(name) if name in parameters else name, value] for name, value in arguments.items()]
    asked = str(parameters.index(sample.asked)) if sample.asked in parameters else sample.asked
    return content_id(normal, json.dumps(sorted(values, key=repr)), sample.answer, sample.direction, asked)


KEYS: dict[str, Callable[[Sample], str]] = {"ast": ast_key, "exact": exact_key, "off": lambda sample: sample.id}


def keep_first(group: list[Sample]) -> Iterator[Sample | Reject]:
    """The group comes in the order of ids."""
    first, *others = group
    yield first
    for other in others:
        yield Reject(Reason.DUPLICATE, f"same program and input as {first.id}", other.id)


@lru_cache(maxsize=64)
def _normalised(code: str) -> tuple[str, tuple[str, ...]]:
    """(dump of the renamed syntax tree, names of the entry's parameters)."""
    tree = ast.parse(code)
    parameters: tuple[str, ...] = ()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "solution":
            parameters = tuple(arg.arg for arg in _parameters(node.args))
    return ast.dump(_Renamer(tree).visit(tree)), parameters


class _Renamer(ast.NodeTransformer):
    """Gives every name that may be left aside a number, in order of appearance; drops docstrings and hints."""

    def __init__(self, tree: ast.Module) -> None:
        self._functions = _own_functions(tree)
        self._plain = not _reflects(tree)
        self._free = {name for name, _ in _bindings(tree)} - _taken(tree, self._functions) if self._plain else set()
        self._numbers: dict[str, str] = {}

    def _rename(self, name: str) -> str:
        return self._numbers.setdefault(name, f"%{len(self._numbers)}") if name in self._free else name

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if self._plain:
            _drop_notes(node)
        for field in _name_fields(node):
            name = getattr(node, field)
            if name is not None:
                setattr(node, field, [self._rename(item) for item in name] if field == "names" else self._rename(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            own = self._functions.get(node.func.id, frozenset())
            for keyword in node.keywords:
                if keyword.arg in own:
                    keyword.arg = self._rename(keyword.arg)
        return super().generic_visit(node)


def _drop_notes(node: ast.AST) -> None:
    """Docstrings say nothing to the interpreter, nor do the hints of a function that no decorator reads."""
    if isinstance(node, (Function, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    if isinstance(node, Function) and not node.decorator_list:
        node.returns = None
        for arg in _parameters(node.args, starred=True):
            arg.annotation = None


def _name_fields(node: ast.AST) -> tuple[str, ...]:
    """Fields of a node that hold the name of a function, parameter or variable; `names` holds a list of them."""
    if isinstance(node, ast.Name):
        return ("id",)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
        return ("name",)
    if isinstance(node, (ast.MatchAs, ast.MatchStar)):
        return ("name",)
    if isinstance(node, ast.MatchMapping):
        return ("rest",)
    if isinstance(node, ast.arg):
        return ("arg",)
    return ("names",) if isinstance(node, (ast.Global, ast.Nonlocal)) else ()


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """(name, node that binds it) for every function, class, parameter and variable of the program."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store):
            for field in _name_fields(node):
                name = getattr(node, field)
                for item in name if field == "names" else [name] if name else []:
                    yield item, node


def _taken(tree: ast.Module, functions: dict[str, frozenset[str]]) -> set[str]:
    """Names that stand for something else too, or that are known outside the program."""
    taken = {"solution"} | _foreign(tree) | {name for name, _ in _bindings(tree) if name.startswith("__")}
    parameters = {arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in _parameters(node)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Call, ast.ClassDef)):
            callee = node.func if isinstance(node, ast.Call) else None
            own = functions.get(callee.id, frozenset()) if isinstance(callee, ast.Name) else frozenset()
            for keyword in node.keywords:
                if keyword.arg is None:  # **arguments: a text may name any parameter
                    taken |= parameters
                elif keyword.arg not in own:
                    taken |= {keyword.arg} & parameters
    return taken


def _foreign(tree: ast.Module) -> set[str]:
    """Builtins, imported names, and what the body of a class binds: methods and fields, which attributes reach."""
    found = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.update((node.asname or node.name).split("."))
        elif isinstance(node, ast.ClassDef):
            waiting: list[ast.AST] = list(node.body)
            while waiting:
                part = waiting.pop()
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    found.add(part.name)
                elif isinstance(part, ast.Name):
                    found.add(part.id)
                else:
                    waiting += ast.iter_child_nodes(part)
    return found


def _own_functions(tree: ast.Module) -> dict[str, frozenset[str]]:
    """Functions whose name means nothing else anywhere -> names that their parameters can be given by."""
    bound: dict[str, list[ast.AST]] = {}
    for name, node in _bindings(tree):
        bound.setdefault(name, []).append(node)
    foreign = _foreign(tree)
    return {
        name: frozenset(arg.arg for arg in (*node.args.args, *node.args.kwonlyargs))
        for name, (node, *others) in bound.items()
        if not others and name not in foreign and isinstance(node, Function) and not node.decorator_list
    }


def _reflects(tree: ast.Module) -> bool:
    """Whether the program may see its own names, docstrings or hints."""
    names = (getattr(node, field, None) for node in ast.walk(tree) for field in ("id", "attr", "name"))
    return not REFLECTION.isdisjoint(name for name in names if isinstance(name, str))


def _parameters(arguments: ast.arguments, *, starred: bool = False) -> list[ast.arg]:
    stars = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None and starred]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *stars]
