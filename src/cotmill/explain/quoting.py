"""Whether a text gives away the program behind it."""

from __future__ import annotations

import re

__all__ = ["quoted_code", "spoken_program"]

LONG = 8  # characters from which on a line of code is more than a word
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_DEFINITION = re.compile(r"^\s*(?:def \w+\(.*\)|class \w+.*|import \w+|from \w+ import .*):?\s*$", re.MULTILINE)
_CONSTANT = re.compile(r"[\w.]+ = [^A-Za-z_]*")  # "total = 0" is as good a step as it is code
_MARKS = "`*_>- \t"
_PROGRAM = re.compile(
    r"\bpython\b|\b(?:the|this|that|following|given|above|below)\s+(?:(?:python|source|given|following|above|below)\s+)*"
    r"(?:code|program|script|code snippet|snippet|source code)\b(?!\s+(?:to|for|on|of)\b)|"
    r"\b(?:function|method)\s+(?:named|called|that (?:takes|returns))\b|\bsource code\b|"
    r"\b(?:write|implement)\s+(?:a|an|the)\s+(?:\w+\s+){0,2}(?:function|program|script|method)\b|"
    r"\b(?:solution|entry)\s+function\b|\bfunction\s+(?:gets|takes)\b",
    re.IGNORECASE,
)


def quoted_code(text: str, code: str) -> str:
    """What looks like code: a fence, a definition, or two lines of the program; empty where nothing does."""
    for pattern in (_FENCE, _DEFINITION):
        if found := pattern.search(text):
            return found.group().strip()
    lines = dict.fromkeys(line.strip(_MARKS) for line in text.splitlines())
    own = {line.strip() for line in code.splitlines() if len(line.strip()) >= LONG}
    quoted = [line for line in lines if line in own and not _CONSTANT.fullmatch(line)]
    return "; ".join(quoted) if len(quoted) > 1 else ""


def spoken_program(text: str) -> str:
    """Where it speaks of a program, of Python or of source code; empty where it does not."""
    found = _PROGRAM.search(text)
    return found.group() if found else ""
