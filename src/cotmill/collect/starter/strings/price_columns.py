"""A price list set in two columns.

Every line shows an item on the left and its price in the given currency on the right, with a filler between
them, so that all lines have the given width. A line whose item and price do not fit is left out. Prices are
given in cents.
"""


def solution(prices, currency, width, filler):
    lines = []
    for item, cents in prices.items():
        whole, rest = divmod(cents, 100)
        price = f"{currency}{whole}.{rest:02d}"
        gap = width - len(item) - len(price)
        if gap < 1:
            continue
        lines.append(item + filler * gap + price)
    return lines


inputs = [
    {"prices": {"tea": 250, "cake": 395, "hot chocolate": 420}, "currency": "$", "width": 14, "filler": "-"},
    {"prices": {"pen": 99, "ink": 1205}, "currency": "EUR ", "width": 16, "filler": " "},
    {"prices": {"bolt": 7, "nut": 12, "screwdriver": 1149}, "currency": "", "width": 12, "filler": "_"},
]
