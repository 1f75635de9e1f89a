"""A sales table with its totals and the best shop.

A table holds the sales of each shop (rows) on each day (columns). Give the "day totals", the "best shop" by
its total (the first of several), and under "reached" the number of shops whose total is at least the target.
"""


def solution(sales, shops, target):
    day_totals = [sum(day) for day in zip(*sales)]
    shop_totals = {shop: sum(row) for shop, row in zip(shops, sales)}
    best_shop = max(shop_totals, key=shop_totals.get)
    reached = sum(total >= target for total in shop_totals.values())
    return {"day totals": day_totals, "best shop": best_shop, "reached": reached}


inputs = [
    {"sales": [[3, 5, 8], [6, 6, 2], [9, 1, 4]], "shops": ["harbour", "station", "market"], "target": 15},
    {"sales": [[20, 35], [31, 28], [12, 40]], "shops": ["A", "B", "C"], "target": 55},
    {"sales": [[7, 0, 2, 5], [4, 9, 1, 1]], "shops": ["north", "south"], "target": 14},
]
