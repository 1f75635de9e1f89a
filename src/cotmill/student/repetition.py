"""How much of a text is said again, and whether it got stuck at its end.

Execution-grounded supervision (arXiv 2506.10343) claims less "meaningless repetition and overthinking" and shows it by
output length alone. Length is the writer's to count (`Grade.tokens`); here is what repetition itself comes to.
"""

from __future__ import annotations

import re

__all__ = ["is_looping", "seq_rep_4"]

MAX_TOKENS = 200_000  # of a text, from its end
TAIL = 30_000  # characters in which a loop at the end is sought
TIMES = 3  # a stretch that stands so often in a row is a loop ...
MIN_LOOP = 40  # ... if all of it is so many characters: "no, no, no" is none
MIN_MARKS = 1000  # the same for a stretch without a letter: `0, 0, 0, ...` may be an answer
_TOKEN = re.compile(r"\w+|[^\w\s]")


def seq_rep_4(text: str) -> float:
    """Share of the text's 4-grams that stood in it before: 1 - distinct / all (Welleck et al., arXiv 1908.04319).

    Tokens are words, numbers and marks, so that students with different tokenizers can be compared. 0 for a text of
    fewer than four.
    """
    tokens = _TOKEN.findall(text)[-MAX_TOKENS:]
    grams = list(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def is_looping(text: str) -> bool:
    """Whether the text ends in one stretch over and over: three times or more in a row, up to the last character.

    White space and case aside, the repetitions are the same to the letter, the last of them perhaps cut. Passes of a
    loop that are told with other numbers are none.
    """
    tail = " ".join(text.casefold()[-TAIL:].split())[::-1]
    for period, again in enumerate(_matches(tail)):
        whole = period + again  # characters, from the end, that repeat with this period
        if period and whole + 1 >= TIMES * period and whole >= MIN_LOOP:  # the blank behind the last one is gone
            return whole >= MIN_MARKS or any(char.isalpha() for char in tail[:period])
    return False


def _matches(text: str) -> list[int]:
    """For each place, how many characters from there on are those from the beginning on (the Z function), in linear
    time; 0 for the beginning itself."""
    found = [0] * len(text)
    left = right = 0
    for place in range(1, len(text)):
        length = min(right - place, found[place - left]) if place < right else 0
        while place + length < len(text) and text[length] == text[place + length]:
            length += 1
        found[place] = length
        if place + length > right:
            left, right = place, place + length
    return found
