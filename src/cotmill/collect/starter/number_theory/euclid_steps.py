"""Greatest common divisor of several numbers, with the divisions that Euclid needs.

Find the greatest common divisor of the numbers by Euclid's method: take the first number, then combine the
result with each further number in turn by dividing with remainder until the remainder is zero. Give the
divisor and the number of divisions done in all.
"""


def solution(first, others):
    divisor = first
    divisions = 0
    for other in others:
        larger, smaller = divisor, other
        while smaller != 0:
            larger, smaller = smaller, larger % smaller
            divisions += 1
        divisor = larger
    return [divisor, divisions]


inputs = [
    {"first": 252, "others": [198, 90]},
    {"first": 1071, "others": [462]},
    {"first": 84, "others": [35, 49, 14]},
    {"first": 610, "others": [377]},
]
