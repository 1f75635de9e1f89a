"""The cheapest way along a road with toll stations.

A driver starts before the first station and wants to get past the last one. From any place the next stop is
at most the given number of stations further on; every stop costs the toll of that station, and each time at
least one station is passed without a stop costs the detour fee. Going past the end needs a hop of the same
length at most. What is the smallest total cost?
"""


def solution(tolls, longest_hop, detour_fee):
    stops = [0, *tolls, 0]
    cheapest = [0]
    for place in range(1, len(stops)):
        choices = []
        for hop in range(1, min(longest_hop, place) + 1):
            extra = detour_fee if hop > 1 else 0
            choices.append(cheapest[place - hop] + stops[place] + extra)
        cheapest.append(min(choices))
    return cheapest[-1]


inputs = [
    {"tolls": [30, 50, 20, 40], "longest_hop": 2, "detour_fee": 5},
    {"tolls": [15, 60, 45, 10, 25], "longest_hop": 3, "detour_fee": 20},
    {"tolls": [8, 3, 9], "longest_hop": 2, "detour_fee": 4},
]
