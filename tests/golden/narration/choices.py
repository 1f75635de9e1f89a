# input: {"n": 7, "command": "add 3"}
def solution(n, command):
    size = "big" if n > 5 else "small"
    between = 0 <= n < 5
    odd_and_big = n % 2 == 1 and n > 5
    match command.split():
        case ["sub", amount]:
            n -= int(amount)
        case ["add", amount]:
            n += int(amount)
    if n < 0 or n > 100:
        n = 0
    elif not between and (half := n // 2) > 4:
        n = half
    assert n > 0
    return [size, between, odd_and_big, n]
