"""A fraction written as a sum of different unit fractions.

Take away the largest unit fraction 1/n that fits, with n at least the first denominator allowed, and repeat
with the rest, each time with a larger n than before, until nothing is left or the given number of fractions
is used. List the denominators, and after them the rest as a text if it is not zero.
"""

from fractions import Fraction


def solution(numerator, denominator, first_allowed, most_fractions):
    rest = Fraction(numerator, denominator)
    smallest = first_allowed
    parts = []
    while rest > 0 and len(parts) < most_fractions:
        unit = max(smallest, -(-rest.denominator // rest.numerator))
        parts.append(unit)
        rest -= Fraction(1, unit)
        smallest = unit + 1
    if rest:
        parts.append(str(rest))
    return parts


inputs = [
    {"numerator": 5, "denominator": 6, "first_allowed": 2, "most_fractions": 2},
    {"numerator": 7, "denominator": 15, "first_allowed": 3, "most_fractions": 2},
    {"numerator": 4, "denominator": 13, "first_allowed": 4, "most_fractions": 3},
    {"numerator": 9, "denominator": 10, "first_allowed": 3, "most_fractions": 3},
]
