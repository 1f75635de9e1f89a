"""Nights that two guests spend in a hotel at the same time.

Each guest is given by the dates of arrival and departure; the night before the departure is the last one.
Give under "nights" how many nights both guests are there, and under "income" what the hotel takes for these
nights from both together, where each guest pays the price of a night, and it is higher by the surcharge on
Friday and Saturday nights.
"""

from datetime import date, timedelta


def solution(first_guest, second_guest, night_price, surcharge):
    arrival = max(date.fromisoformat(first_guest["arrival"]), date.fromisoformat(second_guest["arrival"]))
    departure = min(date.fromisoformat(first_guest["departure"]), date.fromisoformat(second_guest["departure"]))
    nights = max(0, (departure - arrival).days)
    income = 0
    for offset in range(nights):
        night = arrival + timedelta(days=offset)
        price = night_price
        if night.weekday() in (4, 5):
            price += surcharge
        income += 2 * price
    return {"nights": nights, "income": income}


inputs = [
    {
        "first_guest": {"arrival": "2024-06-05", "departure": "2024-06-09"},
        "second_guest": {"arrival": "2024-06-07", "departure": "2024-06-14"},
        "night_price": 80,
        "surcharge": 15,
    },
    {
        "first_guest": {"arrival": "2025-01-28", "departure": "2025-02-03"},
        "second_guest": {"arrival": "2025-01-25", "departure": "2025-02-01"},
        "night_price": 120,
        "surcharge": 30,
    },
    {
        "first_guest": {"arrival": "2023-08-11", "departure": "2023-08-20"},
        "second_guest": {"arrival": "2023-08-10", "departure": "2023-08-16"},
        "night_price": 95,
        "surcharge": 20,
    },
]
