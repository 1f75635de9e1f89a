"""A whole number written in the factorial number system.

In the factorial system the last digit is worth 1!, the one before it 2!, then 3!, and so on, and the digit at
the place worth k! runs from 0 to k. Write every number of the list in this system, its digits joined by the
separator.
"""


def factorial_digits(number):
    digits = []
    place = 2
    while number > 0:
        number, digit = divmod(number, place)
        digits.append(str(digit))
        place += 1
    return digits[::-1]


def solution(numbers, separator):
    return [separator.join(factorial_digits(number)) for number in numbers]


inputs = [
    {"numbers": [5, 23, 463], "separator": ":"},
    {"numbers": [100, 719], "separator": "."},
    {"numbers": [7, 60, 1000, 11], "separator": "-"},
]
