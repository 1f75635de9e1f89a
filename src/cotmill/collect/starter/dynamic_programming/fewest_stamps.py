"""The fewest stamps that make up a postage exactly.

Stamps of the given values may be used as often as one likes. Find the smallest number of stamps whose values
add up to the postage and list their values from the largest to the smallest; of equally short choices take
the one whose stamp bought last stands earlier in the given list, then the stamp bought before it, and so on.
If it cannot be done, give the text "not possible".
"""


def solution(postage, stamps):
    best = {0: []}
    for amount in range(1, postage + 1):
        for stamp in stamps:
            shorter = best.get(amount - stamp)
            if shorter is None:
                continue
            if amount not in best or len(shorter) + 1 < len(best[amount]):
                best[amount] = [*shorter, stamp]
    if postage not in best:
        return "not possible"
    return sorted(best[postage], reverse=True)


inputs = [
    {"postage": 8, "stamps": [5, 4, 1]},
    {"postage": 7, "stamps": [2, 6]},
    {"postage": 14, "stamps": [3, 5]},
    {"postage": 9, "stamps": [7, 5, 4]},
]
