"""A message in which every letter is shifted further than the one before.

The first letter of the message is moved forward in the alphabet by the first shift, and the shift grows by
the given growth with every letter; after the last letter of the alphabet the first follows. Signs that are
not in the alphabet stay as they are and do not change the shift. What does the shifted message read?
"""


def solution(message, alphabet, first_shift, growth):
    shift = first_shift
    shifted = ""
    for sign in message:
        if sign in alphabet:
            place = (alphabet.index(sign) + shift) % len(alphabet)
            shifted += alphabet[place]
            shift += growth
        else:
            shifted += sign
    return shifted


inputs = [
    {"message": "meet at noon", "alphabet": "abcdefghijklmnopqrstuvwxyz", "first_shift": 3, "growth": 1},
    {"message": "gold, zinc", "alphabet": "abcdefghijklmnopqrstuvwxyz", "first_shift": 5, "growth": 7},
    {"message": "bead", "alphabet": "abcde", "first_shift": 0, "growth": 2},
]
