"""Due dates of monthly payments.

The first payment is due on the start date, and the others in steps of a number of months on the same day of
the month, or on the last day where the month is shorter. A payment that would fall on a Saturday or Sunday is
due on the following Monday. List the due dates of the given number of payments.
"""

from datetime import date, timedelta


def solution(start_date, months_between, payments):
    start = date.fromisoformat(start_date)
    due_dates = []
    for number in range(payments):
        years, month_index = divmod(start.month - 1 + number * months_between, 12)
        first_of_month = date(start.year + years, month_index + 1, 1)
        last_of_month = (first_of_month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        due = last_of_month.replace(day=min(start.day, last_of_month.day))
        if due.weekday() >= 5:
            due += timedelta(days=7 - due.weekday())
        due_dates.append(due.isoformat())
    return due_dates


inputs = [
    {"start_date": "2024-01-31", "months_between": 1, "payments": 4},
    {"start_date": "2025-11-15", "months_between": 3, "payments": 3},
    {"start_date": "2023-08-30", "months_between": 6, "payments": 2},
]
