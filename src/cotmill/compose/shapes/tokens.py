"""The pieces of a text: numbers, words, spaces, single marks."""

from __future__ import annotations

import re

__all__ = ["TOKEN", "kind_of"]

TOKEN = re.compile(r"(?<![\w)\]])-?\d+\.\d+|(?<![\w)\]])-?\d+|\d+\.\d+|\d+|[A-Za-z]+|\s|.", re.DOTALL)


def kind_of(token: str) -> str:
    """The word "number" or "word", or the mark itself."""
    return "number" if token[-1].isdigit() else "word" if token.isalpha() else token
