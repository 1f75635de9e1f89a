"""Ways of telling: how steps are laid out and worded, what is left out, and whether names are said in words.

Which one a record gets is chance from identity, so that a model does not learn one template.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from cotmill.base.chance import chance
from cotmill.explain.source import Source

__all__ = ["STYLES", "USUAL", "WORKED", "Style", "choose", "in_words", "is_plural", "spoken"]


@dataclass(frozen=True, slots=True)
class Style:
    """One way of telling."""

    name: str  # what Draft.style and the recipe say
    stages: bool = True  # calls and subscripts are first named, then valued
    whole: bool = False  # a sentence for every statement
    brief: bool = False  # given numbers and a copy that is returned next are left out
    listed: bool = False  # every step is an item of a list
    sourced: bool = False  # an expression is first said as it stands in the program, then with its values
    spoken: bool = False  # sentences with verbs in paragraphs, instead of equations in lines
    words: bool = False  # `eggs_sold` is said as "eggs sold"
    call: str = "Call"  # how the block of a call begins
    loosest: int = 0  # which of the densities is tried first


WORKED = Style("worked", whole=True)
_IN_CODE = (
    WORKED,
    Style("terse", stages=False, brief=True, loosest=1),
    Style("steps", listed=True, call="Work out"),
    Style("prose", spoken=True, call="Work out"),
    Style("sourced", listed=True, sourced=True, call="Work out"),
)
STYLES = {
    style.name: style for base in _IN_CODE for style in (base, replace(base, name=f"{base.name}-in-words", words=True))
}
# Those of a recipe that names none.
USUAL = tuple(name for name, style in STYLES.items() if not style.sourced)


def choose(names: Collection[str], seed: int, record: str) -> Style:
    """The style of a record: any of those named, with equal chance."""
    return STYLES[chance(seed, "explain.narrate", record).choice(sorted(names))]


# What no name in words may hold: "is prime = True" and "to visit is now []" read as something else.
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "a all an and are as at be by can do each else every false for from go has have if in into is it its make new "
        "no none not now of off on or out over pass return so than that the then this to true until up was when while "
        "with yield",
    )
)
# What comes after the head of a name: "pens per bag", "eggs laid".
_AFTER_HEAD = re.compile(r"_(?:per|left|sold|kept|spent|lost|made|total|initial|remaining|\w+(?:ed|en|id|ught))(?:_|$)")
_SPANS = re.compile(
    r"(?P<bracket>[\[({\])}\n])|`[^`\n]*`|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
    r"|(?P<begin>^ *|[.:] )?(?P<tie>Then |Next, |After that, |Now )?"
    r"(?<![\w.])(?P<name>[^\W\d]\w{2,})(?![\w\[(=]|\.\w)"
    r"(?P<verb> (?:is|becomes)(?! (?:true|false|an?|removed)\b))?",
    re.MULTILINE,
)


def in_words(text: str, source: Source, *, articles: bool) -> str:
    """The text with the program's variables in words.

    What is quoted, in brackets, called or subscripted stays as it is.

    `articles`: before a verb, a name that begins a sentence has its article, and the verb agrees with it.
    """
    known, plain = _sayable(source), _plain(source)
    depth = 0

    def said(found: re.Match[str]) -> str:
        nonlocal depth
        if found["bracket"]:
            depth = 0 if found["bracket"] == "\n" else depth + (1 if found["bracket"] in "[({" else -1)
        if depth > 0:
            return found.group()
        begin, tie = found["begin"], found["tie"]
        verb = found["verb"] or ""
        if articles and found["name"] and _is_clause(found["name"]):
            return found.group()
        begins = articles and verb and not (begin is None and tie is None)
        words = known.get(found["name"]) or (found["name"] if begins and found["name"] in plain else "")
        if not words:
            return found.group()
        article = "" if not (begins and _is_noun(found["name"])) else "the " if tie or begin == ": " else "The "
        if begins and not article and begin != ": " and not tie:
            words = words.capitalize() if known.get(found["name"]) else words
        if articles and verb and is_plural(found["name"]):
            verb = verb.replace("is", "are").replace("becomes", "become")
        return f"{begin or ''}{tie or ''}{article}{words}{verb}"

    return _SPANS.sub(said, text)


# Past tenses that are no participles: before them stands who did it.
_DID = frozenset(re.findall(r"\w+", "ate came drank drove gave got grew had ran saw swam threw took went wrote"))
_PREPOSITIONS = frozenset(("after", "before", "with", "within", "without"))
_NO_NOUNS = frozenset(
    re.findall(
        r"\w+",
        "best big biggest both current earlier extra few first forward high highest largest last later "
        "least left less long longest low lowest max min more most new next old only other previous right same seen "
        "short shorter shortest small smallest wanted worst",
    )
)


def _is_clause(name: str) -> bool:
    """``janet_gave``: somebody did something; ``after_colon``: when. But ``eggs_sold`` are eggs."""
    first, *rest = name.split("_")
    return bool(rest) and (rest[-1] in _DID or first in _PREPOSITIONS)


def _is_noun(name: str) -> bool:
    """Whether an article may stand before the name: ``total_cost``, but not ``forced`` or ``last``."""
    parts = name.split("_")
    is_participle = len(parts) == 1 and len(name) > 4 and name.endswith("ed") and not name.endswith("eed")
    return not is_participle and parts[-1] not in _NO_NOUNS


def is_plural(name: str) -> bool:
    """``blue_pens`` and ``pens_per_bag``, but not ``price_per_egg``."""
    head = _AFTER_HEAD.split(name)[0].rpartition("_")[2]
    return len(head) > 3 and head.endswith("s") and not head.endswith(("ss", "us", "is"))


def _sayable(source: Source) -> dict[str, str]:
    """Variables whose names are made of two or more whole words, with these words."""
    return {name: words for name in source.variables - source.callables if (words := spoken(name)) != name}


def spoken(name: str) -> str:
    """``eggs sold`` for ``eggs_sold``; the name itself where its parts are no words that stand for a quantity."""
    parts = name.split("_")
    if all(len(part) > 1 and part.isalpha() and part.islower() for part in parts) and _PARTICLES.isdisjoint(parts):
        return " ".join(parts)
    return name


def _plain(source: Source) -> frozenset[str]:
    """Variables that are a word, or look like one."""
    return frozenset(
        name
        for name in source.variables - source.callables
        if len(name) > 3 and name.isalpha() and name.islower() and name not in _PARTICLES
    )
