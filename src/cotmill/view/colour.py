"""Python source -> HTML with the words of the language marked, every character escaped.

Works on positions that the standard tokenizer gives and copies the source between them, so that the text stays the
source whatever the tokenizer makes of it. What it cannot read stays plain.
"""

from __future__ import annotations

import builtins
import io
import keyword
import token
import tokenize
from collections.abc import Iterator

from markupsafe import Markup, escape

__all__ = ["coloured"]

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
STRINGS = frozenset(number for number, name in token.tok_name.items() if name == "STRING" or name.startswith("FSTRING"))
Span = tuple[int, int, str]  # start and end in the source, class


def coloured(source: str) -> Markup:
    """`<span class="k|s|n|c|d|b">` around keywords, strings, numbers, comments, defined names and builtins."""
    html, at = Markup(), 0
    for start, end, kind in _spans(source):
        if start >= at:
            html += escape(source[at:start]) + Markup('<span class="{}">{}</span>').format(kind, source[start:end])
            at = end
    return html + escape(source[at:])


def _spans(source: str) -> Iterator[Span]:
    starts = [0]
    for line in io.StringIO(source, newline="\n"):
        starts.append(starts[-1] + len(line))
    before = ""
    try:
        for item in tokenize.generate_tokens(io.StringIO(source, newline="\n").readline):
            kind = _kind(item, before)
            before = item.string
            if kind:
                yield starts[item.start[0] - 1] + item.start[1], starts[item.end[0] - 1] + item.end[1], kind
    except (tokenize.TokenError, SyntaxError, IndexError):
        return  # not Python from here on


def _kind(item: tokenize.TokenInfo, before: str) -> str:
    if item.type in STRINGS:
        return "s"
    if item.type == token.NUMBER:
        return "n"
    if item.type == token.COMMENT:
        return "c"
    if item.type != token.NAME:
        return ""
    if keyword.iskeyword(item.string):
        return "k"
    if before in ("def", "class"):
        return "d"
    return "b" if item.string in BUILTINS and before != "." else ""
