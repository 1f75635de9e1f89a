"""Leap years between two years in a simple calendar.

A year is a leap year if the leap step divides it, but not if the skip step divides it too, unless the keep
step divides it as well. (In our calendar these are 4, 100 and 400.) List the leap years from the first year
to the last year, both included, or give the text "none".
"""


def is_leap(year, leap_step, skip_step, keep_step):
    if year % keep_step == 0:
        return True
    if year % skip_step == 0:
        return False
    return year % leap_step == 0


def solution(first_year, last_year, leap_step, skip_step, keep_step):
    years = []
    for year in range(first_year, last_year + 1):
        if is_leap(year, leap_step, skip_step, keep_step):
            years.append(year)
    return years or "none"


inputs = [
    {"first_year": 1896, "last_year": 1910, "leap_step": 4, "skip_step": 100, "keep_step": 400},
    {"first_year": 70, "last_year": 92, "leap_step": 4, "skip_step": 20, "keep_step": 80},
    {"first_year": 50, "last_year": 66, "leap_step": 3, "skip_step": 15, "keep_step": 60},
]
