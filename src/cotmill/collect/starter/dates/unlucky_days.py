"""Months in which a day of the month falls on a given weekday.

Starting in the given month of a year, look through a number of months in turn and list those in which the
given day of the month exists and falls on the weekday, which is written out, as texts like "2024-09". If
there is none, give the text "none".
"""

from datetime import date


def months_from(year, month, number):
    for _ in range(number):
        yield year, month
        month += 1
        if month == 13:
            year, month = year + 1, 1


def solution(year, month, months, day_of_month, weekday):
    found = []
    for current_year, current_month in months_from(year, month, months):
        try:
            day = date(current_year, current_month, day_of_month)
        except ValueError:
            continue
        if day.strftime("%A") == weekday:
            found.append(day.strftime("%Y-%m"))
    return found or "none"


inputs = [
    {"year": 2024, "month": 6, "months": 9, "day_of_month": 14, "weekday": "Friday"},
    {"year": 2025, "month": 1, "months": 8, "day_of_month": 31, "weekday": "Friday"},
    {"year": 2022, "month": 11, "months": 7, "day_of_month": 29, "weekday": "Saturday"},
    {"year": 2023, "month": 4, "months": 3, "day_of_month": 2, "weekday": "Monday"},
]
