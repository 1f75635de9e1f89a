"""Text -> tokens. Literals first: quotes, numbers, code spans; every later step sees tokens and never raw text.

One left-to-right scan with one regular expression whose alternatives cannot backtrack into each other, so the time is
linear in the text. Markdown and LaTeX marks that carry no claim (bold, headings, dollar signs) leave no token.
"""

from __future__ import annotations

import ast
import re
from typing import Any, NamedTuple

from cotmill.prove.claims.run.trees import is_value, parse

__all__ = ["Tokens", "tokens_of"]


class Tokens:
    """The pieces of a text, in order, column by column: a record for each would cost as much as finding them.

    Kinds: ``num``, ``str``, ``formatted`` (``f'{x}'``), ``container`` (of plain literals), ``word``, ``code`` (in
    backticks), ``op``, ``open``, ``close``, ``punct``, ``stop`` (end of a sentence), ``line`` (end of a line), ``ord``
    (``3rd``), ``dots``, ``mark`` (an answer's mark: ``####``, ``boxed``).
    """

    __slots__ = ("ends", "glued", "kinds", "partners", "starts", "texts", "values")

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.texts: list[str] = []  # what Python would write for it
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.glued: list[bool] = []  # no space before it
        self.values: dict[int, Any] = {}  # of literals, by index
        self.partners: dict[int, int] = {}  # index of a bracket -> index of the one that matches it

    def add(self, kind: str, text: str, start: int, end: int, glued: bool = False) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)
        self.glued.append(glued)

    def add_value(self, kind: str, text: str, start: int, end: int, glued: bool, value: Any) -> None:
        self.values[len(self.kinds)] = value
        self.add(kind, text, start, end, glued)


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
_BEFORE = r"""(?<![\w)\]}'"].)"""  # of a container's bracket, which is the character just read
# An alternative begins with its own character, by which it is passed over quickly, and ends with an empty group, which
# says that it was taken and where the token ends. Spaces after a token are taken with it.
_SCAN = re.compile(
    rf"""
    (?:
      [bBfF](?<![\w)\]].)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")(?!\w)(?P<prefixed>)
    | [^\W\d]\w*(?:['\u2019](?:s|t|re|ve|ll|d|m)\b)?(?P<word>)
    | \d++(?!\w|[.,]\d)(?P<int>)
    | \n[ \t]*+(?:(?:[-*+\u2022](?=\s)|\(?\d{{1,3}}[.)](?=\s)|\#{{1,3}}(?!\#)|>)[^\S\n]*+(?!\n))?+(?P<line>)
    | \[{_BEFORE}(?:(?:{_FLAT}|{_ATOM})(?:,\ )?+)*+\](?P<list>)
    | \{{{_BEFORE}(?:{_ATOM}(?::\ (?:{_FLAT}|{_ATOM}))?+(?:,\ )?+)++\}}(?P<braces>)
    | [][(){{}}](?P<bracket>)
    | [,;?](?P<punct>)
    | '(?<![\w)\]].)(?:[^'\\\n]|\\.)*'(?!\w)(?P<single>)
    | "(?<![\w)\]].)(?:[^"\\\n]|\\.)*"(?!\w)(?P<double>)
    """
    r"""
    | \u201c[^\u201c\u201d\n]*[\u201d](?P<curly>)
    | `(?:`[^\n]*?``(?!`)|[^`\n]+`)(?P<code>)
    | \d{1,9}(?:st|nd|rd|th)\b(?P<ord>)
    | \d{1,3}(?:,\d{3}){1,6}+(?:\.\d+)?(?!\d)(?P<thousands>)
    | (?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|(?<![\w.)\]])\.\d+)(?:[eE][+-]?\d+)?j?)(?P<num>)
    | \\(?:text|mathrm|mathit|mathbf|textbf|textit|texttt|operatorname|d?frac)\{(?P<group>)
    | \\(?:[a-zA-Z]+|.)(?P<latex>)
    | (?:\.\.\.+|\u2026)(?P<dots>)
    | \#{4}(?P<answer>)
    | (?:->|=>|==|!=|<=|>=|//|\*\*+|<<|>>|:=|\+=|-=|\*=|/=|[-+*/%=<>^&|~]
        |[\u00d7\u00b7\u22c5\u2217\u00f7\u2212\u2264\u2265\u2260\u2192\u21d2\u2208\u2209\u2248\u27f6\u2013\u2014])(?P<op>)
    | .(?P<other>)
    )
    [^\S\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)
_GROUP = -1  # among the open brackets: the brace of a LaTeX command
_ANSWERED = re.compile(r" (?:yes|no)\b", re.IGNORECASE)  # "5 > 3? Yes"
_GAP = re.compile(r"[^\S\n]*+")
_BRACKETS = frozenset({"group", "bracket", "latex"})  # what may be a bracket of LaTeX
_CLOSES = {"]": "[", ")": "(", "}": "{"}
_BULLET = re.compile(r"[ \t]*+(?:(?:[-*+\u2022](?=\s)|\(?\d{1,3}[.)](?=\s)|\#{1,3}(?!\#)|>)[^\S\n]*+(?!\n))?+")


def tokens_of(text: str) -> Tokens:
    """All tokens of the text in order; brackets that match within a line know their partner."""
    tokens = Tokens()
    add = tokens.add
    openers: list[int] = []
    place = _after_gap(text, _BULLET.match(text).end())  # type: ignore[union-attr]  # it may be empty
    glued = tight = False  # tight: no space since the last token
    scan = _SCAN.match
    size = len(text)
    groups: list[Group | None] = []
    unquoted = -1  # where the closing backtick of an equation stands
    while place < size:
        if place == unquoted and tight:
            place = _after_gap(text, place + 1)
            glued = glued and place == unquoted + 1
            continue
        found = scan(text, place)
        assert found is not None  # the last alternative takes any character
        start, end, place = place, found.end(found.lastindex or 0), found.end()
        tight = end == place
        kind = found.lastgroup
        if kind == "word":
            add("word", text[start:end], start, end, glued)
        elif kind == "int":
            _number(tokens, text[start:end], start, end, glued)
        elif kind == "line":
            add("line", "\n", start, start + 1)
            openers.clear()
            groups.clear()
            glued = False
            continue
        elif kind == "code" and _is_equation(text[start:end]):
            unquoted = end - 1
            end = start + 1  # what it quotes is read like any text
            place = _after_gap(text, end)
        elif (
            kind in _BRACKETS
            and (after := _latex_bracket(kind, text, start, end, tokens, openers, groups, glued)) > start
        ):
            if after != end:
                end, place = after, _after_gap(text, after)
        elif kind == "bracket":
            _bracket(tokens, openers, text[start], start, glued)
        elif kind == "thousands" and openers and openers[-1] != _GROUP and _separates(tokens, openers[-1]):
            end = place = start + text[start:end].index(",")
            _number(tokens, text[start:end], start, end, glued)
        elif not _add(tokens, kind or "other", text, start, end, glued):
            glued = glued and tight
            continue
        glued = tight = end == place
    return tokens


def _latex_bracket(
    kind: str | None, text: str, start: int, end: int, tokens: Tokens, openers: list[int],
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
        tokens.add("word", "floor" if raw == "\\lfloor" else "ceil", start, start, glued)
        _bracket(tokens, openers, "(", start, glued=True)
    elif raw in ("\\rfloor", "\\rceil"):
        _bracket(tokens, openers, ")", start, glued=True)
    elif raw in ("\\{", "\\}"):
        _bracket(tokens, openers, raw[1], start, glued)
    else:
        return start
    return end


def _after_gap(text: str, place: int) -> int:
    return _GAP.match(text, place).end()  # type: ignore[union-attr]  # it may be empty


def _separates(tokens: Tokens, opener: int) -> bool:
    """True where a comma inside this bracket separates items: lists, dicts, calls."""
    if tokens.texts[opener] in "[{":
        return True
    return tokens.glued[opener] and opener > 0 and tokens.kinds[opener - 1] == "word"


def _bracket(tokens: Tokens, openers: list[int], char: str, start: int, glued: bool) -> None:
    place = len(tokens.kinds)
    if char in "([{":
        openers.append(place)
        tokens.add("open", char, start, start + 1, glued)
        return
    if openers and openers[-1] != _GROUP and tokens.texts[openers[-1]] == _CLOSES[char]:
        opener = openers.pop()
        tokens.partners[opener] = place
        tokens.partners[place] = opener
    tokens.add("close", char, start, start + 1, glued)


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


def _open_group(tokens: Tokens, start: int, end: int, *, fraction: bool) -> Group | None:
    """``\\text{`` leaves no token, ``\\frac{`` two brackets: ((above) / (below))."""
    if not fraction:
        return None
    place = len(tokens.kinds)
    tokens.add("open", "(", start, end)
    tokens.add("open", "(", start, end, True)
    return Group(place, place + 1, above=True)


def _close_group(tokens: Tokens, openers: list[int], groups: list[Group | None], text: str, start: int) -> int:
    """Where the text goes on after the closing brace."""
    group = groups.pop()
    if group is None:
        return start + 1
    _pair(tokens, group.inner, start)
    if group.above and text[start + 1 : start + 2] == "{":
        tokens.add("op", "/", start, start + 1)
        groups.append(Group(group.outer, len(tokens.kinds), above=False))
        tokens.add("open", "(", start + 1, start + 2)
        openers.append(_GROUP)
        return start + 2
    _pair(tokens, group.outer, start)
    return start + 1


def _pair(tokens: Tokens, opener: int, start: int) -> None:
    place = len(tokens.kinds)
    tokens.partners[opener], tokens.partners[place] = place, opener
    tokens.add("close", ")", start, start + 1, True)


def _number(tokens: Tokens, text: str, start: int, end: int, glued: bool) -> None:
    plain = text.replace(",", "")
    if len(plain) > 4300:  # Python's own limit on digits of an int
        tokens.add("punct", "?", start, end)
    elif plain.isdigit():
        value = int(plain)
        tokens.add_value("num", str(value), start, end, glued, value)
    else:
        tokens.add_value("num", plain, start, end, glued, ast.literal_eval(plain))


def _add(tokens: Tokens, kind: str, text: str, start: int, end: int, glued: bool) -> bool:
    """Adds a token of the kinds that are not words or whole numbers; False where it leaves none."""
    raw = text[start:end]
    if kind == "op":
        return _operator(tokens, raw, text, start, end, glued)
    if kind in ("punct", "other"):
        return _punctuation(tokens, raw, text, start, end, glued)
    if kind == "code":
        tokens.add("code", raw.strip("`").strip(), start, end, glued)
    elif kind in ("list", "braces"):
        tokens.add("container", raw, start, end, glued)
    elif kind == "prefixed" and raw[0] in "fF":
        tokens.add("formatted", raw, start, end, glued)
    elif kind in ("single", "double", "prefixed"):
        try:
            tokens.add_value("str", raw, start, end, glued, _string(raw))
        except (ValueError, SyntaxError):
            tokens.add("punct", "'", start, end)
    elif kind in ("num", "thousands"):
        _number(tokens, raw, start, end, glued)
    elif kind == "curly":
        tokens.add_value("str", repr(raw[1:-1]), start, end, glued, raw[1:-1])
    elif kind == "ord":
        tokens.add_value("ord", raw, start, end, glued, int(raw[:-2]))
    elif kind == "latex":
        return _latex(tokens, raw, start, end, glued)
    elif kind == "dots":
        tokens.add("dots", "...", start, end)
    else:
        tokens.add("mark", "####", start, end)
    return True


def _string(raw: str) -> Any:
    """The value of a quoted literal. Without escapes it is what stands between the quotes."""
    if raw[0] in "'\"" and "\\" not in raw and raw.isprintable():
        return raw[1:-1]
    return ast.literal_eval(raw)


def _operator(tokens: Tokens, raw: str, text: str, start: int, end: int, glued: bool) -> bool:
    if raw[0] == "*" and (len(raw) > 2 or _is_markup(text, start, end)):
        return False
    text_of = _OPERATORS.get(raw, raw)
    if text_of == ";":
        tokens.add("punct", ";", start, end)
    else:
        tokens.add("op", text_of, start, end, glued)
    return True


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


def _latex(tokens: Tokens, raw: str, start: int, end: int, glued: bool) -> bool:
    name = raw[1:]
    if name in ("dots", "ldots", "cdots"):
        tokens.add("dots", "...", start, end)
    elif name == "boxed":
        tokens.add("mark", "boxed", start, end)
    elif name in _LATEX:
        tokens.add("op", _LATEX[name], start, end, glued)
    else:
        return False
    return True


def _punctuation(tokens: Tokens, raw: str, text: str, start: int, end: int, glued: bool) -> bool:
    if raw in "$_":
        return False
    ends = raw in ".!?" and (end == len(text) or text[end].isspace() or text[end] in "\"')*\u201d")
    if raw == "?" and _ANSWERED.match(text, end):
        ends = False
    tokens.add("stop" if ends else "punct", raw, start, end, glued)
    return True
