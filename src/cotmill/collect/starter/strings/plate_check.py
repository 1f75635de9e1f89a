"""Number plates checked against the rules of a town.

A plate is the town's letters, a hyphen, one or two capital letters, a space and at most the given number of
digits that do not begin with 0. For each plate report "ok", "wrong town", or "wrong form" if the rest is not
right.
"""

import re


def check(plate, town, most_digits):
    prefix, _, rest = plate.partition("-")
    if prefix != town:
        return "wrong town"
    match = re.fullmatch(r"[A-Z]{1,2} ([1-9][0-9]*)", rest)
    if match is None or len(match.group(1)) > most_digits:
        return "wrong form"
    return "ok"


def solution(plates, town, most_digits):
    return [check(plate, town, most_digits) for plate in plates]


inputs = [
    {"plates": ["KN-AB 123", "KN-A 0123", "HH-X 7"], "town": "KN", "most_digits": 4},
    {"plates": ["B-ZZ 12345", "B-Q 4", "B-abc 4", "B-XY 1234"], "town": "B", "most_digits": 4},
    {"plates": ["TV-L 88", "TU-L 88", "TU-LL 888"], "town": "TU", "most_digits": 2},
]
