"""A restaurant bill with a tip, shared fairly to the cent.

A tip of a whole percentage, rounded up to a full cent, is added to the bill. The friends share the sum
equally; the cents that cannot be shared are paid one each by the friends who are named first. Who pays how
many cents?
"""


def solution(friends, bill, tip_percent):
    tip = -(-bill * tip_percent // 100)
    total = bill + tip
    share, extra_cents = divmod(total, len(friends))
    payments = {}
    for position, friend in enumerate(friends):
        payments[friend] = share + 1 if position < extra_cents else share
    return payments


inputs = [
    {"friends": ["Ana", "Ben", "Cleo"], "bill": 4750, "tip_percent": 10},
    {"friends": ["Dai", "Ebba", "Finn", "Gus"], "bill": 8821, "tip_percent": 15},
    {"friends": ["Hana", "Ivo"], "bill": 1999, "tip_percent": 8},
]
