"""Sets of weights that balance a parcel.

Which sets of the given different weights, each used at most once, add up to exactly the weight of the parcel
with at most the given number of pieces? List them, fewest pieces first, each set in the order of the given
list. If there is none, give the text "cannot be weighed".
"""

from itertools import combinations


def solution(weights, parcel, most_pieces):
    found = []
    for pieces in range(1, most_pieces + 1):
        for chosen in combinations(weights, pieces):
            if sum(chosen) == parcel:
                found.append(list(chosen))
    return found or "cannot be weighed"


inputs = [
    {"weights": [1, 2, 4, 5, 7], "parcel": 9, "most_pieces": 3},
    {"weights": [10, 20, 25, 35], "parcel": 55, "most_pieces": 3},
    {"weights": [3, 6, 8, 12], "parcel": 17, "most_pieces": 2},
    {"weights": [50, 15, 30, 65, 35], "parcel": 80, "most_pieces": 2},
]
