"""Attempts in which an athlete improved the record by enough.

An athlete makes a series of attempts, in centimetres. An attempt counts as a record if it beats the best of
all counted ones before it, and the record to start with, by at least the given margin. List each record with
the number of the attempt, the first attempt being number 1, or give the text "no record".
"""


def solution(attempts, old_record, margin):
    best = old_record
    records = []
    for number, length in enumerate(attempts, start=1):
        if length >= best + margin:
            records.append([number, length])
            best = length
    if not records:
        return "no record"
    return records


inputs = [
    {"attempts": [512, 498, 530, 531, 541], "old_record": 505, "margin": 5},
    {"attempts": [180, 186, 184, 189], "old_record": 178, "margin": 3},
    {"attempts": [695, 712, 704], "old_record": 710, "margin": 4},
    {"attempts": [61, 60, 64, 68, 67], "old_record": 55, "margin": 6},
]
