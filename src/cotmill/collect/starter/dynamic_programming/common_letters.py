"""The longest row of letters that two words share in the same order.

Leave out letters of both words so that the same letters in the same order remain, as many as possible;
letters from the ignored ones do not count. Build it up from the beginnings of both words: where two choices
are equally long, keep the one that drops the last letter of the second word. If nothing is shared, give the
text "nothing".
"""


def solution(first, second, ignored):
    row = [""] * (len(second) + 1)
    for letter in first:
        previous_row = row
        row = [""]
        for place, other in enumerate(second, start=1):
            if letter == other and letter not in ignored:
                row.append(previous_row[place - 1] + letter)
            else:
                row.append(max(row[-1], previous_row[place], key=len))
    return row[-1] or "nothing"


inputs = [
    {"first": "garden", "second": "grade", "ignored": "d"},
    {"first": "piano", "second": "paint", "ignored": "n"},
    {"first": "moss", "second": "soms", "ignored": "m"},
    {"first": "bell", "second": "label", "ignored": "b"},
]
