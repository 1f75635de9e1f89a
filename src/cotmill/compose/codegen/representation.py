"""What a code generator reads and writes: programs as numbers of tokens. Two kinds stand behind this one interface.

skeletons.py   for small models from scratch: names and literals left open, a grammar says which token may follow
texts.py       for checkpoints that others trained: the program as text, with the tokenizer of the checkpoint
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cotmill.compose.material import Candidate, Material

__all__ = ["OPERATOR", "Guide", "Representation"]

OPERATOR = "codegen"  # what stands in the lineage of a program that a code generator wrote


class Guide(Protocol):
    """Follows a batch of sequences as they are written and says which token may come next."""

    def allowed(self, last: Sequence[int]) -> NDArray[np.bool_]:
        """`last`: the newest token of each sequence, the first time `bos`. Gives (sequences, size), a True in each row.

        A sequence that has ended may only go on with `pad`.
        """


class Representation(Protocol):
    """Programs <-> sequences of token numbers."""

    @property
    def size(self) -> int:
        """Tokens there are; every number is below it."""

    @property
    def bos(self) -> int: ...

    @property
    def eos(self) -> int: ...

    @property
    def pad(self) -> int: ...

    def encode(self, material: Material) -> tuple[int, ...] | None:
        """What a model should write for this program, from `bos` to `eos`; None where it has no words for it."""

    def decode(self, tokens: Sequence[int], rng: Random) -> Candidate | str:
        """The program between `bos` and `eos`; a str says why there is none. Never raises for bad tokens."""

    def guide(self, sequences: int, limit: int) -> Guide | None:
        """For sequences of at most `limit` tokens; None: any token may come at any place."""

    def save(self, folder: Path) -> None:
        """Write what is needed to read it again, beside the model's own files."""
