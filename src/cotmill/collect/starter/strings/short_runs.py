"""A text in which long runs of equal signs are written as a count.

A run of equal signs that is at least as long as the given length is replaced by its length in brackets and
the sign, for example "[5]a". Shorter runs stay as they are.
"""

from itertools import groupby


def solution(text, shortest_run):
    parts = []
    for sign, run in groupby(text):
        length = len(list(run))
        if length >= shortest_run:
            parts.append(f"[{length}]{sign}")
        else:
            parts.append(sign * length)
    return "".join(parts)


inputs = [
    {"text": "aaaaabbc", "shortest_run": 3},
    {"text": "wwwwdddd--", "shortest_run": 4},
    {"text": "ooh! yessss...", "shortest_run": 2},
    {"text": "hmmmm, brr", "shortest_run": 3},
]
