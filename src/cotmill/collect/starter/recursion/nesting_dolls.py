"""Wooden dolls that stand one inside the other.

Dolls of the given sizes are packed one after the other into the first one. A doll that goes into another must
be smaller than it by at least the wall, or it stays out. If there is no doll inside yet, or the doll inside
is smaller than the new one by at least the wall, the new doll goes between the two; otherwise it is tried on
the doll inside in the same way. Give the sizes of the set from outside in.
"""


class Doll:
    def __init__(self, size, inner=None):
        self.size = size
        self.inner = inner

    def add(self, size, wall):
        """Pack a doll somewhere inside this one, if it fits."""
        if self.size - size < wall:
            return
        if self.inner is None or size - self.inner.size >= wall:
            self.inner = Doll(size, self.inner)
        else:
            self.inner.add(size, wall)

    def sizes(self):
        deeper = self.inner.sizes() if self.inner else []
        return [self.size, *deeper]


def solution(sizes, wall):
    outermost = Doll(sizes[0])
    for size in sizes[1:]:
        outermost.add(size, wall)
    return outermost.sizes()


inputs = [
    {"sizes": [20, 12, 16, 5], "wall": 3},
    {"sizes": [30, 22, 21, 10, 14], "wall": 4},
    {"sizes": [15, 14, 9, 18, 6], "wall": 2},
]
