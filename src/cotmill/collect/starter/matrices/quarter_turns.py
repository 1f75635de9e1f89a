"""A picture turned by quarters and then framed.

A picture is a list of equally long lines of signs. Turn it clockwise by the given number of quarter turns and
put the frame sign before and after every line. Give the lines.
"""


def turn(lines):
    """The lines after one quarter turn clockwise."""
    return ["".join(column) for column in zip(*lines[::-1])]


def solution(picture, quarter_turns, frame):
    lines = picture
    for _ in range(quarter_turns % 4):
        lines = turn(lines)
    return [frame + line + frame for line in lines]


inputs = [
    {"picture": ["ab", "cd", "ef"], "quarter_turns": 1, "frame": "|"},
    {"picture": ["x..", "xx."], "quarter_turns": 6, "frame": "!"},
    {"picture": ["#--", "##-", "###"], "quarter_turns": 3, "frame": "*"},
]
