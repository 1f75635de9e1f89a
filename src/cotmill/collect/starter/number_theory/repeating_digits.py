"""Digits of a fraction, with the part that repeats in parentheses.

Divide the numerator by the denominator in long division in the given base (at most ten), where the numerator
is smaller than the denominator. Write the digits after "0."; if from some place on a group of digits repeats
for ever, write this group once in parentheses.
"""


def solution(numerator, denominator, base):
    digits = ""
    seen_at = {}
    remainder = numerator
    while remainder and remainder not in seen_at:
        seen_at[remainder] = len(digits)
        digit, remainder = divmod(remainder * base, denominator)
        digits += str(digit)
    if remainder == 0:
        return f"0.{digits}"
    start = seen_at[remainder]
    return f"0.{digits[:start]}({digits[start:]})"


inputs = [
    {"numerator": 5, "denominator": 12, "base": 10},
    {"numerator": 3, "denominator": 8, "base": 10},
    {"numerator": 2, "denominator": 7, "base": 9},
    {"numerator": 7, "denominator": 22, "base": 10},
    {"numerator": 1, "denominator": 6, "base": 4},
]
