"""The starter set: every program is sound, and together they cover many shapes."""

from __future__ import annotations

import ast
import copy
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from cotmill.collect.starter import families, starter_files

FILES = list(starter_files())
MOST_LINE_EVENTS = 250
each_program = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")

Input = dict[str, Any]


class TooManyLinesError(Exception):
    """A changed input sent the program on too long a way."""


@dataclass(frozen=True)
class Starter:
    """One program as read from its file."""

    title: str
    description: str
    definitions: ast.Module  # all but the docstring and `inputs`
    code: CodeType  # of the definitions
    inputs: list[Input]

    def run(self, values: Input, most_lines: int = 10 * MOST_LINE_EVENTS) -> tuple[Any, int]:
        """Output and number of line events of definitions and entry call together."""
        lines = 0

        def count(frame: FrameType, event: str, arg: object) -> Any:
            nonlocal lines
            if frame.f_code.co_filename != self.code.co_filename:
                return None
            lines += event == "line"
            if lines > most_lines:
                raise TooManyLinesError
            return count

        names: dict[str, Any] = {"__name__": "__main__"}
        before = sys.gettrace()
        sys.settrace(count)
        try:
            exec(self.code, names)
            output = names["solution"](**values)
        finally:
            sys.settrace(before)
        return output, lines

    def outcome(self, values: Input) -> str:
        """JSON of the output, or the name of the error."""
        try:
            return json.dumps(self.run(copy.deepcopy(values))[0])
        except Exception as error:  # noqa: BLE001  # any error is an outcome
            return f"raises {type(error).__name__}"


@cache
def load(file: Path) -> Starter:
    tree = ast.parse(file.read_text())
    title, _, description = (ast.get_docstring(tree) or "").partition("\n\n")
    *definitions, inputs = tree.body[1:]
    assert isinstance(inputs, ast.Assign)
    assert ast.unparse(inputs.targets[0]) == "inputs"
    module = ast.Module(body=definitions, type_ignores=[])
    code = compile(module, f"<{file.stem}>", "exec")
    return Starter(title, description, module, code, ast.literal_eval(inputs.value))


def changes_of(value: Any) -> Iterator[Any]:
    """Values of the same kind that differ a little."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, value * 2, value // 2)
    elif isinstance(value, str):
        yield from (value[1:], value[:-1], value[::-1], value + value, value + "z")
    elif isinstance(value, list):
        yield from (value[1:], value[:-1], value[::-1], value + value[:1])
        for place, item in enumerate(value):
            yield from ([*value[:place], changed, *value[place + 1 :]] for changed in changes_of(item))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield {other: value[other] for other in value if other != key}
            yield from ({**value, key: changed} for changed in changes_of(item))


def matters(starter: Starter, name: str) -> bool:
    """Whether some change of this parameter's value changes the outcome of some input."""
    for values in starter.inputs:
        expected = starter.outcome(values)
        others = [other[name] for other in starter.inputs]
        if any(starter.outcome({**values, name: other}) != expected for other in [*others, *changes_of(values[name])]):
            return True
    return False


def constants_of(tree: ast.AST) -> set[str]:
    return {repr(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def without_docstrings(tree: ast.Module) -> ast.Module:
    tree = copy.deepcopy(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
    return tree


@each_program
def test_says_what_it_works_out(file: Path) -> None:
    """The docstring has a title of one short line and a paragraph that states the problem."""
    starter = load(file)
    assert starter.title.endswith(".")
    assert "\n" not in starter.title
    assert len(starter.title) <= 90
    assert len(starter.description.split()) >= 15
    assert starter.description.strip()[-1] in ".?)"
    assert file.read_text().isascii()


@each_program
def test_description_names_the_keys_of_the_answer(file: Path) -> None:
    """Where the entry returns a dict with fixed keys, the description has each of them in quotes."""
    starter = load(file)
    returned = [node.value for node in ast.walk(starter.definitions) if isinstance(node, ast.Return)]
    keys = [
        key.value
        for value in returned
        if isinstance(value, ast.Dict)
        for key in value.keys
        if isinstance(key, ast.Constant)
    ]
    flat = " ".join(starter.description.split())
    assert [key for key in keys if f'"{key}"' not in flat] == []


@each_program
def test_inputs_are_many_and_stand_nowhere_in_the_code(file: Path) -> None:
    """At least three different inputs with the entry's parameters; none of their values but 0, 1 and 2 is in the code."""
    starter = load(file)
    entry = next(
        node for node in starter.definitions.body if isinstance(node, ast.FunctionDef) and node.name == "solution"
    )
    names = [parameter.arg for parameter in entry.args.args]
    assert len({json.dumps(values) for values in starter.inputs}) >= 3
    assert all(list(values) == names for values in starter.inputs)
    scalars = {repr(value) for values in starter.inputs for value in values.values() if isinstance(value, (int, str))}
    assert not (scalars & constants_of(starter.definitions)) - {"0", "1", "2"}


@each_program
def test_runs_alike_every_time_within_few_steps(file: Path) -> None:
    """Each input gives a non-empty JSON value, twice the same, in at most 250 line events, and is not changed."""
    starter = load(file)
    for values in starter.inputs:
        given = copy.deepcopy(values)
        output, lines = starter.run(given)
        assert lines <= MOST_LINE_EVENTS
        assert output is not None
        assert output not in ("", [], {})
        assert json.loads(json.dumps(output, allow_nan=False)) == output
        assert given == values
        assert starter.run(given)[0] == output


@each_program
def test_outputs_depend_on_every_parameter(file: Path) -> None:
    """The outputs are not all equal, and each parameter can change the outcome."""
    starter = load(file)
    assert len({starter.outcome(values) for values in starter.inputs}) > 1
    assert [name for name in starter.inputs[0] if not matters(starter, name)] == []


@each_program
def test_is_plain_python_of_the_standard_library(file: Path) -> None:
    """At least six effective lines, only harmless modules, nothing read or printed."""
    starter = load(file)
    modules = set()
    for node in ast.walk(starter.definitions):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
    harmless = "collections dataclasses datetime fractions functools heapq itertools math operator re"
    assert modules <= set(harmless.split())
    assert len(ast.unparse(without_docstrings(starter.definitions)).split("\n")) >= 6
    called = {
        node.func.id
        for node in ast.walk(starter.definitions)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"print", "input", "open", "eval", "exec", "__import__", "id", "hash"}


def test_order_is_stable() -> None:
    """Families come in alphabetical order, and so do the programs within one."""
    assert [name for name, _ in groupby(file.parent.name for file in FILES)] == families()
    assert sorted(FILES) == FILES
    assert [file.name for file in FILES if file.name.startswith("_")] == []


def test_is_large_and_even() -> None:
    """At least twelve families and 150 programs, no family much smaller than another, no title twice."""
    sizes = Counter(file.parent.name for file in FILES)
    assert len(sizes) >= 12
    assert sum(sizes.values()) >= 150
    assert min(sizes.values()) >= 12
    assert len({load(file).title for file in FILES}) == len(FILES)


def test_no_two_programs_are_alike() -> None:
    """Names, numbers and texts aside, no program has the same code as another."""
    shapes = Counter(ast.dump(_Masked().visit(without_docstrings(load(file).definitions))) for file in FILES)
    assert max(shapes.values()) == 1


class _Masked(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("name", node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg("name")

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(type(node.value).__name__)


def is_nested(value: Any, depth: int = 0) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (depth > 0 or any(is_nested(item, depth + 1) for item in inner))


def calls_itself(function: ast.FunctionDef) -> bool:
    called = {ast.unparse(node.func).split(".")[-1] for node in ast.walk(function) if isinstance(node, ast.Call)}
    return function.name in called


def shapes_of(starter: Starter) -> Iterator[str]:
    if any(is_nested(value) for values in starter.inputs for value in values.values()):
        yield "nested data"
    kinds = {
        ast.While: "while", ast.Try: "exception handled", ast.Yield: "generator", ast.YieldFrom: "generator",
        ast.ListComp: "comprehension", ast.DictComp: "dict comprehension", ast.GeneratorExp: "generator expression",
        ast.IfExp: "conditional expression", ast.Continue: "continue", ast.Break: "break", ast.Slice: "slice",
        ast.JoinedStr: "text built",
    }  # fmt: skip
    for node in ast.walk(starter.definitions):
        if type(node) in kinds:
            yield kinds[type(node)]
        if isinstance(node, (ast.For, ast.While)):
            inner = [child for statement in node.body for child in ast.walk(statement)]
            if any(isinstance(child, (ast.For, ast.While)) for child in inner):
                yield "nested loops"
            if any(isinstance(child, ast.Return) for child in inner):
                yield "return from a loop"
        if isinstance(node, ast.ClassDef) and any(isinstance(statement, ast.FunctionDef) for statement in node.body):
            yield "class with methods"
        if isinstance(node, ast.FunctionDef) and calls_itself(node):
            yield "recursion"
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
            yield "unpacking"
        if isinstance(node, ast.keyword) and node.arg == "key":
            yield "sorting with a key"


SHAPES = [
    "while", "nested loops", "return from a loop", "break", "continue", "recursion", "class with methods", "generator",
    "generator expression", "comprehension", "dict comprehension", "exception handled", "nested data", "slice",
    "conditional expression", "unpacking", "sorting with a key", "text built",
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_is_well_represented(shape: str) -> None:
    """At least eight programs have this shape."""
    having = [file.stem for file in FILES if shape in set(shapes_of(load(file)))]
    assert len(having) >= 8, having
