"""Ways to hand out gifts so that a given number of guests get their own back.

Every guest has brought one gift, and the gifts are dealt out again, one to each guest. In how many ways do
exactly the given number of guests receive the gift that they brought themselves?
"""

from math import comb


def nobody_gets_own(guests):
    """Number of ways without any own gift, by D(n) = (n - 1) (D(n - 1) + D(n - 2))."""
    before, current = 1, 0
    if guests == 0:
        return before
    for size in range(2, guests + 1):
        before, current = current, (size - 1) * (before + current)
    return current


def solution(guests, own_back):
    choices = comb(guests, own_back)
    others = nobody_gets_own(guests - own_back)
    return choices * others


inputs = [
    {"guests": 5, "own_back": 2},
    {"guests": 7, "own_back": 0},
    {"guests": 6, "own_back": 3},
    {"guests": 4, "own_back": 4},
]
