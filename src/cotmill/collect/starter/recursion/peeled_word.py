"""Layers of equal letters that can be peeled off a word.

A layer is a pair of equal letters at both ends of the word. Layers are peeled off, at most the given number
of them, as long as the remaining word has at least two letters and the next layer does not consist of a tough
letter. Give the number of layers and the core that is left.
"""


def solution(word, most_layers, tough_letters):
    if len(word) < 2 or most_layers == 0:
        return [0, word]
    if word[0] != word[-1] or word[0] in tough_letters:
        return [0, word]
    layers, core = solution(word[1:-1], most_layers - 1, tough_letters)
    return [layers + 1, core]


inputs = [
    {"word": "reviver", "most_layers": 3, "tough_letters": "v"},
    {"word": "rotator", "most_layers": 3, "tough_letters": "at"},
    {"word": "deified", "most_layers": 1, "tough_letters": "e"},
    {"word": "noon", "most_layers": 2, "tough_letters": "xyz"},
]
