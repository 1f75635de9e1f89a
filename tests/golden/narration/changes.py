# input: {"xs": [3, 1, 2]}
def double(items):
    for i in range(len(items)):
        items[i] *= 2


def solution(xs):
    double(xs)
    xs.sort()
    xs.insert(0, 9)
    last = xs.pop()
    xs[0], xs[1] = xs[1], xs[0]
    counts = {}
    for letter in "aba":
        counts[letter] = counts.get(letter, 0) + 1
    del counts["b"]
    seen = set()
    seen.add(last)
    seen.add(last)
    grid = [[0] * 2 for _ in range(2)]
    grid[1][0] += 5
    alias = grid[0]
    alias.append(7)
    return [xs, counts, last in seen, grid]
