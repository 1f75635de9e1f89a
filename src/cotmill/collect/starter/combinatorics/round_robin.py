"""Schedule of a tournament in which everybody plays everybody once.

The first player keeps the seat at one end of the table; after every round all others move on by one seat. In
each round the player on the first seat meets the one on the last seat, the second the second last, and so on.
With an odd number of players the name for a break is added at the end of the list. List each round as texts
like "Ann - Bob".
"""

from collections import deque


def solution(players, break_name):
    seats = list(players)
    if len(seats) % 2:
        seats.append(break_name)
    fixed, moving = seats[0], deque(seats[1:])
    rounds = []
    for _ in range(len(seats) - 1):
        table = [fixed, *moving]
        games = [f"{table[place]} - {table[-1 - place]}" for place in range(len(table) // 2)]
        rounds.append(games)
        moving.rotate(1)
    return rounds


inputs = [
    {"players": ["Ann", "Bob", "Cid", "Dot"], "break_name": "rest"},
    {"players": ["Lea", "Mo", "Ned"], "break_name": "pause"},
    {"players": ["P1", "P2", "P3", "P4", "P5"], "break_name": "free"},
]
