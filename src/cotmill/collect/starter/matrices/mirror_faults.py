"""Places where a square table is not symmetric.

A table of distances between towns should be the same when it is mirrored at its main diagonal. List the pairs
of towns whose two entries differ by more than the tolerance, each as "A-B: difference", or give the text
"symmetric".
"""


def solution(towns, distances, tolerance):
    faults = []
    for row in range(len(towns)):
        for column in range(row):
            difference = abs(distances[row][column] - distances[column][row])
            if difference > tolerance:
                faults.append(f"{towns[column]}-{towns[row]}: {difference}")
    return faults or "symmetric"


inputs = [
    {"towns": ["Ulm", "Bonn", "Kiel"], "distances": [[0, 41, 70], [43, 0, 52], [70, 57, 0]], "tolerance": 1},
    {"towns": ["P", "Q", "R"], "distances": [[0, 12, 9], [10, 0, 14], [9, 11, 0]], "tolerance": 3},
    {"towns": ["Rome", "Bari"], "distances": [[0, 374], [376, 0]], "tolerance": 1},
]
