"""Whose turn it is to clean on given dates.

A rota changes from one person to the next after a fixed number of days, in the order of the list, and began
with the first person on the start date. For each date of the list name the person on duty and the days that
the duty still lasts, the day itself included, as "Ann (3)".
"""

from datetime import date


def solution(people, start_date, days_per_turn, dates):
    start = date.fromisoformat(start_date)
    duties = []
    for text in dates:
        days = (date.fromisoformat(text) - start).days
        turn, day_of_turn = divmod(days, days_per_turn)
        person = people[turn % len(people)]
        duties.append(f"{person} ({days_per_turn - day_of_turn})")
    return duties


inputs = [
    {
        "people": ["Ann", "Bo", "Cas"],
        "start_date": "2024-01-01",
        "days_per_turn": 7,
        "dates": ["2024-01-10", "2024-02-29"],
    },
    {
        "people": ["Dia", "Eli"],
        "start_date": "2025-03-15",
        "days_per_turn": 10,
        "dates": ["2025-03-15", "2025-04-04", "2025-05-09"],
    },
    {
        "people": ["P", "Q", "R", "S"],
        "start_date": "2023-11-20",
        "days_per_turn": 4,
        "dates": ["2024-01-01", "2023-12-24"],
    },
]
