"""Pairs of prices that differ by exactly a given amount.

Find all pairs of prices of the list, lower price first, whose difference is the given one. Every pair is
named once, in rising order of the lower price, and pairs with a lower price under the limit are left out. If
there is none, give the text "no pair".
"""


def solution(prices, difference, limit):
    known = set(prices)
    pairs = []
    for price in sorted(known):
        if price < limit:
            continue
        if price + difference in known:
            pairs.append([price, price + difference])
    return pairs or "no pair"


inputs = [
    {"prices": [15, 40, 25, 30, 50, 5], "difference": 10, "limit": 10},
    {"prices": [3, 9, 6, 12, 3, 21], "difference": 3, "limit": 5},
    {"prices": [80, 64, 96, 48, 33], "difference": 16, "limit": 64},
]
