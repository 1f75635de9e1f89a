"""Whether every value of the input stands in a problem, as often as it is needed and in its order."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cotmill.explain.posed.stands import Leaf, Place, leaf_of, leaves, places

__all__ = ["Lack", "lack"]

FAR = 120  # characters from which on two items of a list are not told together
APART = 25  # characters between the parts of a dict that are told in one breath
FIELDS = 4  # up to so many may stand in any order, the same one in all records
COUNTED = 10  # numbers that people write as words
Order = tuple[Leaf, ...]
_RULES = frozenset(("no", "without", "neither"))
_JOINED = re.compile(r"(?:[\W_]|\b(?:and|then|or)\b)*")
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|none|neither|nor|cannot|false|isn|aren|doesn|don|didn)\b|n['\u2019]t\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a problem does not tell."""

    name: str  # of the input
    value: Any  # that is missing; the whole input where only its order is wrong
    order: bool = False


def lack(inputs: dict[str, Any], text: str) -> Lack | None:
    """The first value that is missing. Each needs a place of its own in the text."""
    texts = {leaf.value for value in inputs.values() for leaf in leaves(value) if isinstance(leaf.value, str)}
    free = places(text, texts)
    containers = {name: value for name, value in inputs.items() if _has_parts(value)}
    scalars = {name: value for name, value in inputs.items() if not _has_parts(value)}
    for keep in (_tight, _loose):
        for name, value in sorted(containers.items(), key=lambda item: -sum(1 for _ in leaves(item[1]))):
            taken = next((found for order in _orders(value, free) if (found := keep(order, free, text))), None)
            if taken is not None:
                free = [place for number, place in enumerate(free) if number not in taken]
                del containers[name]
    for name, value in containers.items():
        return _lack_of(name, value, free)
    return _scalars(scalars, [place for place in free if not _is_said_anyway(place, text)], text)


def _is_said_anyway(place: Place, text: str) -> bool:
    """Whether it is one of the words that stand in any rule ("the two above it", "no route"): they tell no input. In a
    list or beside a key its neighbours tell what it is; by itself a number up to ten has to stand in digits."""
    surface = text[place.start : place.end].lower()
    small = any(leaf.kind == "number" and abs(leaf.value) <= COUNTED for leaf in place.leaves)  # type: ignore[arg-type, operator]
    return surface in _RULES or (small and surface.replace(" ", "").replace("-", "").isalpha())


def _has_parts(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _lack_of(name: str, value: Any, free: list[Place]) -> Lack:
    """A part that stands nowhere, else their order."""
    order = min(_orders(value, free), key=len)
    left = list(free)
    for leaf in order:
        place = next((place for place in left if leaf in place.leaves), None)
        if place is None:
            return Lack(name, _shown(leaf, value))
        left.remove(place)
    return Lack(name, value, order=True)


def _shown(leaf: Leaf, value: Any) -> Any:
    """The part as the program has it."""
    if isinstance(value, dict) and value:
        return next((_shown(leaf, part) for part in (*value, *value.values()) if leaf in leaves(part)), None)
    if isinstance(value, list) and value:
        return next((_shown(leaf, part) for part in value if leaf in leaves(part)), None)
    return value


def _orders(value: Any, free: Sequence[Place]) -> Iterator[Order]:
    """Each order in which the parts may be told; that of a list's items is kept."""
    seen = set()
    permutations = range(math.factorial(FIELDS) if _has_records(value) else 1)
    for pattern, sorts, fields in itertools.product(range(3), (False, True), permutations):
        order = tuple(_order(value, pattern, fields, free if sorts else ()))
        if order not in seen:
            seen.add(order)
            yield order


def _order(value: Any, pattern: int, fields: int, free: Sequence[Place]) -> Iterator[Leaf]:
    """`pattern`: a key before its item, behind it, or all keys first; `fields`: which permutation of a record's fields;
    dicts in the order of their keys in `free`."""
    if isinstance(value, list) and value:
        for item in value:
            if _are_records(value) and len(item) <= FIELDS:
                names = next(itertools.islice(itertools.permutations(item), fields, None), tuple(item))
                for name in names:
                    yield from _order(item[name], pattern, fields, free)
            elif _are_records(value):
                for part in item.values():
                    yield from _order(part, pattern, fields, free)
            else:
                yield from _order(item, pattern, fields, free)
    elif isinstance(value, dict) and value:
        keys = sorted(value, key=lambda key: _first(Leaf("text", key), free))
        if pattern == 2:
            yield from (Leaf("text", key) for key in keys)
        for key in keys:
            yield from [Leaf("text", key)] * (pattern == 0)
            yield from _order(value[key], pattern, fields, free)
            yield from [Leaf("text", key)] * (pattern == 1)
    else:
        yield leaf_of(value)


def _first(leaf: Leaf, free: Sequence[Place]) -> int:
    return next((place.start for place in free if leaf in place.leaves), 0)


def _are_records(value: list[Any]) -> bool:
    """Whether all items are dicts of the same keys, which then are names of fields, and no part of what is told."""
    return all(isinstance(item, dict) and item and item.keys() == value[0].keys() for item in value)


def _has_records(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_records, value.values()))
    return isinstance(value, list) and bool(value) and (_are_records(value) or any(map(_has_records, value)))


def _tight(order: Order, free: Sequence[Place], text: str) -> set[int] | None:
    """Numbers of places on end with nothing but commas and the like between them; a few words between key and item."""
    apart = APART if any(leaf.kind == "text" for leaf in order) and any(leaf.kind != "text" for leaf in order) else 0
    wanted, meant = _numbered(order, free)
    for start in range(len(free)):
        taken: list[int] = []
        end = -1
        for number in range(start, len(free)):
            place = free[number]
            if place.start < end:
                continue  # a part of the place before
            if wanted[len(taken)] not in meant[number] or (taken and not _joins(text[end : place.start], apart)):
                break
            taken.append(number)
            end = place.end
            if len(taken) == len(order):
                return set(taken)
    return None


def _numbered(order: Order, free: Sequence[Place]) -> tuple[list[int], list[set[int]]]:
    """The leaves as numbers, which compare quickly, and which of them each place can stand for."""
    numbers = {leaf: number for number, leaf in enumerate(dict.fromkeys(order))}
    meant = [{numbers[leaf] for leaf in place.leaves if leaf in numbers} for place in free]
    return [numbers[leaf] for leaf in order], meant


def _joins(between: str, apart: int) -> bool:
    return bool(_JOINED.fullmatch(between)) or (len(between) <= apart and "\n" not in between)


def _loose(order: Order, free: Sequence[Place], _: str) -> set[int] | None:
    """Numbers of places in this order, not far from one another, with none between them that could be one of theirs."""
    wanted, meant = _numbered(order, free)
    for start in (number for number, own in enumerate(meant) if wanted[0] in own):
        taken, end = [start], free[start].end
        for number in range(start + 1, len(free)):
            if len(taken) == len(order):
                break
            place = free[number]
            if place.start < end:
                continue
            if place.start - end > FAR:
                break
            if wanted[len(taken)] in meant[number]:
                taken.append(number)
                end = place.end
            elif meant[number]:
                break
        if len(taken) == len(order):
            return set(taken)
    return None


def _scalars(inputs: dict[str, Any], free: Sequence[Place], text: str) -> Lack | None:
    wanted = {}
    for name, value in inputs.items():
        if (isinstance(value, bool) or value is None) and _is_said(name, value, text):
            continue
        if value in ([], {}) and any(re.search(rf"\b(?:no|without) (?:\w+ )?{word}", text) for word in _words(name)):
            continue
        wanted[name] = leaf_of(value)
    options = [[number for number, place in enumerate(free) if leaf in place.leaves] for leaf in wanted.values()]
    owners = _matched(options)
    return next((Lack(name, inputs[name]) for name, owner in zip(wanted, owners, strict=True) if owner is None), None)


def _is_said(name: str, value: bool | None, text: str) -> bool:
    """A truth value is told by the words of its name, with a "not" where it is false."""
    named = any(re.search(rf"\b{word}", text, re.IGNORECASE) for word in _words(name))
    return named and (value is True or bool(_NEGATED.search(text)))


def _words(name: str) -> list[str]:
    """How the words of a name begin, without those that stand anywhere."""
    found = re.findall(r"[^\W_]{3,}", name.lower())
    return [re.escape(word[:5]) for word in found if word not in ("has", "are", "the", "use")]


def _matched(options: list[list[int]]) -> list[int | None]:
    """A place of its own for as many as possible (augmenting paths)."""
    owner: dict[int, int] = {}

    def place(item: int, tried: set[int]) -> bool:
        for option in options[item]:
            if option not in tried:
                tried.add(option)
                if option not in owner or place(owner[option], tried):
                    owner[option] = item
                    return True
        return False

    for item in range(len(options)):
        place(item, set())
    found = {item: option for option, item in owner.items()}
    return [found.get(item) for item in range(len(options))]
