"""Continued fraction of a ratio, and the simpler ratios that come close to it.

Expand numerator over denominator into a continued fraction, but take at most the given number of terms. Give
the "terms" and, as a text like "22/7", the "fraction" that these terms add up to.
"""


def solution(numerator, denominator, most_terms):
    terms = []
    while denominator and len(terms) < most_terms:
        whole, rest = divmod(numerator, denominator)
        terms.append(whole)
        numerator, denominator = denominator, rest
    top, bottom = terms[-1], 1
    for term in reversed(terms[:-1]):
        top, bottom = term * top + bottom, top
    return {"terms": terms, "fraction": f"{top}/{bottom}"}


inputs = [
    {"numerator": 355, "denominator": 113, "most_terms": 2},
    {"numerator": 649, "denominator": 200, "most_terms": 4},
    {"numerator": 415, "denominator": 93, "most_terms": 3},
    {"numerator": 14142, "denominator": 10000, "most_terms": 5},
]
