"""Next years in which a birthday falls on a favourite weekday.

Starting with the given year, find the first years in which the birthday falls on the favourite day of the
week, as many as wanted. A birthday on 29 February is kept on 1 March in years without that day. The month and
day of the birthday are numbers, and the weekday is written out, as "Monday".
"""

from datetime import date
from itertools import count


def birthday(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)


def solution(month, day, weekday, first_year, wanted):
    years = []
    candidates = count(first_year)
    while len(years) < wanted:
        year = next(candidates)
        if birthday(year, month, day).strftime("%A") == weekday:
            years.append(year)
    return years


inputs = [
    {"month": 5, "day": 17, "weekday": "Sunday", "first_year": 2024, "wanted": 2},
    {"month": 2, "day": 29, "weekday": "Saturday", "first_year": 2021, "wanted": 1},
    {"month": 12, "day": 31, "weekday": "Friday", "first_year": 2020, "wanted": 4},
]
