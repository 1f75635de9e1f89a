"""Income of a bakery that sells its rolls in boxes and sells the rest one by one.

A bakery packs its rolls into boxes of a given size and sells every full box for the box price. The rolls left
over are sold at the single price, but together they never cost more than one full box. What is the total
income in cents?
"""


def solution(rolls_baked, box_size, box_price, single_price):
    full_boxes, rolls_left = divmod(rolls_baked, box_size)
    box_income = full_boxes * box_price
    single_income = rolls_left * single_price
    if single_income > box_price:
        return box_income + box_price
    return box_income + single_income


inputs = [
    {"rolls_baked": 50, "box_size": 12, "box_price": 540, "single_price": 60},
    {"rolls_baked": 47, "box_size": 6, "box_price": 300, "single_price": 65},
    {"rolls_baked": 83, "box_size": 8, "box_price": 410, "single_price": 55},
]
