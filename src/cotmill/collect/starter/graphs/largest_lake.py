"""The largest lake on a map.

On a map of equally long lines, fields of water belong to one lake if they touch at a side. Lakes that reach
the border of the map are sea and do not count. Give the number of fields of the "largest" lake and the number
of "lakes"; both are 0 without any.
"""


def flood(area, start, water):
    stack = [start]
    lake = {start}
    while stack:
        row, column = stack.pop()
        for field in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]:
            near_row, near_column = field
            inside = 0 <= near_row < len(area) and 0 <= near_column < len(area[0])
            if inside and field not in lake and area[near_row][near_column] == water:
                lake.add(field)
                stack.append(field)
    return lake


def solution(area, water):
    sizes = []
    visited = set()
    for row in range(1, len(area) - 1):
        for column in range(1, len(area[0]) - 1):
            if area[row][column] != water or (row, column) in visited:
                continue
            lake = flood(area, (row, column), water)
            visited |= lake
            if all(0 < y < len(area) - 1 and 0 < x < len(area[0]) - 1 for y, x in lake):
                sizes.append(len(lake))
    return {"largest": max(sizes, default=0), "lakes": len(sizes)}


inputs = [
    {"area": ["......", ".~..~.", ".~..~~", "......"], "water": "~"},
    {"area": ["#####", "#o#o#", "#oo##", "#####"], "water": "o"},
    {"area": ["xxxxx", "xw xx", "xxxwx", "xxxxx"], "water": "w"},
]
