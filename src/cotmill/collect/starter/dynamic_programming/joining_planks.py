"""The cheapest order in which to glue planks together.

Planks lie side by side, and two neighbouring pieces can be glued together at a time until only one piece is
left. Gluing costs the width of the new piece times the glue price, plus a fixed charge. What is the smallest
total cost?
"""

from functools import cache


def solution(widths, glue_price, fixed_charge):
    @cache
    def cheapest(first, last):
        if first == last:
            return 0
        gluing = sum(widths[first : last + 1]) * glue_price + fixed_charge
        best_parts = min(cheapest(first, cut) + cheapest(cut + 1, last) for cut in range(first, last))
        return best_parts + gluing

    return cheapest(0, len(widths) - 1)


inputs = [
    {"widths": [4, 2, 7], "glue_price": 3, "fixed_charge": 5},
    {"widths": [10, 30, 5, 15], "glue_price": 1, "fixed_charge": 8},
    {"widths": [6, 6, 6, 6], "glue_price": 2, "fixed_charge": 1},
]
