"""All ways to share equal sweets among children.

Every child gets at least the fewest and at most the most sweets allowed, and all sweets are given away. List
every way as a list with each child's number of sweets, in rising order (by the first child's number, then the
second child's, and so on). If there is none, the answer is the text "no way".
"""


def shares(sweets, children, fewest, most):
    if children == 0:
        if sweets == 0:
            yield []
        return
    for first in range(fewest, min(most, sweets) + 1):
        for rest in shares(sweets - first, children - 1, fewest, most):
            yield [first, *rest]


def solution(sweets, children, fewest, most):
    return list(shares(sweets, children, fewest, most)) or "no way"


inputs = [
    {"sweets": 5, "children": 2, "fewest": 2, "most": 4},
    {"sweets": 5, "children": 3, "fewest": 1, "most": 3},
    {"sweets": 9, "children": 2, "fewest": 2, "most": 4},
    {"sweets": 4, "children": 2, "fewest": 0, "most": 3},
]
