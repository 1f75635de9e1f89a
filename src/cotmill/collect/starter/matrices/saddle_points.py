"""Places that are lowest in their row and highest in their column.

On a map of heights find every place whose height is not above any other height in its row and not below any
other in its column, and is at least the given height. List row, column and height, rows and columns counted
from 1, or give the text "none".
"""


def solution(heights, least_height):
    column_highest = [max(column) for column in zip(*heights)]
    found = []
    for row_number, row in enumerate(heights, start=1):
        row_lowest = min(row)
        for column_number, height in enumerate(row, start=1):
            is_saddle = height == row_lowest and height == column_highest[column_number - 1]
            if is_saddle and height >= least_height:
                found.append([row_number, column_number, height])
    return found or "none"


inputs = [
    {"heights": [[9, 8, 7], [5, 3, 2], [6, 6, 7]], "least_height": 5},
    {"heights": [[4, 5, 4], [3, 6, 2]], "least_height": 3},
    {"heights": [[12, 18], [11, 15], [9, 30]], "least_height": 13},
    {"heights": [[30, 40], [20, 10]], "least_height": 25},
]
