"""Versions of a program in the right order.

A version is written as numbers divided by dots, after an optional prefix; missing numbers at the end count as
zero. Sort the versions from the oldest to the newest (equal ones keep their order) and keep those that are at
least the oldest allowed one. List them as they were written.
"""


def numbers(version, prefix, length):
    parts = [int(part) for part in version.removeprefix(prefix).split(".")]
    return parts + [0] * (length - len(parts))


def solution(versions, prefix, oldest_allowed):
    length = max(version.count(".") for version in [*versions, oldest_allowed]) + 1
    limit = numbers(oldest_allowed, prefix, length)
    allowed = []
    for version in versions:
        key = numbers(version, prefix, length)
        if key >= limit:
            allowed.append((key, version))
    return [version for _, version in sorted(allowed, key=lambda entry: entry[0])]


inputs = [
    {"versions": ["v1.10", "v1.9.3", "v0.8", "v1.9"], "prefix": "v", "oldest_allowed": "v1.2"},
    {"versions": ["rel-3.0.1", "rel-3", "2.7"], "prefix": "rel-", "oldest_allowed": "2.5"},
    {"versions": ["r12", "r9.4", "r12.0", "r11.9"], "prefix": "r", "oldest_allowed": "r9.5"},
]
