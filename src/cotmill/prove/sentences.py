"""A solution as steps: its sentences, and which of them is the first that the claim checker does not verify."""

from __future__ import annotations

from cotmill.prove.claims.text.literals_in_text import tokens_of
from cotmill.prove.ground import Check

__all__ = ["first_wrong", "steps_of"]


def steps_of(text: str) -> tuple[str, ...]:
    """The sentences of a text, which put one after the other are the text to the byte.

    A line end ends a sentence; a full stop inside a value, a quote or a name does not. What stands between two
    sentences, a space or a line end with what indents the next line, is the beginning of the second.
    """
    tokens = tokens_of(text)
    cuts = [
        tokens.starts[at] if kind == "line" else tokens.ends[at]
        for at, kind in enumerate(tokens.kinds)
        if kind in ("line", "stop")
    ]
    steps: list[str] = []
    begin = 0
    for cut in (*cuts, len(text)):
        part = text[begin:cut]
        if part.strip():
            steps.append(part)
            begin = cut
    if begin < len(text):  # nothing but space
        steps[-1:] = ["".join((*steps[-1:], text[begin:]))]
    return tuple(steps)


def first_wrong(steps: tuple[str, ...], check: Check) -> int:
    """Index of the step in which the first claim begins that is not verified; -1 where every claim is."""
    start = min((claim.span[0] for claim in check.claims if claim.verdict != "verified"), default=-1)
    end = 0
    for at, step in enumerate(steps):
        end += len(step)
        if 0 <= start < end:
            return at
    return -1
