"""All trails through a park from one place to another.

Paths of the park lead in one direction only. List all trails from the entrance to the exit that visit no
place twice and are not longer than the given number of paths, in the order in which the paths are given, as
"A-B-C". If there is none, give the text "none".
"""


def trails(paths, trail, goal, most_paths):
    if trail[-1] == goal:
        yield "-".join(trail)
        return
    if len(trail) > most_paths:
        return
    for place in paths.get(trail[-1], []):
        if place not in trail:
            yield from trails(paths, [*trail, place], goal, most_paths)


def solution(paths, entrance, way_out, most_paths):
    return list(trails(paths, [entrance], way_out, most_paths)) or "none"


inputs = [
    {
        "paths": {"gate": ["lake", "hill"], "lake": ["hill", "tower"], "hill": ["tower"]},
        "entrance": "gate",
        "way_out": "tower",
        "most_paths": 2,
    },
    {
        "paths": {"a": ["b", "c"], "b": ["c", "d"], "c": ["b", "d"]},
        "entrance": "a",
        "way_out": "d",
        "most_paths": 3,
    },
    {"paths": {"x": ["y"], "y": ["z"], "z": ["w"]}, "entrance": "x", "way_out": "w", "most_paths": 2},
]
