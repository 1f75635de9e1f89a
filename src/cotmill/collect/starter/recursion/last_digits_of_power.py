"""Last digits of a large power, found by repeated squaring.

Raise the base to the exponent and divide by the modulus; only the remainder is wanted. To save work, the
exponent is halved again and again. Give the remainder and the number of multiplications done: one for each
squaring, and one more whenever the exponent is odd.
"""


def power(base, exponent, modulus):
    """Remainder and number of multiplications."""
    if exponent == 0:
        return 1, 0
    root, multiplications = power(base, exponent // 2, modulus)
    result = root * root % modulus
    multiplications += 1
    if exponent % 2 == 1:
        result = result * base % modulus
        multiplications += 1
    return result, multiplications


def solution(base, exponent, modulus):
    remainder, multiplications = power(base, exponent, modulus)
    return [remainder, multiplications]


inputs = [
    {"base": 7, "exponent": 13, "modulus": 100},
    {"base": 3, "exponent": 50, "modulus": 1000},
    {"base": 12, "exponent": 27, "modulus": 35},
]
