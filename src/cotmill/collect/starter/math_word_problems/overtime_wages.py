"""Weekly wages with overtime paid at a higher rate.

A worker is paid by the hour. Hours beyond the daily limit are overtime and bring the overtime bonus on top of
the hourly wage. If the week holds more overtime than the weekly limit for it, the hours above that limit
become time off and are not paid. Give the "wages" in cents and the hours of "time off".
"""


def solution(hours_per_day, daily_limit, hourly_wage, overtime_bonus, overtime_limit):
    regular_hours = 0
    overtime_hours = 0
    for hours in hours_per_day:
        regular_hours += min(hours, daily_limit)
        overtime_hours += max(0, hours - daily_limit)
    paid_overtime = min(overtime_hours, overtime_limit)
    time_off = overtime_hours - paid_overtime
    wages = regular_hours * hourly_wage + paid_overtime * (hourly_wage + overtime_bonus)
    return {"wages": wages, "time off": time_off}


inputs = [
    {
        "hours_per_day": [8, 9, 10, 7, 8],
        "daily_limit": 8,
        "hourly_wage": 1400,
        "overtime_bonus": 350,
        "overtime_limit": 5,
    },
    {
        "hours_per_day": [10, 11, 6, 9],
        "daily_limit": 7,
        "hourly_wage": 1650,
        "overtime_bonus": 500,
        "overtime_limit": 6,
    },
    {
        "hours_per_day": [5, 6, 4, 8, 6],
        "daily_limit": 5,
        "hourly_wage": 1225,
        "overtime_bonus": 275,
        "overtime_limit": 4,
    },
]
