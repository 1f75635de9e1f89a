"""Text -> tokens. Literals first: quotes, numbers, code spans; every later step sees tokens and never raw text.

One left-to-right scan with one regular expression whose alternatives cannot backtrack into each other, so the time is
linear in the text. Markdown and LaTeX marks that carry no claim (bold, headings, dollar signs) leave no token.
"""

from __future__ import annotations

import ast
import re
from typing import Any, NamedTuple

from cotmill.prove.claims.run.trees import is_value, parse

__all__ = ["Token", "tokens_of"]


class Token(NamedTuple):
    """A piece of the text. `text` is what Python would write for it, `value` the value of a literal.

    Kinds: ``num``, ``str``, ``formatted`` (``f'{x}'``), ``container`` (of plain literals), ``word``, ``code`` (in
    backticks), ``op``, ``open``, ``close``, ``punct``, ``stop`` (end of a sentence), ``line`` (end of a line), ``ord``
    (``3rd``), ``dots``, ``mark`` (an answer's mark: ``####``, ``boxed``).
    """

    kind: str
    text: str
    start: int
    end: int
    value: Any = None
    match: int = -1  # index of the matching bracket's token, for open and close
    glued: bool = False  # no space before it


_OPERATORS = {  # as people and LaTeX write them
    "\u00d7": "*", "\u00b7": "*", "\u22c5": "*", "\u2217": "*", "\u00f7": "/", "\u2212": "-", "\u2264": "<=",
    "\u2265": ">=", "\u2260": "!=", "\u2192": "->", "\u21d2": "->", "\u27f6": "->", "=>": "->", "\u2208": "in",
    "\u2209": "not in", "\u2248": "~", "\u2014": ";", "\u2013": "-",
}  # fmt: skip
_LATEX = {
    "times": "*", "cdot": "*", "div": "/", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "ne": "!=", "neq": "!=",
    "to": "->", "rightarrow": "->", "Rightarrow": "->", "implies": "->", "approx": "~", "bmod": "%", "mod": "%",
    "lt": "<", "gt": ">", "cap": "&", "cup": "|", "%": "%",
}  # fmt: skip

# Containers of plain literals, up to two levels, are read in one go. Possessive: nothing is ever tried twice.
_ATOM = r"""(?:-?\d++(?:\.\d++)?(?:e[-+]?\d++)?+|'[^'\\\n]*+'|"[^"\\\n]*+"|True|False|None)"""
_FLAT = rf"""(?:\[(?:{_ATOM}(?:,\ )?+)*+\]|\((?:{_ATOM},?+\ ?+)*+\))"""
_NESTED = rf"""(?:\[(?:(?:{_FLAT}|{_ATOM})(?:,\ )?+)*+\]|\{{(?:{_ATOM}(?::\ (?:{_FLAT}|{_ATOM}))?+(?:,\ )?+)++\}})"""
_SCAN = re.compile(
    rf"""
    (?P<gap>[^\S\n]*+)(?:
      (?P<line>\n)
    | (?P<container>(?<![\w)\]}}'"]){_NESTED})
    """
    r"""
    | (?P<str>(?<![\w)\]])[bBfF]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")(?!\w))
    | (?P<curly>[\u201c][^\u201c\u201d\n]*[\u201d])
    | (?P<code>``[^\n]*?``(?!`)|`[^`\n]+`)
    | (?P<ord>\d{1,9}(?:st|nd|rd|th)\b)
    | (?P<thousands>\d{1,3}(?:,\d{3}){1,6}+(?:\.\d+)?(?!\d))
    | (?P<num>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|(?<![\w.)\]])\.\d+)(?:[eE][+-]?\d+)?j?)
    | (?P<word>[^\W\d]\w*(?:['\u2019](?:s|t|re|ve|ll|d|m)\b)?)
    | (?P<group>\\(?:text|mathrm|mathit|mathbf|textbf|textit|texttt|operatorname|d?frac)\{)
    | (?P<latex>\\[a-zA-Z]+|\\.)
    | (?P<dots>\.\.\.+|\u2026)
    | (?P<answer>\#{4})
    | (?P<op>->|=>|==|!=|<=|>=|//|\*\*+|<<|>>|:=|\+=|-=|\*=|/=|[-+*/%=<>^&|~]
        |[\u00d7\u00b7\u22c5\u2217\u00f7\u2212\u2264\u2265\u2260\u2192\u21d2\u2208\u2209\u2248\u27f6\u2013\u2014])
    | (?P<bracket>[][(){}])
    | (?P<end>\Z)
    | (?P<other>.)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_GROUP = -1  # among the open brackets: the brace of a LaTeX command
_CLOSES = {"]": "[", ")": "(", "}": "{"}
_BULLET = re.compile(r"(?:[-*+\u2022](?=\s)|\(?\d{1,3}[.)](?=\s)|\#{1,3}(?!\#)|>)\s*")


def tokens_of(text: str) -> list[Token]:
    """All tokens of the text in order; brackets that match within a line know their partner."""
    tokens: list[Token] = []
    openers: list[int] = []
    place = _after_bullet(text, 0)
    glued = False
    scan = _SCAN.match
    size = len(text)
    groups: list[Group | None] = []
    unquoted = -1  # where the closing backtick of an equation stands
    while place < size:
        if place == unquoted:
            place += 1
            continue
        found = scan(text, place)
        assert found is not None  # the last alternative takes any character
        kind = found.lastgroup
        start, end = found.end(1), found.end()
        glued = glued and start == place
        place = end
        if kind == "end":
            break
        if kind == "line":
            tokens.append(Token("line", "\n", start, place))
            openers.clear()
            groups.clear()
            place = _after_bullet(text, place)
            glued = False
            continue
        if kind == "code" and _is_equation(text[start:place]):
            place = start + 1  # what it quotes is read like any text
            unquoted = end - 1
        elif (after := _latex_bracket(kind, text, start, place, tokens, openers, groups, glued)) > start:
            place = after
        elif kind == "bracket":
            _bracket(tokens, openers, text[start], start, glued)
        elif kind == "thousands" and openers and openers[-1] != _GROUP and _separates(tokens, openers[-1]):
            place = start + text[start:place].index(",")
            tokens.append(_number(text[start:place], start, place, glued))
        else:
            token = _token(kind or "other", text, start, place, glued)
            if token is None:
                continue
            tokens.append(token)
        glued = True
    return tokens


def _latex_bracket(
    kind: str | None, text: str, start: int, end: int, tokens: list[Token], openers: list[int],
    groups: list[Group | None], glued: bool,
) -> int:  # fmt: skip
    """Where the text goes on after a bracket as LaTeX writes it; `start` where it is none."""
    raw = text[start:end]
    if kind == "group":
        groups.append(_open_group(tokens, start, end, fraction="frac" in raw))
        openers.append(_GROUP)
    elif raw == "}" and openers and openers[-1] == _GROUP:
        openers.pop()
        return _close_group(tokens, openers, groups, text, start)
    elif raw in ("\\lfloor", "\\lceil"):
        tokens.append(Token("word", "floor" if raw == "\\lfloor" else "ceil", start, start, glued=glued))
        _bracket(tokens, openers, "(", start, glued=True)
    elif raw in ("\\rfloor", "\\rceil"):
        _bracket(tokens, openers, ")", start, glued=True)
    elif raw in ("\\{", "\\}"):
        _bracket(tokens, openers, raw[1], start, glued)
    else:
        return start
    return end


def _after_bullet(text: str, start: int) -> int:
    """Where the line's own words begin: past indentation and list marks."""
    size = len(text)
    while start < size and text[start] in " \t":
        start += 1
    mark = _BULLET.match(text, start)
    if mark is None or "\n" in mark.group():
        return start
    return mark.end()


def _separates(tokens: list[Token], opener: int) -> bool:
    """True where a comma inside this bracket separates items: lists, dicts, calls."""
    if tokens[opener].text in "[{":
        return True
    return tokens[opener].glued and opener > 0 and tokens[opener - 1].kind == "word"


def _bracket(tokens: list[Token], openers: list[int], char: str, start: int, glued: bool) -> None:
    if char in "([{":
        openers.append(len(tokens))
        tokens.append(Token("open", char, start, start + 1, glued=glued))
        return
    if openers and openers[-1] != _GROUP and tokens[openers[-1]].text == _CLOSES[char]:
        opener = openers.pop()
        tokens[opener] = tokens[opener]._replace(match=len(tokens))
        tokens.append(Token("close", char, start, start + 1, match=opener, glued=glued))
    else:
        tokens.append(Token("close", char, start, start + 1, glued=glued))


def _is_equation(quoted: str) -> bool:
    """`total = 2 + 3 = 5` in backticks: what no expression of Python has, and it ends in a value."""
    inner = quoted.strip("`")
    if quoted[1:2] == "`" or "=" not in inner or parse(inner) is not None:
        return False
    value = parse(inner.rpartition("=")[2])
    return value is not None and is_value(value)


class Group(NamedTuple):
    """A fraction of LaTeX that is being read: its outer bracket, and that of its part above or below."""

    outer: int
    inner: int
    above: bool


def _open_group(tokens: list[Token], start: int, end: int, *, fraction: bool) -> Group | None:
    """``\\text{`` leaves no token, ``\\frac{`` two brackets: ((above) / (below))."""
    if not fraction:
        return None
    tokens += [Token("open", "(", start, end), Token("open", "(", start, end, glued=True)]
    return Group(len(tokens) - 2, len(tokens) - 1, above=True)


def _close_group(tokens: list[Token], openers: list[int], groups: list[Group | None], text: str, start: int) -> int:
    """Where the text goes on after the closing brace."""
    group = groups.pop()
    if group is None:
        return start + 1
    _pair(tokens, group.inner, start)
    if group.above and text[start + 1 : start + 2] == "{":
        tokens.append(Token("op", "/", start, start + 1))
        tokens.append(Token("open", "(", start + 1, start + 2))
        groups.append(Group(group.outer, len(tokens) - 1, above=False))
        openers.append(_GROUP)
        return start + 2
    _pair(tokens, group.outer, start)
    return start + 1


def _pair(tokens: list[Token], opener: int, start: int) -> None:
    tokens[opener] = tokens[opener]._replace(match=len(tokens))
    tokens.append(Token("close", ")", start, start + 1, match=opener, glued=True))


def _number(text: str, start: int, end: int, glued: bool) -> Token:
    plain = text.replace(",", "")
    if len(plain) > 4300:  # Python's own limit on digits of an int
        return Token("punct", "?", start, end)
    if plain.isdigit():
        value: Any = int(plain)
        return Token("num", str(value), start, end, value, glued=glued)
    value = ast.literal_eval(plain)
    return Token("num", plain, start, end, value, glued=glued)


def _token(kind: str, text: str, start: int, end: int, glued: bool) -> Token | None:
    raw = text[start:end]
    if kind == "word":
        return Token("word", raw, start, end, None, -1, glued)
    if kind == "op":
        return _operator(raw, text, start, end, glued)
    if kind in ("num", "thousands"):
        return _number(raw, start, end, glued)
    if kind == "str" and raw[0] in "fF":
        return Token("formatted", raw, start, end, glued=glued)
    if kind == "str":
        try:
            return Token("str", raw, start, end, ast.literal_eval(raw), glued=glued)
        except (ValueError, SyntaxError):
            return Token("punct", "'", start, end)
    if kind == "container":
        return Token("container", raw, start, end, glued=glued)
    if kind == "curly":
        return Token("str", repr(raw[1:-1]), start, end, raw[1:-1], glued=glued)
    if kind == "code":
        return Token("code", raw.strip("`").strip(), start, end, glued=glued)
    if kind == "ord":
        return Token("ord", raw, start, end, int(raw[:-2]), glued=glued)
    if kind == "latex":
        return _latex(raw, start, end, glued)
    if kind == "dots":
        return Token("dots", "...", start, end)
    if kind == "answer":
        return Token("mark", "####", start, end)
    return _punctuation(raw, text, start, end, glued)


def _operator(raw: str, text: str, start: int, end: int, glued: bool) -> Token | None:
    if raw[0] == "*" and (len(raw) > 2 or _is_markup(text, start, end)):
        return None
    text_of = _OPERATORS.get(raw, raw)
    if text_of == ";":
        return Token("punct", ";", start, end)
    return Token("op", text_of, start, end, glued=glued)


def _is_markup(text: str, start: int, end: int) -> bool:
    """Stars of bold and italics have a space, a mark or a line end on one side only; an operator's are alike."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before == " " and start > 1 and text[start - 2] in ",([{" and (after.isalpha() or after in "_(["):
        return False  # unpacking: `first, *rest`
    if after == "." and text[end + 1 : end + 2].isdigit():
        return False
    if before.isspace() != after.isspace():
        return not (before == "(" or after in "([")
    return before in ".:,;!?" or after in ".:,;!?"


def _latex(raw: str, start: int, end: int, glued: bool) -> Token | None:
    name = raw[1:]
    if name in ("dots", "ldots", "cdots"):
        return Token("dots", "...", start, end)
    if name == "boxed":
        return Token("mark", "boxed", start, end)
    if name in _LATEX:
        return Token("op", _LATEX[name], start, end, glued=glued)
    return None


def _punctuation(raw: str, text: str, start: int, end: int, glued: bool) -> Token | None:
    if raw in "$_":
        return None
    if raw in ".!?" and (end == len(text) or text[end].isspace() or text[end] in "\"')*\u201d"):
        return Token("stop", raw, start, end, glued=glued)
    return Token("punct", raw, start, end, glued=glued)
