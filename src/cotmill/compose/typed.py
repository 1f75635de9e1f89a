"""Types of observed values, as operators match them: what a program took and gave, not what its hints say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["Extent", "fits", "type_of"]


def type_of(value: Any) -> str:
    """`list[int]`, `dict[list[str]]`; numbers are `int` or `float`; unlike elements are `mixed`, none are `empty`."""
    if isinstance(value, (list, dict)):
        inner = {type_of(item) for item in (value.values() if isinstance(value, dict) else value)}
        if inner == {"int", "float"}:
            inner = {"float"}
        inner.discard("list[empty]" if len(inner) > 1 else "")
        item = inner.pop() if len(inner) == 1 else "mixed" if inner else "empty"
        return f"{type(value).__name__}[{item}]"
    return "none" if value is None else type(value).__name__


class Extent:
    """How large and of what characters the values of one type were."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.low, self.high = float("inf"), float("-inf")  # of numbers, at any depth
        self.shortest, self.longest = 10**9, 0  # of the outermost text or container
        self.briefest, self.wordiest = 10**9, 0  # of the texts inside
        self.characters: set[str] = set()
        for value in values:
            if isinstance(value, (str, list, dict)):
                self.shortest, self.longest = min(self.shortest, len(value)), max(self.longest, len(value))
            self._take(value)

    def _take(self, value: Any) -> None:
        if isinstance(value, str):
            self.characters |= set(map(_character, value))
            self.briefest, self.wordiest = min(self.briefest, len(value)), max(self.wordiest, len(value))
        elif isinstance(value, (int, float)):
            self.low, self.high = min(self.low, value), max(self.high, value)
        elif isinstance(value, (list, dict)):
            for item in value.values() if isinstance(value, dict) else value:
                self._take(item)


def _character(sign: str) -> str:
    return "a" if sign.islower() else "A" if sign.isupper() else "0" if sign.isdigit() else sign


def fits(value: Any, seen: Extent) -> bool:
    """Neither larger nor of other characters than what was seen to work."""
    own = Extent([value])
    if isinstance(value, (str, list, dict)) and not seen.shortest <= len(value) <= seen.longest:
        return False
    return (
        own.characters <= seen.characters
        and (own.low >= seen.low or own.low == float("inf"))
        and (own.high <= seen.high or own.high == float("-inf"))
        and own.briefest >= seen.briefest
        and own.wordiest <= seen.wordiest
    )
