"""A system of linear equations solved without rounding.

Each row of the table holds the factors of the unknowns, and the list of results holds the right-hand sides.
Clear the columns one by one with exact fractions; the system has exactly one solution. Give the unknowns as
texts, such as "3/4".
"""

from fractions import Fraction


def solution(factors, results):
    size = len(factors)
    rows = [[Fraction(number) for number in [*row, result]] for row, result in zip(factors, results)]
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column] != 0)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [number / lead for number in rows[column]]
        for row in range(size):
            if row != column:
                share = rows[row][column]
                rows[row] = [number - share * top for number, top in zip(rows[row], rows[column])]
    return [str(row[-1]) for row in rows]


inputs = [
    {"factors": [[2, 1], [1, 3]], "results": [5, 10]},
    {"factors": [[4, -2], [3, 5]], "results": [7, 1]},
    {"factors": [[0, 3], [2, 4]], "results": [6, 9]},
]
