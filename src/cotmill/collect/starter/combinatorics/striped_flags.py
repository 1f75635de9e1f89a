"""Number of striped flags in which neighbouring stripes differ.

A flag has the given number of stripes, each in one of the colours. Stripes next to each other must have
different colours, and the favourite colour may be used at most the given number of times. How many flags are
there?
"""

from functools import cache


def solution(stripes, colours, favourite, most_favourite):
    @cache
    def count(left, previous, favourites_left):
        if left == 0:
            return 1
        total = 0
        for colour in colours:
            if colour == previous:
                continue
            if colour != favourite:
                total += count(left - 1, colour, favourites_left)
            elif favourites_left > 0:
                total += count(left - 1, colour, favourites_left - 1)
        return total

    return count(stripes, "", most_favourite)


inputs = [
    {"stripes": 3, "colours": ["red", "white", "blue"], "favourite": "red", "most_favourite": 1},
    {"stripes": 3, "colours": ["green", "gold"], "favourite": "gold", "most_favourite": 1},
    {"stripes": 2, "colours": ["black", "white", "teal", "grey"], "favourite": "teal", "most_favourite": 0},
]
