"""Programs as functions to build on: what they take and give, what to call them, and how to put two into one file."""

from __future__ import annotations

import ast
import builtins
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cotmill.compose.deeds import deed_of
from cotmill.compose.material import Material
from cotmill.compose.stories.vocabulary import listed
from cotmill.compose.typed import Extent, type_of

__all__ = ["Run", "Task", "Unmovable", "program", "read_task"]

MOST_CODE = 45  # lines
MOST_TEXT = 300  # characters of an input or answer
MOST_LINES = 110  # line events
LARGE = 100  # a whole number that may be as large is a number, not the size of a task
ENTRY = "solution"
# Names of inputs that stand for any number, any list, any text.
_ANY = listed(
    "n num number x value m k integer input_number nums numbers values arr array sequence seq lst data items elements "
    "digits text s string word sentence message input_string words strings row list_of_numbers input_list a b "
    "start_number phrase line original input_str number_list num_list integers"
)
_REACHES_OUT = frozenset({"print", "input", "open", "eval", "exec", "globals", "locals", "exit", "quit", "__import__"})
_BUILTINS = frozenset(dir(builtins))
_FAILED = re.compile(r"(?i)error|invalid|cannot|not found|must be|no such|unknown|none")


class Unmovable(Exception):
    """Definitions that cannot stand in one file without one seeing the other's names."""


@dataclass(frozen=True)
class Run:
    """One observed run."""

    arguments: dict[str, Any]
    answer: Any
    lines: int


@dataclass(frozen=True)
class Task:
    """A function with its observed runs."""

    id: str
    deed: str  # what it is called as a helper: what it gives
    title: str
    params: tuple[str, ...]
    takes: tuple[str, ...]  # types, in the order of the parameters
    gives: str  # type of the answer
    code: str
    runs: tuple[Run, ...]

    @cached_property
    def extents(self) -> dict[str, Extent]:
        """What was seen of each parameter."""
        return {param: Extent(run.arguments[param] for run in self.runs) for param in self.params}

    @cached_property
    def flows(self) -> bool:
        """Its answers are values to go on with: a text, a sequence, a mapping, and no record of some fixed facts."""
        if self.gives.startswith("dict"):
            return len({tuple(sorted(run.answer)) for run in self.runs}) > 1
        lengths = {len(run.answer) for run in self.runs if isinstance(run.answer, list)}
        return not lengths or len(lengths) > 1 or min(lengths) > 3

    def open(self, param: str) -> bool:
        """Takes any value of the type there: a number as such, where another's `n` says how large the task is."""
        kind = self.takes[self.params.index(param)]
        return param in _ANY and (kind not in ("int", "float") or self.extents[param].high >= LARGE)

    def abstract(self, param: str) -> bool:
        """Of no particular thing: nothing is lost when the answer is given to another."""
        return self.alone or param in _ANY

    @property
    def alone(self) -> bool:
        return len(self.params) == 1


def read_task(material: Material) -> Task | None:
    """The program as a function; None for one that is too large, that nothing
    says what to call, that gives no one type of answer, or none that varies."""
    if len(material.code.splitlines()) > MOST_CODE:
        return None
    tree = ast.parse(material.code)
    entry = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == ENTRY), None)
    if entry is None or not _is_simple(entry) or _mentions(tree) & _REACHES_OUT:
        return None
    params = tuple(arg.arg for arg in entry.args.args)
    runs = tuple(
        run
        for case in material.cases
        if len(case.input) <= MOST_TEXT and len(case.answer) <= MOST_TEXT and case.lines <= MOST_LINES
        for run in (Run(json.loads(case.input), json.loads(case.answer), case.lines),)
        if set(run.arguments) == set(params) and not (isinstance(run.answer, str) and _FAILED.search(run.answer))
    )
    if not runs or len({json.dumps(run.answer) for run in runs}) < min(2, len(runs)):
        return None
    gives = _one_type(run.answer for run in runs)
    takes = tuple(_one_type(run.arguments[param] for run in runs) for param in params)
    if not gives or not all(takes) or gives == "none":
        return None
    deed = deed_of(material, tree, entry)
    if not deed:
        return None
    return Task(material.id, deed, material.title, params, takes, gives, material.code, runs)


def _is_simple(entry: ast.FunctionDef) -> bool:
    args = entry.args
    starred = args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs
    return bool(args.args) and not starred and not entry.decorator_list and not args.defaults


def _one_type(values: Any) -> str:
    """The type of all of them, empty lists aside; an empty text where they have none in common."""
    types = {type_of(value) for value in values}
    if types == {"int", "float"}:
        return "float"
    for bare in ("list[empty]", "dict[empty]"):
        if len(types) > 1:
            types.discard(bare)
    return types.pop() if len(types) == 1 else ""


def _mentions(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


# How to put it into a file with others.


def program(parts: list[tuple[Task, str]], entry: str) -> str:
    """The tasks' definitions, each entry under its new name, then the new entry; imports first.

    Raises Unmovable where a name of one would be seen by another, or by the new entry.
    """
    trees = [_moved(task, name) for task, name in parts]
    last = ast.parse(entry)
    defined = [_defined(tree) for tree in trees]
    for number, tree in enumerate([*trees, last]):
        others = set[str]().union(*(names for index, names in enumerate(defined) if index != number))
        if number < len(trees) and defined[number] & (others | _BUILTINS):
            raise Unmovable(f"defines {sorted(defined[number] & (others | _BUILTINS))}")
        called = {name for _, name in parts} if number == len(trees) else set()
        if (_free(tree) - called | (_bound(tree) if called else set())) & others:
            raise Unmovable("a name of one is seen by another")
    _check_imports([*trees, last], set[str]().union(*defined))
    imports: dict[str, ast.stmt] = {}
    rest: list[ast.stmt] = []
    for node in (node for tree in (*trees, last) for node in tree.body):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.setdefault(ast.unparse(node), node)
        else:
            rest.append(node)
    return "\n\n".join(filter(None, ("\n".join(imports), *map(ast.unparse, rest)))) + "\n"


def _check_imports(trees: list[ast.Module], defined: set[str]) -> None:
    """Raises Unmovable where one name is imported from two places, or also defined."""
    origin: dict[str, str] = {}
    for node in (node for tree in trees for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))):
        module = node.module if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if origin.setdefault(name, f"{module}.{alias.name}") != f"{module}.{alias.name}" or name in defined:
                raise Unmovable(f"{name} means two things")


def _moved(task: Task, name: str) -> ast.Module:
    """The task's definitions with its entry renamed. Raises Unmovable."""
    tree = ast.parse(task.code)
    if name in _mentions(tree) | _bound(tree) | _defined(tree):
        raise Unmovable(f"{name} is in use")
    for node in tree.body:
        local = ENTRY in _bound_below(node)
        if isinstance(node, ast.FunctionDef) and node.name == ENTRY:
            node.name = name
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id == ENTRY and not local:
                part.id = name
            if isinstance(part, (ast.FunctionDef, ast.ClassDef)):
                _tidy(part)
    return tree


def _tidy(node: ast.FunctionDef | ast.ClassDef) -> None:
    """No docstring, which speaks of the parent; no name for what is returned at once."""
    if ast.get_docstring(node, clean=False) is not None and len(node.body) > 1:
        del node.body[0]
    match node.body:
        case [*_, ast.Assign(targets=[ast.Name(id=given)], value=value), ast.Return(value=ast.Name(id=name))]:
            if given == name:
                node.body[-2:] = [ast.Return(value)]


def _defined(tree: ast.Module) -> set[str]:
    """Names that the module's own statements bind, imports aside: those are the same everywhere."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= _bound(node)
    return found


def _bound(tree: ast.AST) -> set[str]:
    """Everything that is assigned to or a parameter, at any depth."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _bound_below(node: ast.AST) -> set[str]:
    inner = {
        part.name for part in ast.walk(node) if part is not node and isinstance(part, (ast.FunctionDef, ast.ClassDef))
    }
    return _bound(node) | inner


def _free(tree: ast.Module) -> set[str]:
    """Names that are read and that the module binds nowhere: builtins, and what others would have to define."""
    return _mentions(tree) - _bound(tree) - _defined(tree) - _bound_below(tree)
