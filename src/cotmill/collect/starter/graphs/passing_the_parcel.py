"""Where a parcel is after being passed on many times.

Everybody hands the parcel on to a fixed person. From the start on it is handed on the given number of times;
since the parcel soon goes round in a circle, full rounds need not be followed. Who holds it in the end, and
how many people are in the circle?
"""


def solution(hands_to, start, times):
    order = []
    holder = start
    while holder not in order:
        order.append(holder)
        holder = hands_to[holder]
    entry = order.index(holder)
    circle = len(order) - entry
    if times < len(order):
        return [order[times], circle]
    return [order[entry + (times - entry) % circle], circle]


inputs = [
    {"hands_to": {"Amy": "Bob", "Bob": "Cat", "Cat": "Dan", "Dan": "Bob"}, "start": "Amy", "times": 100},
    {"hands_to": {"n": "o", "o": "p", "p": "q", "q": "n"}, "start": "o", "times": 2},
    {"hands_to": {"Gus": "Hal", "Hal": "Ike", "Ike": "Gus", "Joy": "Gus"}, "start": "Joy", "times": 57},
]
