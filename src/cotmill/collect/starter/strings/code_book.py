"""A message sent with a code book and read again at the other end.

The code book gives a code for some words; every other word is spelled letter by letter after the spelling
mark, with the word's letters in reverse. Write the sentence in code, its parts separated by spaces, and count
how many words had to be spelled.
"""


class CodeBook:
    def __init__(self, codes, spelling_mark):
        self.codes = codes
        self.spelling_mark = spelling_mark
        self.spelled = 0

    def encode(self, word):
        if word in self.codes:
            return self.codes[word]
        self.spelled += 1
        return self.spelling_mark + word[::-1]


def solution(sentence, codes, spelling_mark):
    book = CodeBook(codes, spelling_mark)
    parts = [book.encode(word) for word in sentence.split()]
    return [" ".join(parts), book.spelled]


inputs = [
    {"sentence": "meet ship at dawn", "codes": {"meet": "K7", "dawn": "P2"}, "spelling_mark": "*"},
    {"sentence": "sell red roof", "codes": {"sell": "11", "buy": "12", "roof": "35"}, "spelling_mark": "#"},
    {"sentence": "fog fog ice", "codes": {"fog": "QQ"}, "spelling_mark": "~"},
]
