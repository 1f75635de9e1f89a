"""Determinant of a square table of numbers, with a scaled diagonal.

First multiply the numbers on the main diagonal by the scale. Then find the determinant by expanding along the
first row: each number times the determinant of the table without its row and column, with alternating signs.
"""


def determinant(table):
    if len(table) == 1:
        return table[0][0]
    total = 0
    for column, number in enumerate(table[0]):
        smaller = [row[:column] + row[column + 1 :] for row in table[1:]]
        total += (-1) ** column * number * determinant(smaller)
    return total


def solution(table, scale):
    scaled = [list(row) for row in table]
    for place in range(len(scaled)):
        scaled[place][place] *= scale
    return determinant(scaled)


inputs = [
    {"table": [[2, 1], [5, 3]], "scale": 1},
    {"table": [[1, 2, 0], [3, 1, 4], [2, 0, 1]], "scale": 2},
    {"table": [[4, 7], [2, 6]], "scale": 3},
    {"table": [[2, 0, 5], [1, 3, 1], [0, 4, 2]], "scale": 1},
]
