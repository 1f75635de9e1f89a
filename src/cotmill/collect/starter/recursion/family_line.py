"""The longest line of descent in a family tree.

A family tree is a dictionary from each person to the family tree of the person's children, an empty
dictionary for a person without children. Starting from the ancestor of the given name, find the longest line
from parent to child. Of equally long lines the one named first counts. Join the names with the arrow.
"""


def longest_line(name, children):
    best = []
    for child, grandchildren in children.items():
        line = longest_line(child, grandchildren)
        if len(line) > len(best):
            best = line
    return [name, *best]


def solution(tree, ancestor, arrow):
    return arrow.join(longest_line(ancestor, tree[ancestor]))


inputs = [
    {"tree": {"Ida": {"Jon": {}, "Kit": {"Lou": {}}}, "Hal": {}}, "ancestor": "Ida", "arrow": " > "},
    {"tree": {"Ole": {"Per": {"Rut": {"Sam": {}}}, "Tor": {"Una": {}}}}, "ancestor": "Ole", "arrow": " - "},
    {
        "tree": {"Abe": {"Bea": {}}, "Cal": {"Dot": {}, "Eli": {"Fay": {}, "Gil": {}}}},
        "ancestor": "Cal",
        "arrow": " to ",
    },
]
