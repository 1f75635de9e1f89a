"""What the calendar of a school says about several dates.

Terms are given by name with their first and last dates. For each date tell the term and its week, as "spring
week 3", where the first week is the one of the first seven days of the term; days on which the school rests
in the week, given as numbers from 0 for Monday, are "weekend"; dates outside all terms are "holidays".
"""

from datetime import date


def describe(day, terms, rest_days):
    for name, (first, last) in terms.items():
        first_day = date.fromisoformat(first)
        if first_day <= day <= date.fromisoformat(last):
            if day.weekday() in rest_days:
                return "weekend"
            week = (day - first_day).days // 7 + 1
            return f"{name} week {week}"
    return "holidays"


def solution(terms, rest_days, dates):
    return [describe(date.fromisoformat(text), terms, rest_days) for text in dates]


inputs = [
    {
        "terms": {"spring": ["2024-01-08", "2024-03-22"], "summer": ["2024-04-15", "2024-07-05"]},
        "rest_days": [5, 6],
        "dates": ["2024-01-24", "2024-04-01", "2024-06-15"],
    },
    {
        "terms": {"autumn": ["2025-09-03", "2025-12-19"]},
        "rest_days": [6],
        "dates": ["2025-09-06", "2025-09-10", "2025-12-20"],
    },
    {
        "terms": {"A": ["2023-08-14", "2023-10-06"], "B": ["2023-10-16", "2023-12-08"]},
        "rest_days": [2, 5, 6],
        "dates": ["2023-11-01", "2023-10-10", "2023-12-08", "2023-09-14"],
    },
]
