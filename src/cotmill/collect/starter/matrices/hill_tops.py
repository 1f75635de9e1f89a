"""Fields of a map that are higher than all their neighbours.

A field is a top if it is higher than each of the fields above, below, left and right of it that exist, by at
least the given drop. List the tops as [row, column], both counted from 0, in reading order, or give the text
"flat".
"""


def neighbours(grid, row, column):
    for row_step, column_step in [(-1, 0), (1, 0), (0, -1), (0, 1)]:
        near_row, near_column = row + row_step, column + column_step
        if 0 <= near_row < len(grid) and 0 <= near_column < len(grid[0]):
            yield grid[near_row][near_column]


def solution(heights, drop):
    tops = []
    for row, line in enumerate(heights):
        for column, height in enumerate(line):
            highest_near = max(neighbours(heights, row, column))
            if height - highest_near >= drop:
                tops.append([row, column])
    return tops or "flat"


inputs = [
    {"heights": [[1, 5, 2], [4, 2, 7]], "drop": 1},
    {"heights": [[8, 3], [2, 9], [6, 4]], "drop": 3},
    {"heights": [[10, 12, 11, 15]], "drop": 2},
    {"heights": [[6, 6], [5, 4]], "drop": 1},
]
