"""English as far as naming numbers needs it: tokens, plurals, and which words end a noun phrase."""

from __future__ import annotations

import re

__all__ = [
    "CALENDAR", "CONTAINERS", "DETERMINERS", "NEUTRAL_VERBS", "PREPOSITIONS", "STOP", "TIME_WORDS", "done", "is_plural",
    "is_word", "participle", "proper_nouns", "singular", "tokenize", "word_set",
]  # fmt: skip

_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+|[^\W\d_]+(?:['\u2019&-]?[^\W\d_]+)*|\S"
)  # numbers, words, and each other sign for itself
_TITLES = re.compile(r"\b(Mrs|Mr|Ms|Dr|St|Prof)\.\s*")
_HALF_DAY = re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE)


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


DETERMINERS = word_set("the a an her his their its my our your this that these those some any all both another")
PREPOSITIONS = word_set(
    "in on at from for to with about by into onto under over inside during per of off through across between among "
    "around near behind beside before after until since without out up down than as like"
)
_PRONOUNS = word_set(
    "he she it they we i you him them us me who whom whose which what there here everyone someone each every other "
    "others hers theirs one"
)
_JOINERS = word_set(
    "and or but if when while because so then that also plus minus times where since though how however"
)
_ADVERBS = word_set(
    "left total altogether together apiece now later already only just still too ago away equally today yesterday "
    "tomorrow more fewer less longer taller older younger heavier shorter faster farther further higher lower wide "
    "long tall high deep old thick again instead not never always usually originally initially exactly daily weekly "
    "monthly yearly both n't worth back online remaining combined respectively home"
)
NEUTRAL_VERBS = word_set(
    "is are was were be been being am has have had having do does did can could will would shall should may might must "
    "there's contains contain contained holds hold held includes include owns own owned needs need needed wants want "
    "wanted wanting"
)
_IRREGULAR = {
    "gave": "given", "gives": "given", "give": "given", "giving": "given", "sold": "sold", "sells": "sold",
    "sell": "sold", "selling": "sold", "bought": "bought", "buys": "bought", "buy": "bought", "buying": "bought",
    "ate": "eaten", "eats": "eaten", "eat": "eaten", "uses": "used", "use": "used", "using": "used",
    "found": "found", "finds": "found", "find": "found", "lost": "lost", "loses": "lost", "lose": "lost",
    "took": "taken", "takes": "taken", "take": "taken", "spent": "spent", "spends": "spent", "spend": "spent",
    "made": "made", "makes": "made", "make": "made", "caught": "caught", "catches": "caught", "saw": "seen",
    "sees": "seen", "read": "read", "reads": "read", "won": "won", "wins": "won", "broke": "broken",
    "threw": "thrown", "wrote": "written", "writes": "written", "drew": "drawn", "draws": "drawn", "drank": "drunk",
    "drinks": "drunk", "ran": "run", "runs": "run", "drove": "driven", "drives": "driven", "put": "put",
    "puts": "put", "grew": "grown", "grows": "grown", "sent": "sent", "sends": "sent", "paid": "paid",
    "pays": "paid", "pay": "paid", "got": "received", "gets": "received", "get": "received", "rode": "ridden",
    "rides": "ridden", "built": "built", "builds": "built", "brought": "brought", "brings": "brought",
    "cut": "cut", "cuts": "cut", "quit": "quit", "sang": "sung", "swam": "swum", "stole": "stolen",
    "earns": "earned", "bakes": "baked", "picks": "picked", "saves": "saved", "receives": "received",
    "collects": "collected", "plants": "planted", "adds": "added", "orders": "ordered", "left": "left",
    "leaves": "left", "leave": "left", "kept": "kept", "taught": "taught", "hit": "hit", "lent": "lent",
    "walks": "walked", "works": "worked", "plays": "played", "donates": "donated", "produces": "produced",
    "sewed": "sewn", "flew": "flown", "lays": "laid", "laid": "laid",
    "catch": "caught", "see": "seen", "win": "won", "break": "broken", "write": "written", "drink": "drunk",
    "drive": "driven", "grow": "grown", "send": "sent", "ride": "ridden", "build": "built", "bring": "brought",
    "swim": "swum", "steal": "stolen", "run": "run", "keep": "kept", "throw": "thrown", "draw": "drawn",
    "ridden": "ridden", "eaten": "eaten", "given": "given", "taken": "taken", "broken": "broken", "seen": "seen",
}  # fmt: skip
_NOT_PAST = word_set(
    "red bed seed sled shed weed breed need feed speed hundred naked wicked bred fed led wed reed indeed"
)
_IDLE = (
    _NOT_PAST
    | NEUTRAL_VERBS
    | word_set(
        "started decided tried agreed hoped liked loved called named asked wished noticed counted measured weighed "
        "totaled totalled equaled ended planned interested supposed located reached continued managed happened "
        "squared sided distributed"
    )
)
_PRESENT = word_set(
    "cost costs weigh weighs goes go come comes sit sits bark stand walk work play rest equal equals get got measure "
    "measures lasts run live lives going"
)

STOP = (
    DETERMINERS | PREPOSITIONS | _PRONOUNS | _JOINERS | _ADVERBS | NEUTRAL_VERBS | _PRESENT
    | (_IRREGULAR.keys() - word_set("cut plants plays drinks rides catches draws works leaves runs")
       - word_set("catch drink ride run draw break"))
)  # fmt: skip

CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
) - {"may", "march"}
TIME_WORDS = word_set(
    "second minute hour day week month year night morning afternoon evening weekend weekday time trip visit lap game "
    "hr person kg pound ounce gallon dozen piece mile foot yard meter kilometer lb"
)
CONTAINERS = word_set(
    "piece pack package packet pair bag box loaf cup glass bottle can carton slice jar row stack pile bunch bundle set "
    "roll sheet group team batch crate basket bucket tray gallon liter pound ounce kilogram gram ton dozen yard meter "
    "quart pint bar kind type stick tube bouquet case container serving portion tablespoon teaspoon barrel scoop share"
)

_PEOPLE = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot", "mice": "mouse",
    "geese": "goose", "teeth": "tooth", "loaves": "loaf", "knives": "knife", "shelves": "shelf", "leaves": "leaf",
    "halves": "half", "wolves": "wolf", "fish": "fish", "sheep": "sheep", "deer": "deer", "movies": "movie",
    "cookies": "cookie", "pies": "pie", "brownies": "brownie", "species": "species", "ties": "tie",
    "calories": "calorie", "smoothies": "smoothie", "shoes": "shoe", "zombies": "zombie", "hoodies": "hoodie",
}  # fmt: skip
_SINGULAR_IN_S = word_set(
    "bus gas tennis christmas various previous delicious plus cactus this its less sports campus virus bonus was has "
    "lens chess us as is always news mathematics series"
)


def tokenize(text: str) -> list[str]:
    """Words, numbers and signs in order; "Mrs." and "p.m." lose their full stops, which end no sentence."""
    text = _HALF_DAY.sub(r"\1m", _TITLES.sub(r"\1 ", text))
    return _TOKEN.findall(text.replace("\u2019", "'"))


def is_word(token: str) -> bool:
    return token[:1].isalpha()


def is_plural(word: str) -> bool:
    low = word.lower()
    return low in _PEOPLE or (
        len(low) > 3
        and low[-1] == "s"
        and low[-2] not in "s'"
        and not low.endswith("ous")
        and low not in _SINGULAR_IN_S
    )


def singular(word: str) -> str:
    if word in _PEOPLE or not is_plural(word):
        return _PEOPLE.get(word, word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "zzes", "oes")) else word[:-1]


def done(verb: str) -> str:
    """The participle of a verb's plain form: donate -> donated."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    return (
        f"{verb}d"
        if verb.endswith("e")
        else f"{verb[:-1]}ied"
        if verb[-1:] == "y" and verb[-2:-1] not in "aeo"
        else f"{verb}ed"
    )


def participle(word: str) -> str:
    """What was done, of a verb in the past or the present: sold, eaten, given; empty where it is no such verb."""
    low = word.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    return low if low.endswith("ed") and len(low) > 4 and low not in _IDLE else ""


def proper_nouns(tokens: list[str]) -> frozenset[str]:
    """Capitalised words that are not only at the beginning of sentences, or that are no plain word there."""
    found = set()
    small = {token for token in tokens if token.islower()}
    for index, token in enumerate(tokens):
        if token.lower() in CALENDAR:
            found.add(token)
        elif token[:1].isupper() and len(token) > 1 and token.lower() not in small | STOP | NEUTRAL_VERBS:
            inside = index > 0 and tokens[index - 1] not in ".?!:;\"'"
            ending = index + 1 < len(tokens) and tokens[index + 1].lower() in _AFTER_NAMES
            if inside or ending or token.endswith("'s"):
                found.add(token)
    return frozenset(found) - _CAPITALISED


_AFTER_NAMES = word_set(
    "has had have is was gave bought ate found sold wants and made got picked collected spent saved earned went put "
    "took used needs read sees saw received baked planted caught gets buys eats lost runs ran works can owns decided"
)
_CAPITALISED = frozenset({"Each", "Every", "I", "The", "If", "How", "What", "Child", "Adult", "Find", "People"})
