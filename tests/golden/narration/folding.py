# input: {"n": 60}
def solution(n):
    total = 0
    squares = []
    for i in range(n):
        total += i
        squares.append(i * i)
    return total + len(squares)
