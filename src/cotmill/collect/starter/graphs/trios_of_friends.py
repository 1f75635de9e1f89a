"""Groups of three people who all know each other.

Three people are a trio if each of them knows the two others. Trios that hold a person of the excluded list do
not count. Give every trio in alphabetical order, as "A-B-C", or the text "no trio".
"""

from itertools import combinations


def solution(acquaintances, excluded):
    known = {}
    for first, second in acquaintances:
        known.setdefault(first, set()).add(second)
        known.setdefault(second, set()).add(first)
    trios = []
    for trio in combinations(sorted(known.keys() - set(excluded)), 3):
        first, second, third = trio
        if second in known[first] and third in known[first] and third in known[second]:
            trios.append("-".join(trio))
    return trios or "no trio"


inputs = [
    {"acquaintances": [["Bo", "Al"], ["Al", "Cy"], ["Cy", "Bo"], ["Cy", "Di"], ["Di", "Al"]], "excluded": ["Bo"]},
    {"acquaintances": [["p", "q"], ["q", "r"], ["r", "p"], ["s", "p"], ["s", "q"]], "excluded": []},
    {"acquaintances": [["Ik", "Jo"], ["Jo", "Lu"], ["Lu", "Mo"], ["Ik", "Lu"]], "excluded": ["Ik"]},
]
