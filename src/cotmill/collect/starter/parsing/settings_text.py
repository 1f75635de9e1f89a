"""Settings read from a text of lines.

Each line holds a name, an equals sign and a value, with spaces around them or not. What follows the comment
sign is left out, and so are lines without a name. "yes" and "no" become true and false, whole numbers become
numbers, all else stays a text. A name that is not in the text keeps its default, and later lines win. Give
all settings.
"""


def convert(text):
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return int(text)
    except ValueError:
        return text


def solution(text, defaults, comment_sign):
    settings = dict(defaults)
    for line in text.splitlines():
        content = line.split(comment_sign)[0]
        name, equals, value = content.partition("=")
        if equals and name.strip():
            settings[name.strip()] = convert(value.strip())
    return settings


inputs = [
    {"text": "port = 8080\ndebug=yes\n# host = none", "defaults": {"host": "local", "port": 80}, "comment_sign": "#"},
    {"text": "size=12 ; in cm\nsize = 15\n= 3", "defaults": {"colour": "red"}, "comment_sign": ";"},
    {"text": "loud = no\nname = Echo // dog\nage=x7", "defaults": {"age": 1, "loud": True}, "comment_sign": "//"},
]
