"""What can be asked of the results of a task on many items: their sum, the largest, those above a limit."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotmill.compose.stories.quantities import plural, singular

__all__ = ["Gathered", "Scene", "gatherings"]


@dataclass(frozen=True, slots=True)
class Scene:
    """The words that a gathering is told in."""

    item: str  # name of one item
    items: str  # expression of all of them
    value: str  # name of one result
    call: str  # expression of one result
    results: tuple[Any, ...]  # observed, in the order of the items


@dataclass(frozen=True, slots=True)
class Gathered:
    title: str  # goes before "... of several ..."
    lines: tuple[str, ...]  # body of the entry
    limit: Any = None  # value of the further input `limit`; None where there is none


Gathering = Callable[[Scene, random.Random], Gathered]


def _many(name: str) -> str:
    """A name for a list of what one such name holds."""
    last = name.rpartition("_")[2]
    return f"all_{name}" if singular(last) != last else plural(name)


def _loop(scene: Scene, *inner: str) -> tuple[str, ...]:
    return (f"for {scene.item} in {scene.items}:", *(f"    {line}" for line in inner))


def _listed(scene: Scene, rng: random.Random) -> Gathered:
    many = _many(scene.value)
    return Gathered("list", (f"{many} = []", *_loop(scene, f"{many}.append({scene.call})"), f"return {many}"))


def _total(scene: Scene, rng: random.Random) -> Gathered:
    name = f"total_{scene.value}"
    return Gathered("sum", (f"{name} = 0", *_loop(scene, f"{name} += {scene.call}"), f"return {name}"))


def _chosen(scene: Scene, rng: random.Random) -> Gathered:
    word, sign = rng.choice((("largest", ">"), ("smallest", "<")))
    top, best = f"{word}_{scene.value}", f"chosen_{scene.item}"
    inner = (
        f"{scene.value} = {scene.call}", f"if {top} is None or {scene.value} {sign} {top}:",
        f"    {top} = {scene.value}", f"    {best} = {scene.item}",
    )  # fmt: skip
    return Gathered(
        f"item with the {word}", (f"{top} = None", f"{best} = None", *_loop(scene, *inner), f"return {best}")
    )


def _extreme(scene: Scene, rng: random.Random) -> Gathered:
    many = _many(scene.value)
    collect = (f"{many} = []", *_loop(scene, f"{many}.append({scene.call})"))
    kind, end = rng.choice(
        (
            ("spread", f"max({many}) - min({many})"),
            ("second largest", f"sorted({many})[-2]"),
            ("number of different", f"len(set({many}))"),
            ("average", f"sum({many}) / len({many})"),
        )
    )
    return Gathered(kind, (*collect, f"return {end}"))


def _limit(scene: Scene) -> Any:
    ordered = sorted(scene.results)
    return ordered[len(ordered) // 2]


def _above(scene: Scene, rng: random.Random) -> Gathered:
    word, sign = rng.choice((("above", ">"), ("below", "<"), ("reaching", ">=")))
    if rng.random() < 0.5:
        lines = (
            "matching = 0",
            *_loop(scene, f"if {scene.call} {sign} limit:", "    matching += 1"),
            "return matching",
        )
        return Gathered(f"number {word} a limit in the", lines, _limit(scene))
    lines = ("matching = []", *_loop(scene, f"if {scene.call} {sign} limit:", f"    matching.append({scene.item})"),
             "return matching")  # fmt: skip
    return Gathered(f"items {word} a limit in the", lines, _limit(scene))


def _ranked(scene: Scene, rng: random.Random) -> Gathered:
    lines = ("ranked = []", *_loop(scene, f"ranked.append([{scene.call}, {scene.item}])"), "ranked.sort()",
             f"return [{scene.item} for {scene.value}, {scene.item} in ranked]")  # fmt: skip
    return Gathered("order by the", lines)


def _rises(scene: Scene, rng: random.Random) -> Gathered:
    inner = (f"{scene.value} = {scene.call}", f"if previous is not None and {scene.value} > previous:",
             "    rises += 1", f"previous = {scene.value}")  # fmt: skip
    return Gathered("number of rises in the", ("rises = 0", "previous = None", *_loop(scene, *inner), "return rises"))


def _running(scene: Scene, rng: random.Random) -> Gathered:
    inner = (f"total += {scene.call}", "totals.append(total)")
    return Gathered("running totals of the", ("total = 0", "totals = []", *_loop(scene, *inner), "return totals"))


def _grouped(scene: Scene, rng: random.Random) -> Gathered:
    key = scene.call if isinstance(scene.results[0], str) else f"str({scene.call})"
    if rng.random() < 0.5:
        inner = (f"{scene.value} = {key}", f"counts[{scene.value}] = counts.get({scene.value}, 0) + 1")
        return Gathered("number of items by", ("counts = {}", *_loop(scene, *inner), "return counts"))
    inner = (f"{scene.value} = {key}", f"groups.setdefault({scene.value}, []).append({scene.item})")
    return Gathered("items grouped by", ("groups = {}", *_loop(scene, *inner), "return groups"))


def _filtered(scene: Scene, rng: random.Random) -> Gathered:
    kind = rng.randrange(5)
    if kind == 0:
        lines = ("matching = []", *_loop(scene, f"if {scene.call}:", f"    matching.append({scene.item})"),
                 "return matching")  # fmt: skip
        return Gathered("items that pass", lines)
    if kind == 1:
        lines = ("matching = 0", *_loop(scene, f"if {scene.call}:", "    matching += 1"), "return matching")
        return Gathered("number of items that pass", lines)
    if kind == 2:
        counted = _loop(scene, f"if {scene.call}:", "    passed += 1", "else:", "    failed += 1")
        lines = ("passed = 0", "failed = 0", *counted, "return [passed, failed]")
        return Gathered("numbers of items that pass and fail", lines)
    if kind == 3:
        runs = _loop(scene, f"streak = streak + 1 if {scene.call} else 0", "longest = max(longest, streak)")
        return Gathered("longest run of items that pass", ("streak = 0", "longest = 0", *runs, "return longest"))
    noted = _loop(scene, "position += 1", f"if {scene.call}:", "    positions.append(position)")
    return Gathered("positions of items that pass", ("position = 0", "positions = []", *noted, "return positions"))


def _longest(scene: Scene, rng: random.Random) -> Gathered:
    inner = (f"{scene.value} = {scene.call}", f"if len({scene.value}) > len(longest):", f"    longest = {scene.value}")
    start = "''" if isinstance(scene.results[0], str) else "[]"
    return Gathered("longest", (f"longest = {start}", *_loop(scene, *inner), "return longest"))


def _sizes(scene: Scene, rng: random.Random) -> Gathered:
    return Gathered("sizes of the", ("sizes = []", *_loop(scene, f"sizes.append(len({scene.call}))"), "return sizes"))


def _common(scene: Scene, rng: random.Random) -> Gathered:
    if rng.random() < 0.5:
        found = _loop(
            scene, f"for member in {scene.call}:", "    if member not in found:", "        found.append(member)"
        )
        return Gathered("different members of the", ("found = []", *found, "return found"))
    counted = _loop(scene, f"for member in {scene.call}:", "    counts[str(member)] = counts.get(str(member), 0) + 1")
    return Gathered("counts of the members of the", ("counts = {}", *counted, "return counts"))


def _merged(scene: Scene, rng: random.Random) -> Gathered:
    inner = (f"for key, amount in {scene.call}.items():", "    totals[key] = totals.get(key, 0) + amount")
    return Gathered("sums by key of the", ("totals = {}", *_loop(scene, *inner), "return totals"))


_NUMBERS = (_listed, _total, _chosen, _chosen, _extreme, _above, _above, _ranked, _rises, _running)
_LISTS = (_listed, _longest, _sizes)


def gatherings(gives: str, scene: Scene, *, plain: bool, flows: bool) -> tuple[Gathering, ...]:
    """Those that make sense of results of this type.

    `plain` items can be ordered and shown themselves; results that do not flow are records, of which each is looked at
    as a whole.
    """
    if not flows:
        return (_listed,)
    if gives in ("int", "float") and not plain:
        return (_listed, _total, _extreme, _rises, _running)
    if gives == "int":
        return _NUMBERS if len(set(scene.results)) > 2 else (_listed, _grouped, _total)
    if gives == "float":
        return (_listed, _chosen, _ranked, _rises, _above)
    if gives == "bool":
        return (_filtered,)
    if gives == "str":
        if len(set(scene.results)) < len(scene.results):
            return (_listed, _grouped)
        return (_listed, _longest) if plain else (_listed,)
    if gives in ("list[int]", "list[str]"):
        return (*_LISTS, _common)
    if gives in ("dict[int]", "dict[float]"):
        return (_merged, _listed)
    return _LISTS if gives.startswith("list") else (_listed,)
