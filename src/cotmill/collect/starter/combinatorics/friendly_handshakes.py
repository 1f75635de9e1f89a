"""Handshakes at a meeting of several teams.

Everybody shakes hands once with each person of another team. Inside a team nobody shakes hands, except that
the captain of each team shakes hands with all its members if the captain is polite. Given the sizes of the
teams, captains included, and the names of the teams with a polite captain, how many handshakes are there?
"""

from itertools import combinations


def solution(team_sizes, polite_teams):
    handshakes = 0
    for (_, first_size), (_, second_size) in combinations(team_sizes.items(), 2):
        handshakes += first_size * second_size
    for team in polite_teams:
        handshakes += team_sizes[team] - 1
    return handshakes


inputs = [
    {"team_sizes": {"owls": 4, "foxes": 5, "bears": 3}, "polite_teams": ["owls"]},
    {"team_sizes": {"north": 6, "south": 7}, "polite_teams": ["north", "south"]},
    {"team_sizes": {"ants": 2, "bees": 3, "wasps": 4, "flies": 5}, "polite_teams": ["bees", "flies"]},
]
