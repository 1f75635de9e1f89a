"""Heights of the marks on a ruler that is halved again and again.

The middle of the ruler gets a mark of the given height. The two halves are marked in the same way with marks
that are lower by the given step, and so on while the height is at least the lowest one. List the heights from
left to right.
"""


def marks(height, step, lowest):
    if height < lowest:
        return
    yield from marks(height - step, step, lowest)
    yield height
    yield from marks(height - step, step, lowest)


def solution(highest, step, lowest):
    return list(marks(highest, step, lowest))


inputs = [
    {"highest": 3, "step": 1, "lowest": 1},
    {"highest": 20, "step": 6, "lowest": 8},
    {"highest": 9, "step": 2, "lowest": 6},
]
