"""How far a chain of words holds.

In a word chain each word begins with the last letters of the word before, as many as given, and no word may
come twice. Give the longest unbroken beginning of the "chain", and the "reason" why it ends: "repeated", "no
link" or "complete".
"""


def solution(words, overlap):
    chain = [words[0]]
    reason = "complete"
    for word in words[1:]:
        if word in chain:
            reason = "repeated"
            break
        if not word.startswith(chain[-1][-overlap:]):
            reason = "no link"
            break
        chain.append(word)
    return {"chain": chain, "reason": reason}


inputs = [
    {"words": ["lamp", "pear", "river", "iron"], "overlap": 1},
    {"words": ["stone", "nest", "stable", "lemon"], "overlap": 2},
    {"words": ["arena", "apple", "elk", "kiwi", "arena"], "overlap": 1},
    {"words": ["test", "step", "epic"], "overlap": 2},
]
