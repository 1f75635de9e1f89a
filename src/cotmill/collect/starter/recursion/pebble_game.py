"""Who wins a game of taking pebbles.

Two players take turns at taking pebbles from a heap; each turn takes one of the allowed numbers of pebbles.
Whoever cannot move loses. Both play as well as possible. List the allowed first moves with which the player
who begins can force a win, or give the text "second player wins".
"""

from functools import cache


def solution(pebbles, allowed):
    @cache
    def winning_moves(left):
        moves = []
        for taken in allowed:
            if taken <= left and not winning_moves(left - taken):
                moves.append(taken)
        return moves

    return winning_moves(pebbles) or "second player wins"


inputs = [
    {"pebbles": 7, "allowed": [1, 3, 4]},
    {"pebbles": 9, "allowed": [1, 2]},
    {"pebbles": 10, "allowed": [2, 3, 5]},
    {"pebbles": 8, "allowed": [1, 4]},
]
