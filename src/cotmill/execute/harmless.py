"""Which programs may share a process with others: none yet."""

from __future__ import annotations

__all__ = ["is_harmless"]


def is_harmless(code: str) -> bool:
    """Whether a program provably leaves nothing behind in its process."""
    return not code
