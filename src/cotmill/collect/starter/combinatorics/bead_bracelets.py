"""Number of different bracelets made of coloured beads.

A bracelet is a closed ring with the given number of beads, each in one of the colours, given as letters. Two
bracelets are the same if one can be turned so that it looks like the other; they cannot be flipped over. A
colour that is named as required must be in the bracelet. How many different bracelets are there?
"""

from itertools import product


def smallest_turn(beads):
    return min(beads[start:] + beads[:start] for start in range(len(beads)))


def solution(length, colours, required):
    bracelets = set()
    for choice in product(colours, repeat=length):
        beads = "".join(choice)
        if required in beads:
            bracelets.add(smallest_turn(beads))
    return len(bracelets)


inputs = [
    {"length": 3, "colours": "rg", "required": "r"},
    {"length": 4, "colours": "bw", "required": "w"},
    {"length": 2, "colours": "wxyz", "required": "z"},
]
