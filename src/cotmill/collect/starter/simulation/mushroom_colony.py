"""Growth of a mushroom colony by age.

The list tells how many mushrooms of each age (in days) there are, from age 0 on; the last age is the oldest
that occurs. Every day all mushrooms get one day older and those that were at the oldest age die. Then every
mushroom that has reached at least the fertile age brings forth the given number of new ones of age 0. Give
the list after the given number of days.
"""


def solution(by_age, fertile_age, young_per_mushroom, days):
    colony = list(by_age)
    for _ in range(days):
        older = colony[:-1]
        fertile = 0
        for age, count in enumerate(older, start=1):
            if age >= fertile_age:
                fertile += count
        colony = [fertile * young_per_mushroom, *older]
    return colony


inputs = [
    {"by_age": [4, 2, 1], "fertile_age": 1, "young_per_mushroom": 2, "days": 3},
    {"by_age": [10, 0, 5, 3], "fertile_age": 2, "young_per_mushroom": 1, "days": 4},
    {"by_age": [0, 6, 2, 2, 1], "fertile_age": 3, "young_per_mushroom": 3, "days": 2},
]
