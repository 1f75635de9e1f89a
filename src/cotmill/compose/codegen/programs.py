"""What a model wrote as text -> a program, wherever the model is."""

from __future__ import annotations

import ast

from cotmill.base.unified import split_program
from cotmill.compose.codegen.representation import OPERATOR
from cotmill.compose.material import Candidate

__all__ = ["read_program"]


def read_program(text: str) -> Candidate | str:
    """The program with its input; a str says why the text is none."""
    try:
        code, input = split_program(text)
    except ValueError as error:
        return str(error)
    return Candidate(_title(code), code, (input,), (), OPERATOR)


def _title(code: str) -> str:
    """The first line of what the program says of itself."""
    tree = ast.parse(code)
    entry = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "solution")
    return (ast.get_docstring(entry) or ast.get_docstring(tree) or "").partition("\n")[0]
