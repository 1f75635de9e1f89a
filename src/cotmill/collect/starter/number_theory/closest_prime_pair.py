"""A number split into two primes with at least a given gap between them.

Write the total as a sum of two primes whose difference is at least the given gap and, apart from that, as
small as possible. Give the smaller prime first, or the text "impossible" if there is no such pair.
"""


def is_prime(number):
    if number < 2:
        return False
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True


def solution(total, least_gap):
    for lower in range((total - least_gap) // 2, 1, -1):
        if is_prime(lower) and is_prime(total - lower):
            return [lower, total - lower]
    return "impossible"


inputs = [
    {"total": 48, "least_gap": 12},
    {"total": 27, "least_gap": 15},
    {"total": 62, "least_gap": 1},
    {"total": 33, "least_gap": 25},
]
