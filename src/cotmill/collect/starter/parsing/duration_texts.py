"""Times such as "2h 30m" added up.

Each text holds whole numbers followed by a unit of one letter, with or without spaces. The units and their
lengths in seconds are given. Parts with an unknown unit are not counted. Give the "seconds" of all texts
together and the list of "unknown" units that came up, in alphabetical order.
"""

import re


def solution(texts, seconds_per_unit):
    total = 0
    unknown = set()
    for text in texts:
        for number, unit in re.findall(r"(\d+)\s*([a-z])", text):
            if unit in seconds_per_unit:
                total += int(number) * seconds_per_unit[unit]
            else:
                unknown.add(unit)
    return {"seconds": total, "unknown": sorted(unknown)}


inputs = [
    {"texts": ["2h 30m", "45m", "10 s"], "seconds_per_unit": {"h": 3600, "m": 60, "s": 1}},
    {"texts": ["1d4h", "3w"], "seconds_per_unit": {"d": 86400, "h": 3600}},
    {"texts": ["7q 12t", "t", "5 t 1x"], "seconds_per_unit": {"q": 900, "t": 20}},
]
