"""The most valuable load of a backpack.

Every item has a weight and a value and can be packed once. Which value at most can be packed if the weights
together must not exceed the limit? A padding of the given weight is packed with every fragile item.
"""


def solution(items, limit, padding):
    best_value = {0: 0}
    for item in items:
        weight = item["weight"] + (padding if item["fragile"] else 0)
        for packed, value in list(best_value.items()):
            new_weight = packed + weight
            if new_weight > limit:
                continue
            new_value = value + item["value"]
            if new_value > best_value.get(new_weight, -1):
                best_value[new_weight] = new_value
    return max(best_value.values())


inputs = [
    {
        "items": [
            {"weight": 3, "value": 40, "fragile": False},
            {"weight": 2, "value": 35, "fragile": True},
            {"weight": 4, "value": 60, "fragile": False},
        ],
        "limit": 6,
        "padding": 1,
    },
    {
        "items": [
            {"weight": 5, "value": 90, "fragile": True},
            {"weight": 4, "value": 70, "fragile": False},
            {"weight": 3, "value": 45, "fragile": False},
        ],
        "limit": 9,
        "padding": 2,
    },
    {
        "items": [
            {"weight": 6, "value": 30, "fragile": False},
            {"weight": 1, "value": 12, "fragile": True},
            {"weight": 2, "value": 15, "fragile": True},
            {"weight": 5, "value": 26, "fragile": False},
        ],
        "limit": 9,
        "padding": 1,
    },
]
