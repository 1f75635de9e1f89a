"""A list sorted by splitting it around its first value.

The first value splits the rest into smaller values, equal values and larger values; the smaller and the
larger ones are sorted in the same way. A part with at most the given number of values is simply left as it
is. Give the resulting list.
"""


def solution(values, leave_size):
    if len(values) <= leave_size:
        return values
    pivot, *rest = values
    smaller = [value for value in rest if value < pivot]
    equal = [value for value in rest if value == pivot]
    larger = [value for value in rest if value > pivot]
    return [*solution(smaller, leave_size), pivot, *equal, *solution(larger, leave_size)]


inputs = [
    {"values": [6, 2, 9, 4, 8], "leave_size": 1},
    {"values": [5, 7, 3, 5, 1, 2, 9], "leave_size": 2},
    {"values": [14, 20, 11, 17, 12, 30, 25], "leave_size": 3},
]
