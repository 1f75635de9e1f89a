"""Ways to seat people in a row so that two of them are not neighbours.

The people of the list sit down in a row of exactly as many chairs. In how many orders can they sit if the two
named people must not sit side by side?
"""

from itertools import permutations


def solution(people, first_shy, second_shy):
    good_orders = 0
    for order in permutations(people):
        first_chair = order.index(first_shy)
        second_chair = order.index(second_shy)
        if abs(first_chair - second_chair) != 1:
            good_orders += 1
    return good_orders


inputs = [
    {"people": ["Ada", "Bo", "Cy", "Di"], "first_shy": "Ada", "second_shy": "Di"},
    {"people": ["Max", "Nia", "Oli"], "first_shy": "Nia", "second_shy": "Max"},
    {"people": ["Ute", "Vic"], "first_shy": "Ute", "second_shy": "Vic"},
]
