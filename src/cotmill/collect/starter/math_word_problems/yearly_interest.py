"""Balances of a savings account with a deposit every year.

At the end of every year the bank adds interest of a whole percentage of the balance, rounded down to a cent,
and then the saver pays in the yearly deposit. List the balance in cents at the end of each year.
"""


def balances(balance, percent, yearly_deposit, years):
    for _ in range(years):
        interest = balance * percent // 100
        balance += interest + yearly_deposit
        yield balance


def solution(opening_balance, percent, yearly_deposit, years):
    return list(balances(opening_balance, percent, yearly_deposit, years))


inputs = [
    {"opening_balance": 50000, "percent": 3, "yearly_deposit": 12000, "years": 4},
    {"opening_balance": 123456, "percent": 2, "yearly_deposit": 5000, "years": 3},
    {"opening_balance": 8000, "percent": 5, "yearly_deposit": 25000, "years": 6},
]
