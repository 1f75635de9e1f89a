"""Noun phrases, and what a number is counted per."""

from __future__ import annotations

from cotmill.collect.formulas.numbers import NUMERALS
from cotmill.collect.formulas.words import (
    CONTAINERS,
    DETERMINERS,
    STOP,
    TIME_WORDS,
    is_plural,
    is_word,
    participle,
    singular,
    word_set,
)  # fmt: skip

__all__ = ["MORE", "noun_phrase", "per_left", "per_right", "skip_determiners", "skip_of", "verb_right"]

MORE = word_set("more fewer less extra additional")
_PERIODS = word_set("times minutes hours days weeks months years")
_ADJECTIVES = word_set("long tall high deep old thick wide")
_NOUNS_IN_LY = word_set("family jelly lily belly butterfly fly ally bully early curly")
_SPARE = word_set("year years month months")
_HOLDING = word_set(
    "holds hold contains contain fit fits has have had costs cost needs need seats gets requires takes weighs "
    "uses carries makes is was"
)
_KEEPING = word_set("holds hold contains contain fit fits seats carries requires")
_NO_VERB_BEHIND = word_set("and but if then to for in with who that which from of")


def noun_phrase(tokens: list[str], begin: int) -> tuple[list[str], int]:
    """The words of the noun phrase at a token, lower-case, and the token behind it; no words where there is none."""
    words: list[str] = []
    index = begin
    while index < len(tokens) and len(words) < 4:
        token, low = tokens[index], tokens[index].lower()
        if low == "-" and not words:
            index += 1
            continue
        following = tokens[index + 1].lower() if index + 1 < len(tokens) else ""
        if not words and low in _ADJECTIVES and following.isalpha() and following not in STOP:
            words.append(low)
            index += 1
            continue
        if (low in MORE or low in ("new", "of")) and not words and low != "of":
            index += 1
            if low == "new":
                words.append(low)
            continue
        if not is_word(token) or low in STOP or "'" in low or (low.endswith("ly") and low not in _NOUNS_IN_LY):
            break
        if words and token[0].isupper() and tokens[index - 1][0].islower():
            break
        if words and (low.endswith("ing") or participle(low)) and (is_plural(words[-1]) or len(words) > 1):
            break
        words.append(low.replace("-", " ").replace("&", " "))
        index += 1
        if is_plural(low):
            break
    if words and index + 1 < len(tokens) and tokens[index].lower() == "of" and singular(words[-1]) in CONTAINERS:
        start = index + 1
        while start < len(tokens) and tokens[start].lower() in DETERMINERS:
            start += 1
        inner, behind = noun_phrase(tokens, start)
        if inner and "of" not in inner:
            return [words[-1], "of", *inner[-2:]], behind
    if words and not is_plural(words[-1]) and (words[0].endswith("ing") or participle(words[0])):
        return [], begin
    return words, index


def skip_of(tokens: list[str], index: int) -> int:
    """`nine of the apples`: the noun is behind `of the`."""
    if index + 1 < len(tokens) and tokens[index].lower() == "of" and tokens[index + 1].lower() not in ("them", "these"):
        index += 1
        while index < len(tokens) and tokens[index].lower() in DETERMINERS:
            index += 1
    return index


def skip_determiners(tokens: list[str], index: int) -> int:
    while index < len(tokens) and (tokens[index].lower() in DETERMINERS or tokens[index].lower() in ("number", "of")):
        index += 1
    return index


def per_right(tokens: list[str], index: int) -> str:
    """`per box`, `in each box`, `a day`, `each`, `every week`, `/hr`: the thing, singular."""
    low = [token.lower() for token in tokens[index : index + 5]] + [""] * 5
    if low[0] == "/" and low[1].isalpha():
        return singular(low[1])
    if low[0] == "in" and low[1] in ("a", "an", "one") and singular(low[2]) in TIME_WORDS:
        return singular(low[2])
    if low[0] in ("a", "an") and singular(low[1]) in TIME_WORDS:
        return singular(low[1])
    if low[0] in ("in", "for", "on", "to", "at", "of", "from", "into", "with") and low[1] in ("each", "every"):
        return _thing(tokens, index + 2)
    if low[0] in ("per", "every", "each"):
        return _thing(tokens, index + 1)
    return ""


def per_left(low: list[str], left: list[str]) -> str:
    """`Each CD rack holds 8 CDs`: rack. Also `A vase can hold 5 flowers`, `3 bags of 4 apples`."""
    holders = low[-2:-1] if low[-1:] == ["of"] else []
    if holders and (is_plural(holders[0]) or holders == ["set"]) and holders[0] not in _PERIODS:
        return singular(holders[0])
    if low[-2:-1] == ["each"] and low[-1].endswith("ing"):  # "7 chapters, each having 566 pages"
        return next((singular(word) for word in reversed(low[:-2]) if is_plural(word)), "")
    for index in range(len(low) - 1, -1, -1):
        word = low[index]
        if word in ("each", "every", "per") or (word in ("a", "an", "one") and set(low[-2:]) & _KEEPING):
            if len(low) - index > 9 or "," in low[index:]:
                return ""
            inner = noun_phrase(left, index + 1)[0]
            if len(inner) > 1 and inner[-1] == low[-1] and low[-1].endswith("ing"):  # "each video lasting 7 minutes"
                inner = inner[:-1]
            if not inner or not (set(low[index + 1 :]) & _HOLDING or word != "a") or _SPARE & set(inner):
                return "" if not inner or word in ("a", "an", "one") else singular(inner[-1])
            return singular(inner[0] if "of" in inner else inner[-1])
    return ""


def _thing(tokens: list[str], index: int) -> str:
    if tokens[index : index + 2] in (["of", "the"], ["of", "his"], ["of", "her"], ["of", "their"]):
        index += 2
        while index < len(tokens) and (tokens[index].isdigit() or tokens[index].lower() in NUMERALS):
            index += 1
    if index < len(tokens) and tokens[index].lower() in ("one", "of"):
        return ""
    words = noun_phrase(tokens, index)[0]
    if words and words[-1].endswith("ing") and len(words[-1]) > 5:
        return ""
    return singular(words[-1]) if words and "of" not in words else singular(words[0]) if words else ""


def verb_right(tokens: list[str], index: int) -> str:
    for token in tokens[index : index + 3]:
        low = token.lower()
        if not is_word(token) or low in _NO_VERB_BEHIND:
            return ""
        if found := participle(low):
            return found
    return ""
