"""Creases of a strip of paper that was folded in half several times.

A strip is folded in half the given number of times, always in the same direction, and opened again. Each new
fold puts one middle crease, the valley sign, between the creases before it and the same creases in reverse
with both signs exchanged. Write the creases from left to right.
"""


def solution(folds, valley, mountain):
    if folds == 0:
        return ""
    left = solution(folds - 1, valley, mountain)
    right = ""
    for crease in reversed(left):
        right += mountain if crease == valley else valley
    return left + valley + right


inputs = [
    {"folds": 2, "valley": "V", "mountain": "^"},
    {"folds": 3, "valley": "v", "mountain": "m"},
    {"folds": 4, "valley": "-", "mountain": "+"},
]
