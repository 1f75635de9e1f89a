"""Checks wrong texts about sets and prints all that comes of it: run by a test in processes with other hash seeds."""

from __future__ import annotations

from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.trees import parse
from prove.grounded import checked

FUNCTION = """\
class Bag:
    def __init__(self, words):
        self.words = words

def solution(words):
    seen = set()
    for word in words:
        seen.add(word)
    pairs = {frozenset(seen): len(seen)}
    bag = Bag({'kiwi', 'lime'})
    first = 'fig' in {'kiwi', 'fig', 'plum'}
    return sorted(seen)
"""
WORDS = ["plum", "fig", "pear", "lime", "kiwi"]
TEXTS = [
    "words = ['plum', 'fig', 'pear', 'lime', 'kiwi']. seen is now {'plum', 'fig', 'pear', 'lime'} - {'fig', 'date'}.",
    "Add 'plum' to seen, now {'plum', 'sloe', 'quince'}.",
    "seen becomes {'kiwi', 'lime', 'pear', 'fig', 'quince'}.",
    "pairs = {frozenset({'plum', 'fig'}): 5}.",
    "pairs[frozenset({'plum', 'fig', 'pear'})] = 5.",
    "bag = Bag(words={'sloe', 'kiwi', 'lime'}).",
    "bag.words is {'sloe', 'kiwi', 'lime'}.",
    "`'fig' in {'plum', 'kiwi', 'fig'}` is false.",
    "{'pear', 'plum', 'fig'} <= {'pear', 'plum', 'date', 'sloe'} is true.",
    "Return sorted({'plum', 'fig', 'pear'}) = ['fig', 'pear'].",
]
EXPRESSIONS = [
    "str({'plum', 'fig', 'pear'})",
    "[*{'plum', 'fig', 'pear'}]",
    "list({'plum', 'fig', 'pear'})",
    "list(Counter({'plum', 'fig', 'pear'}))",
    "list(dict({('plum', 1), ('fig', 2), ('pear', 3)}))",
    "max({frozenset({'plum'}), frozenset({'fig'}), frozenset({'pear'})})",
    "{1: 2}[frozenset({'plum', 'fig', 'pear'})]",
    "[1].index({'plum', 'fig', 'pear'})",
    "sorted({*{'plum', 'fig'}, 'pear'})",
]


def results() -> list[str]:
    found = [str(checked(FUNCTION, {"words": WORDS}, f"{text}\nAnswer: {sorted(WORDS)}")) for text in TEXTS]
    for source in EXPRESSIONS:
        node = parse(source)
        assert node is not None
        try:
            found.append(str(evaluate(node)))
        except Unknown as reason:
            found.append(f"unknown: {reason}")
    return found


if __name__ == "__main__":
    print("\n".join(results()))
