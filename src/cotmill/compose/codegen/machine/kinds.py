"""Kinds of values: what is known of a value before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "ANY", "BOOL", "FUNCTION", "INT", "ITERABLES", "KEYS", "KEYWORD", "NONE", "NUM", "NUMBERS", "SIZED", "STR", "TEXT",
    "WHOLE", "Kind", "alike", "element", "join", "of_type",
]  # fmt: skip

# ("num",), ("list", element), ("dict", key, value), ("tuple", *elements), ("func", result), ...
Kind = tuple[Any, ...]
ANY: Kind = ("any",)
NUM: Kind = ("num",)
INT: Kind = ("int",)  # a number that is whole for sure
BOOL: Kind = ("bool",)
STR: Kind = ("str",)
NONE: Kind = ("none",)
KEYWORD: Kind = ("kw",)

# Sets of them, by their first words.
ITERABLES = frozenset({"str", "list", "dict", "set", "tuple", "iter"})
SIZED = frozenset({"str", "list", "dict", "set", "tuple"})
NUMBERS = frozenset({"num", "int"})
WHOLE = frozenset({"int"})
TEXT = frozenset({"str"})
FUNCTION = frozenset({"func"})
KEYS = frozenset({"num", "int", "bool", "str", "tuple", "none"})


def of_type(tokens: Sequence[str]) -> Kind:
    """The kind of an input, from its type's tokens."""
    kind, _ = _of_type(tokens, 0)
    return kind


def _of_type(tokens: Sequence[str], at: int) -> tuple[Kind, int]:
    first = tokens[at]
    if first == "list":
        inner, at = _of_type(tokens, at + 1)
        return ("list", inner), at
    if first == "dict":
        key, at = _of_type(tokens, at + 1)
        value, at = _of_type(tokens, at)
        return ("dict", key, value), at
    return {"int": INT, "float": NUM, "bool": BOOL, "str": STR, "none": NONE}.get(first, ANY), at + 1


def element(kind: Kind) -> Kind:
    """What one gets by going through a value."""
    match kind:
        case ("list" | "set" | "iter", tuple(inner)):
            return inner
        case ("dict", tuple(key), _):
            return key
        case ("str",):
            return STR
        case ("tuple", tuple(first), *others) if all(other == first for other in others):
            return first
    return ANY


def alike(kind: Kind) -> frozenset[str] | None:
    """Kinds of what may stand in one list with it; None for all."""
    return None if kind == ANY else NUMBERS if kind in (INT, NUM) else frozenset({kind[0]})


def join(kinds: Sequence[Kind]) -> Kind:
    """The kind that all have; `any` where they differ, in their elements too."""
    known = [kind for kind in kinds if kind != ANY]
    if not known:
        return ANY
    first = known[0]
    if all(kind in (INT, NUM) for kind in known):
        return (NUM if NUM in known else INT) if len(known) == len(kinds) else ANY
    if all(kind == first for kind in known):
        return first if len(known) == len(kinds) or first[0] != "any" else ANY
    if all(kind[0] == first[0] and len(kind) == len(first) for kind in known) and first[0] in (
        "list",
        "dict",
        "set",
        "tuple",
        "iter",
    ):
        return (first[0], *(join([kind[i] for kind in known]) for i in range(1, len(first))))
    return ANY
