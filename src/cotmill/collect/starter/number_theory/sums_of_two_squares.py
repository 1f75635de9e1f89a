"""All ways to write a number as a sum of two squares.

List all pairs of whole numbers, the smaller one first and neither below the smallest root, whose squares add
up to the total, in rising order of the first one. If there is no such pair, name the nearest larger total
that has one.
"""

from math import isqrt


def square_pairs(total, smallest_root):
    for small in range(smallest_root, isqrt(total // 2) + 1):
        large = isqrt(total - small * small)
        if small * small + large * large == total:
            yield [small, large]


def solution(total, smallest_root):
    pairs = list(square_pairs(total, smallest_root))
    if pairs:
        return pairs
    nearest = total + 1
    while not any(square_pairs(nearest, smallest_root)):
        nearest += 1
    return nearest


inputs = [
    {"total": 325, "smallest_root": 0},
    {"total": 200, "smallest_root": 3},
    {"total": 36, "smallest_root": 1},
    {"total": 625, "smallest_root": 1},
]
