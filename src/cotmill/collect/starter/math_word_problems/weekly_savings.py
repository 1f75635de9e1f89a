"""Weekly savings until a goal is reached.

A child starts with an empty money box and puts the same weekly amount into it at the end of every week. After
how many weeks does the box hold at least the goal for the first time?
"""


def solution(goal, weekly_amount):
    weeks = 0
    saved = 0
    while saved < goal:
        saved += weekly_amount
        weeks += 1
    return weeks


inputs = [
    {"goal": 120, "weekly_amount": 25},
    {"goal": 60, "weekly_amount": 15},
    {"goal": 7, "weekly_amount": 10},
    {"goal": 95, "weekly_amount": 12},
]
