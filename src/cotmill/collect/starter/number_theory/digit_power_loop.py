"""Where a chain of sums of digit powers ends up.

Replace a number by the sum of its decimal digits, each raised to the given exponent, and repeat. Stop when a
value comes up for the second time. Report the value that is "smallest in loop" and the number of
"replacements" done.
"""


def next_value(number, exponent):
    return sum(int(digit) ** exponent for digit in str(number))


def solution(start, exponent):
    seen = [start]
    value = next_value(start, exponent)
    while value not in seen:
        seen.append(value)
        value = next_value(value, exponent)
    loop = seen[seen.index(value) :]
    return {"smallest in loop": min(loop), "replacements": len(seen)}


inputs = [
    {"start": 19, "exponent": 2},
    {"start": 42, "exponent": 3},
    {"start": 85, "exponent": 2},
    {"start": 371, "exponent": 3},
]
