"""The best share in a game of picking coins from both ends of a row.

Two players take turns; each takes the coin at the left or at the right end of the row, and the second player
pays the entry fee to the first one before the game. Both want as much money as possible. How much does each
player, the "first" and the "second", gain in all?
"""

from functools import cache


def solution(coins, entry_fee):
    @cache
    def most(left, right):
        """What the player to move can still collect between these places."""
        if left > right:
            return 0
        remaining = sum(coins[left : right + 1])
        leaves_least = min(most(left + 1, right), most(left, right - 1))
        return remaining - leaves_least

    first = most(0, len(coins) - 1)
    second = sum(coins) - first
    return {"first": first + entry_fee, "second": second - entry_fee}


inputs = [
    {"coins": [3, 9, 1, 2], "entry_fee": 1},
    {"coins": [5, 20, 10], "entry_fee": 4},
    {"coins": [8, 15, 3, 7, 1], "entry_fee": 2},
]
