"""Whether a text gives away the program behind it."""

from __future__ import annotations

import itertools
import re

__all__ = ["quoted_code"]

LONG = 8  # characters from which on a line of code is more than a word
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_DEFINITION = re.compile(r"^\s*(?:def \w+\(.*\)|class \w+.*|import \w+|from \w+ import .*):?\s*$", re.MULTILINE)
_MARKS = "`*_>- \t"


def quoted_code(text: str, code: str) -> str:
    """What looks like code: a fence, a definition, or two lines on end of the program; empty where nothing does."""
    for pattern in (_FENCE, _DEFINITION):
        if found := pattern.search(text):
            return found.group().strip()
    lines = [line.strip(_MARKS) for line in text.splitlines() if line.strip()]
    own = {line.strip() for line in code.splitlines() if len(line.strip()) >= LONG}
    for line, following in itertools.pairwise(lines):
        if line in own and following in own:
            return f"{line}; {following}"
    return ""
