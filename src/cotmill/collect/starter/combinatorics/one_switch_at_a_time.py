"""All positions of a row of switches, changing one switch at a time.

A row of switches shows one of two signs at each place, at first the resting sign everywhere. List all
positions of the row in the reflected order: first all positions of the shorter row with the resting sign in
front, then the same positions backwards with the active sign in front.
"""


def solution(switches, resting, active):
    if switches == 0:
        return [""]
    shorter = solution(switches - 1, resting, active)
    with_resting = [resting + row for row in shorter]
    with_active = [active + row for row in reversed(shorter)]
    return with_resting + with_active


inputs = [
    {"switches": 3, "resting": "0", "active": "1"},
    {"switches": 2, "resting": "-", "active": "x"},
    {"switches": 4, "resting": ".", "active": "#"},
]
