"""A letter template filled in with known values.

In the template every word in braces is replaced by its value. A word without a value is replaced by the
blank, and counted. Give the finished "text" and the number of "blanks".
"""

import re


def solution(template, values, blank):
    missing = []

    def fill(match):
        name = match.group(1)
        try:
            return str(values[name])
        except KeyError:
            missing.append(name)
            return blank

    text = re.sub(r"\{(\w+)\}", fill, template)
    return {"text": text, "blanks": len(missing)}


inputs = [
    {
        "template": "Dear {name}, your {item} costs {price} euros.",
        "values": {"name": "Mia", "price": 12},
        "blank": "___",
    },
    {"template": "{day}: {city} at {hour}", "values": {"day": "Monday", "city": "Oslo"}, "blank": "?"},
    {"template": "Room {room} for {guest}, key {key}", "values": {"room": 214, "guest": "Mr. Lund"}, "blank": "(open)"},
]
