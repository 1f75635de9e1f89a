"""Types of inputs, as tokens: `list int`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["type_tokens"]

_KINDS = {int: "int", float: "float", str: "str", bool: "bool", type(None): "none", list: "list", dict: "dict"}


def type_tokens(values: Sequence[Any]) -> tuple[str, ...]:
    """The type that all these JSON values have, as tokens; `any` where they differ. Three levels deep."""
    return _type(values, 3)


def _type(values: Sequence[Any], depth: int) -> tuple[str, ...]:
    kinds = {_KINDS.get(type(value), "any") for value in values}
    if kinds == {"int", "float"}:
        return ("float",)
    if len(kinds) != 1:
        return ("any",)
    kind = kinds.pop()
    if kind == "list":
        inner = [item for value in values for item in value]
        return ("list", *(_type(inner, depth - 1) if depth else ("any",)))
    if kind == "dict":
        keys, items = [k for v in values for k in v], [i for v in values for i in v.values()]
        return ("dict", *_type(keys, 0), *(_type(items, depth - 1) if depth else ("any",)))
    return (kind,)
