"""The heaviest parcels that arrive, kept up to date.

Parcels arrive one after the other, and a shelf holds only the given number of them. When a parcel arrives at
the full shelf, the lightest of all, the new one included, is sent on. Give the weights on the "shelf" in the
end, heaviest first, and the weights that were "sent on", in their order.
"""

import heapq


def solution(weights, shelf_size):
    shelf = []
    sent_on = []
    for weight in weights:
        if len(shelf) < shelf_size:
            heapq.heappush(shelf, weight)
        else:
            sent_on.append(heapq.heappushpop(shelf, weight))
    return {"shelf": sorted(shelf, reverse=True), "sent on": sent_on}


inputs = [
    {"weights": [5, 12, 3, 9, 14], "shelf_size": 3},
    {"weights": [27, 18, 22, 30, 11, 25], "shelf_size": 2},
    {"weights": [8, 6, 7, 10, 4, 9, 1], "shelf_size": 4},
]
