"""Number of committees with enough members from each group.

A committee of the given size is chosen from seniors and juniors. At least the given number of seniors and at
least the given number of juniors must be in it. How many committees are possible?
"""

from math import comb


def solution(seniors, juniors, size, fewest_seniors, fewest_juniors):
    committees = 0
    for chosen_seniors in range(fewest_seniors, size - fewest_juniors + 1):
        chosen_juniors = size - chosen_seniors
        senior_choices = comb(seniors, chosen_seniors)
        junior_choices = comb(juniors, chosen_juniors)
        committees += senior_choices * junior_choices
    return committees


inputs = [
    {"seniors": 5, "juniors": 7, "size": 4, "fewest_seniors": 1, "fewest_juniors": 2},
    {"seniors": 4, "juniors": 6, "size": 5, "fewest_seniors": 2, "fewest_juniors": 1},
    {"seniors": 8, "juniors": 3, "size": 6, "fewest_seniors": 3, "fewest_juniors": 0},
]
