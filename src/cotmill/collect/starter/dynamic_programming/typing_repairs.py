"""The cheapest way to turn one word into another.

A letter can be put in or taken out for the gap cost, or replaced by another letter for the swap cost; equal
letters may stay for free. What is the smallest total cost to turn the typed word into the wanted one?
"""


def solution(typed, wanted, gap_cost, swap_cost):
    costs = [place * gap_cost for place in range(len(wanted) + 1)]
    for typed_letter in typed:
        diagonal = costs[0]
        costs[0] += gap_cost
        for place, wanted_letter in enumerate(wanted, start=1):
            keep_or_swap = diagonal + (0 if typed_letter == wanted_letter else swap_cost)
            diagonal = costs[place]
            costs[place] = min(keep_or_swap, costs[place] + gap_cost, costs[place - 1] + gap_cost)
    return costs[-1]


inputs = [
    {"typed": "hosue", "wanted": "house", "gap_cost": 2, "swap_cost": 3},
    {"typed": "tea", "wanted": "three", "gap_cost": 2, "swap_cost": 3},
    {"typed": "clod", "wanted": "cold", "gap_cost": 4, "swap_cost": 3},
    {"typed": "bat", "wanted": "cats", "gap_cost": 5, "swap_cost": 7},
]
