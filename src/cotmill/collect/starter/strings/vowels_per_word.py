"""Words of a sentence that are rich in vowels.

For every word of the sentence count its letters that are vowels and all its letters, and list the words whose
vowels make up at least the given percentage of their letters, each with its percentage rounded down, as
"word: 40". If no word reaches it, give the text "none".
"""


def solution(sentence, vowels, least_percent):
    lines = []
    for word in sentence.lower().split():
        letters = [sign for sign in word if sign.isalpha()]
        vowel_count = sum(letter in vowels for letter in letters)
        percent = 100 * vowel_count // len(letters)
        if percent >= least_percent:
            lines.append(f"{word}: {percent}")
    return lines or "none"


inputs = [
    {"sentence": "Our train leaves", "vowels": "aeiou", "least_percent": 50},
    {"sentence": "Try my soup", "vowels": "aeiouy", "least_percent": 40},
    {"sentence": "Dry hymns", "vowels": "aeiouy", "least_percent": 34},
    {"sentence": "Blue area map", "vowels": "aeu", "least_percent": 33},
]
