# input: {"words": ["pear", "fig", "apple"], "least": 4}
def solution(words, least):
    long = [word.upper() for word in words if len(word) >= least]
    lengths = {word: len(word) for word in words}
    letters = {word[0] for word in words}
    grid = [[row * column for column in range(2)] for row in range(3)]
    by_end = sorted(words, key=lambda word: word[-1])
    return [long, lengths, len(letters), grid, by_end]
