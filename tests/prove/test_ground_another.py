"""A value that is right for another reason: other arguments, another element, another range, a pass left out."""

from __future__ import annotations

from copy import deepcopy

import pytest

from prove.grounded import checked

LONGEST = """
def solution(words):
    best = []
    for place in range(0, len(words), 2):
        word = words[place]
        if len(word) > len(best):
            best = word
    return len(best)
"""
LONGEST_TEXT = """best = []. For each place in range(0, 2, 2):
  Pass 1: place = 0. word = words[0] = [4, 9]. `len(word) > len(best)` is true, since len([4, 9]) = 2 and len([]) = 0. best = [4, 9].
The loop ends after 1 pass.
Return len([4, 9]) = 2.
Answer: 2"""
EVENS = """
def evens(rows):
    for row in rows:
        yield row[1]

def solution(rows):
    found = []
    for value in evens(rows):
        found.append(value)
    del rows[0]
    return found
"""
EVENS_TEXT = """found = [].
For each row in [[7, 7]]:
  Pass 1: row = [7, 7]. Yield row[1] = 7.
For each value in evens([[7, 7]]):
  Pass 1: value = 7. Append 7 to found, now [7].
rows[0] is removed, so rows is now [].
Return [7].
Answer: [7]"""
WAITING = """
def count(n):
    steps = 0
    while True:
        if n == 1:
            return steps
        n = n // 2
        steps += 1

def solution(n):
    return count(n)
"""
WAITING_TEXT = """Call count with n = 2:
  steps = 0.
  Repeat:
    Pass 1: `n == 1` is false, since 2 != 1. n = 2 // 2 = 1. steps = 0 + 1 = 1.
    Pass 2: `n == 1` is true. Return steps = 1.
Return count(2) = 1.
Answer: 1"""
PAIRS = """
def solution(word):
    closing_marks = {'a': 'b', 'b': 'a'}
    if word[0] not in closing_marks or word[1] not in closing_marks:
        return 0
    return 1
"""
PAIRS_TEXT = """closing_marks = {'a': 'b', 'b': 'a'}. \
`word[0] not in closing_marks or word[1] not in closing_marks` is false, \
since word[0] = 'a', 'a' in closing marks, word[1] = 'b' and 'b' in closing marks.
Return 1.
Answer: 1"""
RUNS = {
    "reasons one by one": (PAIRS, {"word": "ab"}, PAIRS_TEXT),
    "longest": (LONGEST, {"words": [[4, 9], [1, 2]]}, LONGEST_TEXT),
    "generator": (EVENS, {"rows": [[7, 7]]}, EVENS_TEXT),
    "endless": (WAITING, {"n": 2}, WAITING_TEXT),
}
CHANGES = {
    "other argument in a reason": ("longest", "since len([4, 9]) = 2", "since len([3, 9]) = 2"),
    "other argument in a return": ("longest", "Return len([4, 9]) = 2", "Return len([4, 8]) = 2"),
    "other range, same items": ("longest", "range(0, 2, 2)", "range(0, 1, 2)"),
    "other element handed out": ("generator", "Yield row[1] = 7", "Yield row[0] = 7"),
    "other element removed": ("generator", "rows[0] is removed", "rows[3] is removed"),
    "only pass of a generator's reader": ("generator", "\n  Pass 1: value = 7. Append 7 to found, now [7].", ""),
    "last pass of an endless loop": ("endless", "\n    Pass 2: `n == 1` is true. Return steps = 1.", ""),
    "no endless loop": ("endless", "Repeat:", "Repeat while `n`:"),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_right_texts_pass(name: str) -> None:
    code, given, text = RUNS[name]
    check = checked(code, deepcopy(given), text)
    assert check.verdict == "pass", check.reason


@pytest.mark.parametrize(("name", "told", "instead"), CHANGES.values(), ids=CHANGES.keys())
def test_right_values_for_other_reasons_do_not(name: str, told: str, instead: str) -> None:
    code, given, text = RUNS[name]
    assert text.count(told) == 1
    assert checked(code, deepcopy(given), text.replace(told, instead)).verdict == "fail"
