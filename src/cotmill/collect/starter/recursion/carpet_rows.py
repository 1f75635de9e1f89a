"""Rows of a carpet that is woven out of smaller copies of itself.

The carpet of level 0 is a single thread sign. The carpet of the next level has two copies of the carpet side
by side in its upper half; in its lower half stands one copy on the left and gap signs on the right. List the
rows.
"""


def solution(level, thread, gap):
    if level == 0:
        return [thread]
    smaller = solution(level - 1, thread, gap)
    upper = [row + row for row in smaller]
    lower = [row + gap * len(row) for row in smaller]
    return upper + lower


inputs = [
    {"level": 2, "thread": "#", "gap": "."},
    {"level": 1, "thread": "o", "gap": " "},
    {"level": 3, "thread": "x", "gap": "-"},
]
