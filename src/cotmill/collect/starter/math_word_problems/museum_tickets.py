"""Entrance fee of a family at a museum.

Children below the free age pay nothing, visitors below the adult age pay the child price, and everybody else
pays the adult price. A family with at least as many free visitors as adults gets one adult ticket taken off.
How much does the family pay in cents?
"""


def solution(ages, free_age, adult_age, child_price, adult_price):
    free_visitors = 0
    adults = 0
    total = 0
    for age in ages:
        if age < free_age:
            free_visitors += 1
        elif age < adult_age:
            total += child_price
        else:
            adults += 1
            total += adult_price
    if adults > 0 and free_visitors >= adults:
        total -= adult_price
    return total


inputs = [
    {"ages": [38, 41, 9, 6, 3], "free_age": 5, "adult_age": 16, "child_price": 350, "adult_price": 900},
    {"ages": [29, 31, 4, 2, 9], "free_age": 6, "adult_age": 18, "child_price": 400, "adult_price": 1150},
    {"ages": [67, 64, 12, 15, 17, 3], "free_age": 4, "adult_age": 16, "child_price": 280, "adult_price": 700},
    {"ages": [8, 11, 35, 36], "free_age": 9, "adult_age": 12, "child_price": 520, "adult_price": 980},
]
