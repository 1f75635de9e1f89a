"""The fastest way through a town with waiting times at the crossings.

Streets lead in both directions and take a number of minutes. At every crossing on the way, but not at the
start or the goal, the courier waits for the given time. Find the least number of minutes from the start to
the goal, or the text "unreachable".
"""

import heapq


def solution(streets, start, goal, waiting):
    neighbours = {start: [], goal: []}
    for one_end, other_end, minutes in streets:
        neighbours.setdefault(one_end, []).append((other_end, minutes))
        neighbours.setdefault(other_end, []).append((one_end, minutes))
    queue = [(0, start)]
    finished = set()
    while queue:
        time, place = heapq.heappop(queue)
        if place == goal:
            return time
        if place in finished:
            continue
        finished.add(place)
        delay = 0 if place == start else waiting
        for next_place, minutes in neighbours[place]:
            heapq.heappush(queue, (time + delay + minutes, next_place))
    return "unreachable"


inputs = [
    {
        "streets": [["mill", "pond", 4], ["pond", "park", 5], ["mill", "park", 12], ["park", "zoo", 3]],
        "start": "mill",
        "goal": "zoo",
        "waiting": 2,
    },
    {
        "streets": [["a", "b", 7], ["b", "c", 2], ["a", "c", 10]],
        "start": "c",
        "goal": "a",
        "waiting": 1,
    },
    {
        "streets": [["inn", "gate", 6], ["gate", "wall", 8], ["inn", "wall", 15], ["hut", "inn", 1]],
        "start": "hut",
        "goal": "wall",
        "waiting": 3,
    },
    {"streets": [["p", "q", 5], ["r", "s", 2]], "start": "p", "goal": "s", "waiting": 4},
]
