"""The smallest rectangle that holds all marked fields of a map.

A map is a list of equally long lines. Cut out the smallest rectangle that contains every field with the mark,
widened on all sides by the margin but not beyond the map. Give its lines.
"""


def solution(area, mark, margin):
    marked_rows = [row for row, line in enumerate(area) if mark in line]
    marked_columns = [column for line in area for column, field in enumerate(line) if field == mark]
    top = max(0, min(marked_rows) - margin)
    bottom = min(len(area), max(marked_rows) + 1 + margin)
    left = max(0, min(marked_columns) - margin)
    right = max(marked_columns) + 1 + margin
    return [line[left:right] for line in area[top:bottom]]


inputs = [
    {"area": ["......", "..x...", "...x..", "......"], "mark": "x", "margin": 0},
    {"area": ["~~~~~", "~~o~~", "~~~~~", "~o~~~", "~~~~~"], "mark": "o", "margin": 1},
    {"area": ["a#bcd", "efghi", "jklm#"], "mark": "g", "margin": 1},
]
