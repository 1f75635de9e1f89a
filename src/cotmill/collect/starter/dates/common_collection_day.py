"""The first day on which two kinds of waste are collected together.

Each kind of waste is collected on its first date and then always after its number of days. Find the first
date on or after the given date on which both are collected, at most the given number of collections of the
first kind later. Give the date and the weekday as "2024-03-04 Monday", or the text "not together".
"""

from datetime import date, timedelta


def solution(first_waste, second_waste, not_before, most_collections):
    day = date.fromisoformat(first_waste["start"])
    second_start = date.fromisoformat(second_waste["start"])
    earliest = date.fromisoformat(not_before)
    step = timedelta(days=first_waste["every"])
    while day < earliest:
        day += step
    for _ in range(most_collections):
        days_since = (day - second_start).days
        if days_since >= 0 and days_since % second_waste["every"] == 0:
            return day.strftime("%Y-%m-%d %A")
        day += step
    return "not together"


inputs = [
    {
        "first_waste": {"start": "2024-01-03", "every": 7},
        "second_waste": {"start": "2024-01-05", "every": 12},
        "not_before": "2024-02-01",
        "most_collections": 12,
    },
    {
        "first_waste": {"start": "2025-05-01", "every": 14},
        "second_waste": {"start": "2025-05-29", "every": 21},
        "not_before": "2025-06-01",
        "most_collections": 2,
    },
    {
        "first_waste": {"start": "2023-09-04", "every": 10},
        "second_waste": {"start": "2023-09-08", "every": 9},
        "not_before": "2023-09-10",
        "most_collections": 5,
    },
]
