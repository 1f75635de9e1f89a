"""Outfits that avoid colours which do not go together.

An outfit is one shirt, one pair of trousers and one pair of shoes, each given by its colour. Outfits in which
two pieces have colours that clash are left out. List the others as texts like "blue-grey-black": shirts vary
slowest, shoes fastest.
"""

from itertools import combinations, product


def clashes_in(outfit, clashes):
    return any(sorted(pair) in clashes for pair in combinations(outfit, 2))


def solution(shirts, trousers, shoes, clashes):
    sorted_clashes = [sorted(pair) for pair in clashes]
    outfits = []
    for outfit in product(shirts, trousers, shoes):
        if not clashes_in(outfit, sorted_clashes):
            outfits.append("-".join(outfit))
    return outfits


inputs = [
    {
        "shirts": ["red", "white"],
        "trousers": ["grey", "green"],
        "shoes": ["black"],
        "clashes": [["red", "green"]],
    },
    {
        "shirts": ["blue", "pink"],
        "trousers": ["black"],
        "shoes": ["brown", "white"],
        "clashes": [["black", "brown"], ["pink", "white"]],
    },
    {
        "shirts": ["yellow"],
        "trousers": ["blue", "red"],
        "shoes": ["orange", "grey"],
        "clashes": [["orange", "yellow"], ["red", "grey"]],
    },
]
