"""Words grouped by their last letters.

Two words belong to one group if their last letters, as many as given, are the same. Words with fewer letters
belong to no group. Give a dictionary from each ending that at least the given number of words share to these
words in alphabetical order, endings in the order in which they come up first.
"""


def solution(words, ending_length, smallest_group):
    groups = {}
    for word in words:
        if len(word) < ending_length:
            continue
        ending = word[-ending_length:]
        groups.setdefault(ending, []).append(word)
    shared = {}
    for ending, members in groups.items():
        if len(members) >= smallest_group:
            shared[ending] = sorted(members)
    return shared


inputs = [
    {"words": ["light", "bright", "moon", "sight", "soon"], "ending_length": 3, "smallest_group": 2},
    {"words": ["table", "cable", "at", "stable", "nettle"], "ending_length": 4, "smallest_group": 3},
    {"words": ["rain", "main", "plan", "fan", "in"], "ending_length": 2, "smallest_group": 2},
]
