"""Smallest count that leaves the right remainders.

A shepherd counts the sheep in groups of several sizes and notes how many are left over each time. The group
sizes share no divisor. Find the smallest number of sheep, at least the given minimum, that fits all notes.
"""


def solution(group_sizes, left_over, minimum):
    count = 0
    stride = 1
    for size, rest in zip(group_sizes, left_over):
        while count % size != rest:
            count += stride
        stride *= size
    while count < minimum:
        count += stride
    return count


inputs = [
    {"group_sizes": [3, 5, 7], "left_over": [2, 3, 2], "minimum": 100},
    {"group_sizes": [4, 9], "left_over": [3, 5], "minimum": 20},
    {"group_sizes": [5, 8, 11], "left_over": [1, 6, 4], "minimum": 450},
]
