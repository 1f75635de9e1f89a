"""What a number counts or measures, from the words around it; `naming` makes names of several such phrases together."""

from __future__ import annotations

from dataclasses import dataclass

from cotmill.collect.formulas.measures import MEASURES, UNITS, special_base
from cotmill.collect.formulas.nouns import MORE, noun_phrase, per_left, per_right, skip_of, verb_right
from cotmill.collect.formulas.numbers import NUMERALS, Mention
from cotmill.collect.formulas.words import (
    CALENDAR,
    DETERMINERS,
    NEUTRAL_VERBS,
    PREPOSITIONS,
    STOP,
    done,
    is_plural,
    is_word,
    participle,
    singular,
    word_set,
)  # fmt: skip

__all__ = ["Phrase", "read_phrase"]

_KIN = word_set(
    "father mother dad mom sister brother friend uncle aunt grandmother grandfather grandma grandpa cousin wife "
    "husband son daughter parents team teacher boss neighbor teammates classmates"
)
_POSSESSIVES = word_set("his her their my the 's your older younger")
_SIDES = word_set("first second third fourth fifth last other next another")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Parts of a name, each of lower-case words; empty where the text does not say."""

    base: str  # "red apples", "apples per box", "length"
    said: bool  # the base stands beside the number; otherwise it was said of another one
    verb: str  # "sold"
    place: str  # "in backpack", "on monday"
    owner: str  # "ellen", "first box"


def read_phrase(tokens: list[str], mention: Mention, proper: frozenset[str], before: str) -> Phrase:
    """`before` is the base of the last number, for where the noun is left out ("and 2 in her backpack")."""
    clause = _clause_start(tokens, mention.begin)
    left = tokens[clause : mention.begin]
    right, end = noun_phrase(tokens, skip_of(tokens, mention.end))
    if tokens[end : end + 1] in (["are"], ["were"]) and (not right or tokens[mention.end] == "of"):
        right = _said_of_them(tokens, right, end + 1)
    low = [word.lower() for word in left]
    owner = _owner(left, proper)
    verb = _verb_left(low) or _present_verb(left, proper) or verb_right(tokens, end)
    place = _place(tokens, end, proper)
    right = [UNITS.get(word, word) for word in right]
    base = special_base(tokens, mention, left, right, end) or (_packed(low) if not right else "")
    said = bool(base or right)
    if base not in ("", "dollars", "cents"):
        verb = ""
    if mention.value > 1 and right and not any(map(is_plural, right)) and not MEASURES & {*right, *before.split()}:
        right += [word for word in _without_per(before).split()[-1:] if is_plural(word)]  # "2 vanilla" of the cupcakes
    if not base:
        comparing = tokens[mention.end].lower() if mention.end < len(tokens) else ""
        noun = " ".join(right) or _without_per(before)
        noun = f"{'more' if comparing in ('additional', 'extra') else comparing} {noun}" if comparing in MORE else noun
        per = per_right(tokens, end) or (per_left(low, left) if right or before else "")
        base = f"{noun} per {per}" if noun and per and per not in noun.split() else noun
        if base and " per " in base and verb:
            verb = ""
    return Phrase(base, said, verb, place, owner)


def _said_of_them(tokens: list[str], right: list[str], index: int) -> list[str]:
    """`24 are teenagers`, `20 of the butterflies were orange`: teenagers, orange butterflies."""
    said, _ = noun_phrase(tokens, index)
    if not said or participle(said[0]) or any(map(is_plural, said)):
        return said if any(map(is_plural, said)) else right
    return [said[0], *right] if right else right


def _packed(low: list[str]) -> str:
    """`sells cups in packs of 5`: cups per pack."""
    if low[-1:] != ["of"] or low[-3:-2] != ["in"] or not is_plural(low[-2]):
        return ""
    nouns = (word for word in reversed(low[-7:-3]) if is_plural(word))
    return next((f"{noun} per {singular(low[-2])}" for noun in nouns if noun not in STOP), "")


def _without_per(base: str) -> str:
    return base.partition(" per ")[0].removeprefix("more ").removeprefix("fewer ")


def _clause_start(tokens: list[str], index: int) -> int:
    while index > 0 and tokens[index - 1] not in ".?!;":
        index -= 1
    return index


def _verb_left(low: list[str]) -> str:
    """What was done with them; `left` and `now` of what is said to be so afterwards."""
    near = low[-7:]
    if "now" in near[-5:]:
        return "now"
    if {"only", "still"} & set(near[-3:]) and {"had", "has", "have"} & set(near[-3:]):
        return "left"
    joined = numbered = False
    for word in reversed(near):
        if (
            word in NEUTRAL_VERBS
            or word == "there"
            or (word.endswith("ing") and len(word) > 5 and not participle(word))
        ):
            return ""
        joined = joined or word in ("and", "but", "if", "while")
        numbered = numbered or word[0].isdigit() or word in NUMERALS
        if found := participle(word):
            return "" if joined and not numbered else found
    return ""


def _present_verb(left: list[str], proper: frozenset[str]) -> str:
    """`Mia pours out 3 cups`: poured."""
    words = left[:-1] if left and left[-1].lower() in ("out", "up", "off", "away", "down", "in") else left
    if len(words) < 2 or not (words[-2] in proper or words[-2].lower() in ("he", "she", "it")):
        return ""
    verb = words[-1].lower()
    return done(singular(verb)) if is_plural(verb) and verb not in STOP else ""


def _place(tokens: list[str], index: int, proper: frozenset[str]) -> str:
    for offset in range(3):
        at = index + offset
        if at >= len(tokens) or not is_word(tokens[at]) or tokens[at].lower() in ("and", "but", "if", "than"):
            return ""
        preposition = tokens[at].lower()
        if preposition in PREPOSITIONS - {"per", "of", "as", "like", "than", "up", "out", "down", "off"}:
            start = at + 1
            while start < len(tokens) and tokens[start].lower() in DETERMINERS:
                start += 1
            words: list[str] = []
            while start < len(tokens) and tokens[start].lower() in _SIDES and len(words) < 1:
                words.append(tokens[start].lower())
                start += 1
            noun = [tokens[start].lower()] if start < len(tokens) and tokens[start] in proper else []
            noun = (
                noun or noun_phrase(tokens, start)[0][:2] or (["home"] if tokens[start : start + 1] == ["home"] else [])
            )
            return " ".join([preposition, *words, *noun]) if noun and "of" not in noun else ""
    return ""


def _owner(left: list[str], proper: frozenset[str]) -> str:
    """Whose it is: the last name before the number, or the numbered thing ("the first box", "one stack")."""
    for index in range(len(left) - 1, -1, -1):
        word = left[index]
        if word in proper and word.lower() not in CALENDAR:
            titled = [left[index - 1]] if index and left[index - 1] in proper and left[index - 1] != word else []
            return " ".join(part.removesuffix("'s").lower() for part in [*titled, word])
        if word.lower() in _KIN and index and left[index - 1].lower() in _POSSESSIVES:
            return word.lower()
        if word.lower() in _SIDES and index + 1 < len(left):
            noun = noun_phrase(left, index + 1)[0][:1]
            if not noun and index == 0:  # "First find ..."
                continue
            return " ".join([word.lower(), *noun])
    return ""
