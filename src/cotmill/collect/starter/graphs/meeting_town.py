"""The town to which all others have the shortest way in the worst case.

Roads lead in both directions and have a length; where no road leads directly, one travels over other towns.
All towns are connected. Find the town whose largest distance to another town is smallest (the first named of
several) and that distance, if every journey also costs the fixed extra distance per road used.
"""


def solution(towns, roads, extra):
    farther_than_all = sum(length + extra for _, _, length in roads) + 1
    distance = {(first, second): farther_than_all for first in towns for second in towns if first != second}
    distance |= {(town, town): 0 for town in towns}
    for first, second, length in roads:
        distance[first, second] = distance[second, first] = length + extra
    for via in towns:
        for first in towns:
            for second in towns:
                detour = distance[first, via] + distance[via, second]
                distance[first, second] = min(distance[first, second], detour)
    worst = {town: max(distance[town, other] for other in towns) for town in towns}
    best_town = min(towns, key=worst.get)
    return [best_town, worst[best_town]]


inputs = [
    {"towns": ["A", "B", "C"], "roads": [["A", "B", 5], ["B", "C", 4]], "extra": 1},
    {
        "towns": ["fen", "glen", "moor"],
        "roads": [["fen", "glen", 12], ["glen", "moor", 20], ["fen", "moor", 11]],
        "extra": 3,
    },
    {"towns": ["u", "v", "w"], "roads": [["u", "v", 7], ["v", "w", 9], ["u", "w", 30]], "extra": 2},
]
