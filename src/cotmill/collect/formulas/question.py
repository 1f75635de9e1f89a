"""Names for the answer, from the question."""

from __future__ import annotations

import re

from cotmill.collect.formulas.measures import ATTRIBUTES
from cotmill.collect.formulas.nouns import noun_phrase
from cotmill.collect.formulas.words import (
    DETERMINERS,
    STOP,
    done,
    is_word,
    participle,
    proper_nouns,
    singular,
    tokenize,
    word_set,
)  # fmt: skip

__all__ = ["GENERIC", "question_names"]

GENERIC = word_set("amount answer cost money dollars length product")
_HOW = {
    "long": "length", "far": "distance", "tall": "height", "high": "height", "old": "age", "deep": "depth",
    "wide": "width", "fast": "speed", "heavy": "weight", "much": "amount", "longer": "extra length",
    "taller": "extra height", "heavier": "extra weight", "older": "age difference", "farther": "extra distance",
    "often": "interval",
}  # fmt: skip
_TOTAL = re.compile(r"\b(?:total|altogether|in all|all together|together|combined|overall|in total)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|remain|remaining|remains|leftover)\b(?! over)", re.IGNORECASE)
_START = re.compile(
    r"\b(?:start with|to start|originally|in the beginning|at the beginning|at first|begin with|initially)\b"
    r"|\bha(?:ve|d)\b.*\bbefore\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:cost|costs|pay|price|charge|spend|spent|bill|worth)\b", re.IGNORECASE)
_EARNED = re.compile(r"\b(?:make|earn|earned|made|receive|raise)\b", re.IGNORECASE)


def question_names(question: str, unit: str, *, adds_up: bool) -> list[str]:
    """Names for the answer, the best first.

    `unit` is the answer's own, if stated; `adds_up`: it is a sum or a product.
    """
    asked = re.split(r"(?<=[.?!])\s+", question.strip())
    sentence = next((part for part in reversed(asked) if part.endswith("?")), asked[-1] if asked else "")
    if begun := list(re.finditer(r"\b(?:how|what|find|calculate|determine)\b", sentence, re.IGNORECASE)):
        sentence = re.split(r",? (?:if|when)\b", sentence[begun[0].start() :])[0]
    tokens = tokenize(sentence)
    low = [token.lower() for token in tokens]
    noun, form = _asked(tokens, low, unit)
    noun = " ".join(tokenize(noun)[:4]).lower()
    verb = next((participle(word) for word in low if participle(word) and word != "left"), "")
    found = []
    if "difference" in low:
        found.append(f"{unit} difference" if unit else "difference")
    elif _LEFT.search(sentence) and form != "length":
        found.append(f"{noun} left")
    if "more" in low[:4]:
        found.append(f"more {noun}")
    if re.search(r"\b(?:fewer|less)\b", sentence):
        found.append(f"fewer {noun}")
    if _TOTAL.search(sentence):
        found.append(f"total {noun}")
    if _START.search(sentence):
        found.append(f"{noun} at first")
    if per := _per(tokens, low):
        found.append(f"{noun} per {per}" if per not in noun.split() else noun)
    if "now" in low:
        found.append(f"{noun} now")
    if re.search(r"\bneed(?:s|ed)?\b", sentence) and noun:
        found.append(f"{noun} needed")
    owners = [token for token in tokens if token in proper_nouns(tokenize(question))]
    if state := re.search(r"\bhow many\b(?: \w+){0,3}? (?:are|were|is|was) (\w+) ?\?$", " ".join(low)):
        found += [f"{state[1]} {noun}"] if state[1] not in STOP and not participle(state[1]) else []
    verb = verb or _verb_of(low)
    extra = [f"{noun} {verb}"] if verb and verb != noun else []
    extra += [f"{owners[0].removesuffix(chr(39) + 's').lower()} {noun}"] if owners else []
    if adds_up:
        extra.insert(0, f"total {noun}")
    return [*found, noun, *extra, f"other {noun}" if not adds_up else f"total {noun}", f"resulting {noun}", "answer"]


def _verb_of(low: list[str]) -> str:
    """`How many did she donate?`: donated."""
    for index, word in enumerate(low[:-1]):
        if word in ("did", "does", "do", "can", "could", "will", "would", "should"):
            subject = index + 1
            while subject < len(low) and (low[subject] in DETERMINERS or low[subject] in ("mrs", "mr")):
                subject += 1
            subject += 1
            while low[subject : subject + 1] == ["and"]:
                subject += 2
            verb = "".join(low[subject : subject + 1])
            plain = verb.isalpha() and verb not in STOP - {
                "give",
                "sell",
                "buy",
                "eat",
                "use",
                "find",
                "lose",
                "spend",
                "take",
            }
            return done(verb) if plain and verb not in ("need", "start", "begin") else ""
    return ""


def _asked(tokens: list[str], low: list[str], unit: str) -> tuple[str, str]:
    """What is asked for, and by which word."""
    text = " ".join(low)
    if found := re.search(r"\bhow many (?:more |fewer |less |additional |extra |total |whole |other )*", text):
        begin = len(text[: found.end()].split())
        return " ".join(noun_phrase(tokens, begin)[0]) or unit, "many"
    if found := re.search(r"\bhow much (?:more |less )?(money|change|time|profit|weight|tip|interest)?", text):
        if found[1]:
            return found[1], "much"
        if _MONEY.search(text) or unit in ("dollars", "cents"):
            return "earnings" if _EARNED.search(text) else "cost", "much"
        return " ".join(noun_phrase(tokens, len(text[: found.end()].split()))[0]) or unit or "amount", "much"
    if found := re.search(r"\bhow (\w+)", text):
        if found[1] == "long" and not re.search(r"\bhow long (?:is|was|are|were)\b", text):
            return unit or "time", "much"
        return _HOW.get(found[1], unit or "amount"), "length"
    if found := re.search(
        r"\b(?:what|find|calculate|determine)(?:'s| is| was| are| were| would be| will be)? (.*)", text
    ):
        words: list[str] = []
        capital = {token.lower() for token in tokens[1:] if token[0].isupper()}
        for word in found[1].split():
            if word in DETERMINERS or word in (
                "total",
                "number",
                "of",
                "combined",
                "in",
                "greatest",
                "smallest",
                "least",
                "largest",
                "'s",
            ):
                if word == "in":
                    break
                continue
            if (
                not is_word(word)
                or word in STOP
                or participle(word)
                or len(words) == 3
                or (words and word in capital and words[-1] not in capital)
            ):
                break
            words.append(word.removesuffix("'s"))
            if words[-1] in ATTRIBUTES and len(words) > 1:
                break
        return " ".join(words).replace("'s", "") or unit or "answer", "what"
    return unit or "answer", ""


def _per(tokens: list[str], low: list[str]) -> str:
    for index, word in enumerate(low):
        if word in ("each", "per", "every") and index + 1 < len(low):
            words = noun_phrase(tokens, index + 1)[0]
            if words and "of" not in words:
                return singular(words[-1])
    return ""
