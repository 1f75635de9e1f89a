"""What a code generator learns from: programs as sequences, some held out, and which of them a step takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from cotmill.backends.batches import batched
from cotmill.backends.extra import torch
from cotmill.backends.training import NO_LABEL
from cotmill.base.stage import CotmillError
from cotmill.compose.codegen.representation import Representation
from cotmill.compose.material import Material

__all__ = ["Corpus", "collate", "corpus", "plan"]

Tokens = tuple[int, ...]
HELD_OUT, MOST_HELD_OUT = 20, 100  # one of so many, at most so many: looking at them must stay cheap
SPREAD = 0.1  # of a length: how far sequences of one batch may differ, so that epochs differ


@dataclass(frozen=True, slots=True)
class Corpus:
    learned: tuple[Tokens, ...]
    held_out: tuple[Tokens, ...]
    left_out: dict[str, int]  # programs by why they are in neither
    digest: str  # of all sequences


def corpus(representation: Representation, materials: Iterable[Material], longest: int) -> Corpus:
    """Each sequence once. Which are held out follows from their content alone, so it is the same when the pool grows.

    Raises CotmillError where fewer than two are left.
    """
    left_out = {"no words for it": 0, "too long": 0, "same as another": 0}
    found: dict[bytes, Tokens] = {}
    for material in materials:
        tokens = representation.encode(material)
        if tokens is None or len(tokens) > longest:
            left_out["no words for it" if tokens is None else "too long"] += 1
            continue
        name = hashlib.sha256(np.asarray(tokens, np.int64).tobytes()).digest()
        left_out["same as another"] += name in found
        found[name] = tokens
    if len(found) < 2:
        raise CotmillError(
            f"a code generator needs at least two programs to learn from; found {len(found)} ({left_out}): "
            "give more seeds, or a larger compose.generator.augment or max_tokens"
        )
    names = sorted(found)
    held = min(MOST_HELD_OUT, max(1, len(names) // HELD_OUT))
    sequences = tuple(found[name] for name in names)
    return Corpus(sequences[held:], sequences[:held], left_out, hashlib.sha256(b"".join(names)).hexdigest())


def plan(lengths: Sequence[int], batches: int, budget: int, rng: Random) -> list[list[int]]:
    """So many batches, in any order; all sequences come once before any comes again."""
    made: list[list[int]] = []
    while len(made) < batches:
        epoch = batched([length * (1 + SPREAD * rng.random()) for length in lengths], lengths, budget)
        rng.shuffle(epoch)
        made += epoch
    return made[:batches]


def collate(sequences: Sequence[Tokens], pad: int) -> dict[str, Any]:
    """Filled up on the right, where causal attention never looks: no mask is needed."""
    longest = max(map(len, sequences))
    inputs = torch.tensor([[*tokens, *[pad] * (longest - len(tokens))] for tokens in sequences])
    ends = torch.tensor([len(tokens) for tokens in sequences])
    beyond = torch.arange(longest) >= ends[:, None]
    return {"input_ids": inputs, "labels": inputs.masked_fill(beyond, NO_LABEL)}
