"""Sequences that go through a model together."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["batched"]


def batched(keys: Sequence[float], lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indices in the order of their keys, in batches of at most `budget` tokens with padding, but of one at least.

    With lengths for keys, padding, which costs as much as text, is least.
    """
    made: list[list[int]] = []
    longest = 0
    for index in sorted(range(len(keys)), key=keys.__getitem__):
        longest = max(longest, lengths[index])
        if not made or longest * (len(made[-1]) + 1) > budget:
            made.append([])
            longest = lengths[index]
        made[-1].append(index)
    return made
