# input: {"price": 4.5, "count": 3, "paid": 20}
def solution(price, count, paid):
    cost = price * count
    change = paid - cost
    loss = -(cost**2)
    share = round(change / count, 2)
    return {"cost": cost, "change": change, "loss": loss, "share": share}
