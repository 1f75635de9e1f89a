"""The text that a series of key presses leaves on the screen.

Letters and spaces are typed as they come. The delete key, given as a sign, removes the last letter if there
is one. The shift key, also given as a sign, turns the next letter into a capital. What stands on the screen
in the end?
"""


class Screen:
    def __init__(self):
        self.text = ""
        self.capital_next = False

    def type_letter(self, letter):
        self.text += letter.upper() if self.capital_next else letter
        self.capital_next = False

    def delete(self):
        self.text = self.text[:-1]


def solution(keys, delete_key, shift_key):
    screen = Screen()
    for key in keys:
        if key == delete_key:
            screen.delete()
        elif key == shift_key:
            screen.capital_next = True
        else:
            screen.type_letter(key)
    return screen.text


inputs = [
    {"keys": "^helli<o ^boo<b", "delete_key": "<", "shift_key": "^"},
    {"keys": "xy##+tre#ee", "delete_key": "#", "shift_key": "+"},
    {"keys": "!a!bd-c", "delete_key": "-", "shift_key": "!"},
]
