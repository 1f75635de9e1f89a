"""Programs made for drill: a few lines over single digits, that a model of a million weights can learn to follow.

For ablations without a GPU. Each line works out a new variable from the one before it, so that there is one thing to do
at a time; families differ in what else a line may do. Lines work modulo seven: few results to be learned, and since
seven is prime, a line of a chain maps different digits to different ones, so that a wrong step never leads back to the
right answer. Made by chance alone: the same arguments give the same rows, and more programs begin with the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from cotmill.base.chance import chance
from cotmill.base.stage import CotmillError

__all__ = ["FAMILIES", "MODULUS", "MOST_LINES", "drills"]

MODULUS = 7
NAMES = "abcdefghk"  # no letter that looks like a digit, or is a loop's
MOST_LINES = len(NAMES) - 1


def drills(
    families: Sequence[str], programs: int, *, inputs: int, lines: tuple[int, int], seed: int
) -> Iterator[dict[str, Any]]:
    """Rows {id, title, code, inputs}, as `cotmill run --seeds` reads them, with inputs that differ.

    `lines` are the fewest and the most of a program, a loop or branch counted as one. Raises CotmillError for an
    unknown family.
    """
    if unknown := sorted(set(families) - set(FAMILIES)):
        raise CotmillError(f"no family {unknown[0]!r}; the families are {', '.join(FAMILIES)}")
    for number in range(programs):
        rng = chance(seed, "collect.drills", f"{','.join(sorted(families))}/{number}")
        count = rng.randint(*lines)
        body: list[str] = []
        for place in range(count):
            body += FAMILIES[rng.choice(sorted(families))](rng, NAMES[: place + 1], NAMES[place + 1])
        code = [f"def solution({NAMES[0]}):", *(f"    {line}" for line in body), f"    return {NAMES[count]}", ""]
        yield {
            "id": f"drill-{number:06d}", "title": "", "code": "\n".join(code),
            "inputs": [{NAMES[0]: value} for value in rng.sample(range(MODULUS), inputs)],
        }  # fmt: skip


def _worked(rng: Random, left: str, right: str) -> str:
    """Brackets where a person puts them, and a narration too."""
    operator = rng.choice("+-*")
    done = f"{left} * {right}" if operator == "*" else f"({left} {operator} {right})"
    return f"{done} % {MODULUS}"


def _digit(rng: Random) -> str:
    return str(rng.randrange(2, MODULUS))


def _chain(rng: Random, known: str, new: str) -> list[str]:
    return [f"{new} = {_worked(rng, known[-1], _digit(rng))}"]


def _reach(rng: Random, known: str, new: str) -> list[str]:
    """No products: one of two variables is zero so often that most answers would be."""
    if len(known) == 1:
        return _chain(rng, known, new)
    return [f"{new} = ({known[-1]} {rng.choice('+-')} {rng.choice(known[:-1])}) % {MODULUS}"]


def _branch(rng: Random, known: str, new: str) -> list[str]:
    last = known[-1]
    return [
        f"if {last} {rng.choice('<>')} {rng.randint(2, 4)}:", f"    {new} = {_worked(rng, last, _digit(rng))}",
        "else:", f"    {new} = {_worked(rng, last, _digit(rng))}",
    ]  # fmt: skip


def _loop(rng: Random, known: str, new: str) -> list[str]:
    passes = rng.randint(2, 3)
    return [f"{new} = {known[-1]}", f"for i in range({passes}):", f"    {new} = {_worked(rng, new, _digit(rng))}"]


def _items(rng: Random, known: str, new: str) -> list[str]:
    items = [rng.randrange(MODULUS) for _ in range(rng.randint(2, 3))]
    return [f"{new} = {known[-1]}", f"for x in {items}:", f"    {new} = {_worked(rng, new, 'x')}"]


def _until(rng: Random, known: str, new: str) -> list[str]:
    step = f"    {new} = {new} + {rng.randint(2, 4)}"
    return [f"{new} = {known[-1]}", f"while {new} < {rng.randrange(4, MODULUS)}:", step, f"{new} = {new} % {MODULUS}"]


FAMILIES: dict[str, Callable[[Random, str, str], list[str]]] = {
    "chain": _chain,  # c = (b + 3) % 7
    "reach": _reach,  # d = (c - a) % 7
    "branch": _branch,  # if c > 3
    "loop": _loop,  # for i in range(3)
    "items": _items,  # for x in [3, 5, 4]
    "until": _until,  # while d < 6
}
