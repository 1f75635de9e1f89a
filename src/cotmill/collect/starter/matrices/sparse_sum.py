"""Two tables with few entries added up.

A table is given as a list of entries [row, column, number]; all other places hold zero. Add the first table
and a multiple of the second one. Give the entries of the sum that are not zero, in reading order, or the text
"all zero".
"""

from collections import defaultdict


def solution(first, second, multiple):
    places = defaultdict(int)
    for row, column, number in first:
        places[row, column] += number
    for row, column, number in second:
        places[row, column] += multiple * number
    entries = []
    for (row, column), number in sorted(places.items()):
        if number != 0:
            entries.append([row, column, number])
    return entries or "all zero"


inputs = [
    {"first": [[0, 1, 5], [2, 2, -4]], "second": [[2, 2, 2], [1, 0, 3]], "multiple": 2},
    {"first": [[3, 3, 9], [0, 4, 1]], "second": [[3, 3, 3], [0, 4, 1], [5, 1, 7]], "multiple": -1},
    {"first": [[1, 1, 6], [0, 2, 9]], "second": [[1, 1, -2], [0, 2, -3]], "multiple": 3},
]
