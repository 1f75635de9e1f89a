"""The unified form of a program (Caco, section 3.1): definitions with one entry `solution(...)`, and its input.

Stages keep code and input apart. As one text, which plain Python runs alone, they stand in data sets and in what text
models learn:

    def solution(n):
        return n * n


    input = {'n': 3}
    output = solution(**input)
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
import warnings
from typing import Any

from cotmill.base.values import NotJson, canonical_json

__all__ = ["find_program", "misfit", "parameters", "split_program", "whole_program"]

LAST_LINE = "output = solution(**input)"
CALL = ast.dump(ast.parse(LAST_LINE).body[0])
_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_BEGINNING = r"^(?:def \w+\(|class \w+[(:]|import \w|from \S+ import |@\w)"
_BARE = re.compile(rf"{_BEGINNING}.*^{re.escape(LAST_LINE)}$", re.MULTILINE | re.DOTALL)


def whole_program(code: str, input: str) -> str:
    """Definitions and one input -> a program that plain Python runs alone and that binds `output`."""
    return f"{code.rstrip()}\n\n\ninput = {json.loads(input)!r}\noutput = solution(**input)\n"


def split_program(text: str) -> tuple[str, str]:
    """The way back: definitions and the input as canonical JSON. Raises ValueError, for any text that is no program."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python reads lines
    try:
        with warnings.catch_warnings(action="ignore"):  # a foreign program's doubtful escapes are its own affair
            body = ast.parse(text).body
        if len(body) < 2 or ast.dump(body[-1]) != CALL:
            raise ValueError("it does not end in output = solution(**input)")
        entry = next((node for node in body if isinstance(node, ast.FunctionDef) and node.name == "solution"), None)
        if entry is None:
            raise ValueError("it has no function solution")
        match body[-2]:
            case ast.Assign(targets=[ast.Name(id="input")], value=ast.Dict() as value, lineno=line):
                arguments = ast.literal_eval(value)
            case _:
                raise ValueError("no input = {...} stands before its last line")
        input = canonical_json(arguments)
    except SyntaxError as error:
        raise ValueError(f"no Python: {error.msg}") from None
    except NotJson as error:
        raise ValueError(f"the input is not JSON: {error}") from None
    except (TypeError, RecursionError, MemoryError) as error:  # an unhashable key; nested too deeply
        raise ValueError(f"not to be read: {error}") from None
    if reason := misfit(entry, arguments) or ("" if _last_line(body[:-2]) < line else "input = {...} shares its line"):
        raise ValueError(reason)
    return "\n".join(text.split("\n")[: line - 1]).rstrip() + "\n", input


def find_program(text: str) -> tuple[str, str]:
    """Definitions and input of the last program in a text with other words around it, fenced or not.

    Raises ValueError, which says what is wrong with the last fenced one, or with the text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fenced = [textwrap.dedent(match[2]) for match in _FENCED.finditer(text)]
    trouble: ValueError | None = None
    for part in (*reversed(fenced), *(match[0] for match in _BARE.finditer(text)), text):
        try:
            return split_program(part)
        except ValueError as error:
            trouble = trouble or error
    assert trouble is not None  # there is the whole text at least
    raise trouble


def _last_line(body: list[ast.stmt]) -> int:
    return max(node.end_lineno or node.lineno for node in body)


def parameters(entry: ast.FunctionDef) -> tuple[list[str], list[str]]:
    """Names of all parameters that a keyword can reach, and of those without a default."""
    args = entry.args
    plain = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    required = plain[: len(plain) - len(args.defaults)]
    required += [arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None]
    return plain + [arg.arg for arg in args.kwonlyargs], required


def misfit(entry: ast.FunctionDef, given: dict[str, Any]) -> str:
    """Why `entry(**given)` would be a TypeError; empty where it would not."""
    if entry.decorator_list:
        return ""  # a decorator may change the signature
    names, required = parameters(entry)
    missing = [name for name in required if name not in given]
    if missing:
        return f"no value for the parameter {', '.join(missing)}"
    unknown = sorted(given.keys() - set(names))
    if unknown and entry.args.kwarg is None:
        return f"no parameter named {', '.join(unknown)}; the parameters are {', '.join(names) or 'none'}"
    return ""
