"""The age of a person in years, months and days.

Count the full years since the date of birth, then the full months since the last birthday, then the days
since the last full month. Days of a month that does not have the day of birth count from its last day. Give
the three numbers as "years", "months" and "days", and under "adult" whether the person has reached the adult
age.
"""

from datetime import date, timedelta


def length_of_month(year, month):
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return (next_month - timedelta(days=1)).day


def same_day(birth, months):
    """The day that is this number of months after the birth."""
    years, month_index = divmod(birth.month - 1 + months, 12)
    year = birth.year + years
    month = month_index + 1
    return date(year, month, min(birth.day, length_of_month(year, month)))


def solution(born, today, adult_age):
    birth = date.fromisoformat(born)
    now = date.fromisoformat(today)
    months = (now.year - birth.year) * 12 + now.month - birth.month
    if same_day(birth, months) > now:
        months -= 1
    days = (now - same_day(birth, months)).days
    years, rest_months = divmod(months, 12)
    return {"years": years, "months": rest_months, "days": days, "adult": years >= adult_age}


inputs = [
    {"born": "2006-08-15", "today": "2024-08-14", "adult_age": 18},
    {"born": "1999-01-31", "today": "2023-03-30", "adult_age": 21},
    {"born": "2009-11-02", "today": "2025-11-20", "adult_age": 16},
]
