# input: {"steps": [2, 3]}
LIMIT = 4


def solution(steps):
    total = 0

    def step(amount):
        nonlocal total
        total += amount
        if total > LIMIT:
            return "over"
        return "under"

    marks = ""
    for amount in steps:
        marks += step(amount)
    return [marks, total]
