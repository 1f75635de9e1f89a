"""Working days between two dates.

Count the days from the first date to the last date, both included, that fall neither on a day off of the week
nor on a holiday. Dates are written as year-month-day, and days of the week as numbers from 0 for Monday to 6
for Sunday.
"""

from datetime import date, timedelta


def solution(first_date, last_date, days_off, holidays):
    day = date.fromisoformat(first_date)
    last = date.fromisoformat(last_date)
    working_days = 0
    while day <= last:
        if day.weekday() not in days_off and day.isoformat() not in holidays:
            working_days += 1
        day += timedelta(days=1)
    return working_days


inputs = [
    {
        "first_date": "2024-04-29",
        "last_date": "2024-05-12",
        "days_off": [5, 6],
        "holidays": ["2024-05-01", "2024-05-09"],
    },
    {"first_date": "2023-12-20", "last_date": "2024-01-03", "days_off": [6], "holidays": ["2023-12-25", "2024-01-01"]},
    {"first_date": "2025-02-26", "last_date": "2025-03-07", "days_off": [4, 5], "holidays": ["2025-03-03"]},
]
