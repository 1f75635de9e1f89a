"""Cost of orders at several suppliers.

Each row of the first table tells how many pieces of each product a customer orders; each row of the second
table tells the price of a product at every supplier. Give a table with the cost of each customer's order at
each supplier, where every order also costs the fee for delivery.
"""


def solution(orders, prices, delivery_fee):
    suppliers = range(len(prices[0]))
    costs = []
    for order in orders:
        row = []
        for supplier in suppliers:
            cost = delivery_fee
            for product, pieces in enumerate(order):
                cost += pieces * prices[product][supplier]
            row.append(cost)
        costs.append(row)
    return costs


inputs = [
    {"orders": [[2, 1], [0, 3]], "prices": [[5, 4], [7, 9]], "delivery_fee": 3},
    {"orders": [[1, 4, 2]], "prices": [[10, 12], [3, 2], [6, 5]], "delivery_fee": 8},
    {"orders": [[6, 0], [5, 5], [1, 2]], "prices": [[20], [15]], "delivery_fee": 12},
]
