"""A card game of two piles in which the higher card wins.

In each round both players turn the top card of their pile. The higher card wins, and the winner puts first
the own card and then the other one under the own pile. At a tie both cards are put away. The game ends when a
pile is empty or after the given number of rounds. Give the "first" and the "second" pile in the end, from the
top, and the number of "rounds" played.
"""

from collections import deque


def solution(first_pile, second_pile, most_rounds):
    first, second = deque(first_pile), deque(second_pile)
    rounds = 0
    while first and second and rounds < most_rounds:
        first_card, second_card = first.popleft(), second.popleft()
        if first_card > second_card:
            first.extend([first_card, second_card])
        elif second_card > first_card:
            second.extend([second_card, first_card])
        rounds += 1
    return {"first": list(first), "second": list(second), "rounds": rounds}


inputs = [
    {"first_pile": [9, 4, 7], "second_pile": [6, 8, 7], "most_rounds": 5},
    {"first_pile": [3, 10], "second_pile": [5, 2], "most_rounds": 4},
    {"first_pile": [12, 1, 11, 6], "second_pile": [12, 13, 2], "most_rounds": 3},
]
