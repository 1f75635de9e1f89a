"""Comparisons made while sorting by merging.

A list is sorted by cutting it into a left and a right half (the left one is the shorter one if the length is
odd), sorting both and merging them; merging compares the first values of the halves until one is empty and
takes the smaller one, the left one if equal. Lists shorter than the given length are sorted without counted
comparisons. Give the "sorted" list and the number of "comparisons".
"""


def merge_sort(values, counting_from):
    if len(values) < max(2, counting_from):
        return sorted(values), 0
    middle = len(values) // 2
    left, left_count = merge_sort(values[:middle], counting_from)
    right, right_count = merge_sort(values[middle:], counting_from)
    merged = []
    comparisons = left_count + right_count
    while left and right:
        comparisons += 1
        merged.append(left.pop(0) if left[0] <= right[0] else right.pop(0))
    return merged + left + right, comparisons


def solution(values, counting_from):
    merged, comparisons = merge_sort(values, counting_from)
    return {"sorted": merged, "comparisons": comparisons}


inputs = [
    {"values": [8, 3, 5, 1], "counting_from": 2},
    {"values": [14, 9, 20, 11, 6], "counting_from": 3},
    {"values": [2, 4, 6, 7, 1, 9], "counting_from": 4},
]
