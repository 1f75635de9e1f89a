"""A number in a triangle that is built from the two numbers above it.

The top of the triangle, row 0, is the given number, and every number at an edge equals the one above it.
Every other number is the sum of the two numbers above it (to its left and to its right) plus the bonus. Find
the number at the given row and place, places counted from 0, and how many numbers inside the triangle had to
be worked out for it, itself included.
"""


def solution(row, place, top, bonus):
    known = {}

    def number(level, position):
        if position in (0, level):
            return top
        if (level, position) not in known:
            above = number(level - 1, position - 1) + number(level - 1, position)
            known[level, position] = above + bonus
        return known[level, position]

    return [number(row, place), len(known)]


inputs = [
    {"row": 4, "place": 2, "top": 1, "bonus": 1},
    {"row": 5, "place": 1, "top": 3, "bonus": 2},
    {"row": 5, "place": 3, "top": 2, "bonus": -1},
]
