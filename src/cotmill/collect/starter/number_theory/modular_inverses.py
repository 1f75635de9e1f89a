"""Multiplicative inverses in arithmetic with remainders.

For each number find the whole number from 1 up to the modulus minus 1 whose product with it leaves the
remainder 1 when divided by the modulus. Where there is none, report "none" with the divisor that the number
shares with the modulus, for example "none (3)".
"""


class NoInverseError(Exception):
    pass


def extended_gcd(first, second):
    """The triple (g, x, y) with first * x + second * y = g."""
    if second == 0:
        return first, 1, 0
    divisor, x, y = extended_gcd(second, first % second)
    return divisor, y, x - first // second * y


def inverse(number, modulus):
    divisor, coefficient, _ = extended_gcd(number, modulus)
    if divisor != 1:
        raise NoInverseError(f"none ({divisor})")
    return coefficient % modulus


def solution(numbers, modulus):
    answers = []
    for number in numbers:
        try:
            answers.append(inverse(number, modulus))
        except NoInverseError as reason:
            answers.append(str(reason))
    return answers


inputs = [
    {"numbers": [3, 4, 5], "modulus": 26},
    {"numbers": [7, 11], "modulus": 40},
    {"numbers": [6, 9, 10], "modulus": 21},
]
