"""Sums of the square rings of a table.

The outermost ring of a square table is its border, the next ring is the border of what lies inside, and so on
to the middle. Add up the numbers of each ring, weighted by the power of the factor that the ring has: the
border counts once, the next ring factor times, the next one factor times factor. Give the weighted sums from
the outside in.
"""


def solution(table, factor):
    size = len(table)
    sums = [0] * ((size + 1) // 2)
    for row in range(size):
        for column in range(size):
            ring = min(row, column, size - 1 - row, size - 1 - column)
            sums[ring] += table[row][column] * factor**ring
    return sums


inputs = [
    {"table": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "factor": 2},
    {"table": [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]], "factor": 1},
    {"table": [[6, 2, 1], [8, 4, 3], [5, 0, 2]], "factor": 3},
    {"table": [[0, 5, 1], [2, 7, 2], [4, 0, 3]], "factor": 10},
]
