"""The first place where the brackets of a text go wrong.

Each opening bracket must be closed by its partner, the brackets inside it first. The pairs are given as texts
of two signs. Give the place of the first bracket that closes wrongly, counted from 1, or the text "open: "
with the closing brackets that are missing at the end in the right order, or the text "fine".
"""


def solution(text, pairs):
    partner = {pair[0]: pair[1] for pair in pairs}
    expected = []
    for place, sign in enumerate(text, start=1):
        if sign in partner:
            expected.append(partner[sign])
        elif sign in partner.values():
            wanted = expected.pop() if expected else ""
            if sign != wanted:
                return place
    if expected:
        return "open: " + "".join(reversed(expected))
    return "fine"


inputs = [
    {"text": "f(a[1], {b})", "pairs": ["()", "[]", "{}"]},
    {"text": "(x + [y)", "pairs": ["()", "[]"]},
    {"text": "<a <b> {c", "pairs": ["<>", "{}"]},
    {"text": "(1))", "pairs": ["()"]},
]
