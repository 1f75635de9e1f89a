# input: {"a": 17, "b": 5}
def solution(a, b):
    q, r = divmod(a, b)
    x = y = 0
    x, y = y + 1, q - x
    first, *rest = [q, r, x, y]
    while b:
        a, b = b, a % b
    return [first, rest, a]
