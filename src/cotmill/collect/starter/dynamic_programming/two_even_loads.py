"""Loads for two boats that are as even as possible.

All boxes are put on two boats; the first boat already carries its own cargo. Find the smallest possible
"difference" between the loads of the two boats and the weight of the "boxes on first boat" (the smaller one,
if two weights are equally good).
"""


def solution(box_weights, own_cargo):
    reachable = {0}
    for weight in box_weights:
        reachable |= {load + weight for load in reachable}
    total = sum(box_weights)
    best_load = None
    best_difference = None
    for load in sorted(reachable):
        difference = abs(own_cargo + load - (total - load))
        if best_difference is None or difference < best_difference:
            best_load, best_difference = load, difference
    return {"difference": best_difference, "boxes on first boat": best_load}


inputs = [
    {"box_weights": [7, 5, 4], "own_cargo": 2},
    {"box_weights": [12, 9, 14, 6], "own_cargo": 5},
    {"box_weights": [20, 8, 3], "own_cargo": 10},
]
