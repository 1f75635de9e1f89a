"""The route with the fewest stops on a railway network.

The network tells for every station which stations can be reached from it without a change of train. Find the
route from the start to the goal with the fewest rides; neighbours are tried in the given order. Closed
stations cannot be used. If there is no route, give the text "no route".
"""

from collections import deque


def solution(network, start, goal, closed):
    routes = deque([[start]])
    seen = {start, *closed}
    while routes:
        route = routes.popleft()
        if route[-1] == goal:
            return route
        for station in network[route[-1]]:
            if station not in seen:
                seen.add(station)
                routes.append([*route, station])
    return "no route"


inputs = [
    {
        "network": {"A": ["B", "C"], "B": ["D"], "C": ["D", "E"], "D": ["F"], "E": ["F"], "F": []},
        "start": "A",
        "goal": "F",
        "closed": ["B"],
    },
    {
        "network": {"Elm": ["Oak"], "Oak": ["Elm", "Fir"], "Fir": ["Yew"], "Yew": ["Elm"]},
        "start": "Yew",
        "goal": "Fir",
        "closed": [],
    },
    {
        "network": {"n1": ["n2", "n3"], "n2": ["n4"], "n3": ["n2"], "n4": []},
        "start": "n1",
        "goal": "n4",
        "closed": ["n2"],
    },
]
