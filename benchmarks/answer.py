"""Pairs per second of the answer comparison, against math-verify on the same pairs in the same run.

    python benchmarks/answer.py [--pairs 40000] [--json]

Plain pairs are what programs return and students answer: integers, floats, short texts, small lists; half of them are
equal. math-verify is given 400 of the same pairs, each as `verify(parse(gold), parse(prediction))`, in this process.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable

from cotmill.prove.answer import equal

PEER_PAIRS = 400
WORDS = ["apple", "river", "seven", "north", "green", "paper", "stone", "light", "wheel", "cloud"]


def plain_pairs(count: int) -> list[tuple[str, str]]:
    """(prediction, gold) as text, the same for every call."""
    rng = random.Random(7)
    kinds: list[Callable[[], object]] = [
        lambda: rng.randint(-(10**9), 10**9),
        lambda: round(rng.uniform(-1000, 1000), rng.randint(1, 12)),
        lambda: " ".join(rng.sample(WORDS, rng.randint(1, 3))),
        lambda: [rng.randint(0, 99) for _ in range(rng.randint(2, 6))],
    ]
    pairs = []
    for index in range(count):
        gold = kinds[index % len(kinds)]()
        other = kinds[index % len(kinds)]() if index // len(kinds) % 2 else gold
        pairs.append((_written(other, index), gold if isinstance(gold, str) else json.dumps(gold)))
    return pairs


def _written(value: object, index: int) -> str:
    """The same value in another spelling, so that a comparison of texts would not do."""
    if isinstance(value, int):
        return f"{value}.0" if index % 3 else str(value)
    if isinstance(value, float):
        return f"{value!r}0"
    return value.title() if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def pairs_per_second(pairs: list[tuple[str, str]], compare: Callable[[str, str], bool]) -> tuple[float, int]:
    """(pairs per second of CPU time, how many were equal)"""
    start = time.process_time()
    found = sum(compare(prediction, gold) for prediction, gold in pairs)
    return len(pairs) / (time.process_time() - start), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=40_000)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    pairs = plain_pairs(options.pairs)
    ours, equal_ours = pairs_per_second(pairs, equal)

    from math_verify import parse, verify  # noqa: PLC0415  (the peer is loaded after our own measurement)

    peer, equal_peer = pairs_per_second(pairs[:PEER_PAIRS], lambda a, b: bool(verify(parse(b), parse(a))))
    result = {
        "pairs": len(pairs),
        "pairs_per_second": round(ours),
        "equal_share": round(equal_ours / len(pairs), 3),
        "math_verify_pairs_per_second": round(peer),
        "math_verify_equal_share": round(equal_peer / PEER_PAIRS, 3),
        "ratio": round(ours / peer, 1),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{name:30} {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()
