"""Swaps of neighbours that bring a row of books into order.

The books of a row are sorted by their height. In each pass one goes from left to right and swaps two
neighbours whenever the left one is higher by more than the tolerance. Passes are made until one of them needs
no swap. Give the final "row" and the number of "swaps" in each pass, the last one included.
"""


def solution(heights, tolerance):
    row = list(heights)
    swaps_per_pass = []
    while True:
        swaps = 0
        for left in range(len(row) - 1):
            if row[left] - row[left + 1] > tolerance:
                row[left], row[left + 1] = row[left + 1], row[left]
                swaps += 1
        swaps_per_pass.append(swaps)
        if swaps == 0:
            break
    return {"row": row, "swaps": swaps_per_pass}


inputs = [
    {"heights": [24, 18, 30, 21], "tolerance": 0},
    {"heights": [35, 33, 20, 31, 19], "tolerance": 3},
    {"heights": [12, 16, 22, 15], "tolerance": 2},
]
