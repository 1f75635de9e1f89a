"""The cheapest cables that connect all houses.

Offers name two houses and a price. Take the offers from the cheapest to the dearest (equal prices in the
given order), but leave out a cable between houses that are connected already or whose price is above the
limit. Give the total "price" and the number of separate "groups" of houses that remain.
"""


def solution(houses, offers, price_limit):
    group = {house: number for number, house in enumerate(houses)}
    total = 0
    for first, second, price in sorted(offers, key=lambda offer: offer[2]):
        if price > price_limit:
            break
        old, new = group[first], group[second]
        if old == new:
            continue
        total += price
        for house in houses:
            if group[house] == old:
                group[house] = new
    return {"price": total, "groups": len(set(group.values()))}


inputs = [
    {
        "houses": ["A", "B", "C", "D"],
        "offers": [["A", "B", 9], ["B", "C", 4], ["A", "C", 6], ["C", "D", 11]],
        "price_limit": 10,
    },
    {
        "houses": ["barn", "farm", "mill"],
        "offers": [["barn", "farm", 30], ["farm", "mill", 25], ["mill", "barn", 28]],
        "price_limit": 28,
    },
    {
        "houses": ["h1", "h2", "h3", "h4", "h5"],
        "offers": [["h1", "h2", 5], ["h3", "h4", 5], ["h2", "h4", 8], ["h1", "h3", 7]],
        "price_limit": 12,
    },
]
