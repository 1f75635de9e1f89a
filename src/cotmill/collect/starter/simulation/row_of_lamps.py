"""A row of lamps that changes by a fixed rule.

In each step all lamps change together: a lamp is on in the next step exactly if the number of lit lamps among
itself and its two neighbours stands in the list of lucky counts. Beyond the ends of the row all is dark. A
lit lamp is written with the lit sign, all others with a dot. List the row after every step.
"""


def solution(lamps, lucky_counts, lit_sign, steps):
    history = []
    row = [sign == lit_sign for sign in lamps]
    for _ in range(steps):
        padded = [False, *row, False]
        row = [sum(padded[place : place + 3]) in lucky_counts for place in range(len(row))]
        history.append("".join(lit_sign if lit else "." for lit in row))
    return history


inputs = [
    {"lamps": "..#..", "lucky_counts": [1], "lit_sign": "#", "steps": 2},
    {"lamps": "xx.x.", "lucky_counts": [0, 2], "lit_sign": "x", "steps": 4},
    {"lamps": "oo..oo", "lucky_counts": [1, 3], "lit_sign": "o", "steps": 2},
]
