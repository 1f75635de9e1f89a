"""Near twins among texts, found exactly: all pairs of a few texts and many whose shingles agree to four fifths.

Similarity is the Jaccard coefficient of word trigrams, each weighed by how rare it is (so that what all texts of a data
set share makes no two of them alike) and counted as often as it occurs. No pair is missed: two sets whose weighted
Jaccard coefficient is at least t share an element of their prefixes (Bayardo, Ma, Srikant: Scaling up all pairs
similarity search, 2007), that is of the rarest elements without which less than t of a set's weight is left.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

__all__ = ["SAME", "Twins", "shingles"]

SAME = 0.8  # from this similarity on two texts are near twins
WORDS = 3  # of a shingle
FRESH = 10  # texts imagined that share nothing: without them what both of two texts hold would count nothing

Words = tuple[str, ...]
Shingle = tuple[str, int]  # the words, and how often they occurred before
_EPSILON = 1e-9  # sums of weights in another order differ by less


class Twins:
    """Weights of shingles, from all texts of a data set. Texts of one key count once: they are one thing said often."""

    def __init__(self, texts: Iterable[tuple[str, Words]]) -> None:
        """`texts` come as (key, words), those of one key one after the other."""
        self._texts = 0
        self._holding: Counter[Shingle] = Counter()
        held: set[Shingle] = set()
        last: str | None = None
        for key, words in texts:
            if key != last:
                self._holding.update(held)
                held, last = set(), key
                self._texts += 1
            held.update(shingles(words))
        self._holding.update(held)

    def weight(self, shingle: Shingle) -> float:
        return math.log((self._texts + FRESH) / self._holding[shingle])

    def similarity(self, one: Words, other: Words) -> float:
        """0 to 1; 1 for equal texts."""
        ours, theirs = set(shingles(one)), set(shingles(other))
        shared = math.fsum(map(self.weight, ours & theirs))
        either = math.fsum(map(self.weight, ours | theirs))
        return shared / either if either else float(one == other)

    def finder(self, few: Iterable[Words]) -> Callable[[Words], Words | None]:
        """Text -> one of the few that is its near twin, the first by that order; None where there is none."""
        texts = list(few)
        sets = [self._weighed(words) for words in texts]
        index: dict[Shingle, list[int]] = {}
        for number, (weights, total) in enumerate(sets):
            for shingle in _prefix(weights, total):
                index.setdefault(shingle, []).append(number)

        def find(words: Words) -> Words | None:
            weights, total = self._weighed(words)
            near = {number for shingle in _prefix(weights, total) for number in index.get(shingle, ())}
            for number in sorted(near):
                theirs, other = sets[number]
                if min(total, other) < SAME * max(total, other) - _EPSILON:
                    continue
                shared = math.fsum(weight for shingle, weight in weights.items() if shingle in theirs)
                if shared >= SAME * (total + other - shared) - _EPSILON:
                    return texts[number]
            return None

        return find

    def _weighed(self, words: Words) -> tuple[dict[Shingle, float], float]:
        weights = {shingle: self.weight(shingle) for shingle in shingles(words)}
        return weights, math.fsum(weights.values())


def shingles(words: Words) -> Iterator[Shingle]:
    """Every three words in a row, numbered where they repeat; a shorter text is one shingle."""
    seen: Counter[str] = Counter()
    for start in range(max(1, len(words) - WORDS + 1)):
        shingle = " ".join(words[start : start + WORDS])
        yield shingle, seen[shingle]
        seen[shingle] += 1


def _prefix(weights: dict[Shingle, float], total: float) -> Iterator[Shingle]:
    """The heaviest shingles, until what is left weighs less than `SAME` of all. Any total order of shingles will do."""
    left = total
    for shingle in sorted(weights, key=lambda shingle: (-weights[shingle], shingle)):
        if left < SAME * total - _EPSILON:
            return
        yield shingle
        left -= weights[shingle]
