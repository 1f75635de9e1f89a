"""Different arrangements of the letters of a word that begin with a given letter.

All letters of the word are used, and equal letters cannot be told apart. How many different arrangements
begin with the given letter? If the word does not contain it, the answer is 0.
"""

from collections import Counter
from math import factorial


def solution(word, first_letter):
    supply = Counter(word)
    if first_letter not in supply:
        return 0
    supply[first_letter] -= 1
    arrangements = factorial(len(word) - 1)
    for copies in supply.values():
        arrangements //= factorial(copies)
    return arrangements


inputs = [
    {"word": "banana", "first_letter": "b"},
    {"word": "pepper", "first_letter": "p"},
    {"word": "letters", "first_letter": "e"},
    {"word": "olive", "first_letter": "a"},
]
