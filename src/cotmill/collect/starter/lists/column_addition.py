"""Two numbers added digit by digit in any base.

Two numbers are given as lists of digits, the highest place first, in the given base. Add them in columns from
the last place on with a carry. Give the digits of the sum and the number of carries.
"""

from itertools import zip_longest


def solution(first_digits, second_digits, base):
    sum_digits = []
    carry = 0
    carries = 0
    for first, second in zip_longest(reversed(first_digits), reversed(second_digits), fillvalue=0):
        carry, digit = divmod(first + second + carry, base)
        sum_digits.append(digit)
        carries += carry
    if carry:
        sum_digits.append(carry)
    return [sum_digits[::-1], carries]


inputs = [
    {"first_digits": [4, 7, 8], "second_digits": [6, 5], "base": 10},
    {"first_digits": [1, 0, 1, 1], "second_digits": [1, 1, 1], "base": 2},
    {"first_digits": [6, 3], "second_digits": [5, 4, 5], "base": 7},
]
