"""The last weekday of a kind in several months.

In the given year find for each of the months, given as numbers, the date of its last day that falls on the
weekday (0 for Monday to 6 for Sunday). Dates that would lie in the given blocked list move to the day before,
again and again. List the dates as year-month-day.
"""

from datetime import date, timedelta


def solution(year, months, weekday, blocked):
    dates = []
    for month in months:
        day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        while day.weekday() != weekday:
            day -= timedelta(days=1)
        while day.isoformat() in blocked:
            day -= timedelta(days=1)
        dates.append(day.isoformat())
    return dates


inputs = [
    {"year": 2024, "months": [3, 4, 5], "weekday": 4, "blocked": ["2024-03-29"]},
    {"year": 2025, "months": [11, 12], "weekday": 2, "blocked": ["2025-12-31", "2025-12-30"]},
    {"year": 2023, "months": [2, 6], "weekday": 0, "blocked": ["2023-06-26"]},
]
