"""Places inside a value, so that a relation can say which numbers or names it is about.

A path is a tuple of steps: an index of a row, a key of a dict whose keys never change, `EACH` for all elements of a
list or all values of a dict, `KEYS` for a dict's keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["EACH", "KEYS", "Path", "change", "leaves", "paths"]

EACH, KEYS = "*", "@"
Path = tuple[str | int, ...]
FEW = 4  # elements of a list whose places may mean something


def paths(values: list[Any]) -> list[Path]:
    """The paths to numbers and texts that all these values of one parameter have."""
    return [
        path for path in dict.fromkeys(path for value in values for path in _walk(value)) if _everywhere(values, path)
    ]


def _everywhere(values: list[Any], path: Path) -> bool:
    """Whether the path can mean something: an index only does in lists of one length."""
    nodes = values
    for step in path:
        if isinstance(step, int) and len({len(node) if isinstance(node, list) else -1 for node in nodes}) > 1:
            return False
        nodes = [item for node in nodes for item in _below(node, step)]
    return bool(nodes)


def _below(node: Any, step: str | int) -> list[Any]:
    if isinstance(node, dict):
        return list(node) if step == KEYS else list(node.values()) if step == EACH else []
    if not isinstance(node, list) or step == KEYS:
        return []
    return node if step == EACH else [node[step]] if isinstance(step, int) and step < len(node) else []


def _walk(value: Any) -> Iterator[Path]:
    if isinstance(value, list):
        for item in value:
            yield from ((EACH, *path) for path in _walk(item))
        if 1 < len(value) <= FEW and not any(isinstance(item, (list, dict)) for item in value):
            yield from ((index,) for index in range(len(value)))
    elif isinstance(value, dict):
        yield (KEYS,)
        for item in value.values():
            yield from ((EACH, *path) for path in _walk(item))
    elif isinstance(value, (int, float, str)) and not isinstance(value, bool):
        yield ()


def leaves(value: Any, path: Path) -> list[Any]:
    """What stands there, lists, dicts and nulls left out."""
    nodes = [value]
    for step in path:
        nodes = [item for node in nodes for item in _below(node, step)]
    return [node for node in nodes if node is not None and not isinstance(node, (list, dict))]


def change(value: Any, path: Path, new: Callable[[Any], Any]) -> Any:
    """The value with `new(leaf)` in place of each leaf there; lists and dicts are changed in place."""
    if not path:
        return value if value is None or isinstance(value, (list, dict)) else new(value)
    step, rest = path[0], path[1:]
    if step == EACH and isinstance(value, (list, dict)):
        for key in range(len(value)) if isinstance(value, list) else list(value):
            value[key] = change(value[key], rest, new)
    elif isinstance(step, int) and isinstance(value, list) and step < len(value):
        value[step] = change(value[step], rest, new)
    return value
