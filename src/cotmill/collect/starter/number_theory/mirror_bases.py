"""Bases in which a number reads the same forwards and backwards.

Write the number in every base from the lowest to the highest one given and list those bases in which its
digits form a palindrome. If there is none, the answer is the text "no base".
"""


def digits_in_base(number, base):
    digits = []
    while number:
        digits.append(number % base)
        number //= base
    return digits


def solution(number, lowest_base, highest_base):
    mirror_bases = []
    for base in range(lowest_base, highest_base + 1):
        digits = digits_in_base(number, base)
        if digits == digits[::-1]:
            mirror_bases.append(base)
    return mirror_bases or "no base"


inputs = [
    {"number": 121, "lowest_base": 2, "highest_base": 10},
    {"number": 54, "lowest_base": 3, "highest_base": 9},
    {"number": 300, "lowest_base": 4, "highest_base": 7},
    {"number": 85, "lowest_base": 2, "highest_base": 8},
]
