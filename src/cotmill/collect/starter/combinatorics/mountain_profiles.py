"""Number of hiking profiles that never leave a range of heights.

A hike starts at the given height and takes the given number of steps, each one level up or one level down.
The hiker never goes below height 0 and never above the highest level. In how many ways can the hike end at
each height? Give a dictionary from the final height, as a text, to the number of ways, lowest height first.
"""

from collections import Counter


def solution(start, steps, highest):
    ways = Counter({start: 1})
    for _ in range(steps):
        next_ways = Counter()
        for height, count in ways.items():
            if height > 0:
                next_ways[height - 1] += count
            if height < highest:
                next_ways[height + 1] += count
        ways = next_ways
    return {str(height): ways[height] for height in sorted(ways)}


inputs = [
    {"start": 0, "steps": 4, "highest": 3},
    {"start": 2, "steps": 5, "highest": 4},
    {"start": 1, "steps": 6, "highest": 2},
    {"start": 3, "steps": 3, "highest": 9},
]
