"""A text without spaces split into the fewest known words.

The text was written without spaces. Split it into words of the list so that as few words as possible are
used; of equally short splits the one counts whose last word stands first in the list. Give the words joined
by the separator, or the text "unreadable".
"""


def solution(text, words, separator):
    splits = {0: []}
    for end in range(1, len(text) + 1):
        for word in words:
            start = end - len(word)
            if start not in splits or text[start:end] != word:
                continue
            candidate = [*splits[start], word]
            if end not in splits or len(candidate) < len(splits[end]):
                splits[end] = candidate
    if len(text) not in splits:
        return "unreadable"
    return separator.join(splits[len(text)])


inputs = [
    {"text": "seashell", "words": ["sea", "seas", "shell", "hell"], "separator": " "},
    {"text": "notebook", "words": ["not", "note", "book"], "separator": "-"},
    {"text": "rainbow", "words": ["rain", "in", "bows"], "separator": "_"},
    {"text": "inkpot", "words": ["ink", "pot", "in", "kpot"], "separator": "+"},
]
