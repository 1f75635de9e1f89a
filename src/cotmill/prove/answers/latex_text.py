"""Spelling: LaTeX and Unicode that says nothing about the value, taken off or written in one way."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_constant", "plain", "strip_wrappers", "symbolic"]

_SIGNS = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u2012": "-", "\ufe63": "-", "\uff0d": "-",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ",
        "\u00d7": "\\times ", "\u22c5": "\\cdot ", "\u00b7": "\\cdot ", "\u00f7": "\\div ", "\u2264": "\\le ",
        "\u2265": "\\ge ", "\u2260": "\\ne ", "\u03c0": "\\pi ", "\u221e": "\\infty ", "\u2205": "\\emptyset ",
        "\u222a": "\\cup ", "\u2229": "\\cap ", "\u2208": "\\in ", "\u00b1": "\\pm ", "\u03b8": "\\theta ",
        "\u03b1": "\\alpha ", "\u03b2": "\\beta ", "\u211d": "\\mathbb{R}", "\u2018": "'", "\u2019": "'", "\u201c": '"',
        "\u201d": '"', "\uff0c": ",", "\uff0e": ".", "\uff05": "%", "\uff08": "(", "\uff09": ")", "\uff0b": "+",
        "\u2044": "/", "\u00bd": " 1/2", "\u2153": " 1/3", "\u2154": " 2/3", "\u00bc": " 1/4", "\u00be": " 3/4",
    }
)  # fmt: skip
_SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_RAISED = {char: str(digit) for digit, char in enumerate(_SUPERSCRIPTS)}
_RAISED_RUN = re.compile(f"\u207b?[{''.join(_RAISED)}]+")
_LOWERED_RUN = re.compile("[\u2080-\u2089]+")
_ROOT = re.compile(r"\u221a\s*(?:\(([^()]*)\)|([0-9]+|[a-zA-Z]))")

_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])\s*\.?", ""),
        (r"\\[dtc]frac(?![a-zA-Z])", r"\\frac"),
        (r"\\(?:displaystyle|textstyle|limits)(?![a-zA-Z])", ""),
        (r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname)\s*\{([^{}]*)\}", r" \1 "),
        (r"\\\\\[[0-9.]{1,6} ?[a-z]{2}\]", r"\\\\ "),  # the end of a row, and the space below it
        (r"(?<=[0-9]),\\! ?(?=[0-9]{3})", ","),  # 12,\! 345 is one number
        (r"(?<!\\)\\!", ""),
        (r"\{,\}", ","),
        (r"(?<!\\)\\[,;: ]|~|\\q?quad(?![a-zA-Z])", " "),
        (r"(?<!\\)\\([$%#&])", r"\1"),
        (r"\s*(?:\^\s*\{?\s*\\circ(?![a-zA-Z])\s*\}?|\\degree(?![a-zA-Z]))", "\u00b0"),
        (r" \^", "^"),
        (r"\\leq(?![a-zA-Z])", r"\\le"),
        (r"\\geq(?![a-zA-Z])", r"\\ge"),
        (r"\\neq(?![a-zA-Z])", r"\\ne"),
    )
)
_PLAIN_ALREADY = re.compile(r"[^\\~{\x80-\U0010ffff]*")

_PAIRS = (("**", "**"), ("`", "`"), ("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))
_WHOLE = re.compile(r"\\(?:f?boxed|text|textbf|textit|textrm|mathrm|mathbf|mbox)\s*\{")
MAX_WRAPPERS = 6


def plain(text: str) -> str:
    """One spelling: single spaces, no spacing commands, ``\\frac`` for its kin, no ``\\text``, ASCII signs."""
    text = " ".join(text.split())  # first: the patterns below are linear only in texts without long blanks
    if _PLAIN_ALREADY.fullmatch(text):
        return text
    text = _ROOT.sub(lambda match: rf"\sqrt{{{match.group(1) or match.group(2)}}}", text)
    text = _RAISED_RUN.sub(_raise, text)
    text = _LOWERED_RUN.sub(lambda match: "_{" + "".join(str(ord(char) - 0x2080) for char in match.group()) + "}", text)
    text = text.translate(_SIGNS)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    for pattern, to in _SPELLINGS:
        text = pattern.sub(to, text)
    return " ".join(text.split())


def _raise(match: re.Match[str]) -> str:
    return "^{" + "".join(_RAISED.get(char, "-") for char in match.group()) + "}"


def strip_wrappers(text: str) -> str:
    r"""Take off what stands around the whole text: $...$, \(...\), \boxed{...}, \text{...}, bold, a full stop."""
    for _ in range(MAX_WRAPPERS):
        before = text
        text = text.strip()
        if text.endswith(".") and not text.endswith("..") and text[-2:-1] != "\\":
            text = text[:-1].rstrip()
        for opening, closing in _PAIRS:
            inner = text[len(opening) : -len(closing)]
            if text.startswith(opening) and text.endswith(closing) and inner.strip() and inner[-1] != "\\":
                text = text if opening in inner.replace(r"\$", "") else inner
        match = _WHOLE.match(text)
        if match and text.endswith("}") and _closes_last(text, match.end() - 1):
            text = text[match.end() : -1]
        if text == before:
            break
    return text


def _closes_last(text: str, at: int) -> bool:
    """Whether the brace at `at` is closed by the last character."""
    depth = 0
    for index in range(at, len(text)):
        if text[index] in "{}" and text[index - 1] != "\\":
            depth += 1 if text[index] == "{" else -1
            if depth == 0:
                return index == len(text) - 1
    return False


_FUNCTIONS = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "exp",
    "sqrt", "pi",
})  # fmt: skip
_OPERATORS = frozenset(("+", "-", "*", "/", "^", "=", "<", ">", "!", "|", "**"))
_ALGEBRA = re.compile(
    r"[0-9]+(?:\.[0-9]+)?|[a-zA-Z]+|\*\*|[-+*/^=<>!|(){}\[\]., _'&]"
    r"|\\(?:begin|end)\{[a-z]{1,10}\}|\\mathbb\{[A-Z]\}|\\[a-zA-Z]+|\\[{}]|\\\\"
)
_ROOT_CALL = re.compile(r"(?<![a-zA-Z\\])sqrt ?\(([^()]*)\)")  # sqrt(8), which LaTeX would read as sqrt times 8
MAX_LETTERS = 2  # xy is x times y; a longer run of letters is a word


def symbolic(text: str) -> str | None:
    """A `plain` text as LaTeX if it reads as algebra, else None: prose, names and codes (H2O, well-known) do not."""
    text = _ROOT_CALL.sub(r"\\sqrt{\1}", text)
    algebra = "\\" in text
    pieces: list[str] = []
    before = ""
    at = 0
    while at < len(text):
        match = _ALGEBRA.match(text, at)
        if match is None:
            return None
        piece = match.group()
        if piece in _FUNCTIONS:
            pieces.append(f"\\{piece} ")
            algebra = True
        elif (piece.isalpha() and len(piece) > MAX_LETTERS) or (piece[0].isdigit() and before.isalpha()):
            return None
        else:
            pieces.append("^" if piece == "**" else piece)
            algebra = algebra or piece in _OPERATORS or (piece.isalpha() and before[:1].isdigit())
        before = piece
        at = match.end()
    return re.sub(r"\^\s*(-?[0-9]+)", r"^{\1}", "".join(pieces)) if algebra else None


_COMMAND = re.compile(r"\\[a-zA-Z]+")


def is_constant(latex: str) -> bool:
    """Whether there is no letter in it but in names of commands: an expression with one value, such as 2\\sqrt{3}."""
    return not any(char.isalpha() for char in _COMMAND.sub("", latex))
