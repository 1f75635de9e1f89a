"""Length of the loop in a chain of divisions and additions.

Start with a number. If the divisor divides it, divide; otherwise add the step. Go on until a value comes up
that was there before. Give the number of values before the loop begins and the number of values in the loop.
"""


def solution(start, divisor, step):
    first_seen = {}
    value = start
    position = 0
    while value not in first_seen:
        first_seen[value] = position
        position += 1
        if value % divisor == 0:
            value //= divisor
        else:
            value += step
    before_loop = first_seen[value]
    return [before_loop, position - before_loop]


inputs = [
    {"start": 20, "divisor": 2, "step": 7},
    {"start": 50, "divisor": 3, "step": 4},
    {"start": 33, "divisor": 4, "step": 5},
    {"start": 17, "divisor": 5, "step": 3},
]
