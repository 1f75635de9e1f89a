"""Parking fee with free minutes, hourly price and a daily cap.

Parking is free up to the free minutes. Anyone who stays longer pays the hourly price for every hour begun
since arrival, but never more than the cap for a stay of one day. Stays are shorter than a day. What does each
driver in the list of parked minutes pay in cents?
"""


def fee(minutes, free_minutes, hourly_price, daily_cap):
    if minutes <= free_minutes:
        return 0
    hours_begun = (minutes + 59) // 60
    return min(hours_begun * hourly_price, daily_cap)


def solution(parked_minutes, free_minutes, hourly_price, daily_cap):
    fees = []
    for minutes in parked_minutes:
        fees.append(fee(minutes, free_minutes, hourly_price, daily_cap))
    return fees


inputs = [
    {"parked_minutes": [15, 61, 480], "free_minutes": 20, "hourly_price": 150, "daily_cap": 900},
    {"parked_minutes": [30, 31, 250, 700], "free_minutes": 30, "hourly_price": 220, "daily_cap": 1200},
    {"parked_minutes": [119, 10, 905], "free_minutes": 10, "hourly_price": 95, "daily_cap": 1000},
]
