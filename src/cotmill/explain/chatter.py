"""What of a model's text is not for its reader: signs that nobody sees, marks of a conversation, talk about itself.

What `known` has (the problem of a solution, the input of a problem) may stand in the text as well.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["chatter"]

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_MARKS = re.compile(
    r"<\|[^\n>]{1,40}\|>|</?s>|\[/?INST\]|<!--|</?(?:think|thinking|thought|reasoning|problem|solution|program|answer|system|"
    r"user|assistant|instructions?|script|img|iframe)\b[^<>\n]{0,200}>|!\[[^\]\n]{0,200}\]\(|\bhttps?://",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^\W*(?:sure|certainly|of course|absolutely|okay|ok)\b\s*[!,.:]"
    r"|^[ \t>*_#]*(?:user|assistant|human|system|grader|judge)\b[ *_]*:"
    r"|\b(?:here(?:'s|\u2019s| is| are)|below is)\s+(?:the|a|an|your|my)\s+(?:[\w-]+\s+){0,3}"
    r"(?:solution|problem|question|version|explanation)\b"
    r"|\b(?:as|I(?:'m|\u2019m| am)) an? (?:AI|(?:AI |large )?language model)\b|\b(?:AI|large) language model\b"
    r"|\bI(?:'m|\u2019m| am) sorry\b|\bI apologi[sz]e\b|\b(?:my|sincere) apologies\b|\bapologies for\b"
    r"|\b(?:my|your|the) (?:previous|earlier) (?:solution|response|answer|mistake)\b"
    r"|\byou(?:'re|\u2019re| are) (?:absolutely |quite )?right\b|\bas you (?:asked|requested)\b"
    r"|\blet me know (?:if|whether)\b|\bhope (?:this|that|it) helps\b|\bfeel free to\b"
    r"|\b(?:ignore|disregard|forget) (?:all|any|the|these|everything|previous|prior|what)\b[^.\n]{0,40}"
    r"\b(?:above|before|instructions?|prompts?|previous)\b"
    r"|\b(?:solvable|consistent)\b\W{0,4}[:=]|\b(?:dear|note to the) (?:grader|judge|reader|reviewer)\b",
    re.IGNORECASE | re.MULTILINE,
)


def chatter(text: str, known: str) -> str:
    """The first piece of it, for a person; empty where there is none."""
    for sign in dict.fromkeys(text):
        if unicodedata.category(sign) in _UNSEEN and sign not in "\n\t":
            return f"the sign U+{ord(sign):04X}"
    if not any(map(_is_foreign, known)) and (foreign := next(filter(_is_foreign, text), "")):
        return f"the sign {foreign} (U+{ord(foreign):04X}) of another script"
    for pattern in (_MARKS, _TALK):
        for found in pattern.finditer(text):
            if found.group().strip().casefold() not in known.casefold():
                return found.group().strip()
    return ""


def _is_foreign(sign: str) -> bool:
    """A digit that is read otherwise than it looks, or a letter of another script than Latin and Greek."""
    if sign.isascii() or sign in "\u00aa\u00ba":  # the raised letters of 1a and 2o
        return False
    category = unicodedata.category(sign)
    return category in ("Nd", "Lo") or (
        category in ("Lu", "Ll") and unicodedata.name(sign, "").startswith(("CYRILLIC", "ARMENIAN", "GEORGIAN"))
    )
