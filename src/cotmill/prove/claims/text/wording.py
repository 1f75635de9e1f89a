"""The words that claims are made of: verbs of becoming and staying, comparisons, adjectives, numerals."""

from __future__ import annotations

import ast
from fractions import Fraction

__all__ = [
    "ADJECTIVES", "ASKING", "BECOMES", "COMPARISONS", "ENDS", "FOLDING", "GIVES", "LINKS", "MEASURES", "MEASURING",
    "MOVES", "NUMERALS", "OPERATIONS", "ORDINALS", "PASSES", "SETTING", "SHARES", "STAYS",
]  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Between a name and its value. A verb of motion needs "to": "grows to 5", but "drops cur" says nothing of values.
BECOMES = _words(
    "is are was were be being becomes become became equals equal gives give gets get got makes make takes "
    "take turns turned into have has holds hold contains contain reaches reach comes come starts start "
    "starting started begins begin beginning began initialised initialized set reset updated update changed "
    "assigned stays stay staying remains remain remaining keeps ends end ended stops stopped "
    "finishes finished evaluates leaves leave returns "
    "yields sits stands"
)
MOVES = _words(
    "goes go going grows grow growing drops drop dropping falls fall falling rises rise rising increases "
    "increase increased increasing decreases decrease decreased decreasing moves move moved moving changes "
    "change climbs jumps jump shrinks advances advance advanced raised lowered bumped incremented decremented "
    "brought"
)
ENDS = _words("ends ended stops stopped finishes finished")
STAYS = _words("stays stay staying remains remain remaining still keeps equals was were being holds contains has have")
LINKS = (
    BECOMES
    | MOVES
    | _words(
        "to at as with out up down back from now then also again still already just currently therefore thus "
        "hence initially the a an value exactly it its not only both all each new equal of off over again once "
        "more finally simply indeed"
    )
)
# A verb before a bare "NAME to VALUE".
SETTING = _words(
    "set sets setting update updates updated updating reset resets resetting brings bring bringing brought "
    "raises raise raising lifts lift drops drop lowers lower moves move changes change changing becomes "
    "becoming increases increase increasing decreases decrease goes assign assigns pushes takes initialise "
    "initialize initialising initializing is are grows"
)
GIVES = _words(
    "gives give giving get gets getting is equals becomes makes make making leaves leaving yields yielding "
    "reaches produces producing obtain obtaining leading leads are brings bringing reaching to with totals"
)
# A test after one of these is asked, not stated.
ASKING = _words("if whether check checks checking while until when compare test tests condition unless whenever ask")
PASSES = {"pass": True, "iteration": True, "step": False, "round": False, "cycle": False, "turn": False}
NUMERALS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
MEASURES = _words(
    "element elements item items entry entries character characters letter letters key keys number numbers "
    "value values member members row rows word words digit digits line lines byte bytes pair pairs"
)
# Words before the second side of a comparison, longer ones first, and its sign.
_COMPARED = tuple(
    (tuple(phrase.split()), sign)
    for phrase, sign in (
        ("greater than or equal to", ">="),
        ("less than or equal to", "<="),
        ("not equal to", "!="),
        ("greater than", ">"),
        ("larger than", ">"),
        ("bigger than", ">"),
        ("more than", ">"),
        ("higher than", ">"),
        ("less than", "<"),
        ("smaller than", "<"),
        ("fewer than", "<"),
        ("lower than", "<"),
        ("at least", ">="),
        ("at most", "<="),
        ("equal to", "=="),
        ("the same as", "=="),
        ("same as", "=="),
        ("identical to", "=="),
        ("different from", "!="),
        ("differs from", "!="),
        ("differ from", "!="),
        ("below", "<"),
        ("above", ">"),
        ("under", "<"),
        ("exceeds", ">"),
        ("exceed", ">"),
        ("beats", ">"),
        ("beat", ">"),
        ("matches", "=="),
        ("match", "=="),
        ("equals", "=="),
        ("divisible by", "%"),
        ("a multiple of", "%"),
        ("in", "in"),
        ("not in", "not in"),
    )
)
COMPARISONS: dict[str, list[tuple[tuple[str, ...], str]]] = {}  # by their first word
for _phrase, _sign in _COMPARED:
    COMPARISONS.setdefault(_phrase[0], []).append((_phrase, _sign))
ADJECTIVES = {
    "even": "{} % 2 == 0", "odd": "{} % 2 != 0", "zero": "{} == 0", "nonzero": "{} != 0", "positive": "{} > 0",
    "negative": "{} < 0", "empty": "len({}) == 0", "nonempty": "len({}) > 0",
}  # fmt: skip
# "The sum of 3 and 4".
OPERATIONS: dict[str, type[ast.operator]] = {
    "sum": ast.Add, "product": ast.Mult, "difference": ast.Sub, "quotient": ast.Div, "intersection": ast.BitAnd,
    "union": ast.BitOr, "remainder": ast.Mod,
}  # fmt: skip
MEASURING = {
    "sum": "sum", "length": "len", "size": "len", "maximum": "max", "max": "max", "largest": "max", "minimum": "min",
    "min": "min", "smallest": "min",
}  # fmt: skip
SHARES = {
    "half": Fraction(1, 2), "third": Fraction(1, 3), "thirds": Fraction(1, 3), "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4), "fifth": Fraction(1, 5), "fifths": Fraction(1, 5), "tenth": Fraction(1, 10),
    "twice": Fraction(2), "double": Fraction(2), "triple": Fraction(3),
}  # fmt: skip
# What says that passes are left out. Looked for in the words of a sentence joined by single spaces.
FOLDING = (
    "and so on",
    "the same way",
    "the same manner",
    "same fashion",
    "continuing",
    "continues",
    "we continue",
    "keep going",
    "keeps going",
    "similarly",
    "likewise",
    "eventually",
    "until after",
    "repeating this",
    "the remaining passes",
    "the remaining iterations",
    "for all other",
    "no further",
    "and so forth",
    "as before",
)
