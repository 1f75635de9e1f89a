"""Numbers for the headings of an outline.

Each line is a heading; the number of indents before it tells how deep it stands. Number the headings as "1",
"1.1", "1.2", "2" and so on, joined by the joint, each number followed by a space and the heading. No heading
stands more than one level deeper than the one before it.
"""


def solution(lines, indent, joint):
    counters = []
    numbered = []
    for line in lines:
        heading = line
        depth = 0
        while heading.startswith(indent):
            heading = heading.removeprefix(indent)
            depth += 1
        counters = [*counters, 0][: depth + 1]
        counters[depth] += 1
        number = joint.join(str(counter) for counter in counters)
        numbered.append(f"{number} {heading}")
    return numbered


inputs = [
    {"lines": ["Start", "-Tools", "-Wood", "End"], "indent": "-", "joint": "."},
    {"lines": ["Sea", "> Fish", "> > Cod", "> Crabs"], "indent": "> ", "joint": "-"},
    {"lines": ["Soup", "Main", "**Rice", "****Red", "**Peas"], "indent": "**", "joint": "/"},
]
