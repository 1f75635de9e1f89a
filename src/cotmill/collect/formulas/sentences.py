"""Names for the result of a step, from the sentence of a worked solution that states it."""

from __future__ import annotations

import re

from cotmill.collect.formulas.measures import MEASURES
from cotmill.collect.formulas.notation import Step
from cotmill.collect.formulas.numbers import Mention, mentions
from cotmill.collect.formulas.phrases import read_phrase
from cotmill.collect.formulas.words import STOP, is_word, proper_nouns, tokenize

__all__ = ["sentence_names"]

_COPULA = re.compile(
    r"(?:^|[,;:.(]|\bso\b|\bthen\b|\bthat\b|\bmeans\b|\bthus\b|\btherefore\b|\band\b|\bbecause\b|\bif\b)\s*"
    r"(?P<noun>[^,;:.()\d]{2,70}?)\s+(?:is|was|are|were|will be|would be|equals|becomes|be)"
    r"(?:\s+(?:now|only|then|also|equal to|a|an|total|of|about))*\s*(?:[-+*/=$\d.,x()%]|\s)*$",
    re.IGNORECASE,
)  # fmt: skip
_FIND = re.compile(
    r"\b(?:find|calculate|determine|figure out|compute)\s+(?:out\s+)?"
    r"(?P<noun>(?:how many|how much|what)?[^,;:.()\d]{2,60}?)"
    r"\s*(?:\bby\b|\bwhen\b|\bif\b|:|=|\bneeds?\b|$)", re.IGNORECASE,
)  # fmt: skip
_ONE = mentions(["1"])[0].value
_DROPPED = STOP - {"of", "total", "remaining", "left", "per", "more", "cost", "costs"}


def sentence_names(step: Step) -> tuple[list[str], str]:
    """Names for the result of a step, from the sentence of a worked solution that states it, and what it counts."""
    left, right = step.text[: step.place], step.text[step.place :]
    tokens = tokenize(left + right)
    index = len(tokenize(left))
    mention = next((item for item in mentions(tokens) if item.begin <= index < item.end), None)
    proper = proper_nouns(tokens)
    found = []
    if named := _COPULA.search(left) or _FIND.search(left):
        words = [word.removesuffix("'s").lower() for word in tokenize(named["noun"]) if is_word(word)]
        words = [word for word in words if word not in _DROPPED]
        while words and words[0] in ("of", "number"):
            words.pop(0)
        while words and words[-1] in ("of", "per"):
            words.pop()
        words = [word for place, word in enumerate(words) if word != "of" or words[place - 1] in ("cost", "price")]
        if words and len(words) <= 5 and any(word not in MEASURES | {"total", "more", "left"} for word in words):
            found.append(" ".join(word for word in words if word != "number" or len(words) == 1))
    phrase = read_phrase(tokens, mention or Mention(_ONE, index, index + 1, "count"), proper, "")
    base = phrase.base or (found[0] if found else "amount")
    total = re.search(r"\b(?:total|altogether|all)\b", left[-40:] + right[:40], re.IGNORECASE)
    rest = re.search(r"\b(?:left|remain\w*)\b", left[-40:] + right[:40], re.IGNORECASE)
    if rest:
        found.append(f"{base} left")
    elif total:
        found.append(f"total {base}")
    if base in MEASURES | {"amount", "dollars"} or " " not in base:
        found += [f"{base} {phrase.verb}"] if phrase.verb and phrase.verb != "left" else []
        found += [f"{phrase.owner} {base}"] if phrase.owner else []
    found.append(base)
    found += [f"{base} {phrase.verb}"] if phrase.verb else []
    found += [f"{base} {phrase.place}"] if phrase.place else []
    found += [f"{phrase.owner} {base}"] if phrase.owner else []
    return [*found, f"total {base}", f"new {base}"], phrase.base or (found[0] if found else "")
