"""A book title with capitals where they belong.

Every word begins with a capital, except the small words; the first and the last word and a word after a colon
always begin with a capital. All other letters are small.
"""


def solution(title, small_words):
    words = title.lower().split()
    last = len(words) - 1
    after_colon = False
    cased = []
    for position, word in enumerate(words):
        forced = position in (0, last) or after_colon
        cased.append(word.capitalize() if forced or word not in small_words else word)
        after_colon = word.endswith(":")
    return " ".join(cased)


inputs = [
    {"title": "THE HOUSE ON THE HILL", "small_words": ["the", "on", "a"]},
    {"title": "bread: a history of baking", "small_words": ["a", "of"]},
    {"title": "what we dream of", "small_words": ["of", "and", "we"]},
    {"title": "north by boat: the long way in", "small_words": ["the", "by", "in"]},
]
