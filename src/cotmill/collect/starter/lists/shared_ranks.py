"""Ranking of a competition in which equal scores share a rank.

Sort the players by score, highest first. Players with equal scores share the best rank among them, and the
following rank is skipped as often as needed. Players below the qualifying score get the rank word instead.
Give a dictionary from player to rank, best player first; players with equal scores stand in alphabetical
order.
"""


def solution(scores, qualifying_score, rank_word):
    order = sorted(scores, key=lambda player: (-scores[player], player))
    ranks = {}
    rank = 0
    previous_score = None
    for place, player in enumerate(order, start=1):
        if scores[player] != previous_score:
            rank = place
            previous_score = scores[player]
        ranks[player] = rank if scores[player] >= qualifying_score else rank_word
    return ranks


inputs = [
    {"scores": {"Uma": 71, "Ravi": 88, "Tom": 71, "Lin": 64}, "qualifying_score": 65, "rank_word": "out"},
    {"scores": {"Zed": 12, "Amy": 12, "Kay": 15}, "qualifying_score": 13, "rank_word": "-"},
    {"scores": {"Rex": 40, "Sue": 55, "Val": 55, "Wim": 31, "Yan": 40}, "qualifying_score": 40, "rank_word": "none"},
]
