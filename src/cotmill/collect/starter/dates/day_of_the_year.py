"""The date that belongs to the number of a day in the year.

In a calendar with its own months, each with a number of days, find the date of the day with the given number,
where day 1 is the first day of the first month. In a leap year one month is longer by one day. If the year
has fewer days, the count goes on in the next year, which is not a leap year. Give the date as "12 May", or
"12 May next year".
"""


def solution(month_lengths, day_number, leap_month):
    left = day_number
    for month, days in month_lengths.items():
        longest = days + 1 if month == leap_month else days
        if left <= longest:
            return f"{left} {month}"
        left -= longest
    for month, days in month_lengths.items():
        if left <= days:
            return f"{left} {month} next year"
        left -= days
    return "beyond next year"


inputs = [
    {
        "month_lengths": {"January": 31, "February": 28, "March": 31, "April": 30},
        "day_number": 100,
        "leap_month": "February",
    },
    {"month_lengths": {"Frost": 40, "Bloom": 45, "Harvest": 38}, "day_number": 130, "leap_month": "Bloom"},
    {"month_lengths": {"One": 20, "Two": 20, "Three": 25, "Four": 21}, "day_number": 41, "leap_month": "One"},
]
