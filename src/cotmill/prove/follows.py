"""Whether a text tells the run of a program, whoever wrote it.

Who saw only a problem knows no name and no expression of the program's that the problem does not state. A text that has
one is held to the run strictly: by its provenance alone, a telling with a wrong branch or a pass left out would go
through.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

__all__ = ["follows"]

_WORD = re.compile(r"[^\W\d]\w*")
_EXPRESSION = re.compile(r"[^\W\d]\W|\W[^\W\d]")  # more than a name or a number
_QUOTED = re.compile(r"`[^`\n]*`")
_CALLED = re.compile(r"([^\W\d]\w*)(?=[(\[])")  # a call or an element, as no prose has it


def follows(text: str, code: str, problem: str) -> bool:
    """Whether it names or quotes what only the program does, or the problem shows the program."""
    quoted = [part.strip("`") for part in _QUOTED.findall(text)]
    expressions = [part for part in quoted if _EXPRESSION.search(part)]
    if any(part in code and part not in problem for part in expressions) or code.strip() in problem:
        return True
    own = _names(code) - set(_WORD.findall(problem))
    told = {word for word in _WORD.findall(text) if "_" in word}
    told.update(_CALLED.findall(text), *map(_WORD.findall, quoted))
    return not own.isdisjoint(told)


@lru_cache(maxsize=64)
def _names(code: str) -> frozenset[str]:
    """What is bound or reached by a name of the program's own choice."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
    return frozenset(found)
