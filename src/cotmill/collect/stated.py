"""What the source of a program states about itself: a title, a problem, the inputs to run it on."""

from __future__ import annotations

import ast
import json
import warnings
from dataclasses import dataclass

__all__ = ["Stated", "inputs_of", "parse", "stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """Empty where the source does not say."""

    title: str = ""  # first line of the docstring
    problem: str = ""  # the rest of the docstring
    inputs: tuple[str, ...] = ()  # JSON of the items of `inputs = [...]`, or of `input = {...}`


def parse(code: str) -> ast.Module:
    """Source -> tree. Raises ValueError (of which SyntaxError is no part) with one line that says what is wrong."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are the seed's business
            tree = ast.parse(code)
            compile(tree, "<seed>", "exec", dont_inherit=True)  # finds what parsing alone does not: `return` at the top
            return tree
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(str(error) or "nested too deeply") from None


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
    inputs = [inputs_of(statement) for statement in tree.body]
    return Stated(title.strip(), problem.strip(), next((found for found in reversed(inputs) if found), ()))


def inputs_of(statement: ast.stmt) -> tuple[str, ...]:
    """The inputs that `inputs = [{...}, ...]` or `input = {...}` states; empty for any other statement.

    An item that JSON cannot hold is given as Python writes it; unify then rejects that one pair.
    """
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return ()
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or target.id not in ("input", "inputs"):
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
