"""Minutes until each alarm of a clock rings next.

An alarm has a time and the days on which it rings, written as numbers from 0 for Monday to 6 for Sunday. Now
it is the given day and time. Give for each alarm name the minutes until it rings next, at least one minute,
when the clock is fast by the given number of minutes, so that every alarm rings that much earlier than its
time says.
"""


def solution(alarms, day, time, fast_minutes):
    minutes_per_week = 7 * 24 * 60
    hours, minutes = map(int, time.split(":"))
    now = (day * 24 + hours) * 60 + minutes
    waits = {}
    for name, alarm in alarms.items():
        alarm_hours, alarm_minutes = map(int, alarm["time"].split(":"))
        waits[name] = min(
            (((ring_day * 24 + alarm_hours) * 60 + alarm_minutes - fast_minutes - now - 1) % minutes_per_week) + 1
            for ring_day in alarm["days"]
        )
    return waits


inputs = [
    {
        "alarms": {"school": {"time": "06:45", "days": [0, 1, 2, 3, 4]}, "gym": {"time": "18:30", "days": [2, 5]}},
        "day": 4,
        "time": "07:00",
        "fast_minutes": 5,
    },
    {
        "alarms": {"market": {"time": "05:15", "days": [5]}},
        "day": 5,
        "time": "05:12",
        "fast_minutes": 3,
    },
    {
        "alarms": {"tea": {"time": "16:00", "days": [0, 3]}, "bins": {"time": "20:00", "days": [1]}},
        "day": 1,
        "time": "21:30",
        "fast_minutes": 10,
    },
]
