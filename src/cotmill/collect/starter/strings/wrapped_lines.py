"""A text broken into lines of limited width.

Put as many words on a line as fit into the width, with one space between them; a word never stands on two
lines. Every line after the first begins with the indent, which counts towards the width. List the lines.
"""


def solution(text, width, indent):
    lines = []
    current = ""
    for word in text.split():
        if not current:
            current = word
        elif len(current) + 1 + len(word) <= width:
            current += " " + word
        else:
            lines.append(current)
            current = indent + word
    lines.append(current)
    return lines


inputs = [
    {"text": "the quick otter swims home before dark", "width": 16, "indent": "  "},
    {"text": "plant the beans in May and water them", "width": 12, "indent": "> "},
    {"text": "one small step after another", "width": 10, "indent": "."},
]
