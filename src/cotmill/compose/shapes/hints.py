"""What a program's text tells about its inputs: the words it knows, whether it looks at mirrored texts."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["BOUNDS", "Hints", "hints_of"]

# Values of quantities with such a name end there, whatever was observed; months have 28 days so that every date exists.
BOUNDS: dict[str, tuple[int, int]] = {
    "month": (1, 12), "day": (1, 28), "hour": (0, 23), "minute": (0, 59), "second": (0, 59), "weekday": (0, 6),
    "digit": (0, 9), "percent": (0, 100), "percentage": (0, 100), "probability": (0, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hints:
    """`vocabularies`: texts that are kept or compared together. `alphabets`: texts that may be looked into."""

    vocabularies: tuple[tuple[str, ...], ...] = ()
    alphabets: tuple[str, ...] = ()
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # what a name is compared with, 2 and more
    mirrors: bool = False  # it turns a sequence round

    def vocabulary(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The smallest vocabulary that has all these texts; empty where none has."""
        fitting = [words for words in self.vocabularies if set(texts) <= set(words)]
        return min(fitting, key=len, default=())

    def alphabet(self, characters: Sequence[str]) -> str:
        """The smallest alphabet that has all these characters, 36 at most; empty where none has."""
        fitting = [letters for letters in self.alphabets if set(characters) <= set(letters) and len(letters) <= 36]
        return min(fitting, key=len, default="")


def hints_of(code: str) -> Hints:
    """Raises SyntaxError."""
    tree = ast.parse(code)
    compared: dict[str, list[str]] = {}
    numbers: dict[str, set[int]] = {}
    vocabularies: list[tuple[str, ...]] = []
    alphabets: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for subject, constant in _equalities(node):
                if isinstance(constant, str):
                    compared.setdefault(subject, []).append(constant)
                elif isinstance(constant, int) and not isinstance(constant, bool):
                    numbers.setdefault(subject, set()).add(constant)
            alphabets += _texts(node.comparators)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            vocabularies.append(_texts(node.elts))
        elif isinstance(node, ast.Dict):
            vocabularies += [_texts([key for key in node.keys if key is not None]), _texts(node.values)]
        elif isinstance(node, ast.Match):
            subject = ast.unparse(node.subject)
            patterns = [case.pattern.value for case in node.cases if isinstance(case.pattern, ast.MatchValue)]
            compared.setdefault(subject, []).extend(_texts(patterns))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
            compared.setdefault(ast.unparse(node.func.value), []).extend(_texts(node.args))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            alphabets.append(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in ("ascii_lowercase", "ascii_uppercase", "digits"):
            alphabets.append(str(getattr(string, node.attr)))
    vocabularies += map(tuple, compared.values())
    alphabets += ["".join(words) for words in vocabularies if all(len(word) == 1 for word in words)]
    return Hints(
        tuple(tuple(dict.fromkeys(words)) for words in vocabularies if len(set(words)) > 1),
        tuple("".join(dict.fromkeys(letters)) for letters in alphabets if 3 <= len(letters) == len(set(letters))),
        {name: tuple(sorted(values)) for name, values in numbers.items() if len(values) > 1},
        any(_mirrors(node) for node in ast.walk(tree)),
    )


def _texts(nodes: Sequence[ast.expr]) -> tuple[str, ...]:
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _equalities(node: ast.Compare) -> Iterator[tuple[str, Any]]:
    """(source of what is compared, constant) for each `x == constant` in a comparison."""
    sides = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
        if isinstance(operator, (ast.Eq, ast.NotEq)):
            for one, other in ((left, right), (right, left)):
                if isinstance(other, ast.Constant):
                    yield ast.unparse(one), other.value


def _mirrors(node: ast.AST) -> bool:
    if isinstance(node, ast.Slice):
        return node.lower is None and node.upper is None and node.step is not None and ast.unparse(node.step) == "-1"
    return isinstance(node, ast.Name) and node.id == "reversed"
