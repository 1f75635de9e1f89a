"""New programs from old ones without a model: typed by what was observed, guided by what names say.

Proven programs are read as word problems (`stories`) or as functions (`tasks`); each operator makes one new program of
one or two of them. Which operator and which parents is chance, weighted by what survived in earlier rounds. Nothing is
executed here: a candidate carries inputs on which it is expected to run, and the stages behind find out.

    pool = pool_of(materials(executions))
    candidate = recombine(pool, random.Random(1), Weights())
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Container, Mapping
from typing import Any

from cotmill.compose.material import Candidate, Material, Survival, Weights, materials, weights
from cotmill.compose.operators.stories import STORY_OPERATORS
from cotmill.compose.operators.task_lists import LIST_OPERATORS
from cotmill.compose.operators.task_pipes import PIPE_OPERATORS
from cotmill.compose.operators.task_results import RESULT_OPERATORS
from cotmill.compose.pool import Choice, Pool, pool_of
from cotmill.compose.structure import novelty_key, shape_key

__all__ = [
    "OPERATORS", "Candidate", "Material", "Pool", "Survival", "Weights", "materials", "novelty_key",
    "pool_of", "recombine", "shape_key", "weights",
]  # fmt: skip

CHOICES = 8  # operators that are asked before a pool counts as too poor
TRIES = 12  # parents that each is given
FEWEST_LINES = 6  # as the rules demand; counted as they count

# How often each is chosen where nothing is known of earlier rounds.
OPERATORS: Mapping[str, float] = {
    "story-join": 1.2, "story-chain": 1.2, "story-extend": 1.0, "story-exchange": 0.8, "story-each": 1.2,
    "story-goal": 0.7, "story-rounds": 0.7, "story-compare": 0.7,
    "list-each": 1.2, "list-range": 0.6, "list-keep": 0.3, "pipe-after": 0.2, "pipe-again": 0.1, "pipe-both": 0.3,
    "pipe-compare": 0.7, "derive": 0.8,
}  # fmt: skip

_TASK_OPERATORS: Mapping[str, Callable[..., Candidate | None]] = LIST_OPERATORS | PIPE_OPERATORS | RESULT_OPERATORS


def recombine(pool: Pool, rng: random.Random, known: Weights, seen: Container[str] = frozenset()) -> Candidate | None:
    """A candidate whose `novelty_key` is not among `seen` nor the pool's; None where the pool gives none.

    The same one for the same pool, generator, weights and keys.
    """
    names = [name for name in OPERATORS if _members(pool, name)]
    shares = [OPERATORS[name] * known.operators.get(name, 1.0) for name in names]
    choose = Choice(rng, known.parents)
    for _ in range(CHOICES if names else 0):
        (name,) = rng.choices(names, shares)
        for _ in range(TRIES):
            made = _operator(name)(_members(pool, name), choose, rng)
            if made is None or _lines(made.code) < FEWEST_LINES:
                continue
            key = novelty_key(made.code)
            if key not in pool.keys and key not in seen:
                return made
    return None


def _members(pool: Pool, name: str) -> Any:
    """The part of the pool that the operator draws from; None where that is empty."""
    part = pool.stories if name in STORY_OPERATORS else pool.tasks
    return part if part.all else None


def _operator(name: str) -> Callable[..., Candidate | None]:
    return STORY_OPERATORS.get(name) or _TASK_OPERATORS[name]


def _lines(code: str) -> int:
    """Lines that hold more than an import or nothing."""
    idle = sum(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.parse(code).body)
    return sum(1 for line in code.splitlines() if line.strip()) - idle
