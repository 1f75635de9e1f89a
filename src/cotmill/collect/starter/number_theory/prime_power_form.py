"""A number written as a product of prime powers.

Split the number into its prime factors and write them in rising order, a repeated factor as a power, with the
given signs for times and for powers, for example 2^3 x 5.
"""


def solution(number, times_sign, power_sign):
    factors = []
    candidate = 2
    while candidate * candidate <= number:
        exponent = 0
        while number % candidate == 0:
            number //= candidate
            exponent += 1
        if exponent == 1:
            factors.append(str(candidate))
        elif exponent > 1:
            factors.append(f"{candidate}{power_sign}{exponent}")
        candidate += 1
    if number > 1:
        factors.append(str(number))
    return times_sign.join(factors)


inputs = [
    {"number": 360, "times_sign": " x ", "power_sign": "^"},
    {"number": 9975, "times_sign": " * ", "power_sign": "**"},
    {"number": 8624, "times_sign": " . ", "power_sign": "^"},
    {"number": 2646, "times_sign": " x ", "power_sign": "^"},
]
