"""Posts and wire for a fence around a rectangular garden with a gate.

Posts stand at the same spacing all around the garden, also at the corners, so both sides must be multiples of
the spacing; where one is not, the answer is the text "spacing does not fit" followed by that side. Wire is
drawn around the garden the given number of times, except across the gate, which takes up one spacing. Give
the number of "posts" and the length of the "wire".
"""


def gaps(side, spacing):
    if side % spacing:
        raise ValueError(f"spacing does not fit {side}")
    return side // spacing


def solution(length, width, spacing, wires):
    try:
        posts = 2 * (gaps(length, spacing) + gaps(width, spacing))
    except ValueError as problem:
        return str(problem)
    perimeter = 2 * (length + width)
    wire = wires * (perimeter - spacing)
    return {"posts": posts, "wire": wire}


inputs = [
    {"length": 24, "width": 15, "spacing": 3, "wires": 4},
    {"length": 40, "width": 28, "spacing": 4, "wires": 3},
    {"length": 30, "width": 22, "spacing": 5, "wires": 3},
    {"length": 36, "width": 18, "spacing": 6, "wires": 5},
]
