"""How often each total comes up with several dice.

Each die of the list shows the numbers from 1 to its number of faces. All dice are thrown together, and the
bonus is added to their sum. In how many ways does each total that is at least the target come up? Give a
dictionary from the total, as a text, to the number of ways, in rising order, or the text "never" if no total
reaches the target.
"""

from collections import Counter


def solution(dice, bonus, target):
    ways = Counter({bonus: 1})
    for faces in dice:
        next_ways = Counter()
        for total, count in ways.items():
            for shown in range(1, faces + 1):
                next_ways[total + shown] += count
        ways = next_ways
    return {str(total): ways[total] for total in sorted(ways) if total >= target} or "never"


inputs = [
    {"dice": [4, 4], "bonus": 0, "target": 6},
    {"dice": [6, 3], "bonus": 2, "target": 8},
    {"dice": [2, 2, 3], "bonus": 1, "target": 5},
    {"dice": [5, 2], "bonus": 3, "target": 11},
]
