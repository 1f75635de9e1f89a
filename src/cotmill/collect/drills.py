"""Programs made for drill: a few lines over single digits, that a model of a million weights can learn to follow.

For ablations without a GPU. Every family is a kind of line; a program mixes those that are asked for. All values stay
single digits. Made by chance alone: the same arguments give the same rows, and more programs begin with the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.stage import CotmillError

__all__ = ["FAMILIES", "NAMES", "drills"]

NAMES = "abcd"
OPERATORS = "+-*"


def drills(
    families: Sequence[str], programs: int, *, inputs: int, names: int, lines: tuple[int, int], seed: int
) -> Iterator[dict[str, Any]]:
    """Rows {id, title, code, inputs}, as `cotmill run --seeds` reads them.

    A program has so many variables, all given, and the first is returned. `lines` are the fewest and the most, a loop
    or branch counted as one. Raises CotmillError for an unknown family.
    """
    if unknown := sorted(set(families) - set(FAMILIES)):
        raise CotmillError(f"no family {unknown[0]!r}; the families are {', '.join(FAMILIES)}")
    for number in range(programs):
        rng = chance(seed, "collect.drills", f"{','.join(sorted(families))}/{names}/{number}")
        used = NAMES[:names]
        body: list[str] = []
        for _ in range(rng.randint(*lines)):
            body += FAMILIES[rng.choice(sorted(families))](rng, used)
        code = [f"def solution({', '.join(used)}):", *(f"    {line}" for line in body), f"    return {used[0]}", ""]
        yield {
            "id": f"drill-{number:06d}", "title": "", "code": "\n".join(code),
            "inputs": [{name: rng.randint(0, 9) for name in used} for _ in range(inputs)],
        }  # fmt: skip


def _change(rng: Random, name: str, others: Sequence[str]) -> str:
    """``a = (a + 3) % 10``; half of the time with another variable, where there is one."""
    other = rng.choice(others) if others and rng.random() < 0.5 else rng.randint(2, 9)
    return f"{name} = ({name} {rng.choice(OPERATORS)} {other}) % 10"


def _chosen(rng: Random, names: str) -> tuple[str, str]:
    """A variable, and the others."""
    name = rng.choice(names)
    return name, names.replace(name, "")


def _chain(rng: Random, names: str) -> list[str]:
    return [_change(rng, *_chosen(rng, names))]


def _branch(rng: Random, names: str) -> list[str]:
    name, others = _chosen(rng, names)
    lines = [f"if {name} {rng.choice('<>')} {rng.randint(3, 6)}:", f"    {_change(rng, name, others)}"]
    return [*lines, "else:", f"    {_change(rng, name, others)}"] if rng.random() < 0.5 else lines


def _loop(rng: Random, names: str) -> list[str]:
    return [f"for i in range({rng.randint(2, 4)}):", f"    {_change(rng, *_chosen(rng, names))}"]


def _items(rng: Random, names: str) -> list[str]:
    name, _ = _chosen(rng, names)
    items = [rng.randint(0, 9) for _ in range(rng.randint(2, 4))]
    return [f"for x in {items}:", f"    {name} = ({name} {rng.choice(OPERATORS)} x) % 10"]


def _until(rng: Random, names: str) -> list[str]:
    name, _ = _chosen(rng, names)
    step = f"    {name} = {name} + {rng.randint(2, 4)}"
    return [f"while {name} < {rng.randint(5, 9)}:", step, f"{name} = {name} % 10"]


FAMILIES: dict[str, Callable[[Random, str], list[str]]] = {
    "chain": _chain,  # one line
    "branch": _branch,  # if, with and without else
    "loop": _loop,  # for i in range(3)
    "items": _items,  # for x in [3, 9, 4]
    "until": _until,  # while a < 7
}
