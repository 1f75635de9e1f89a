"""Chain of digit sums down to a single digit.

Write a number in the given base (at most ten), add its digits, write the sum in that base, add its digits,
and so on until the value is smaller than the base. List all values of the chain in decimal, the starting
number first.
"""


def digit_sum(number, base):
    if number < base:
        return number
    return number % base + digit_sum(number // base, base)


def solution(number, base):
    chain = [number]
    while chain[-1] >= base:
        chain.append(digit_sum(chain[-1], base))
    return chain


inputs = [
    {"number": 987654, "base": 10},
    {"number": 3999, "base": 8},
    {"number": 54321, "base": 6},
    {"number": 777, "base": 9},
]
