# input: {"xs": [3, 8, 5, 12], "stop": 12}
def solution(xs, stop):
    evens = []
    total = 0
    for position, x in enumerate(xs):
        if x == stop:
            break
        if x % 2 == 1:
            continue
        evens.append(x)
        total += position * x
    else:
        total = -1
    while total > 3:
        total //= 2
    return [evens, total]
