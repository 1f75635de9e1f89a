"""A text of nested groups turned into nested lists.

Groups stand in round brackets and hold words and further groups, divided by spaces. Words that are whole
numbers become numbers, and words of the ignored ones are left out. Give the nested list of the outermost
group.
"""

import re


def read_group(parts, ignored):
    """Reads up to the closing bracket of the group that was just opened."""
    group = []
    for part in parts:
        if part == ")":
            return group
        if part == "(":
            group.append(read_group(parts, ignored))
        elif part not in ignored:
            group.append(int(part) if part.isdigit() else part)
    return group


def solution(text, ignored):
    parts = iter(re.findall(r"[()]|[^\s()]+", text))
    next(parts)
    return read_group(parts, ignored)


inputs = [
    {"text": "(add 3 (times 4 x) and 5)", "ignored": ["and"]},
    {"text": "((the cat) 12 (a (the) dog))", "ignored": ["the", "a"]},
    {"text": "(p (q (r 7)) s)", "ignored": ["q"]},
]
