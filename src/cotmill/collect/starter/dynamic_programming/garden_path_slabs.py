"""Number of ways to pave a garden path with short and long slabs.

A path is paved with slabs of length one and with long slabs of the given length. Long slabs come in several
colours, short ones only in grey, and two long slabs must not lie directly side by side. In how many different
ways can the path be paved?
"""


def solution(path_length, long_slab, colours):
    ends_short = [1]
    ends_long = [0]
    for length in range(1, path_length + 1):
        after_short = ends_short[length - 1] + ends_long[length - 1]
        after_long = 0
        if length >= long_slab:
            after_long = colours * ends_short[length - long_slab]
        ends_short.append(after_short)
        ends_long.append(after_long)
    return ends_short[-1] + ends_long[-1]


inputs = [
    {"path_length": 5, "long_slab": 2, "colours": 1},
    {"path_length": 7, "long_slab": 3, "colours": 2},
    {"path_length": 10, "long_slab": 4, "colours": 3},
]
