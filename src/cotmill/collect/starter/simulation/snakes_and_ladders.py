"""A board game with ladders up and slides down.

A counter starts in front of field 1 and moves on by each throw of the die in turn. If it stops at the foot of
a ladder or the top of a slide, it goes to the other end at once. A throw that would lead beyond the last
field is not moved. The game ends on the last field. Jumps are given from the field, as a text, to the field
where they end. List all fields stopped at.
"""


def solution(last_field, jumps, throws):
    field = 0
    visited = []
    for throw in throws:
        if field + throw > last_field:
            continue
        field += throw
        visited.append(field)
        while str(field) in jumps:
            field = jumps[str(field)]
            visited.append(field)
        if field == last_field:
            break
    return visited


inputs = [
    {"last_field": 20, "jumps": {"4": 13, "16": 6}, "throws": [4, 3, 5, 6, 3]},
    {"last_field": 15, "jumps": {"3": 8, "8": 11, "14": 1}, "throws": [3, 3, 6, 2, 5, 4]},
    {"last_field": 12, "jumps": {"5": 9, "10": 2}, "throws": [5, 6, 3, 1, 1]},
]
