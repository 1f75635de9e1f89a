"""A lift that fetches its passengers in the cheapest direction first.

A lift stands at a floor and must stop at all requested floors. It first goes to the nearer end of them (the
lower end if both are equally near), then all the way to the other end, and opens at every requested floor
that it comes to for the first time. Give as "stops" the floors in the order in which it opens, and the
"seconds" needed: some seconds per floor travelled and some for each opening.
"""


def solution(start_floor, requests, seconds_per_floor, seconds_per_stop):
    floors = sorted(set(requests))
    to_lowest = abs(start_floor - floors[0])
    to_highest = abs(start_floor - floors[-1])
    if to_lowest <= to_highest:
        first_leg = [floor for floor in reversed(floors) if floor <= start_floor]
        second_leg = [floor for floor in floors if floor > start_floor]
        distance = to_lowest
    else:
        first_leg = [floor for floor in floors if floor >= start_floor]
        second_leg = [floor for floor in reversed(floors) if floor < start_floor]
        distance = to_highest
    distance += floors[-1] - floors[0]
    stops = first_leg + second_leg
    seconds = distance * seconds_per_floor + len(stops) * seconds_per_stop
    return {"stops": stops, "seconds": seconds}


inputs = [
    {"start_floor": 3, "requests": [7, 1, 5, 2], "seconds_per_floor": 4, "seconds_per_stop": 9},
    {"start_floor": 8, "requests": [10, 3, 9], "seconds_per_floor": 3, "seconds_per_stop": 7},
    {"start_floor": 5, "requests": [6, 4, 6, 12], "seconds_per_floor": 6, "seconds_per_stop": 5},
]
