"""The first fault that keeps a number square from being magic.

In a magic square all rows, then all columns, then both diagonals have the same sum, the target. Check them in
this order and name the first line that is wrong with its sum, as "row 2: 14", "column 1: 9" or "diagonal 2:
11", or give the text "magic". The first diagonal begins in the upper left corner.
"""


class WrongSumError(Exception):
    pass


def check(name, lines, target):
    for number, line in enumerate(lines, start=1):
        if sum(line) != target:
            raise WrongSumError(f"{name} {number}: {sum(line)}")


def solution(square, target):
    falling = [row[place] for place, row in enumerate(square)]
    rising = [row[-1 - place] for place, row in enumerate(square)]
    try:
        check("row", square, target)
        check("column", zip(*square), target)
        check("diagonal", [falling, rising], target)
    except WrongSumError as fault:
        return str(fault)
    return "magic"


inputs = [
    {"square": [[2, 7, 6], [9, 5, 1], [4, 3, 8]], "target": 15},
    {"square": [[8, 3, 4], [1, 5, 9], [6, 2, 7]], "target": 15},
    {"square": [[10, 20], [20, 10]], "target": 30},
    {"square": [[5, 4, 9], [8, 6, 4], [5, 8, 5]], "target": 18},
]
