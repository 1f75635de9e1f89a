"""Names for numbers that count no things: money, percent, times of day, lengths and weights, ratios."""

from __future__ import annotations

from cotmill.collect.formulas.nouns import noun_phrase, per_left, per_right, skip_determiners, skip_of, verb_right
from cotmill.collect.formulas.numbers import Mention
from cotmill.collect.formulas.words import DETERMINERS, NEUTRAL_VERBS, STOP, is_word, participle, singular, word_set

__all__ = ["ATTRIBUTES", "MEASURES", "UNITS", "special_base"]

ATTRIBUTES = word_set(
    "length width height area perimeter radius diameter side distance weight age speed cost price tax temperature "
    "sum difference total average mean population depth fee fare salary rate value tip discount budget profit "
    "income capacity volume balance score allowance rent bill amount number interest limit goal base result "
    "denominator numerator circumference ratio premium bonus wage payment expense deposit savings principal "
    "quotient product"
)
MEASURES = word_set(
    "dollars cents inches feet yards miles meters centimeters kilometers cm km m mm pounds ounces tons kg grams g "
    "kilograms liters litres gallons quarts pints ml hours minutes seconds days weeks months years degrees ft lbs "
    "celsius milliliters percent lb oz mph inch foot yard mile meter pound dollar hour minute year percentage "
    "price cost money weight length width height area distance age time profit income"
)
UNITS = {
    "g": "grams", "kg": "kilograms", "cm": "centimeters", "mm": "millimeters", "m": "meters", "km": "kilometers",
    "ml": "milliliters", "l": "liters", "ft": "feet", "lbs": "pounds", "lb": "pounds", "oz": "ounces", "hr": "hours",
}  # fmt: skip
_BY_ADJECTIVE = {
    "long": "length", "wide": "width", "tall": "height", "high": "height", "deep": "depth", "old": "age",
    "away": "distance", "thick": "thickness", "heavy": "weight",
}  # fmt: skip
_AMOUNTS = word_set("total sum number amount rate")
_PERIODS = word_set("hour hr day week month year")
_PRICED = word_set("cost costs priced charges charge charged charging costing price sells")


def special_base(tokens: list[str], mention: Mention, left: list[str], right: list[str], end: int) -> str:
    """Names for money, percent, times of day, measures, factors; empty where the noun phrase says it."""
    low = [word.lower() for word in left]
    after = [token.lower() for token in tokens[mention.end : mention.end + 4]] + [""] * 4
    if mention.kind == "percent":
        return _percent(tokens, mention, low)
    if mention.kind in ("hour", "minute"):
        return _time_of_day(low, mention.kind)
    if (after[0] == ":" and after[1][:1].isdigit()) or (
        tokens[mention.begin - 1 : mention.begin] == [":"]
        and "".join(tokens[max(0, mention.begin - 2) : mention.begin - 1]).isdigit()
    ):
        return _part_of_ratio(tokens, mention)
    if side := _side_of_rectangle(tokens, mention, right, end):
        return side
    if after[0] in ("times", "time") or (after[0] == "as" and after[1] in ("many", "much")):
        return "times as many" if "as" in after[1:3] else "times"
    attribute = _attribute(low, tokens, end)
    unit = _unit_suffix(right)
    if attribute:
        return attribute + unit
    if mention.kind == "money":
        return _money(tokens, mention, low, left, end)
    if mention.kind == "ordinal":
        return f"{' '.join(right[:2])} interval" if "every" in low[-2:] and right else ""
    return ""


def _unit_suffix(right: list[str]) -> str:
    if right[:1] and right[0] in MEASURES - {"dollars", "cents", "years", "dollar", "year"}:
        return f" in {' '.join(right[:2])}" if right[0] in ("square", "cubic") else f" in {right[0]}"
    if right[:1] in (["square"], ["cubic"], ["sq"]):
        return f" in {' '.join(right[:2])}"
    return " in cents" if right[:1] in (["cents"], ["cent"]) else ""


def _attribute(low: list[str], tokens: list[str], end: int) -> str:
    """`the length of a field is 75 meters`, `25 feet tall`, `Charlotte's backpack weighs 18 pounds`."""
    behind = tokens[end].lower() if end < len(tokens) else ""
    if behind in _BY_ADJECTIVE and end and tokens[end - 1].lower() in MEASURES:
        return _with_thing(low, _BY_ADJECTIVE[behind])
    if low[-1:] and low[-1] in ("weighs", "weighed", "weigh"):
        return _with_thing(low[:-1], "weight")
    if not ({"is", "was", "of", "are", "be", "as", "were"} & set(low[-2:])):
        return ""
    for index in range(len(low) - 1, max(-1, len(low) - 9), -1):
        if low[index] == "," or (low[index] in _AMOUNTS and noun_phrase(tokens, end - 1)[0]):
            return ""
        if low[index] in ATTRIBUTES:
            words = [low[index]]
            if index and is_word(low[index - 1]) and low[index - 1] not in STOP and "'" not in low[index - 1]:
                words.insert(0, low[index - 1])
            elif low[index + 1 : index + 2] == ["of"]:
                start = index + 2
                while start < len(low) and low[start] in DETERMINERS:
                    start += 1
                words = [*noun_phrase(low, start)[0][-2:], low[index]]
            return " ".join(words)
        if participle(low[index]):
            return ""
    return ""


def _with_thing(low: list[str], attribute: str) -> str:
    """The noun right before the verb, and the attribute: `backpack weight`."""
    words = [word for word in low if is_word(word)]
    while words and words[-1] in STOP | NEUTRAL_VERBS:
        words.pop()
    thing = words[-1:] if words and words[-1] not in STOP | MEASURES else []
    return " ".join([*(word.removesuffix("'s") for word in thing), attribute])


def _part_of_ratio(tokens: list[str], mention: Mention) -> str:
    """`the ratio of red cars to blue cars is 5:3`: red cars share, blue cars share."""
    is_first = tokens[mention.end : mention.end + 1] == [":"]
    for index in range(len(tokens) - 2):
        if tokens[index].lower() == "ratio" and tokens[index + 1].lower() in ("of", "between"):
            first, end = noun_phrase(tokens, skip_determiners(tokens, index + 2))
            while end < len(tokens) and tokens[end].lower() not in ("to", "and") and tokens[end] not in ".?!":
                end += 1
            second, _ = noun_phrase(tokens, skip_determiners(tokens, end + 1))
            if first and second and first != second:
                return f"{' '.join(first if is_first else second)} share"
    return f"{'first' if is_first else 'second'} share"


def _side_of_rectangle(tokens: list[str], mention: Mention, right: list[str], end: int) -> str:
    """`12 feet by 10 feet`."""
    unit = f" in {right[0]}" if right and right[0] in MEASURES else ""
    if tokens[end : end + 1] == ["by"] and end + 1 < len(tokens) and tokens[end + 1][0].isdigit():
        return f"length{unit}"
    if (
        mention.begin > 1
        and tokens[mention.begin - 1] == "by"
        and tokens[mention.begin - 2].lower() in {*MEASURES, "x"}
    ):
        return f"width{unit}"
    return ""


def _percent(tokens: list[str], mention: Mention, low: list[str]) -> str:
    after = [token.lower() for token in tokens[mention.end : mention.end + 5]]
    for word in [*after[:3], *reversed(low[-4:])]:
        if word in (
            "off",
            "discount",
            "tax",
            "interest",
            "tip",
            "fee",
            "increase",
            "raise",
            "profit",
            "bonus",
            "commission",
        ):
            return f"{'discount' if word == 'off' else word} percent"
    if after[:1] in (["more"], ["less"], ["fewer"]):
        return f"percent {after[0]}"
    noun = noun_phrase(tokens, skip_of(tokens, mention.end))
    verb = verb_right(tokens, noun[1])
    if noun[0]:
        return f"percent of {' '.join(noun[0][-2:])}{' ' + verb if verb else ''}"
    return f"percent {participle(low[-1])}" if low and participle(low[-1]) else "percent"


def _time_of_day(low: list[str], kind: str) -> str:
    text = set(low[-6:])
    for name, words in (
        ("end", {"end", "ends", "ended", "finish", "finished", "to", "arrived", "until", "finishes", "arrives"}),
        ("start", {"start", "starts", "started", "begins", "began", "left", "from", "begin", "leaves"}),
    ):
        if words & text:
            return f"{name} {kind}"
    return kind


def _money(tokens: list[str], mention: Mention, low: list[str], left: list[str], end: int) -> str:
    unit = "cents" if any(token.lower() in ("cent", "cents") for token in tokens[mention.end : mention.end + 1]) else ""
    behind = end + 1 if not unit and tokens[mention.end : mention.end + 1] in (["dollars"], ["dollar"]) else mention.end
    behind = mention.end + 1 if unit or tokens[mention.end : mention.end + 1] in (["dollars"], ["dollar"]) else behind
    if tokens[behind : behind + 1] in (["more"], ["less"]):
        return f"{unit or 'dollars'} {tokens[behind]}"
    per = per_right(tokens, behind)
    after = [token.lower() for token in tokens[behind : behind + 2]] + ["", ""]
    suffix = " in cents" if unit else ""
    paid = bool(_PRICED & set(low[-3:]) or low[-2:-1] == ["for"] or low[-1:] in (["for"], ["at"]))
    earning = next(
        (word for word in low[-6:] if word in ("earns", "earned", "makes", "made", "paid", "pays", "saves")), ""
    )
    if per and (per in _PERIODS or (earning and per in ("lap", "game", "mile", "lawn"))):
        return f"dollars per {'hour' if per == 'hr' else per}"
    if per:
        return f"price per {per}{suffix}"
    if after[0] in ("each", "apiece") or (after[0], after[1]) == ("a", "piece"):
        return _price_of(low, suffix, each=True)
    if (rate := per_left(low, left)) in _PERIODS:
        return f"dollars per {rate}"
    if after[0] in ("in", "for", "on") and not paid:
        start = behind + 1
        while start < len(tokens) and tokens[start].lower() in DETERMINERS:
            start += 1
        noun = noun_phrase(tokens, start)[0]
        if (
            noun
            and after[0] == "in"
            and noun[-1] in ("tips", "tip", "change", "taxes", "tax", "savings", "interest", "profit")
        ):
            return " ".join(noun[-2:]) + suffix
        spent = {"spent", "spends", "paid", "pays", "spend", "pay"} & set(low)
        if noun and spent and "of" not in noun:
            return f"{' '.join(noun[-2:])} cost{suffix}"
    if paid:
        return _price_of(low, suffix, each=False)
    return "cents" if unit else "dollars"


def _price_of(low: list[str], suffix: str, *, each: bool) -> str:
    """What costs so much: the nearest noun before; who charges it does not cost it."""
    if low[-1:] and low[-1].startswith("charg"):
        return f"price{suffix}"
    words: list[str] = []
    for word in reversed(low):
        if not is_word(word) or word in STOP or word in NEUTRAL_VERBS or participle(word) or word in _PRICED:
            if words:
                break
            if not is_word(word) and word not in "$,":
                break
            continue
        words.insert(0, word)
        if len(words) == 2:
            break
    if words:
        noun = " ".join([*words[:-1], singular(words[-1]) if each else words[-1]])
        noun = noun if each else " ".join([*words[:-1], singular(words[-1])])
        return f"{noun} price{suffix}"
    return f"price{' each' if each else ''}{suffix}"
