"""Cups of coffee that a budget buys when stamps earn free cups.

Every coffee that is paid for brings one stamp, and a full stamp card is traded for one free coffee. A free
coffee brings no stamp. How many cups can somebody drink with the budget, and how many cents remain?
"""


def solution(budget, cup_price, stamps_for_free_cup):
    cups = 0
    stamps = 0
    money = budget
    while money >= cup_price or stamps == stamps_for_free_cup:
        cups += 1
        if stamps == stamps_for_free_cup:
            stamps = 0
            continue
        money -= cup_price
        stamps += 1
    return [cups, money]


inputs = [
    {"budget": 2500, "cup_price": 320, "stamps_for_free_cup": 5},
    {"budget": 1800, "cup_price": 275, "stamps_for_free_cup": 3},
    {"budget": 4000, "cup_price": 410, "stamps_for_free_cup": 4},
]
