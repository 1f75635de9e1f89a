"""What a name says about the number behind it: money, a count of something, a time, a share; and per what.

`price_per_egg` is money per egg, `eggs_sold` a count of eggs, `hours_worked` a time in hours. Operators ask whether two
quantities are alike before they add, compare or exchange them: dollars are not added to dogs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cotmill.compose.stories.vocabulary import (
    BARE,
    COST,
    FILLERS,
    INCOME,
    IRREGULAR,
    LACKED,
    MONTHS,
    NO_PLURAL,
    PERIODS,
    PLURALS,
    UNIT_KIND,
    VAGUE,
)

__all__ = [
    "UNKNOWN", "Quantity", "alike", "asked_for", "is_fixed", "is_vague", "of_name", "plural", "said",
    "singular", "words_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """`unit` is a singular noun: the thing counted, or the unit of a measure; empty where the name does not say."""

    kind: str  # money, count, time, length, weight, volume, area, speed, percent, factor, age, unknown
    unit: str = ""
    per: str = ""  # the singular noun behind "per"
    flow: str = ""  # of money: "cost" where it is spent, "income" where it comes in

    @property
    def whole(self) -> bool:
        """A count of things that are not cut into pieces."""
        return self.kind == "count" and not self.per

    @property
    def additive(self) -> bool:
        """Amounts of it can be summed: not rates, shares or ages."""
        return not self.per and self.kind in ("money", "count", "time", "length", "weight", "volume", "area")


UNKNOWN = Quantity("unknown")


def singular(word: str) -> str:
    """`boxes` -> `box`; the word itself where it is no plural."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in NO_PLURAL:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return word[:-2]
    return word[:-1]


def plural(noun: str) -> str:
    """`box` -> `boxes`, `child` -> `children`."""
    if noun in PLURALS:
        return PLURALS[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def words_of(name: str) -> list[str]:
    """`pricePerEgg2` -> price, per, egg."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[_\d\s]+", spaced.lower()) if word]


def said(name: str) -> str:
    """`num_packs_left` -> "number of packs left"."""
    return " ".join("number of" if word == "num" else word for word in words_of(name))


def is_fixed(name: str) -> bool:
    """A number that the world states and no problem may change: days per week, inches per foot, days in March."""
    words = [singular(word) for word in words_of(name)]
    if not words or words[0] not in UNIT_KIND or not {"per", "in", "a"} & set(words):
        return False
    return UNIT_KIND.get(words[-1], "month" if words[-1] in MONTHS else "") in (UNIT_KIND[words[0]], "month")


def is_vague(name: str) -> bool:
    """A name that does not say of what it is the value."""
    return all(word in VAGUE or len(word) < 3 for word in words_of(name))


def of_name(name: str) -> Quantity:
    """What the words of a name say; UNKNOWN where they say nothing."""
    words = words_of(name)
    per = ""
    if "per" in words[1:-1]:
        place = words.index("per")
        per, words = singular(words[place + 1]), words[:place]
    elif words and words[0] in PERIODS:
        per, words = PERIODS[words[0]], words[1:]
    elif "each" in words[1:-1]:
        per, words = singular(words[words.index("each") + 1]), words[: words.index("each")]
    found = _of_words(words)
    return replace(found, per=per) if per and found.kind not in ("percent", "factor", "age") else found


def _of_words(words: list[str]) -> Quantity:
    singulars = [singular(word) for word in words]
    for word in reversed(words):
        if word in ("percent", "percentage", "pct"):
            return Quantity("percent")
        if word in ("age", "ages", "old", "speed", "mph", "fraction", "ratio", "factor", "multiplier", "rate"):
            return Quantity(BARE[word])
    money = [word for word in words if word in COST or word in INCOME]
    if money:
        flow = "cost" if any(word in COST or word in LACKED for word in words) else "income"
        return Quantity("money", "", "", flow)
    for word in reversed(words):
        if word in BARE:
            return Quantity(BARE[word])
    for word, single in zip(words, singulars, strict=True):  # `shirts_without_buttons` are shirts
        if single != word and word not in FILLERS:
            return Quantity(UNIT_KIND.get(single, "count"), single)
    if any(word in ("num", "number", "count", "quantity") for word in words):
        nouns = [word for word in words if word not in FILLERS]
        return Quantity("count", nouns[-1] if nouns else "")
    return UNKNOWN


_QUESTION = re.compile(
    r"how (?:(?P<many>many|much) (?:more |fewer |less |total |additional |extra |whole |different |full )*"
    r"(?P<noun>\w+)|(?P<how>long|far|tall|old|fast|heavy|expensive|high))"
)
_MONEY_QUESTION = re.compile(
    r"\bin dollars\b|\bhow much (?:money|change|profit|did|does|do|will|would|is|was|were|are|more did|more does|"
    r"should|has|have|had|can|could|total|in total|less|it)\b|\bwhat (?:is|was|will be) the (?:total )?(?:cost|price)"
)


def asked_for(problem: str) -> Quantity:
    """What the last question of a problem asks for; UNKNOWN where no question is understood."""
    questions = [part for part in re.split(r"(?<=[.?!])\s+", problem.strip().lower()) if part.endswith("?")]
    text = questions[-1] if questions else ""
    found = _QUESTION.search(text)
    if found is None:
        return UNKNOWN
    if found["many"] == "many":
        if found["noun"] in ("dollars", "cents"):
            return Quantity("money")
        noun = singular(found["noun"])
        if noun == found["noun"]:
            return UNKNOWN  # no plural: an adjective before it, or a word that none of our rules know
        if noun in UNIT_KIND:
            return Quantity(UNIT_KIND[noun], noun)
        if noun in ("time", "percent", "point", "calorie") or found["noun"] in ("the", "more", "of", "times"):
            return UNKNOWN
        return Quantity("count", noun)
    if found["many"] == "much":
        return Quantity("money") if _MONEY_QUESTION.search(text) and "weigh" not in text else UNKNOWN
    return {"old": Quantity("age"), "expensive": Quantity("money", flow="cost")}.get(found["how"], UNKNOWN)


def alike(left: Quantity, right: Quantity) -> bool:
    """Amounts of the one can be added to, compared with, or put in place of amounts of the other."""
    if left.kind == "unknown" or left.kind != right.kind or left.per != right.per:
        return False
    if left.kind == "money":
        return True
    return left.unit == right.unit and bool(left.unit)
