"""A walk through a grid of arrows.

A walker starts in the given row and column, counted from 0, and on every field moves on as its arrow tells: ^
up, v down, < left, > right. The walk ends when it leaves the grid or comes to a field that it has visited.
Give the number of fields visited and whether the walk went "out" or in a "loop".
"""


def solution(arrows, start_row, start_column):
    moves = {"^": (-1, 0), "v": (1, 0), "<": (0, -1), ">": (0, 1)}
    row, column = start_row, start_column
    visited = set()
    while 0 <= row < len(arrows) and 0 <= column < len(arrows[0]):
        if (row, column) in visited:
            return [len(visited), "loop"]
        visited.add((row, column))
        row_step, column_step = moves[arrows[row][column]]
        row += row_step
        column += column_step
    return [len(visited), "out"]


inputs = [
    {"arrows": [">>v", "^<v", ">>v"], "start_row": 0, "start_column": 0},
    {"arrows": [">v", "^<"], "start_row": 1, "start_column": 1},
    {"arrows": ["v<<", ">>^"], "start_row": 0, "start_column": 2},
    {"arrows": ["v>v", "v<v", ">^<"], "start_row": 0, "start_column": 1},
]
