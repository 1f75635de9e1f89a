"""Place of a word in the alphabetical list of all arrangements of its letters.

Imagine all arrangements of the letters of the word, which are all different, sorted by the given alphabet and
numbered from 1. Which number does the word itself have?
"""

from math import factorial


def solution(word, alphabet):
    unused = sorted(word, key=alphabet.index)
    rank = 1
    for letter in word:
        smaller_letters = unused.index(letter)
        unused.remove(letter)
        rank += smaller_letters * factorial(len(unused))
    return rank


inputs = [
    {"word": "dcab", "alphabet": "abcd"},
    {"word": "stone", "alphabet": "abcdefghijklmnopqrstuvwxyz"},
    {"word": "lamp", "alphabet": "zyxwvutsrqponmlkjihgfedcba"},
]
