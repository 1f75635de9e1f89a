"""Results of calculations written with the operation after its numbers.

In each line the numbers are put on a stack and an operation takes the two uppermost numbers, the later one
second, and puts back the result: + - * and / (rounded down). A line that leaves other than one number, or
takes from an empty stack, gives "incomplete"; division by zero gives "division by zero". A name stands for
its stored number. List the result of each line.
"""

from operator import add, floordiv, mul, sub

OPERATIONS = {"+": add, "-": sub, "*": mul, "/": floordiv}


def calculate(line, stored):
    stack = []
    for part in line.split():
        if part in OPERATIONS:
            second, first = stack.pop(), stack.pop()
            stack.append(OPERATIONS[part](first, second))
        else:
            stack.append(stored[part] if part in stored else int(part))
    (result,) = stack
    return result


def solution(lines, stored):
    results = []
    for line in lines:
        try:
            results.append(calculate(line, stored))
        except ZeroDivisionError:
            results.append("division by zero")
        except (IndexError, ValueError):
            results.append("incomplete")
    return results


inputs = [
    {"lines": ["3 4 + x *", "8 x 5 - /"], "stored": {"x": 5}},
    {"lines": ["tax 100 *", "9 +", "tax 40 7 / -"], "stored": {"tax": 6}},
    {"lines": ["a b - 2 *", "a b", "b a /"], "stored": {"a": 3, "b": 19}},
]
