"""The acronym of a name, built from the initials of its main words.

Take the first letter of every word that is not among the small words, as a capital. If the acronym would be
shorter than the least length, add the following letters of the last word that counts, as small letters, until
it is long enough or the word is used up.
"""


def solution(name, small_words, least_length):
    words = [word for word in name.lower().split() if word not in small_words]
    acronym = "".join(word[0].upper() for word in words)
    last_word = words[-1]
    position = 1
    while len(acronym) < least_length and position < len(last_word):
        acronym += last_word[position]
        position += 1
    return acronym


inputs = [
    {"name": "Society of Friends of the Sea", "small_words": ["of", "the"], "least_length": 5},
    {"name": "Council for Clean Air and Water", "small_words": ["for", "and"], "least_length": 4},
    {"name": "The Club", "small_words": ["the", "a"], "least_length": 6},
]
