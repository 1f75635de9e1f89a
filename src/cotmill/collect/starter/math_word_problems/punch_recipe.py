"""Amounts of each drink for a punch with a given recipe.

A recipe says how many parts of each drink go into a punch. How many millilitres of each drink are needed for
the given number of guests, if each guest gets the given number of millilitres? Amounts are rounded up to the
next millilitre.
"""


def solution(recipe_parts, guests, millilitres_per_guest):
    total_parts = sum(recipe_parts.values())
    needed = guests * millilitres_per_guest
    amounts = {}
    for drink, parts in recipe_parts.items():
        exact_share, remainder = divmod(needed * parts, total_parts)
        if remainder:
            exact_share += 1
        amounts[drink] = exact_share
    return amounts


inputs = [
    {"recipe_parts": {"apple juice": 3, "ginger ale": 2, "lime": 1}, "guests": 8, "millilitres_per_guest": 250},
    {"recipe_parts": {"orange juice": 5, "water": 4}, "guests": 12, "millilitres_per_guest": 300},
    {
        "recipe_parts": {"tea": 7, "peach juice": 3, "lemon": 1, "mint syrup": 1},
        "guests": 5,
        "millilitres_per_guest": 400,
    },
]
