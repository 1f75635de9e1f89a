"""The best way to saw up a log for sale.

A log of whole metres can be sawn into shorter pieces. Pieces have a price by their length; every saw cut
costs a fee. Lengths without a price cannot be sold. Find the largest "income" from selling the whole log,
fees taken off, and the lengths of the "pieces" with that income; of equally good first pieces take the one
whose price is named first. Prices are given by lengths written as texts.
"""


def solution(log_length, prices, cut_fee):
    best = {0: (0, [])}
    for length in range(1, log_length + 1):
        for text, price in prices.items():
            piece = int(text)
            if piece > length or length - piece not in best:
                continue
            rest_income, rest_pieces = best[length - piece]
            income = price + rest_income - (cut_fee if rest_pieces else 0)
            if length not in best or income > best[length][0]:
                best[length] = (income, [piece, *rest_pieces])
    income, pieces = best[log_length]
    return {"income": income, "pieces": pieces}


inputs = [
    {"log_length": 5, "prices": {"1": 10, "2": 26, "3": 37}, "cut_fee": 2},
    {"log_length": 6, "prices": {"2": 30, "3": 50}, "cut_fee": 7},
    {"log_length": 4, "prices": {"1": 15, "4": 52}, "cut_fee": 3},
]
