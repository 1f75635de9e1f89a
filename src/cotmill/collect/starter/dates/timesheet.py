"""Hours worked on a timesheet with night shifts.

Each shift is written as "22:15-06:00"; a shift whose end is not later than its start ends on the next day.
From shifts longer than the given number of minutes a break is taken off. Give as "total" the time worked in
all, such as "15:05" for hours and minutes, and as "longest" the longest shift after breaks, in minutes.
"""


def minutes_of(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def solution(shifts, break_after, break_minutes):
    worked = []
    for shift in shifts:
        start, end = map(minutes_of, shift.split("-"))
        length = end - start
        if length <= 0:
            length += 24 * 60
        if length > break_after:
            length -= break_minutes
        worked.append(length)
    hours, minutes = divmod(sum(worked), 60)
    return {"total": f"{hours}:{minutes:02d}", "longest": max(worked)}


inputs = [
    {"shifts": ["08:00-16:30", "22:15-06:00"], "break_after": 360, "break_minutes": 30},
    {"shifts": ["09:10-12:40", "13:05-18:00", "19:00-00:20"], "break_after": 300, "break_minutes": 20},
    {"shifts": ["17:45-02:45"], "break_after": 480, "break_minutes": 45},
]
