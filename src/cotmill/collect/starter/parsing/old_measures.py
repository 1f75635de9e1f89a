"""Old measures such as "3 yd 2 ft" added up and written in the largest units.

A table names the units from the largest to the smallest, each with the number of next smaller units that it
holds (1 for the last). Add the measures, written as numbers and unit names in turn, and write the sum with as
many of the larger units as possible, leaving out units that are zero.
"""


def solution(measures, table):
    worth = {}
    smallest_units = 1
    for unit, holds in reversed(table):
        smallest_units *= holds
        worth[unit] = smallest_units
    total = 0
    for measure in measures:
        words = measure.split()
        for number, unit in zip(words[::2], words[1::2]):
            total += int(number) * worth[unit]
    parts = []
    for unit, _ in table:
        count, total = divmod(total, worth[unit])
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


inputs = [
    {"measures": ["3 yd 2 ft", "1 yd 2 ft 9 in"], "table": [["yd", 3], ["ft", 12], ["in", 1]]},
    {"measures": ["5 lb 14 oz", "12 oz", "2 lb"], "table": [["st", 14], ["lb", 16], ["oz", 1]]},
    {"measures": ["19 s 8 d", "1 l 7 d"], "table": [["l", 20], ["s", 12], ["d", 1]]},
]
