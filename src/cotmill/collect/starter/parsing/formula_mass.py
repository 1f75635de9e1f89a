"""Mass of a chemical formula with groups.

A formula names elements, each followed by a number if there is more than one atom, and groups in brackets,
followed by a number in the same way, for example Ca(OH)2. What is the mass of the given number of such
molecules, if the masses of the atoms are given?
"""

import re


def solution(formula, masses, molecules):
    stack = [0]
    for part, count in re.findall(r"([A-Z][a-z]?|[()])(\d*)", formula):
        times = int(count or 1)
        if part == "(":
            stack.append(0)
        elif part == ")":
            group = stack.pop()
            stack[-1] += group * times
        else:
            stack[-1] += masses[part] * times
    return stack[0] * molecules


inputs = [
    {"formula": "Ca(OH)2", "masses": {"Ca": 40, "O": 16, "H": 1}, "molecules": 3},
    {"formula": "C6H12O6", "masses": {"C": 12, "H": 1, "O": 16}, "molecules": 1},
    {"formula": "Al2(SO4)3", "masses": {"Al": 27, "S": 32, "O": 16}, "molecules": 2},
]
