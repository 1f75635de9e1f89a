"""The date on which a parcel arrives.

A parcel that is ordered on a date takes a number of transport days. If it is ordered at or after the closing
hour, transport begins one day later. Sundays and holidays are no transport days; the day of the order itself
is never one. Give the date of arrival with its weekday, as "2024-05-02 Thursday".
"""

from datetime import date, timedelta


def solution(ordered, hour, closing_hour, transport_days, holidays):
    day = date.fromisoformat(ordered)
    if hour >= closing_hour:
        day += timedelta(days=1)
    days_left = transport_days
    while days_left > 0:
        day += timedelta(days=1)
        if day.weekday() == 6 or day.isoformat() in holidays:
            continue
        days_left -= 1
    return day.strftime("%Y-%m-%d %A")


inputs = [
    {"ordered": "2024-05-07", "hour": 15, "closing_hour": 14, "transport_days": 3, "holidays": ["2024-05-09"]},
    {
        "ordered": "2023-12-22",
        "hour": 9,
        "closing_hour": 17,
        "transport_days": 2,
        "holidays": ["2023-12-25", "2023-12-26"],
    },
    {"ordered": "2025-02-27", "hour": 20, "closing_hour": 20, "transport_days": 4, "holidays": ["2025-03-01"]},
]
