"""Chance from identity: every random choice is a function of (run seed, stage, record id).

Order, workers, engine and resume can therefore not change what is chosen (promise 4 of the design).
"""

from __future__ import annotations

import hashlib
import random

__all__ = ["chance", "content_id"]


def chance(run_seed: int, stage: str, record_id: str) -> random.Random:
    """A random generator that depends on these three and on nothing else."""
    digest = hashlib.blake2b(f"{run_seed}\x1f{stage}\x1f{record_id}".encode(), digest_size=16).digest()
    return random.Random(int.from_bytes(digest, "big"))


def content_id(*parts: str) -> str:
    """16 hexadecimal digits that name this content (64 bits: one collision expected at about 4 billion records)."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
