"""Places that a search by halving looks at in a sorted list.

A number is looked up in a sorted list by looking at the middle place of what is left (the left one of two)
and going on with the half that can hold it. Give the values "looked at", in order, and whether the number was
"found". The search gives up after the given number of looks.
"""


def solution(sorted_values, wanted, most_looks):
    low, high = 0, len(sorted_values) - 1
    looked_at = []
    found = False
    while low <= high and len(looked_at) < most_looks:
        middle = (low + high) // 2
        looked_at.append(sorted_values[middle])
        if sorted_values[middle] == wanted:
            found = True
            break
        if sorted_values[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return {"looked at": looked_at, "found": found}


inputs = [
    {"sorted_values": [3, 8, 15, 21, 34, 50, 61], "wanted": 34, "most_looks": 5},
    {"sorted_values": [11, 13, 17, 19, 23, 29, 31, 37], "wanted": 12, "most_looks": 4},
    {"sorted_values": [2, 4, 6, 9, 12, 18, 27, 40, 59], "wanted": 59, "most_looks": 3},
]
