"""Messages of a log counted by level and by hour.

Each line reads like "14:05 ERROR disk full": a time, a level and a text. Lines that are not of this form are
counted as broken. Give for each level of the wanted ones a dictionary from the hour, as two digits, to the
number of its messages, in the order in which they come up, and under "broken" the number of broken lines.
"""

import re


def solution(lines, wanted):
    summary = {level: {} for level in wanted}
    broken = 0
    for line in lines:
        match = re.fullmatch(r"(\d\d):\d\d ([A-Z]+) .+", line)
        if match is None:
            broken += 1
            continue
        hour, level = match.groups()
        if level in summary:
            counts = summary[level]
            counts[hour] = counts.get(hour, 0) + 1
    summary["broken"] = broken
    return summary


inputs = [
    {"lines": ["14:05 ERROR disk full", "14:06 INFO ok", "14:59 ERROR no net", "oops"], "wanted": ["ERROR"]},
    {"lines": ["07:00 WARN hot", "08:30 WARN hot", "8:31 WARN hot", "09:10 INFO cool"], "wanted": ["WARN", "INFO"]},
    {
        "lines": ["23:59 DEBUG tick", "00:00 DEBUG tick", "00:01 FATAL stop", "00:01 FATAL"],
        "wanted": ["FATAL", "DEBUG"],
    },
]
