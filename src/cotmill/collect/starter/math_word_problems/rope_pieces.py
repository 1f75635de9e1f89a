"""Pieces cut from a rope, long and short in turn.

A gardener cuts pieces from a rope, a long one first, then a short one, then a long one again, and so on. She
stops as soon as the rope is too short for the piece that is next. Give the number of pieces and the length
left over.
"""


def solution(rope_length, long_piece, short_piece):
    pieces = 0
    left = rope_length
    next_piece, other_piece = long_piece, short_piece
    while left >= next_piece:
        left -= next_piece
        pieces += 1
        next_piece, other_piece = other_piece, next_piece
    return [pieces, left]


inputs = [
    {"rope_length": 100, "long_piece": 18, "short_piece": 11},
    {"rope_length": 64, "long_piece": 25, "short_piece": 9},
    {"rope_length": 150, "long_piece": 40, "short_piece": 35},
    {"rope_length": 47, "long_piece": 10, "short_piece": 7},
]
