"""A message written along a zigzag and read off line by line.

Write the message without its spaces along a zigzag over the given number of rails: from the first rail down
to the last one, then up again, and so on. Reading the rails one after the other gives the secret text. Join
the rails with the separator.
"""


def solution(message, rails, separator):
    rows = [""] * rails
    rail = 0
    direction = 1
    for letter in message.replace(" ", ""):
        rows[rail] += letter
        if rail + direction not in range(rails):
            direction = -direction
        rail += direction
    return separator.join(rows)


inputs = [
    {"message": "wake up early", "rails": 3, "separator": "+"},
    {"message": "hidden gold", "rails": 4, "separator": "/"},
    {"message": "send help", "rails": 2, "separator": "-"},
]
