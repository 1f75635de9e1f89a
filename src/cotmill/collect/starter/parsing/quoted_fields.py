"""A line of a table split into its fields.

Fields are divided by the separator. A field may stand between quotes; then it may contain the separator, and
a quote inside it is doubled. Give the list of the fields without the quotes around them.
"""


def solution(line, separator, quote):
    fields = [""]
    quoted = False
    position = 0
    while position < len(line):
        sign = line[position]
        if sign == quote:
            if quoted and line[position + 1 : position + 2] == quote:
                fields[-1] += quote
                position += 1
            else:
                quoted = not quoted
        elif sign == separator and not quoted:
            fields.append("")
        else:
            fields[-1] += sign
        position += 1
    return fields


inputs = [
    {"line": "tea,'hot, sweet',3", "separator": ",", "quote": "'"},
    {"line": "7;~a~~b~;;x", "separator": ";", "quote": "~"},
    {"line": "'it''s'|ok|''", "separator": "|", "quote": "'"},
]
