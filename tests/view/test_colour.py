"""Coloured source."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.view.colour import coloured

PIECES = st.sampled_from(
    ["def f(x):\n", "    return ", "'''", '"', "f'{x!r}'", "f'{{}} {x:>{y}}'", "# note\n", "\\\n", "(", ")", "\t", "<b>",
     "&amp;", "</script>", "\u00e9\U0001f600", "\f", "1_000", "0x", "\n", "    ", "if ", "}", "x" , ".len", "\x00"]
)  # fmt: skip


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"</?span[^>]*>", "", markup))


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_text_stays_the_source(source):
    """Whatever the source is: without the spans it is the source, and nothing else in it is markup."""
    markup = str(coloured(source))
    assert text_of(markup) == source
    assert set(re.findall(r"<[^>]*>", markup)) <= {"</span>"} | {f'<span class="{kind}">' for kind in "ksncdb"}


def test_words_of_the_language_are_marked():
    """Keyword, defined name, builtin, number, string and comment; a method is not a builtin."""
    markup = str(coloured("def area(x):\n    return len(x.len) + 2  # 'two'\nname = 'a'\n"))
    for piece in ("k>def", "d>area", "k>return", "b>len", "n>2", "c># &#39;two&#39;", "s>&#39;a&#39;"):
        kind, _, word = piece.partition(">")
        assert f'<span class="{kind}">{word}</span>' in markup
    assert markup.count(">len<") == 1


def test_what_is_no_python_stays_plain():
    """A broken program is shown, with what could be read of it coloured."""
    assert text_of(str(coloured("def f(:\n  '''never closed <i>"))) == "def f(:\n  '''never closed <i>"
