# input: {"n": 3}
def countdown(n):
    while n > 0:
        yield n
        n -= 1


def solution(n):
    total = 0
    for x in countdown(n):
        total += x
    rest = countdown(2)
    first = next(rest)
    return [total, first, sum(y * y for y in range(n))]
