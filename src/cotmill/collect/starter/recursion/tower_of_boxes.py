"""Moves that carry a stack of boxes to another table.

Boxes of different sizes lie on the first table, the largest at the bottom. One box is moved at a time, from
the top of a pile to the top of another, never onto a smaller box. List the fewest moves that bring all boxes
to the last table, as texts like "A to C"; the spare table may be used in between.
"""


def solution(boxes, first, spare, last):
    if boxes == 0:
        return []
    free_largest = solution(boxes - 1, first, last, spare)
    move_largest = [f"{first} to {last}"]
    cover_largest = solution(boxes - 1, spare, first, last)
    return free_largest + move_largest + cover_largest


inputs = [
    {"boxes": 2, "first": "A", "spare": "B", "last": "C"},
    {"boxes": 3, "first": "left", "spare": "middle", "last": "right"},
    {"boxes": 1, "first": "oak", "spare": "pine", "last": "ash"},
]
