"""Value of a formula that is given as a tree.

A formula is a number, the name of a quantity, or a list of an operation and two formulas. Operations are
"add", "subtract", "multiply" and "larger" (the larger of both). What is the value of the formula for the
given quantities?
"""

OPERATIONS = {
    "add": lambda left, right: left + right,
    "subtract": lambda left, right: left - right,
    "multiply": lambda left, right: left * right,
    "larger": max,
}


def solution(formula, quantities):
    if isinstance(formula, int):
        return formula
    if isinstance(formula, str):
        return quantities[formula]
    operation, left, right = formula
    left_value = solution(left, quantities)
    right_value = solution(right, quantities)
    return OPERATIONS[operation](left_value, right_value)


inputs = [
    {"formula": ["add", ["multiply", "width", "height"], 4], "quantities": {"width": 6, "height": 7}},
    {"formula": ["larger", ["subtract", "price", 30], ["multiply", 2, "fee"]], "quantities": {"price": 95, "fee": 31}},
    {"formula": ["multiply", ["add", "x", "x"], ["subtract", 1, "x"]], "quantities": {"x": 5}},
]
