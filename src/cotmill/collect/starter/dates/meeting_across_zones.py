"""Local times of a meeting in several cities.

A meeting is given by its date and time in one city. The offsets of all cities from world time are given in
minutes. List for each other city the local time, and the date if it is another day, as "Lima 09:30" or "Tokyo
2024-05-02 00:15", in the order in which the cities are given.
"""

from datetime import datetime, timedelta


def solution(meeting, city, offsets):
    start = datetime.fromisoformat(meeting)
    world_time = start - timedelta(minutes=offsets[city])
    times = []
    for other, offset in offsets.items():
        if other == city:
            continue
        local = world_time + timedelta(minutes=offset)
        same_day = local.date() == start.date()
        times.append(f"{other} {local:%H:%M}" if same_day else f"{other} {local:%Y-%m-%d %H:%M}")
    return times


inputs = [
    {"meeting": "2024-05-01 16:15", "city": "Oslo", "offsets": {"Oslo": 120, "Lima": -300, "Tokyo": 540}},
    {
        "meeting": "2024-12-31 20:00",
        "city": "Delhi",
        "offsets": {"Delhi": 330, "Perth": 480, "Quito": -300, "Apia": 780},
    },
    {"meeting": "2025-03-01 03:30", "city": "Cairo", "offsets": {"Nome": -540, "Cairo": 120}},
]
