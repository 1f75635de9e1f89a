"""Order in which children leave a circle in a counting rhyme.

Children stand in a circle. A rhyme has a number of words; the counting begins with the first child, and the
child on whom the last word falls leaves the circle. The next round begins with the child after it, and after
each round the rhyme grows by the given number of words. The last child left wins. Give the order of leaving,
the winner last.
"""

from collections import deque


def solution(children, words, more_words):
    circle = deque(children)
    order = []
    while circle:
        circle.rotate(-(words - 1))
        order.append(circle.popleft())
        words += more_words
    return order


inputs = [
    {"children": ["Ada", "Ben", "Cem", "Dia"], "words": 3, "more_words": 0},
    {"children": ["Eli", "Fay", "Gil", "Hew", "Ivy"], "words": 2, "more_words": 1},
    {"children": ["Jan", "Kim", "Lea", "Max", "Nuri", "Ola"], "words": 5, "more_words": 2},
]
