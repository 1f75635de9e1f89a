"""Bookings on a bank account, some of which are refused.

Positive bookings are paid in, negative ones are paid out. The balance may go down to minus the credit line; a
booking that would go below that is refused and costs a fee, which is always taken. Give the final "balance"
and the numbers of the "refused" bookings, counted from 1.
"""


class RefusedError(Exception):
    pass


class Account:
    def __init__(self, balance, credit_line):
        self.balance = balance
        self.credit_line = credit_line

    def book(self, amount):
        if self.balance + amount < -self.credit_line:
            raise RefusedError(amount)
        self.balance += amount


def solution(opening_balance, bookings, credit_line, fee):
    account = Account(opening_balance, credit_line)
    refused = []
    for number, amount in enumerate(bookings, start=1):
        try:
            account.book(amount)
        except RefusedError:
            refused.append(number)
            account.balance -= fee
    return {"balance": account.balance, "refused": refused}


inputs = [
    {"opening_balance": 120, "bookings": [-80, -90, 50, -60], "credit_line": 40, "fee": 5},
    {"opening_balance": 0, "bookings": [-30, 100, -45, -90], "credit_line": 20, "fee": 3},
    {"opening_balance": 15, "bookings": [-200, -160, 35], "credit_line": 150, "fee": 10},
]
