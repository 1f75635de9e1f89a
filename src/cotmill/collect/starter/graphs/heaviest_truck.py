"""The heaviest truck that can drive between two towns.

Bridges lead in both directions and carry a largest weight. Find the largest truck weight for which there is a
way from the start to the goal such that every bridge on the way carries it, when the safety margin must be
left on every bridge. Give 0 if there is no way at all.
"""

import heapq


def solution(bridges, start, goal, margin):
    links = {}
    for one_end, other_end, carries in bridges:
        links.setdefault(one_end, []).append((other_end, carries - margin))
        links.setdefault(other_end, []).append((one_end, carries - margin))
    unlimited = max(carries for _, _, carries in bridges)
    queue = [(-unlimited, start)]
    reached = set()
    while queue:
        negative_weight, town = heapq.heappop(queue)
        if town == goal:
            return -negative_weight
        if town in reached:
            continue
        reached.add(town)
        for next_town, carries in links[town]:
            heapq.heappush(queue, (max(negative_weight, -carries), next_town))
    return 0


inputs = [
    {
        "bridges": [["N", "E", 20], ["E", "S", 14], ["N", "W", 16], ["W", "S", 17]],
        "start": "N",
        "goal": "S",
        "margin": 3,
    },
    {"bridges": [["a", "b", 9], ["b", "c", 12], ["a", "c", 8]], "start": "a", "goal": "c", "margin": 1},
    {
        "bridges": [["ham", "ley", 40], ["ley", "ton", 25], ["ham", "ton", 22], ["ton", "by", 31]],
        "start": "by",
        "goal": "ham",
        "margin": 5,
    },
]
