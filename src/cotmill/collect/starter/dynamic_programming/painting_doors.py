"""The cheapest painting of a row of doors.

Each door of a row is painted in one colour, and neighbouring doors must have different colours. The price
depends on door and colour; painting a door in the fashionable colour gets the discount. Give the smallest
total "price" and the "colours" chosen; of equally cheap choices the colour that is named first is kept.
"""


def solution(prices, fashionable, discount):
    plans = {"": (0, [])}
    for door_prices in prices:
        next_plans = {}
        for colour, price in door_prices.items():
            cost = price - discount if colour == fashionable else price
            others = [plan for last, plan in plans.items() if last != colour]
            total, colours = min(others, key=lambda plan: plan[0])
            next_plans[colour] = (total + cost, [*colours, colour])
        plans = next_plans
    total, colours = min(plans.values(), key=lambda plan: plan[0])
    return {"price": total, "colours": colours}


inputs = [
    {
        "prices": [{"red": 40, "blue": 35}, {"red": 30, "blue": 20}, {"red": 45, "blue": 50}],
        "fashionable": "red",
        "discount": 8,
    },
    {
        "prices": [{"teal": 12, "grey": 9, "pink": 15}, {"teal": 10, "grey": 8, "pink": 11}],
        "fashionable": "pink",
        "discount": 5,
    },
    {
        "prices": [{"oak": 22, "white": 25}, {"oak": 31, "white": 18}, {"oak": 20, "white": 24}],
        "fashionable": "white",
        "discount": 3,
    },
]
