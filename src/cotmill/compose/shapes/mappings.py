"""Dicts: fixed fields, free keys, and trees, whose nodes are dicts of the same fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cotmill.compose.shapes.sequences import lengths
from cotmill.compose.shapes.shape import Shape, Study

__all__ = ["Fields", "Series", "Table", "Tree", "learn_dict"]

LINKS = ("left", "right", "next", "children", "child")  # fields that lead to other nodes, also where all seen are empty
TREE = 7  # nodes that a tree may have at least, so that something hangs on its links
SORTED = 0.5  # share of trees with two links whose values stand in the order of a search tree


@dataclass(frozen=True, slots=True)
class Fields:
    """A dict with the same keys always."""

    fields: tuple[tuple[str, Shape], ...]
    optional: tuple[tuple[str, float], ...] = ()  # keys that may be missing, with the share of dicts that have them

    def draw(self, rng: Random) -> dict[str, Any]:
        drawn = {name: shape.draw(rng) for name, shape in self.fields}
        for name, share in self.optional:
            if rng.random() > share:
                del drawn[name]
        return drawn


@dataclass(frozen=True, slots=True)
class Series:
    """Numbered names."""

    prefix: str
    start: int

    def names(self, length: int) -> list[str]:
        return [f"{self.prefix}{self.start + index}" for index in range(length)]


@dataclass(frozen=True, slots=True)
class Table:
    """A dict with any keys."""

    low: int  # number of keys
    high: int
    keys: Shape | Series
    value: Shape

    def draw(self, rng: Random) -> dict[str, Any]:
        return self.draw_sized(rng, rng.randint(self.low, self.high))

    def draw_sized(self, rng: Random, length: int) -> dict[str, Any]:
        """Smaller where there are not so many keys."""
        if isinstance(self.keys, Series):
            keys = self.keys.names(length)
        else:
            drawn = (str(self.keys.draw(rng)) for _ in range(20 * length))
            keys = sorted(list(dict.fromkeys(drawn))[:length])
        return {key: self.value.draw(rng) for key in keys}


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes with links to other nodes: each a node or null, or a list of nodes."""

    nodes: tuple[int, int]  # least and most
    links: tuple[str, ...]
    forks: bool  # each link holds a list
    payload: tuple[tuple[str, Shape], ...]
    null: bool = False  # the whole tree may be null

    def draw(self, rng: Random) -> dict[str, Any] | None:
        if self.null and rng.random() < 0.1:
            return None
        tree = self._grow(rng, rng.randint(*self.nodes))
        if len(self.links) == 2 and not self.forks and rng.random() < SORTED:
            nodes = list(_in_order(tree, self.links))
            for name, _ in self.payload:
                values = [node[name] for node in nodes]
                if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
                    for node, value in zip(nodes, sorted(values), strict=True):
                        node[name] = value
        return tree

    def _grow(self, rng: Random, nodes: int) -> dict[str, Any]:
        tree = {name: shape.draw(rng) for name, shape in self.payload}
        rest = nodes - 1
        if self.forks:
            sizes: list[int] = []
            while rest > 0:
                sizes.append(rng.randint(1, rest))
                rest -= sizes[-1]
            tree |= {link: [] for link in self.links}
            tree[self.links[0]] = [self._grow(rng, size) for size in sizes]
            return tree
        shares = [0] * len(self.links)
        for _ in range(rest):
            shares[rng.randrange(len(shares))] += 1
        return tree | {
            link: self._grow(rng, share) if share else None for link, share in zip(self.links, shares, strict=True)
        }


def learn_dict(values: Sequence[dict[str, Any]], study: Study, null: bool = False) -> Shape:
    if (tree := _tree(values, study, null)) is not None:
        return tree
    keys = list(dict.fromkeys(key for value in values for key in value))
    common = [key for key in keys if all(key in value for value in values)]
    if (len(common) == len(keys) or len(common) * 2 > len(keys)) and (len(values) > 1 or not _numbered(keys)):
        missing = [(key, sum(key in value for value in values) / len(values)) for key in keys if key not in common]
        shapes = [(key, study.shape([value[key] for value in values if key in value], key)) for key in keys]
        everything = [value[key] for value in values for key in keys if key in value]
        if (
            len(keys) > 2
            and (max(map(len, keys)) == 1 or _numbered(keys))
            and len({type(item) for item in everything}) == 1
        ):
            shapes = [(key, study.shape(everything)) for key in keys]
        return Fields(tuple(shapes), tuple(missing))
    low, high = lengths([len(value) for value in values], study)
    value_shape = study.shape([item for value in values for item in value.values()])
    return Table(low, high, _numbered(keys, values) or study.shape(keys), value_shape)


def _numbered(keys: Sequence[str], values: Sequence[dict[str, Any]] = ()) -> Series | None:
    """The series that the keys of every dict are."""
    matches = [re.fullmatch(r"(\D*)(\d+)", key) for key in keys]
    if not keys or not all(matches):
        return None
    prefixes = {match[1] for match in matches if match}
    start = min(int(match[2]) for match in matches if match)
    series = Series(min(prefixes), start)
    fits = all(sorted(value) == sorted(series.names(len(value))) for value in values)
    return series if len(prefixes) == 1 and fits else None


def _tree(values: Sequence[dict[str, Any]], study: Study, null: bool) -> Tree | None:
    keys = sorted(values[0])
    links = [key for key in keys if any(_is_link(value.get(key), keys) for value in values)]
    if not links:
        links = [key for key in keys if key in LINKS and all(value.get(key) in (None, []) for value in values)]
    elif len(links) == 1 and links[0] in ("left", "right"):
        links = [key for key in ("left", "right") if key in keys]
    if not links or any(sorted(value) != keys for value in values):
        return None
    forks = any(isinstance(value[link], list) for value in values for link in links)
    nodes = [list(_nodes(value, links)) for value in values]
    if any(sorted(node) != keys for tree in nodes for node in tree):
        return None
    low, high = lengths([len(tree) for tree in nodes], study)
    everything = [node for tree in nodes for node in tree]
    payload = [(key, study.shape([node[key] for node in everything], key)) for key in keys if key not in links]
    return Tree((low, max(high, round(TREE * study.reach))), tuple(links), forks, tuple(payload), null)


def _is_link(value: Any, keys: Sequence[str]) -> bool:
    if isinstance(value, list) and value:
        return all(isinstance(item, dict) and sorted(item) == keys for item in value)
    return isinstance(value, dict) and sorted(value) == keys


def _nodes(tree: Any, links: Sequence[str]) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for item in tree:
            yield from _nodes(item, links)
    elif isinstance(tree, dict):
        yield tree
        for link in links:
            yield from _nodes(tree.get(link), links)


def _in_order(tree: Any, links: Sequence[str]) -> Iterator[dict[str, Any]]:
    if tree is not None:
        yield from _in_order(tree[links[0]], links)
        yield tree
        yield from _in_order(tree[links[1]], links)
