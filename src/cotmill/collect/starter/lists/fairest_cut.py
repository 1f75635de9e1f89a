"""The place to cut a row of stones so that both parts weigh about the same.

A row of stones is cut at one place into a left and a right part, both with at least the given number of
stones. At which place do the weights of the two parts differ least? Give the number of stones in the left
part (the smallest, if several places are equally good) and the difference.
"""

from itertools import accumulate


def solution(weights, fewest_stones):
    total = sum(weights)
    best_cut = 0
    best_difference = total + 1
    for stones, left_weight in enumerate(accumulate(weights), start=1):
        if stones < fewest_stones or len(weights) - stones < fewest_stones:
            continue
        difference = abs(total - 2 * left_weight)
        if difference < best_difference:
            best_cut, best_difference = stones, difference
    return [best_cut, best_difference]


inputs = [
    {"weights": [5, 1, 4, 2, 8], "fewest_stones": 1},
    {"weights": [20, 3, 6, 7, 2, 4], "fewest_stones": 2},
    {"weights": [9, 9, 1, 1, 30, 2], "fewest_stones": 3},
]
