"""Value of a formula with brackets, sums, differences and products.

A formula is made of whole numbers, +, -, *, brackets and named amounts, with spaces between all parts.
Products come before sums and differences, and equal operations go from left to right. What is the value, if
the names stand for the given amounts?
"""


class Reader:
    def __init__(self, formula, amounts):
        self.parts = formula.split()
        self.amounts = amounts

    def peek(self):
        return self.parts[0] if self.parts else ""

    def total(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.parts.pop(0) == "+" else -1
            value += sign * self.product()
        return value

    def product(self):
        value = self.single()
        while self.peek() == "*":
            self.parts.pop(0)
            value *= self.single()
        return value

    def single(self):
        part = self.parts.pop(0)
        if part == "(":
            value = self.total()
            self.parts.pop(0)
            return value
        return int(part) if part.isdigit() else self.amounts[part]


def solution(formula, amounts):
    return Reader(formula, amounts).total()


inputs = [
    {"formula": "2 + price * 3", "amounts": {"price": 14}},
    {"formula": "( a - 4 ) * ( b + 1 )", "amounts": {"a": 9, "b": 6}},
    {"formula": "50 - rent - 2 * food", "amounts": {"rent": 21, "food": 8}},
]
