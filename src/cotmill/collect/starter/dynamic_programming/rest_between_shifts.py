"""The best pay for shifts with days of rest between them.

Each day offers one shift with a known pay. After a shift the worker rests for at least the given number of
days before the next one. Going through the days in order, a shift is planned in only if that raises the best
total so far. Give the largest total "pay" and the number of "shifts" of that plan.
"""


def solution(daily_pay, rest_days):
    best = [(0, 0)]
    for day, pay in enumerate(daily_pay):
        earlier_total, earlier_shifts = best[max(0, day - rest_days)]
        with_shift = (earlier_total + pay, earlier_shifts + 1)
        without_shift = best[-1]
        best.append(with_shift if with_shift[0] > without_shift[0] else without_shift)
    total, shifts = best[-1]
    return {"pay": total, "shifts": shifts}


inputs = [
    {"daily_pay": [80, 95, 120, 60, 110], "rest_days": 1},
    {"daily_pay": [50, 40, 70, 90, 30, 85, 60], "rest_days": 2},
    {"daily_pay": [100, 100, 45, 130], "rest_days": 3},
]
