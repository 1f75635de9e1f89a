"""What the source of a program states about itself: a title, a problem, the inputs to run it on."""

from __future__ import annotations

import ast
import json
import warnings
from dataclasses import dataclass

__all__ = ["Stated", "parse", "stated", "stated_inputs"]

MAX_LEVELS = 150  # of syntax nodes: a limit of our own, so that no verdict depends on how deep the caller's stack is


@dataclass(frozen=True, slots=True)
class Stated:
    """Empty where the source does not say."""

    title: str = ""  # first line of the docstring
    problem: str = ""  # the rest of the docstring
    inputs: tuple[str, ...] = ()  # JSON of the items of `inputs = [...]`, or of `input = {...}`


def parse(code: str) -> ast.Module:
    """Source -> tree. Raises ValueError with one line that says what is wrong."""
    too_deep = f"nested deeper than {MAX_LEVELS} levels"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are the seed's business
            tree = ast.parse(code)
            compile(tree, "<seed>", "exec", dont_inherit=True)  # finds what parsing alone does not: `return` at the top
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise ValueError(too_deep) from None
    if _levels(tree) > MAX_LEVELS:
        raise ValueError(too_deep)
    return tree


def _levels(tree: ast.AST) -> int:
    """How deeply the nodes of a tree are nested."""
    levels, nodes = 0, [tree]
    while nodes:
        nodes = [child for node in nodes for child in ast.iter_child_nodes(node)]
        levels += 1
    return levels


def stated(code: str) -> Stated:
    """Docstring and literal inputs of a program; of the module, else of its function `solution` or its only one."""
    try:
        tree = parse(code)
    except ValueError:
        return Stated()
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    entry = next((node for node in functions if node.name == "solution"), functions[0] if len(functions) == 1 else None)
    text = ast.get_docstring(tree) or (ast.get_docstring(entry) if entry else None) or ""
    title, _, problem = text.strip().partition("\n")
    inputs = [texts for _, texts in stated_inputs(tree)]
    return Stated(title.strip(), problem.strip(), inputs[-1] if inputs else ())


def stated_inputs(tree: ast.Module) -> list[tuple[ast.stmt, tuple[str, ...]]]:
    """The statements `inputs = [{...}, ...]` and `input = {...}` that no definition reads, each with its inputs.

    An item that JSON cannot hold is given as Python writes it; unify then rejects that one pair.
    """
    definitions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    read = {node.id for part in definitions for node in ast.walk(part) if isinstance(node, ast.Name)}
    found = [(node, _inputs_of(node)) for node in tree.body if isinstance(node, ast.Assign)]
    return [(node, texts) for node, texts in found if texts and not read & {ast.unparse(node.targets[0])}]


def _inputs_of(statement: ast.Assign) -> tuple[str, ...]:
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Name) or target.id not in ("input", "inputs"):
        return ()
    try:
        value = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ()
    if target.id == "input":
        return (_as_json(value),) if isinstance(value, dict) else ()
    is_list = isinstance(value, (list, tuple)) and any(isinstance(item, dict) for item in value)
    return tuple(map(_as_json, value)) if is_list else ()


def _as_json(value: object) -> str:
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if json.loads(text) == value:
            return text
    except (TypeError, ValueError, RecursionError):
        pass
    return repr(value)
