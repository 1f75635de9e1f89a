"""Numbers sorted into deficient, perfect and abundant ones.

Compare each number with the sum of its proper divisors times the given factor. The number is "deficient" if
that product is smaller than the number, "perfect" if it is equal and "abundant" if it is larger. List the
numbers of each class in the order in which they are given.
"""


def proper_divisor_sum(number):
    total = 0
    for candidate in range(1, number // 2 + 1):
        if number % candidate == 0:
            total += candidate
    return total


def solution(numbers, factor):
    classes = {"deficient": [], "perfect": [], "abundant": []}
    for number in numbers:
        weighted_sum = factor * proper_divisor_sum(number)
        if weighted_sum < number:
            classes["deficient"].append(number)
        elif weighted_sum == number:
            classes["perfect"].append(number)
        else:
            classes["abundant"].append(number)
    return classes


inputs = [
    {"numbers": [6, 8, 12, 15], "factor": 1},
    {"numbers": [28, 20, 9, 16], "factor": 1},
    {"numbers": [3, 10, 14, 25], "factor": 2},
]
