"""Sum of a nested list in which deeper numbers count more.

A list holds numbers and further lists of the same kind. A number in the outermost list counts once, a number
one level deeper counts factor times, one more level deeper factor times factor, and so on. What is the sum?
"""


def weighted_sum(items, weight, factor):
    total = 0
    for item in items:
        if isinstance(item, list):
            total += weighted_sum(item, weight * factor, factor)
        else:
            total += item * weight
    return total


def solution(nested, factor):
    return weighted_sum(nested, 1, factor)


inputs = [
    {"nested": [3, [4, 1], 5], "factor": 2},
    {"nested": [[6, [2]], 1, [7]], "factor": 3},
    {"nested": [8, [[5], 4], [[[1]]]], "factor": 10},
]
