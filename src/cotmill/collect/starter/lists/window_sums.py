"""Sums of neighbouring values, and where the largest one stands.

Add up the values in every window of the given width that slides over the list by one place at a time. Give
all "sums" and as "best" the place, counted from the given first number, at which the window with the largest
sum begins (the first of several).
"""


def solution(values, width, first_number):
    window = sum(values[:width])
    sums = [window]
    for entering in range(width, len(values)):
        leaving = entering - width
        window += values[entering] - values[leaving]
        sums.append(window)
    best_place = sums.index(max(sums)) + first_number
    return {"sums": sums, "best": best_place}


inputs = [
    {"values": [4, 8, 1, 9, 3, 2], "width": 3, "first_number": 1},
    {"values": [15, 5, 20, 10], "width": 2, "first_number": 0},
    {"values": [2, -6, 7, 7, -3, 5, 1], "width": 4, "first_number": 101},
]
