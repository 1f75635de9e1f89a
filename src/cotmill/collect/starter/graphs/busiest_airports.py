"""Airports with the most connections.

Flights are given as pairs of airports and count for both of them; a pair that is named twice counts only
once, in whatever order it is named. List the given number of airports with the most connections, as "name
(connections)", with equal numbers in alphabetical order.
"""

from collections import Counter


def solution(flights, how_many):
    connections = {frozenset(flight) for flight in flights}
    degree = Counter()
    for connection in connections:
        degree.update(connection)
    ranking = sorted(degree.items(), key=lambda entry: (-entry[1], entry[0]))
    return [f"{airport} ({count})" for airport, count in ranking[:how_many]]


inputs = [
    {"flights": [["OSL", "CPH"], ["CPH", "BER"], ["BER", "OSL"], ["CPH", "ROM"], ["ROM", "CPH"]], "how_many": 2},
    {"flights": [["X", "Y"], ["Y", "Z"]], "how_many": 3},
    {"flights": [["LIM", "GIG"], ["LIM", "BOG"], ["GIG", "EZE"], ["LIM", "EZE"], ["SCL", "LIM"]], "how_many": 1},
]
