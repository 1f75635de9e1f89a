"""Programs made for drill: a few lines over single digits, that a model of a million weights can learn to follow.

For ablations without a GPU. Every family is a kind of line; a program mixes those that are asked for. All values stay
single digits, and which name is read where is open to chance, so that there are far more structures than programs.
Made by chance alone: the same arguments give the same rows, and more programs begin with the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.stage import CotmillError

__all__ = ["FAMILIES", "drills"]

GIVEN, FRESH = "abc", "defghk"  # no letter that looks like a digit


def drills(
    families: Sequence[str], programs: int, inputs: int, lines: tuple[int, int], seed: int
) -> Iterator[dict[str, Any]]:
    """Rows {id, title, code, inputs}, as `cotmill run --seeds` reads them.

    `lines` are the fewest and the most of a program, loops and branches counted as one. Raises CotmillError for an
    unknown family.
    """
    if unknown := sorted(set(families) - set(FAMILIES)):
        raise CotmillError(f"no family {unknown[0]!r}; the families are {', '.join(FAMILIES)}")
    for number in range(programs):
        rng = chance(seed, "collect.drills", f"{','.join(sorted(families))}/{number}")
        draft = _Draft(rng)
        for _ in range(rng.randint(*lines)):
            kinds = families if draft.made else ["chain"]
            FAMILIES[rng.choice(list(kinds))](draft)
        yield {
            "id": f"drill-{number:06d}", "title": "", "code": draft.code(),
            "inputs": [draft.arguments() for _ in range(inputs)],
        }  # fmt: skip


class _Draft:
    """A program under way: its lines, and the names that may be read."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.given = list(GIVEN[: rng.randint(2, 3)])
        self.made: list[str] = []
        self.lines: list[str] = []
        self.last = ""  # the name written last: what is returned

    def expression(self, *more: str) -> str:
        """A sum, difference or product of two operands, kept to one digit."""
        names = [*self.given, *self.made, *more]
        left = self.rng.choice(names)
        right = self.rng.choice([*(name for name in names if name != left), str(self.rng.randint(2, 9))])
        return f"({left} {self.rng.choice('+-*')} {right}) % 10"

    def target(self) -> str:
        """A name to write: mostly one that is new."""
        fresh = [name for name in FRESH if name not in self.made]
        if not self.made or (fresh and self.rng.random() < 0.7):
            return fresh[0]
        return self.rng.choice(self.made)

    def write(self, name: str, value: str, indent: int = 1) -> None:
        self.lines.append(f"{'    ' * indent}{name} = {value}")

    def wrote(self, name: str) -> None:
        if name not in self.made:
            self.made.append(name)
        self.last = name

    def code(self) -> str:
        return "\n".join([f"def solution({', '.join(self.given)}):", *self.lines, f"    return {self.last}", ""])

    def arguments(self) -> dict[str, Any]:
        return {name: self.rng.randint(0, 9) for name in self.given}


def _chain(draft: _Draft) -> None:
    name, value = draft.target(), draft.expression()
    draft.write(name, value)
    draft.wrote(name)


def _branch(draft: _Draft) -> None:
    rng = draft.rng
    left, right = rng.sample([*draft.given, *draft.made], 2)
    name = rng.choice(draft.made)
    draft.lines.append(f"    if {left} {rng.choice('<>')} {right}:")
    draft.write(name, draft.expression(), 2)
    if rng.random() < 0.5:
        draft.lines.append("    else:")
        draft.write(name, draft.expression(), 2)
    draft.wrote(name)


def _loop(draft: _Draft) -> None:
    rng = draft.rng
    name = rng.choice(draft.made)
    draft.lines.append(f"    for i in range({rng.randint(2, 4)}):")
    other = rng.choice([*draft.given, *draft.made, "i"])
    draft.write(name, f"({name} {rng.choice('+-*')} {other}) % 10", 2)
    draft.wrote(name)


def _items(draft: _Draft) -> None:
    rng = draft.rng
    name = rng.choice(draft.made)
    items = [rng.randint(0, 9) for _ in range(rng.randint(2, 4))]
    draft.lines.append(f"    for x in {items}:")
    draft.write(name, f"({name} {rng.choice('+-*')} x) % 10", 2)
    draft.wrote(name)


def _until(draft: _Draft) -> None:
    rng = draft.rng
    name = rng.choice(draft.made)
    draft.lines.append(f"    while {name} < {rng.randint(5, 9)}:")
    draft.write(name, f"{name} + {rng.randint(2, 4)}", 2)
    draft.lines.append(f"    {name} = {name} % 10")
    draft.wrote(name)


FAMILIES: dict[str, Callable[[_Draft], None]] = {
    "chain": _chain,  # straight lines
    "branch": _branch,  # if, with and without else
    "loop": _loop,  # for i in range(3)
    "items": _items,  # for x in [3, 9, 4]
    "until": _until,  # while d < 7
}
