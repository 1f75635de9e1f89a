"""More programs for a small model to learn from: proven ones recombined, and kept where they run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from cotmill.base.chance import chance
from cotmill.compose.material import Case, Material, Weights
from cotmill.compose.pool import pool_of
from cotmill.compose.recombine import recombine
from cotmill.compose.structure import novelty_key

__all__ = ["augmented"]

EFFORT = 3  # candidates for each program that is wanted
DRY = 50  # of them in a row without a program, after which the pool gives no more
Answers = Callable[[str, Sequence[dict[str, Any]]], Sequence[str | None]]  # program, inputs -> JSON texts, None: no run


def augmented(programs: Sequence[Material], count: int, seed: int, answers: Answers) -> list[Material]:
    """The programs, and up to `count` new ones made of them that run on an input, no two alike."""
    pool, known, made = pool_of(programs), set[str](), list[Material]()
    last = 0  # number of the last candidate that became a program
    for number in range(EFFORT * count):
        if len(made) == count or number - last > DRY:
            break
        name = f"augment-{number:06d}"
        candidate = recombine(pool, chance(seed, "codegen.augment", name), Weights(), known)
        if candidate is None:
            continue
        known.add(novelty_key(candidate.code))
        found = answers(candidate.code, [json.loads(input) for input in candidate.inputs])
        cases = [
            Case(input, answer, 0) for input, answer in zip(candidate.inputs, found, strict=True) if answer is not None
        ]
        if cases:
            last = number
            made.append(Material(name, candidate.title, "", candidate.code, tuple(cases)))
    return [*programs, *made]
