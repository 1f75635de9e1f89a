"""Ways to write a number as a sum of different parts.

Write the total as a sum of different whole numbers, the largest part first, none above the largest allowed
and none below the smallest allowed. List all sums as texts like "5+2+1", those with the larger first part
first. If there is none, the answer is the text "no sum".
"""


def partitions(total, largest, smallest):
    if total == 0:
        return [[]]
    found = []
    for part in range(min(total, largest), smallest - 1, -1):
        for rest in partitions(total - part, part - 1, smallest):
            found.append([part, *rest])
    return found


def solution(total, largest, smallest):
    sums = ["+".join(map(str, parts)) for parts in partitions(total, largest, smallest)]
    return sums or "no sum"


inputs = [
    {"total": 8, "largest": 5, "smallest": 1},
    {"total": 9, "largest": 7, "smallest": 2},
    {"total": 10, "largest": 6, "smallest": 5},
    {"total": 12, "largest": 9, "smallest": 3},
]
