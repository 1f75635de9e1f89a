"""Two sequences that define each other.

The red sequence begins with the red start and the blue one with the blue start, at place 0. At every later
place n, the red value is the red value before it plus the blue value before it, and the blue value is the
growth times the blue value before it minus the red value before it. Give the "red" and the "blue" value at
the given place.
"""

from functools import cache


def solution(place, red_start, blue_start, growth):
    @cache
    def red(n):
        return red_start if n == 0 else red(n - 1) + blue(n - 1)

    @cache
    def blue(n):
        return blue_start if n == 0 else growth * blue(n - 1) - red(n - 1)

    return {"red": red(place), "blue": blue(place)}


inputs = [
    {"place": 4, "red_start": 1, "blue_start": 2, "growth": 3},
    {"place": 6, "red_start": 5, "blue_start": 4, "growth": 2},
    {"place": 3, "red_start": 0, "blue_start": 7, "growth": 5},
]
